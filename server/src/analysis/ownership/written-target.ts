/** Where the value of an expression ends: the type that is written there, and which values a fn returns. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { isWrapper } from './owners.ts';
import { ancestors, blocksOf, parentsOf } from './parents.ts';

/**
 * The type written for the variable or fn that takes an expression's value as it is, through blocks and branches.
 * Null where none is written, and where something else than these takes it.
 */
export function writtenTarget(expr: Expr, fn: FnItem): Type | null {
  const root = fn.body;
  if (!root) return null;
  const parents = parentsOf(root);
  for (let at = expr; ; ) {
    if (at === root) return fn.result;
    const around = parents.get(at);
    if (!around) return null;
    if (around.kind === 'statement') return around.statement.kind === 'let' && around.statement.value === at ? around.statement.type : null;
    const parent = around.expr;
    if (parent.kind === 'return') return fn.result;
    if (!passes(parent, at)) return null;
    at = parent;
  }
}

/** Whether the value of an expression is that of what stands around it. */
function passes(parent: Expr, child: Expr): boolean {
  if (parent.kind === 'if') return parent.condition !== child;
  if (parent.kind === 'match') return parent.arms.some((arm) => arm.body === child);
  return parent.kind === 'block' && parent.tail === child && (parent.flavor === 'plain' || parent.flavor === 'unsafe');
}

/** The expressions whose values a fn may return, without the blocks, branches and `Some(…)` or `Ok(…)` around them. */
export function returnedValues(fn: FnItem): readonly Expr[] {
  const found: Expr[] = [];
  if (!fn.body) return found;
  take(fn.body);
  for (const expr of parentsOf(fn.body).keys()) if (expr.kind === 'return' && expr.value && !inClosure(expr)) take(expr.value);
  return found;

  function take(expr: Expr): void {
    if (expr.kind === 'block') {
      if (expr.tail && (expr.flavor === 'plain' || expr.flavor === 'unsafe')) take(expr.tail);
    } else if (expr.kind === 'if') {
      take(expr.then);
      if (expr.else) take(expr.else);
    } else if (expr.kind === 'match') for (const arm of expr.arms) take(arm.body);
    else if (expr.kind === 'call' && isWrapper(expr.callee) && expr.args[0]) take(expr.args[0]);
    else if (expr.kind !== 'return') found.push(expr);
  }

  function inClosure(expr: Expr): boolean {
    return fn.body !== null && ancestors(parentsOf(fn.body), expr, blocksOf(fn.body)).some((one) => one.kind === 'closure');
  }
}
