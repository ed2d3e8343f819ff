/** `compile_commands.json`: how each source of a C project is compiled (Clang's JSON compilation database). */
import { isAbsolute, joinPath } from '../../../base/paths.ts';
import type { CFlags } from '../../c/flags.ts';
import { readCommandLine, splitCommand } from './command-line.ts';

export interface CompileCommand {
  /** Absolute. */
  readonly file: string;
  readonly flags: CFlags;
}

/** `folder` is that of the file; entries that are not understood are left out, and what is no such file has none. */
export function readCompileCommands(text: string, folder: string): readonly CompileCommand[] {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    // Half-written or another thing: as if it were not there, a build writes it anew.
    return [];
  }
  return Array.isArray(data) ? data.flatMap((one: unknown) => entry(one, folder) ?? []) : [];
}

function entry(one: unknown, folder: string): CompileCommand | null {
  if (typeof one !== 'object' || one === null) return null;
  const { directory, file, command, arguments: list } = one as Readonly<Record<string, unknown>>;
  if (typeof file !== 'string') return null;
  const at = typeof directory === 'string' ? joinPath(folder, directory) : folder;
  const words = Array.isArray(list)
    ? list.filter((word) => typeof word === 'string')
    : typeof command === 'string'
      ? splitCommand(command)
      : [];
  const [compiler, ...args] = words;
  if (compiler === undefined) return null;
  const flags = readCommandLine(args, at);
  return {
    file: joinPath(at, file),
    flags: { ...flags, compiler: isAbsolute(compiler) || !/[\\/]/.test(compiler) ? compiler : joinPath(at, compiler) },
  };
}
