/** Workspace fns whose Result or Option is always Ok or Some: their body has no other way out. */
import type { Made } from '../../base/reads.ts';
import { madeOnce } from '../../base/reads.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { lastName, someExpr, unwrapBlock } from '../walk.ts';

const KNOWN = new WeakMap<RustItem, Made<boolean>>();

/** Whether a fn with so many arguments (without `self`) can only return `Ok(…)` or `Some(…)`; false where its body is not known. */
export function neverFails(item: RustItem, args: number, workspace: Workspace): boolean {
  return madeOnce(KNOWN, item, () => {
    const ast = item.kind === 'fn' && item.entry.bodySpan ? workspace.ast(item) : null;
    return (
      ast?.kind === 'fn' && ast.body !== null && ast.params.filter((param) => param.name !== 'self').length === args && alwaysGood(ast.body)
    );
  });
}

/** All ways out of an expression are `Ok(…)` or `Some(…)`. */
export function alwaysGood(expr: Expr): boolean {
  return isGood(expr) && !someExpr(expr, leavesOtherwise);
}

/** All values that an expression can have are `Ok(…)` or `Some(…)`. */
function isGood(expr: Expr): boolean {
  const inner = unwrapBlock(expr);
  if (inner.kind === 'block') return inner.tail !== null && isGood(inner.tail);
  if (inner.kind === 'if') return inner.else !== null && isGood(inner.then) && isGood(inner.else);
  if (inner.kind === 'match') return inner.arms.length > 0 && inner.arms.every((arm) => isGood(arm.body));
  // Objects of own classes fail to be made where memory runs out, or not at all.
  if (inner.kind === 'method' && /^(into_py_any|into_bound_py_any)$/.test(inner.name)) return true;
  return inner.kind === 'call' && /^(Ok|Some)$/.test(lastName(inner.callee) ?? '') && inner.callee.kind === 'path';
}

/** `?`, `return` of anything else, and macros that may hold one. */
function leavesOtherwise(expr: Expr): boolean {
  if (expr.kind === 'try') return true;
  if (expr.kind === 'return') return expr.value === null || !isGood(expr.value);
  return expr.kind === 'macro' && /^(bail|ensure|fail|throw|try|return_\w+)$/.test(expr.path.segments.at(-1)?.name ?? '');
}
