/** Edits that ask Python once for all items instead of once for each, and that let Ctrl-C end a loop. */
import { contains, sliceSpan } from '../../base/text.ts';
import type { Expr, LoopExpr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import { ancestors, blocksOf, parentsOf } from '../ownership/parents.ts';
import type { Body } from '../types/local-types-body.ts';
import { collectExprs, someExpr, unwrapBlock } from '../walk.ts';
import { leavesClosure } from './captures.ts';
import type { EditPlan } from './gil-facts.ts';
import { deepen, holdsMultilineText, indentAt } from './indent.ts';
import type { PerItem } from './per-item.ts';
import { givesPyResult } from './release-region.ts';
import { tokenOf } from './token.ts';

/** Empty for kinds that have no edit, and where the loop does more than the edit can carry. None is safe. */
export function perItemEdits(one: PerItem, body: Body, workspace: Workspace): readonly EditPlan[] {
  const root = body.ast.body;
  if (!root || !workspace.editable(body.item.file, one.span)) return [];
  const loop =
    one.expr.kind === 'loop'
      ? one.expr
      : ancestors(parentsOf(root), one.expr, blocksOf(root)).find((e): e is LoopExpr => e.kind === 'loop');
  if (!loop) return [];
  const text = workspace.text(body.item.file);
  const plan =
    one.kind === 'extract'
      ? extractOnce(one, loop, body, text, workspace)
      : one.kind === 'signals'
        ? askForSignals(loop, body, text, workspace)
        : one.kind === 'attach'
          ? attachOnce(one, loop, text)
          : null;
  return plan ? [plan] : [];
}

/** `for x in list.extract::<Vec<T>>()? { … x … }` */
function extractOnce({ expr, what }: PerItem, loop: LoopExpr, body: Body, text: string, workspace: Workspace): EditPlan | null {
  const { iterable } = loop;
  const root = body.ast.body;
  if (expr.kind !== 'method' || !iterable || !root || !givesPyResult(body, workspace) || inClosure(loop, root)) return null;
  const [wanted] = expr.generics;
  const type = wanted?.kind === 'type' ? sliceSpan(text, wanted.type.span) : '_';
  // Texts are borrowed from their object, a vector of them from nothing.
  if (type.includes('&')) return null;
  const tried = collectExprs(loop.body, (e) => e.kind === 'try' && e.operand === expr)[0];
  const list =
    iterable.kind === 'method' && iterable.name === 'iter'
      ? iterable.receiver
      : iterable.kind === 'reference'
        ? iterable.operand
        : iterable;
  if (!tried) return null;
  return {
    title: 'extract the list before the loop',
    safe: false,
    edits: [
      { span: iterable.span, text: `${sliceSpan(text, list.span)}.extract::<Vec<${type}>>()?` },
      { span: tried.span, text: what },
    ],
  };
}

function askForSignals(loop: LoopExpr, body: Body, text: string, workspace: Workspace): EditPlan | null {
  const root = body.ast.body;
  const token = tokenOf(body);
  if (!root || !token || !givesPyResult(body, workspace) || inClosure(loop, root)) return null;
  const at = loop.body.span.start + 1;
  const indent = `${indentAt(text, loop.span.start)}    `;
  return {
    title: 'ask for signals in each round',
    safe: false,
    edits: [{ span: { start: at, end: at }, text: `\n${indent}${token}.check_signals()?;` }],
  };
}

/** The loop as a whole where it does nothing but attach, and nothing leaves it. */
function attachOnce({ expr }: PerItem, loop: LoopExpr, text: string): EditPlan | null {
  const closure = expr.kind === 'call' ? expr.args[0] : null;
  const { statements, tail } = loop.body;
  const [only] = statements;
  const whole = statements.length === 0 ? tail : !tail && statements.length === 1 && only?.kind === 'expr' ? only.expr : null;
  const open = text[(only ?? tail)?.span.end ?? 0] === ';' || only?.span.end !== whole?.span.end;
  if (
    expr.kind !== 'call' ||
    closure?.kind !== 'closure' ||
    whole !== expr ||
    leavesClosure(closure.body) ||
    holdsMultilineText(loop, text)
  )
    return null;
  const inner = unwrapBlock(closure.body);
  const indent = indentAt(text, loop.span.start);
  const code = sliceSpan(text, inner.span);
  const head = text.slice(loop.span.start, loop.body.span.start + 1);
  const param = closure.params[0] ? sliceSpan(text, closure.params[0].pattern.span) : '_';
  const line = inner.kind === 'block' ? code : `${code}${open || tail ? ';' : ''}`;
  const block = deepen(`${head}\n${indent}    ${line}\n${indent}}`, '    ');
  return {
    title: 'take the interpreter once for the loop',
    safe: false,
    edits: [
      {
        span: loop.span,
        text: `${sliceSpan(text, expr.callee.span)}(|${param}| {\n${indent}    ${block}\n${indent}})${endOf(loop, text)}`,
      },
    ],
  };
}

/** A loop is a statement without a `;`, a call is not. */
function endOf(loop: LoopExpr, text: string): string {
  return /^\s*[};)]/.test(text.slice(loop.span.end)) ? '' : ';';
}

function inClosure(loop: Expr, root: Expr): boolean {
  return someExpr(
    root,
    (e) => (e.kind === 'closure' || (e.kind === 'block' && e.flavor !== 'plain' && e.flavor !== 'unsafe')) && contains(e.span, loop.span),
  );
}
