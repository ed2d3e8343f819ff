/** Second attaches: `Python::attach` or `with_gil` on the thread and within the stretch that holds the interpreter already. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { someExpr, unwrapBlock } from '../walk.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import type { RedundantAttach } from './gil-facts.ts';
import { walkRegions } from './regions.ts';
import { tokenOf } from './token.ts';

const ATTACH = /^pyo3::Python::(with_gil|attach)$/;

export function redundantAttaches(body: Body, workspace: Workspace, closures: Closures): readonly RedundantAttach[] {
  const root = body.ast.body;
  if (!root) return [];
  const found: RedundantAttach[] = [];
  walkRegions(body, root, closures.runOf, (expr, place) => {
    if (expr.kind !== 'call' || place.mode !== 'attached' || !place.nested || place.closures.some((c) => c.async)) return;
    const target = targetOf(expr, body, workspace);
    const closure = expr.args[0];
    if (target.kind !== 'function' || !ATTACH.test(target.path) || closure?.kind !== 'closure' || expr.args.length !== 1) return;
    const pattern = closure.params[0]?.pattern;
    const inner = place.parents.some((p) => p.kind === 'call' && found.some((f) => f.expr === p));
    if (inner) return;
    found.push({
      span: expr.callee.span,
      expr,
      closureParam: pattern?.kind === 'binding' && !pattern.name.startsWith('_') ? pattern.name : null,
      body: closure.body,
      token: tokenOf(body),
      // The value of `return` is the fn's value as well.
      controlFlow: leaves(closure.body) && !isTail(root, expr) && !(place.parents.at(-1)?.kind === 'return' && place.closures.length === 0),
      tail: isTail(root, expr),
    });
  });
  return found;
}

/** Whether a closure's body has a `return` or `?` of its own. */
function leaves(root: Expr): boolean {
  return someExpr(root, (e) => e.kind === 'return' || e.kind === 'try', { closures: false, items: false });
}

/** The fn's value: the tail of its body, through blocks that are nothing else. */
export function isTail(root: Expr, expr: Expr): boolean {
  const inner = unwrapBlock(root);
  if (inner === expr) return true;
  return inner.kind === 'block' && inner.flavor === 'plain' && inner.tail !== null && isTail(inner.tail, expr);
}
