/** Where values come from: the parameters and fields that an expression depends on. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Body, Binding } from '../types/local-types-body.ts';
import { walk } from '../walk.ts';

/** The parameters (and `self`) from which an expression's value is made, through local variables. */
export function rootsOf(expr: Expr, body: Body): ReadonlySet<Binding> {
  const roots = new Set<Binding>();
  const seen = new Set<Binding>();
  from(expr);
  return roots;

  function from(root: Expr): void {
    walk(root, {
      enterExpr(at) {
        const binding = body.bindingOf(at);
        if (binding) follow(binding);
      },
    });
  }

  function follow(binding: Binding): void {
    if (seen.has(binding)) return;
    seen.add(binding);
    if (binding.kind === 'param' || binding.kind === 'self') roots.add(binding);
    if (binding.source) from(binding.source);
  }
}

/** Whether an expression depends on what the caller hands in. */
export function dependsOnInput(expr: Expr, body: Body): boolean {
  return rootsOf(expr, body).size > 0;
}
