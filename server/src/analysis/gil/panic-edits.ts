/** Turns `unwrap` and `expect` into a Python exception where the fn can raise one. */
import { sliceSpan } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import type { Ty } from '../types/local-types-ty.ts';
import { OPTION, RESULT, isExternal, isFloat, isInt } from '../types/local-types-ty.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { findExpr } from '../walk.ts';
import type { DataPanic, EditPlan } from './gil-facts.ts';

export function panicEdits(body: Body, panic: DataPanic, workspace: Workspace): readonly EditPlan[] {
  const { expr } = panic;
  const { file } = body.item;
  if (expr.kind !== 'method' || !/^(unwrap|expect)$/.test(expr.name) || !workspace.editable(file, expr.span)) return [];
  const result = body.ast.result ? tyOfWritten(body.ast.result, body.scope, workspace) : null;
  if (!isExternal(result, RESULT) || !isExternal(result.args[1] ?? null, 'pyo3::PyErr')) return [];
  // In a closure `?` would leave the closure, not the fn.
  const root = body.ast.body;
  if (!root || findExpr(root, (e) => e.kind === 'closure' && e.span.start <= expr.span.start && expr.span.end <= e.span.end)) return [];
  const receiver = body.typeOf(expr.receiver);
  const tail = { start: expr.receiver.span.end, end: expr.span.end };
  const text = workspace.text(file);
  const message = expr.args[0]?.kind === 'literal' ? sliceSpan(text, expr.args[0].span) : null;
  const known = workspace.resolve(['PyValueError'], body.scope, 'type');
  const error = known.kind === 'external' ? 'PyValueError' : 'pyo3::exceptions::PyValueError';
  let how: string | null = null;
  if (isExternal(receiver, RESULT)) {
    how = converts(expr.receiver, receiver) ? '?' : `.map_err(|e| ${error}::new_err(e.to_string()))?`;
    // The closure's error has no type where the result's is left to inference.
    if (how !== '?' && isOpenParse(expr.receiver)) return [];
  } else if (isExternal(receiver, OPTION)) {
    how = `.ok_or_else(|| ${error}::new_err(${message ?? '"value is missing"'}))?`;
  }
  if (!how) return [];
  return [{ title: 'raise a Python exception instead', safe: false, edits: [{ span: tail, text: how }] }];
}

/** Errors that PyO3 turns into exceptions by itself: its own, I/O's and those of parsing numbers (PyO3, `err_impls`). */
function converts(receiver: Expr, ty: Extract<Ty, { kind: 'external' }>): boolean {
  const failure = ty.args[1] ?? null;
  if (isExternal(failure, 'pyo3::PyErr') || isExternal(failure, 'std::io::Error')) return true;
  const value = ty.args[0] ?? null;
  return receiver.kind === 'method' && receiver.name === 'parse' && (isInt(value) || isFloat(value));
}

function isOpenParse(receiver: Expr): boolean {
  return receiver.kind === 'method' && /^(parse|try_into)$/.test(receiver.name) && receiver.generics.length === 0;
}
