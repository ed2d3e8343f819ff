/** Edits of whole statements: where an expression is one, moving it, and ending the process behind it. */
import { ancestors, blocksOf, parentsOf } from '../analysis/ownership/parents.ts';
import type { FileEdit } from '../base/edit.ts';
import type { Span } from '../base/text.ts';
import { contains, sliceSpan } from '../base/text.ts';
import type { BlockExpr, Expr, Statement } from '../model/rust/ast-expr.ts';
import type { SourceFile, Workspace } from '../model/workspace.ts';
import { indentAt, wholeLines } from './indent.ts';

export interface Placed {
  readonly block: BlockExpr;
  readonly index: number;
  readonly statement: Statement;
}

/** The innermost statement in which an expression stands, whatever else it does; null in a block's tail and in a closure without a block. */
export function statementAround(root: Expr, expr: Expr): Placed | null {
  const blocks = blocksOf(root);
  const block = ancestors(parentsOf(root), expr, blocks).find((one) => one.kind === 'block');
  if (block?.kind !== 'block') return null;
  const index = block.statements.findIndex((one) => contains(one.span, expr.span));
  const statement = block.statements[index];
  return statement ? { block, index, statement } : null;
}

/** The statement that does nothing else than an expression, `unsafe` blocks around it included; null where there is more. */
export function ownStatement(root: Expr, expr: Expr): Placed | null {
  const parents = parentsOf(root);
  for (let at = expr; ; ) {
    const around = parents.get(at);
    if (!around) return null;
    let block: Expr | null = null;
    if (around.kind === 'statement') {
      const placed = statementAround(root, at);
      if (placed?.statement !== around.statement || around.statement.kind !== 'expr') return null;
      if (placed.block === root || placed.block.statements.length > 1 || placed.block.tail) return placed;
      block = placed.block;
    } else if (around.expr.kind === 'block' && around.expr.tail === at && around.expr.statements.length === 0) block = around.expr;
    if (block?.kind !== 'block' || (block.flavor !== 'plain' && block.flavor !== 'unsafe')) return null;
    at = block;
  }
}

/** The later statement of the same block in which another expression stands. */
export function laterStatement({ block, index }: Placed, expr: Expr): Statement | null {
  return block.statements.slice(index + 1).find((one) => contains(one.span, expr.span)) ?? null;
}

/** A statement with the `;` behind a block, which the parser takes for an empty one. */
export function wholeStatement(text: string, { span }: Statement): Span {
  return text[span.end] === ';' ? { start: span.start, end: span.end + 1 } : span;
}

/** A line of its own under a statement; `lines` as the file has them, a tab is one level of indentation. */
export function insertBehind(file: SourceFile, statement: Statement, lines: readonly string[], workspace: Workspace): FileEdit {
  const source = workspace.text(file);
  const indent = indentAt(source, statement.span.start);
  const { end } = wholeStatement(source, statement);
  const text = lines.map((line) => `\n${indent}${line.replace(/^\t+/, (tabs) => '    '.repeat(tabs.length))}`).join('');
  return { file: file.path, span: { start: end, end }, text };
}

/** Takes a statement away and repeats it under a later one. */
export function moveBehind(file: SourceFile, statement: Statement, target: Statement, workspace: Workspace): readonly FileEdit[] {
  const text = workspace.text(file);
  const whole = wholeStatement(text, statement);
  return [{ file: file.path, span: wholeLines(text, whole), text: '' }, insertBehind(file, target, [sliceSpan(text, whole)], workspace)];
}

/** `if CONDITION { abort }` as lines for `insertBehind`: the one way out that needs no value of the fn's result type. */
export function abortIf(condition: string): readonly string[] {
  return [`if ${condition} {`, '\tstd::process::abort();', '}'];
}
