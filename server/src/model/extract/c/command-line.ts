/** The flags of a C compiler's command line that change what headers mean; everything else, and what could start a program, is left out. */
import { joinPath } from '../../../base/paths.ts';
import type { CFlags } from '../../c/flags.ts';

/** Flags that take a folder or a file, joined to it or as the next argument. */
const WITH_PATH = ['-isystem', '-iquote', '-idirafter', '-include', '-imacros', '-isysroot', '-I'] as const;

const PLAIN =
  /^(-std=[\w+.]+|-ansi|-m(32|64|x32|abi=[\w-]+|arch=[\w.+-]+|cpu=[\w.+-]+|fpu=[\w.+-]+|float-abi=\w+|no-ms-bitfields|ms-bitfields|long-double-(64|80|128))|-f(no-)?(short-enums|short-wchar|pack-struct(=\d+)?|signed-char|unsigned-char|signed-bitfields|unsigned-bitfields|ms-extensions|plan9-extensions)|--sysroot=.+|-pthread|-O[0-3s]?)$/;

/** `args` without the compiler's name; relative paths are those of `folder`. */
export function readCommandLine(args: readonly string[], folder: string): CFlags {
  const includeDirs: string[] = [];
  const systemDirs: string[] = [];
  const defines: string[] = [];
  const undefines: string[] = [];
  const includes: string[] = [];
  const others: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const macro = /^-([DU])(.*)$/s.exec(arg);
    if (macro) {
      const text = macro[2] || (args[++i] ?? '');
      (macro[1] === 'D' ? defines : undefines).push(text);
      continue;
    }
    const flag = WITH_PATH.find((one) => arg.startsWith(one));
    if (flag === undefined) {
      if (PLAIN.test(arg)) others.push(arg);
      continue;
    }
    const path = arg.slice(flag.length) || (args[++i] ?? '');
    if (path === '') continue;
    const full = joinPath(folder, path);
    if (flag === '-I' || flag === '-iquote') includeDirs.push(full);
    else if (flag === '-isystem' || flag === '-idirafter') systemDirs.push(full);
    else if (flag === '-isysroot') others.push(`--sysroot=${full}`);
    else includes.push(full);
  }
  // A macro that is taken away later is not there.
  const last = (name: string): number => args.lastIndexOf(`-U${name}`);
  const kept = defines.filter((one) => {
    const name = one.split('=')[0] ?? '';
    return !undefines.includes(name) || last(name) < args.lastIndexOf(`-D${one}`);
  });
  return { includeDirs, systemDirs, defines: kept, undefines, doubtful: [], includes, others, compiler: null };
}

/** The words of a command as a shell splits them: quotes and backslashes, nothing is replaced. */
export function splitCommand(command: string): readonly string[] {
  const out: string[] = [];
  const word = /(?:[^\s"'\\]|\\[\s\S]|"(?:[^"\\]|\\[\s\S])*"|'[^']*')+/g;
  for (const [text] of command.matchAll(word)) {
    const parts = text.matchAll(/\\([\s\S])|"((?:[^"\\]|\\[\s\S])*)"|'([^']*)'|([^\\"']+)/g);
    out.push(
      [...parts]
        .map(([, escaped, double, single, plain]) => escaped ?? double?.replace(/\\(["\\$`])/g, '$1') ?? single ?? plain ?? '')
        .join(''),
    );
  }
  return out;
}
