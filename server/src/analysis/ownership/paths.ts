/** Whether control can go from one expression to another of the same body. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import { someExpr, variable } from '../walk.ts';
import { ancestors, blocksOf, parentsOf } from './parents.ts';

/**
 * Whether both expressions run one after the other, with the variable unchanged in between. False in doubt: where they stand in
 * branches of one `if` or `match`, in a closure, or where the first one's branch leaves the fn or loop.
 */
export function ownedTwice(body: Expr, first: Expr, second: Expr, name: string): boolean {
  const parents = parentsOf(body);
  const blocks = blocksOf(body);
  const above = [first, ...ancestors(parents, first, blocks)];
  const other = new Set<Expr>([second, ...ancestors(parents, second, blocks)]);
  const meet = above.findIndex((expr) => other.has(expr));
  const common = above[meet];
  if (!common) return false;
  if (common.kind === 'if' || common.kind === 'match' || common.kind === 'closure') {
    // The condition runs before its branches; two branches exclude each other.
    const from = above[meet - 1];
    if (common.kind === 'if' ? from !== common.condition : common.kind !== 'match' || from !== common.scrutinee) return false;
  }
  const inside = [...above.slice(0, meet), ...[...other].slice(0, [...other].indexOf(common))];
  if (inside.some((expr) => expr.kind === 'closure' || (expr.kind === 'block' && expr.flavor !== 'plain' && expr.flavor !== 'unsafe')))
    return false;
  if (above.slice(0, meet).some((expr) => expr !== first && leaves(expr))) return false;
  return !someExpr(
    body,
    (expr) =>
      expr.kind === 'assign' && variable(expr.left) === name && expr.span.start > first.span.start && expr.span.start < second.span.start,
  );
}

/** Whether a branch may end the fn or an iteration. */
function leaves(expr: Expr): boolean {
  if (expr.kind === 'return' || expr.kind === 'break') return true;
  if (expr.kind !== 'block') return false;
  return someExpr(
    expr,
    (one) =>
      one.kind === 'return' ||
      one.kind === 'break' ||
      one.kind === 'continue' ||
      (one.kind === 'macro' && /^(panic|unreachable|bail|todo|unimplemented)$/.test(one.path.segments.at(-1)?.name ?? '')) ||
      (one.kind === 'call' &&
        one.callee.kind === 'path' &&
        /^(exit|abort|resume_unwind)$/.test(one.callee.path.segments.at(-1)?.name ?? '')),
  );
}
