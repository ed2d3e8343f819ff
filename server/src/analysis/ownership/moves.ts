/** Whether a local variable is moved: given to a call, stored, or taken by a method that consumes it. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Body } from '../types/local-types-body.ts';
import { someExpr, variable } from '../walk.ts';
import { parentsOf } from './parents.ts';

/** Methods of owners that take `self`: the buffer then belongs to somebody else. */
const CONSUMES = /^(into|into_.*|leak|unwrap|expect|ok|map|and_then|join|finish|push_to|try_into|boxed)$/;

/** Macros of std that only look at their arguments. */
const LOOKS =
  /^(print|println|eprint|eprintln|format|write|writeln|assert|assert_eq|assert_ne|debug_assert|debug_assert_eq|debug_assert_ne|trace|debug|info|warn|error|log|matches)$/;

/** Whether any use of the variable, from an offset on, may take its value away; in doubt it does. */
export function isGivenAway(name: string, body: Body, from = 0): boolean {
  const root = body.ast.body;
  if (!root) return true;
  const parents = parentsOf(root);
  return someExpr(
    root,
    (expr) => {
      // The tokens of a macro are not seen here: any but those of std is taken to use the variable.
      if (expr.kind === 'macro' && expr.args === null) return !LOOKS.test(expr.path.segments.at(-1)?.name ?? '');
      if (variable(expr) !== name || expr.span.start < from) return false;
      const around = parents.get(expr);
      if (!around) return true;
      return around.kind === 'expr' ? takes(around.expr, expr) : around.statement.kind === 'let';
    },
    { items: false },
  );
}

function takes(parent: Expr, child: Expr): boolean {
  switch (parent.kind) {
    case 'method':
      return parent.receiver === child ? CONSUMES.test(parent.name) : true;
    case 'field':
    case 'index':
    case 'reference':
    case 'binary':
    case 'unary':
    case 'loop':
      return parent.kind === 'loop';
    case 'assign':
      return parent.right === child && parent.operator === '=';
    case 'macro':
      return !LOOKS.test(parent.path.segments.at(-1)?.name ?? '');
    case 'block':
      return parent.tail === child;
    case 'match':
      return parent.scrutinee === child;
    case 'cast':
      return false;
    default:
      return true;
  }
}
