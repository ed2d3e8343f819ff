/** What a C compiler complains of, and where. */
import { basename } from '../../base/paths.ts';

export interface CompilerError {
  /** As the compiler writes it; empty where no file is named. */
  readonly file: string;
  /** From 1; 0 where none is named. */
  readonly line: number;
  readonly message: string;
}

const AT = /^(.+?):(\d+):(?:\d+:)? (?:fatal )?error: (.*)$/;
const WITHOUT = /^[^:\s]*:? ?(?:fatal )?error: (.*)$/;

/** The errors in what GCC or clang wrote, in order. */
export function compilerErrors(stderr: string): readonly CompilerError[] {
  return stderr.split('\n').flatMap((line): readonly CompilerError[] => {
    const at = AT.exec(line);
    if (at) return [{ file: at[1] ?? '', line: Number(at[2]), message: at[3] ?? '' }];
    const found = WITHOUT.exec(line);
    return found ? [{ file: '', line: 0, message: found[1] ?? '' }] : [];
  });
}

/** The first error in a few words, for people; what the compiler wrote last where there is none. */
export function firstError(stderr: string): string {
  const [first] = compilerErrors(stderr);
  if (!first) return stderr.trim().split('\n').at(-1)?.trim() ?? '';
  return first.file === '' ? first.message : `${basename(first.file)}:${first.line}: ${first.message}`;
}
