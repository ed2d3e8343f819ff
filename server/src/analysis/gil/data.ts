/** Where values come from: the parameters and fields that an expression depends on. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Body, Binding } from '../types/local-types-body.ts';
import { walk } from '../walk.ts';

/** The parameters (and `self`) from which an expression's value is made, through local variables. */
export function rootsOf(expr: Expr, body: Body): ReadonlySet<Binding> {
  return new Set([...sourcesOf(expr, body)].filter(({ kind }) => kind === 'param' || kind === 'self'));
}

/** The local variables that an expression names itself. */
export function namedIn(value: Expr, body: Body): ReadonlySet<Binding> {
  const found = new Set<Binding>();
  walk(value, {
    enterExpr(at) {
      const binding = body.bindingOf(at);
      if (binding) found.add(binding);
    },
  });
  return found;
}

/** All variables that a value is made of, through others. */
export function sourcesOf(value: Expr, body: Body): ReadonlySet<Binding> {
  const found = new Set<Binding>();
  const from = (root: Expr): void => {
    for (const binding of namedIn(root, body)) {
      if (found.has(binding)) continue;
      found.add(binding);
      if (binding.source) from(binding.source);
    }
  };
  from(value);
  return found;
}

/** Whether an expression depends on what the caller hands in. */
export function dependsOnInput(expr: Expr, body: Body): boolean {
  return rootsOf(expr, body).size > 0;
}

/** Methods and conversions that leave a size a size. */
const SIZES =
  /^(len|count|size|num_\w+|n_\w+|\w*(rows|cols|columns)|width|height|depth|shape|dim|min|max|clamp|abs|pow|isqrt|sqrt|ceil|floor|round|div_ceil|(saturating|wrapping|checked|overflowing)_\w+|unwrap\w*|expect|ok\w*|map_err|clone|cloned|copied|into|try_into|from|try_from|to_owned|get|read|lock|borrow|as_\w+|to_\w+)$/;

/**
 * Whether a bound grows with what the caller hands in: a number of the caller's, a length, or arithmetic on them.
 * What some other fn makes of the input (the year of a date, the steps along a path) is not known to.
 */
export function growsWithInput(bound: Expr, body: Body): boolean {
  switch (bound.kind) {
    case 'path': {
      const binding = body.bindingOf(bound);
      if (binding?.kind !== 'let' || !binding.source) return rootsOf(bound, body).size > 0;
      return growsWithInput(binding.source, body);
    }
    case 'method':
      return SIZES.test(bound.name) && [bound.receiver, ...bound.args].some((part) => growsWithInput(part, body));
    case 'call': {
      const name = bound.callee.kind === 'path' ? (bound.callee.path.segments.at(-1)?.name ?? '') : '';
      return SIZES.test(name) && bound.args.some((part) => growsWithInput(part, body));
    }
    case 'binary':
      return growsWithInput(bound.left, body) || growsWithInput(bound.right, body);
    case 'cast':
    case 'unary':
    case 'reference':
    case 'try':
      return growsWithInput(bound.operand, body);
    case 'if':
      return [bound.then, bound.else].some((part) => part !== null && growsWithInput(part, body));
    case 'match':
      return bound.arms.some((arm) => growsWithInput(arm.body, body));
    case 'block':
      return bound.tail !== null && growsWithInput(bound.tail, body);
    default:
      return rootsOf(bound, body).size > 0;
  }
}
