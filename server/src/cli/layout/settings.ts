/** What `ffi-lint layout` is asked to do, read from the flags. */
import { knownTriples, targetOf } from '../../abi/targets.ts';
import type { Target } from '../../abi/targets.ts';
import { closest } from '../../base/closest.ts';
import { joinPath } from '../../base/paths.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import type { ProbeMode } from './measuring.ts';

export const LAYOUT_FORMATS = ['text', 'json', 'markdown', 'svg'] as const;
export const PROBE_MODES: readonly ProbeMode[] = ['off', 'auto', 'require'];
export type LayoutFormat = (typeof LAYOUT_FORMATS)[number];

export interface LayoutSettings {
  /** Absolute. */
  readonly paths: readonly string[];
  readonly format: LayoutFormat;
  /** Absolute; null for stdout. */
  readonly file: string | null;
  readonly type: string | null;
  /** Empty where none was given. */
  readonly targets: readonly Target[];
  /** null where nothing was asked for. */
  readonly probe: ProbeMode | null;
  readonly cargoArguments: readonly string[];
  readonly quiet: boolean;
  readonly noIgnore: boolean;
  readonly config: string | null;
  readonly isolated: boolean;
  readonly exclude: readonly string[];
}

/** Throws a `UserError` for what cannot be done. */
export function readLayoutSettings(args: Arguments, cwd: string): LayoutSettings {
  if (args.has('config') && args.has('isolated')) throw new UserError('--config and --isolated do not go together');
  const formats = args.all('outputFormat');
  const files = args.all('outputFile');
  if (formats.length > 1 || files.length > 1) throw new UserError('layouts are written in one format to one place');
  const config = args.text('config');
  return {
    paths: (args.positionals.length > 0 ? args.positionals : ['.']).map((path) => joinPath(cwd, path)),
    format: LAYOUT_FORMATS.find((one) => one === formats[0]) ?? 'text',
    file: files[0] === undefined || files[0] === '-' ? null : joinPath(cwd, files[0]),
    type: args.text('type'),
    targets: [...new Set(args.all('target'))].map(knownTarget),
    probe: PROBE_MODES.find((mode) => mode === args.text('probe')) ?? null,
    cargoArguments: cargoArguments(args),
    quiet: args.has('quiet'),
    noIgnore: args.has('noIgnore'),
    config: config === null ? null : joinPath(cwd, config),
    isolated: args.has('isolated'),
    exclude: args.all('exclude'),
  };
}

/** The features asked for, as cargo takes them. */
export function cargoArguments(args: Arguments): readonly string[] {
  return [
    ...args.all('features').flatMap((list) => ['--features', list]),
    ...(args.has('allFeatures') ? ['--all-features'] : []),
    ...(args.has('noDefaultFeatures') ? ['--no-default-features'] : []),
  ];
}

/** Throws a `UserError` for a triple that rustc does not know. */
export function knownTarget(triple: string): Target {
  const found = targetOf(triple);
  if (found) return found;
  const near = closest(triple, knownTriples());
  throw new UserError(
    `there is no target \`${triple}\`${near ? `; did you mean \`${near}\`?` : ''}`,
    '`rustc --print target-list` lists them',
  );
}
