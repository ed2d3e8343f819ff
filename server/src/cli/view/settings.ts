/** What every command that shows or writes something about the files named to it reads from the flags. */
import { joinPath } from '../../base/paths.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';

export interface ViewSettings {
  /** Absolute. */
  readonly paths: readonly string[];
  /** Absolute; null for stdout. */
  readonly file: string | null;
  readonly quiet: boolean;
  readonly noIgnore: boolean;
  readonly config: string | null;
  readonly isolated: boolean;
  readonly exclude: readonly string[];
}

/** `once` is said where one of `single` was given more than once. Throws a `UserError` for what cannot be done. */
export function readViewSettings(
  args: Arguments,
  paths: readonly string[],
  cwd: string,
  { single, once }: { readonly single: readonly ('outputFormat' | 'outputFile' | 'target')[]; readonly once: string },
): ViewSettings {
  if (args.has('config') && args.has('isolated')) throw new UserError('--config and --isolated do not go together');
  if (single.some((flag) => args.all(flag).length > 1)) throw new UserError(once);
  const file = args.text('outputFile');
  const config = args.text('config');
  return {
    paths: (paths.length > 0 ? paths : ['.']).map((path) => joinPath(cwd, path)),
    file: file === null || file === '-' ? null : joinPath(cwd, file),
    quiet: args.has('quiet'),
    noIgnore: args.has('noIgnore'),
    config: config === null ? null : joinPath(cwd, config),
    isolated: args.has('isolated'),
    exclude: args.all('exclude'),
  };
}
