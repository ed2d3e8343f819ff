/** The white space at the start of a line, which inserted lines repeat, and the lines that a removed statement leaves. */
import type { Span } from '../base/text.ts';
import type { SourceFile, Workspace } from '../model/workspace.ts';

/** The indentation of the line on which an offset stands. */
export function indentAt(text: string, offset: number): string {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))?.[0] ?? '';
}

/** The same of a file, of which only what stands right before is read. */
export function indentBefore(file: SourceFile, offset: number, workspace: Workspace): string {
  const start = Math.max(0, offset - 400);
  return indentAt(workspace.slice(file, { start, end: offset }), offset - start);
}

/** The lines of a statement where it has them for itself, its line break included. */
export function wholeLines(text: string, { start, end }: Span): Span {
  const before = /(^|\n)[ \t]*$/.exec(text.slice(0, start));
  const after = /^[ \t]*\r?\n/.exec(text.slice(end));
  if (!before || !after) return { start, end };
  return { start: before.index + (before[1] ?? '').length, end: end + after[0].length };
}
