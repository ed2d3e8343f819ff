/** How a call is named in messages. */
import type { Expr } from '../model/rust/ast-expr.ts';

/** `CStr::from_ptr` for a call of `std::ffi::CStr::from_ptr`, the method's name for a method call; the expression's kind otherwise. */
export function calledAs(expr: Expr): string {
  if (expr.kind === 'method') return expr.name;
  if (expr.kind !== 'call' || expr.callee.kind !== 'path') return expr.kind;
  return expr.callee.path.segments
    .slice(-2)
    .map((segment) => segment.name)
    .join('::');
}
