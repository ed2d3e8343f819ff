/** Closures of a caller that a fn boxes and hands to C. */
import { calleeOf } from '../analysis/callee.ts';
import { foreignCall } from '../analysis/c-functions/foreign-call.ts';
import { movesIn } from '../analysis/ownership/create-ownership-facts.ts';
import type { RawMove } from '../analysis/ownership/ownership-facts.ts';
import { givenValue } from '../analysis/ownership/owners.ts';
import type { Body } from '../analysis/types/local-types-body.ts';
import { collectExprs, findExpr, variable } from '../analysis/walk.ts';
import type { Expr } from '../model/rust/ast-expr.ts';
import type { GenericParam } from '../model/rust/ast-type.ts';
import type { RuleContext } from './rule.ts';

export interface GivenClosure {
  /** `Box::into_raw(Box::new(f))` */
  readonly move: RawMove;
  /** F */
  readonly generic: GenericParam;
  /** The name of the C function that gets it. */
  readonly callee: string;
}

/** The closures among a fn's type parameters that it boxes with `into_raw` for a C function; none where it takes one back itself. */
export function closuresGivenToC(ctx: RuleContext, body: Body): readonly GivenClosure[] {
  const { ast } = body;
  const closures = ast.generics.filter((one) => one.kind === 'type' && isClosure(one));
  if (closures.length === 0 || !ast.body || /\bfrom_raw\b/.test(ctx.workspace.slice(body.item.file, ast.body.span))) return [];
  const found: GivenClosure[] = [];
  for (const move of movesIn(body, ctx.workspace)) {
    const boxed = move.expr.args[0];
    if (move.direction !== 'into' || move.kind !== 'Box' || !boxed) continue;
    const generic = closures.find((one) => holds(boxed, one.name, body));
    const callee = generic ? receiverOf(ctx, body, move.expr) : null;
    if (generic && callee !== null) found.push({ move, generic, callee });
  }
  return found;
}

/** `F: Fn…` */
function isClosure(generic: GenericParam): boolean {
  return generic.bounds.some((one) => /^(for\s*<[^>]*>\s*)?(\w+::)*Fn(Mut|Once)?\b/.test(one));
}

/** `Box::new(f)` with f: F, also boxed twice or in a tuple's or struct's place. */
function holds(boxed: Expr, name: string, body: Body): boolean {
  const value = givenValue(boxed, body);
  if (value.kind !== 'call' || value.args.length !== 1 || value.callee.kind !== 'path' || value.callee.path.segments.at(-1)?.name !== 'new')
    return false;
  const inner = value.args[0];
  const param = inner ? body.ast.params.find((one) => one.name === variable(inner)) : undefined;
  if (param?.type.kind === 'path') return param.type.path.segments.length === 1 && param.type.path.segments[0]?.name === name;
  return inner !== undefined && inner.kind === 'call' && holds(inner, name, body);
}

/** The C function whose arguments have the pointer, or the variable that holds it; null where none has. */
function receiverOf(ctx: RuleContext, body: Body, into: Expr): string | null {
  for (const call of body.ast.body ? collectExprs(body.ast.body, (one) => one.kind === 'call') : []) {
    const called = foreign(ctx, call, body);
    if (called?.args.some((arg) => findExpr(givenValue(arg, body), (one) => one === into) !== null)) return called.name;
  }
  return null;
}

/** A call of a C function: declared here, or in another crate of declarations (`ffi::…`, `…_sys::…`). */
function foreign(ctx: RuleContext, call: Expr, body: Body): { readonly name: string; readonly args: readonly Expr[] } | null {
  const known = foreignCall(call, body.scope, ctx.workspace);
  if (known) return { name: known.name, args: known.call.args };
  const callee = call.kind === 'call' ? calleeOf(call.callee, body.scope, ctx.workspace) : null;
  // Which crate `ffi` is, a condition may choose.
  if (call.kind !== 'call' || (callee?.kind !== 'external' && callee?.kind !== 'written')) return null;
  if (callee.path.length < 2 || !/(^|_)(sys|ffi)$/.test(callee.path[0] ?? '')) return null;
  return { name: callee.path.at(-1) ?? '', args: call.args };
}
