/** The white space at the start of a line, which inserted lines repeat, and the lines that a removed statement leaves. */
import type { Span } from '../base/text.ts';

/** The indentation of the line on which an offset stands. */
export function indentAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** The lines of a statement where it has them for itself, its line break included. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const before = /(^|\n)[ \t]*$/.exec(text.slice(0, start));
  const after = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (!before || !after) return { start, end };
  return { start: before.index + (before[1] ?? '').length, end: end + after[0].length };
}
