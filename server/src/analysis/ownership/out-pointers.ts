/** Where a variable is lent to be filled, and whether the result of a call is looked at. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import { lastName, variable } from '../walk.ts';
import { uncast } from './owners.ts';
import { parentsOf } from './parents.ts';

/** The variable that `&mut x`, `&raw mut x`, `addr_of_mut!(x)` or `x.as_mut_ptr()` lends, through casts; null for everything else. */
export function lentToFill(expr: Expr): string | null {
  const inner = uncast(expr);
  if (inner.kind === 'reference' && inner.mutable) return variable(inner.operand);
  if (inner.kind === 'method' && inner.name === 'as_mut_ptr' && inner.args.length === 0) return variable(inner.receiver);
  const name = inner.kind === 'macro' ? inner.path.segments.at(-1)?.name : null;
  const place = inner.kind === 'macro' && name === 'addr_of_mut' ? inner.args?.[0] : undefined;
  return place ? variable(place) : null;
}

/** Whether nothing can look at what a call returns: it is a statement of its own, or bound to `_`. */
export function isResultIgnored(call: Expr, body: Expr): boolean {
  const parents = parentsOf(body);
  for (let at = call; ; ) {
    const around = parents.get(at);
    if (!around) return false;
    if (around.kind === 'statement') {
      const { statement } = around;
      return statement.kind === 'expr' || (statement.kind === 'let' && statement.pattern.kind === 'wildcard');
    }
    const parent = around.expr;
    if (parent.kind === 'assign') return parent.right === at && lastName(parent.left) === '_';
    if (parent.kind !== 'block' || parent.tail !== at || (parent.flavor !== 'plain' && parent.flavor !== 'unsafe')) return false;
    at = parent;
  }
}
