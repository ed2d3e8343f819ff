/** Layouts that an allocation is given back with: they were made for it before, so making them again cannot fail. */
import type { BlockExpr, Expr } from '../../model/rust/ast-expr.ts';
import { collectExprs, lastName } from '../walk.ts';
import type { Bindings } from './bindings.ts';

/** The expressions that stand for the layout argument of `dealloc(p, layout)` and `realloc(p, layout, size)`. */
export function freedLayouts(body: BlockExpr, bindings: Bindings): ReadonlySet<Expr> {
  const found = new Set<Expr>();
  for (const expr of collectExprs(body, (inner) => inner.kind === 'call' || inner.kind === 'method')) {
    const name = expr.kind === 'method' ? expr.name : expr.kind === 'call' ? (lastName(expr.callee) ?? '') : '';
    const layout = expr.kind === 'call' || expr.kind === 'method' ? expr.args[1] : undefined;
    if (layout && /^(dealloc|deallocate|realloc)$/.test(name)) found.add(bindings.value(layout));
  }
  return found;
}
