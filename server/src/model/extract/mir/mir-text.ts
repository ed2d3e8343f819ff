/** Reads the places that MIR names. */
import type { MirSpan } from '../../compiled/mir.ts';

/** `src/lib.rs:8:46: 8:48`; null for `no-location` and for places in std's own sources. */
export function mirSpan(text: string): MirSpan | null {
  const match = /^(.+):(\d+):(\d+): (\d+):(\d+)(?: \(#\d+\))?$/.exec(text);
  if (!match || text.startsWith('/rustc/')) return null;
  const [, file = '', line, column, endLine, endColumn] = match;
  return { file, line: Number(line), column: Number(column), endLine: Number(endLine), endColumn: Number(endColumn) };
}
