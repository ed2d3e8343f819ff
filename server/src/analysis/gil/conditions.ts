/** When work is reached at all: the branches that it stands in, and calls that turn out not to wait. */
import { contains } from '../../base/text.ts';
import type { CallExpr, Expr, MethodExpr, Pattern } from '../../model/rust/ast-expr.ts';
import type { Body } from '../types/local-types-body.ts';
import { someExpr, walk } from '../walk.ts';
import type { Place } from './regions.ts';

/** The conditions under which an expression is reached: `if let Some(files) = self.files { read(files) }`. */
export function conditionsOf(expr: Expr, body: Body): readonly Expr[] {
  const found: Expr[] = [];
  around(expr, body, (at) => {
    if (at.kind === 'if' && (contains(at.then.span, expr.span) || (at.else && contains(at.else.span, expr.span)))) found.push(at.condition);
    if (at.kind === 'match' && at.arms.some((arm) => contains(arm.body.span, expr.span))) found.push(at.scrutinee);
  });
  return found;
}

/** The parameters without which an expression is not reached: it stands in their `Some(…)`, and a caller that passes `None` does not get there. */
export function givenParams(expr: Expr, body: Body): ReadonlySet<string> {
  const found = new Set<string>();
  const note = (pattern: Pattern, value: Expr): void => {
    const param = body.bindingOf(unwrapped(value));
    if (param?.kind === 'param' && isSome(pattern)) found.add(param.name);
  };
  around(expr, body, (at) => {
    if (at.kind === 'if' && at.condition.kind === 'let' && contains(at.then.span, expr.span))
      note(at.condition.pattern, at.condition.value);
    const arm = at.kind === 'match' ? at.arms.find((one) => contains(one.body.span, expr.span)) : undefined;
    if (at.kind === 'match' && arm) note(arm.pattern, at.scrutinee);
  });
  return found;
}

export function isNone(expr: Expr): boolean {
  return expr.kind === 'path' && expr.path.segments.at(-1)?.name === 'None';
}

/** `map_err(|e| { write("dump.txt", &e); e })`: a trace of what went wrong, which is not what the fn does. */
export function isOnFailure(place: Place): boolean {
  return place.parents.some(
    (parent) =>
      parent.kind === 'method' &&
      (parent.name === 'map_err' || parent.name === 'inspect_err') &&
      parent.args.some((arg) => arg.kind === 'closure' && place.closures.includes(arg)),
  );
}

/** Macros in which something may be awaited unseen. */
const AWAITING = /^((try_)?(select|join)(_biased)?|pin|await\w*)$/;

/** `block_on(async { set_up() })`: with nothing to await it is over at once, but for what stands inside. */
export function awaitsNothing(call: CallExpr | MethodExpr): boolean {
  const [future] = call.args;
  const name = call.kind === 'method' ? call.name : call.callee.kind === 'path' ? call.callee.path.segments.at(-1)?.name : null;
  if (name !== 'block_on' || call.args.length !== 1 || future?.kind !== 'block') return false;
  return !someExpr(
    future,
    (at) => at.kind === 'await' || at.kind === 'unknown' || (at.kind === 'macro' && AWAITING.test(at.path.segments.at(-1)?.name ?? '')),
  );
}

/** `loop { park() }`: a thread that is put away for good, as where the interpreter is gone, waits for nothing. */
export function isForGood(call: CallExpr | MethodExpr, place: Place): boolean {
  const name = call.kind === 'call' && call.callee.kind === 'path' ? call.callee.path.segments.at(-1)?.name : null;
  const loop = place.parents.findLast((parent) => parent.kind === 'loop');
  if (loop?.kind !== 'loop' || loop.flavor !== 'loop' || name !== 'park') return false;
  return !someExpr(loop.body, (at) => at !== call && /^(break|return|try|call|method|macro)$/.test(at.kind));
}

function around(expr: Expr, body: Body, on: (at: Expr) => void): void {
  const root = body.ast.body;
  if (!root) return;
  walk(root, {
    enterExpr(at) {
      on(at);
      return contains(at.span, expr.span);
    },
  });
}

/** `&name`, `name.as_ref()`, `name.clone()` */
function unwrapped(value: Expr): Expr {
  if (value.kind === 'reference') return unwrapped(value.operand);
  if (value.kind === 'method' && /^(as_ref|as_mut|as_deref|clone|cloned|take|into)$/.test(value.name)) return unwrapped(value.receiver);
  return value;
}

function isSome(pattern: Pattern): boolean {
  if (pattern.kind === 'reference') return isSome(pattern.pattern);
  return pattern.kind === 'tuple-struct' && pattern.path.segments.at(-1)?.name === 'Some';
}
