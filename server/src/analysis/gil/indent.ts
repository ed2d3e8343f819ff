/** Moves code to another depth without touching the texts in it. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import { someExpr } from '../walk.ts';

/** Whether a literal in the code spans lines: shifting its lines would change it. Macros hide their literals. */
export function holdsMultilineText(root: Expr, text: string): boolean {
  return someExpr(
    root,
    (e) => (e.kind === 'literal' || (e.kind === 'macro' && e.args === null)) && text.slice(e.span.start, e.span.end).includes('\n'),
  );
}

/** The white space at the start of the line on which an offset stands. */
export function indentAt(text: string, offset: number): string {
  const line = text.lastIndexOf('\n', offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, offset))?.[0] ?? '';
}

/** Adds to the indentation of every line but the first; empty lines stay empty. */
export function deepen(code: string, by: string): string {
  return code.replace(/\n(?=[^\n\r])/g, `\n${by}`);
}

/** Replaces one indentation by another at the start of every line but the first, where a line has it. */
export function reindent(code: string, from: string, to: string): string {
  return code
    .split('\n')
    .map((line, i) => (i > 0 && line.startsWith(from) ? to + line.slice(from.length) : line))
    .join('\n');
}
