/** What `ffi-lint map` is asked to do, read from the flags. */
import type { Target } from '../../abi/targets.ts';
import { joinPath } from '../../base/paths.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import { knownTarget } from '../layout/settings.ts';

export const MAP_FORMATS = ['text', 'markdown', 'json'] as const;
export type MapFormat = (typeof MAP_FORMATS)[number];

export interface MapSettings {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly format: MapFormat;
  /** Absolute; null for stdout. */
  readonly file: string | null;
  /** null where none was given. */
  readonly target: Target | null;
  readonly quiet: boolean;
  readonly noIgnore: boolean;
  readonly config: string | null;
  readonly isolated: boolean;
  readonly exclude: readonly string[];
}

/** Throws a `UserError` for what cannot be done. */
export function readMapSettings(args: Arguments, cwd: string): MapSettings {
  if (args.has('config') && args.has('isolated')) throw new UserError('--config and --isolated do not go together');
  const formats = args.all('outputFormat');
  const files = args.all('outputFile');
  const targets = args.all('target');
  if (formats.length > 1 || files.length > 1 || targets.length > 1) {
    throw new UserError('the map is made for one target and written in one format to one place');
  }
  const config = args.text('config');
  return {
    paths: (args.positionals.length > 0 ? args.positionals : ['.']).map((path) => joinPath(cwd, path)),
    format: MAP_FORMATS.find((one) => one === formats[0]) ?? 'text',
    file: files[0] === undefined || files[0] === '-' ? null : joinPath(cwd, files[0]),
    target: targets[0] === undefined ? null : knownTarget(targets[0]),
    quiet: args.has('quiet'),
    noIgnore: args.has('noIgnore'),
    config: config === null ? null : joinPath(cwd, config),
    isolated: args.has('isolated'),
    exclude: args.all('exclude'),
  };
}
