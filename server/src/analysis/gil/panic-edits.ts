/** Turns `unwrap` and `expect` into a Python exception where the fn can raise one. */
import { sliceSpan } from '../../base/text.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { OPTION, RESULT, isExternal } from '../types/local-types-ty.ts';
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
    const failure = receiver.args[1] ?? null;
    how =
      isExternal(failure, 'pyo3::PyErr') || isExternal(failure, 'std::io::Error') ? '?' : `.map_err(|e| ${error}::new_err(e.to_string()))?`;
  } else if (isExternal(receiver, OPTION)) {
    how = `.ok_or_else(|| ${error}::new_err(${message ?? '"value is missing"'}))?`;
  }
  if (!how) return [];
  return [{ title: 'raise a Python exception instead', safe: false, edits: [{ span: tail, text: how }] }];
}
