/** Checks before a possible panic that excuse it: some condition looked at the same value. */
import type { Expr, Pattern } from '../../model/rust/ast-expr.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import { walk } from '../walk.ts';
import { namedIn, rootsOf } from './data.ts';
import type { Place } from './regions.ts';

/**
 * Whether an `if`, `while` or `match` before the place, or around it, mentions one of the values.
 * Whatever the condition says, the author thought about the value: precision first. `strict` leaves out those that only unpack it.
 */
export function isChecked(at: Expr, values: ReadonlySet<Binding>, body: Body, place: Place, strict = false): boolean {
  const root = body.ast.body;
  if (!root || values.size === 0) return false;
  let checked = false;
  walk(root, {
    enterExpr(expr) {
      if (checked || expr.span.start >= at.span.end) return false;
      const condition = strict && unpacks(expr, at, body) ? [] : conditionsOf(expr, at, place);
      if (condition.some((c) => c.span.end <= at.span.start && mentions(c, values, body, strict))) checked = true;
      return !checked;
    },
  });
  return checked;
}

/** Python conversions that look at a value's type only. */
const CONVERSIONS = /^(cast|cast_into|cast_exact|cast_bound|downcast\w*|extract|extract_bound|as_ref|as_mut|as_deref|clone)$/;

/**
 * `if let Some(path) = path { path.to_str().unwrap() }`, `match path { Some(path) => …, None => … }`:
 * that there is something, or that it is of a type, says nothing about what it is.
 */
function unpacks(expr: Expr, at: Expr, body: Body): boolean {
  const around = (inner: Expr): boolean => inner.span.start <= at.span.start && at.span.end <= inner.span.end;
  const isNamed = (pattern: Pattern, from: Expr): boolean =>
    isUnpacking(pattern) && isParam(from, body) && [...namedIn(at, body)].some((b) => b.kind === 'pattern' && b.source === from);
  if (expr.kind === 'if' && expr.condition.kind === 'let')
    return around(expr.then) && isNamed(expr.condition.pattern, expr.condition.value);
  if (expr.kind !== 'match' || expr.arms.some((one) => one.guard !== null || isRefined(one.pattern))) return false;
  const arm = expr.arms.find((one) => around(one.body));
  return arm !== undefined && isNamed(arm.pattern, expr.scrutinee);
}

/** `Some(x)`, `Ok(x)` */
function isUnpacking(pattern: Pattern): boolean {
  return (
    pattern.kind === 'tuple-struct' &&
    /^(Some|Ok)$/.test(pattern.path.segments.at(-1)?.name ?? '') &&
    pattern.elements.every((element) => element.kind === 'binding' && element.sub === null)
  );
}

/** `Some(0)`: another value is left for the arms behind it. */
function isRefined(pattern: Pattern): boolean {
  return (
    pattern.kind === 'tuple-struct' && pattern.elements.some(({ kind }) => kind !== 'binding' && kind !== 'wildcard' && kind !== 'rest')
  );
}

/** A parameter as it came, or converted: what a table has for it is another value. */
function isParam(value: Expr, body: Body): boolean {
  let at = value;
  while (at.kind === 'reference' || at.kind === 'unary' || (at.kind === 'method' && CONVERSIONS.test(at.name)))
    at = at.kind === 'method' ? at.receiver : at.operand;
  return body.bindingOf(at)?.kind === 'param';
}

/** What of an expression decides whether the code behind it is reached. */
function conditionsOf(expr: Expr, at: Expr, place: Place): readonly Expr[] {
  if (expr.kind === 'if') return [expr.condition];
  if (expr.kind === 'loop') return expr.condition ? [expr.condition] : [];
  // `a && b`, `a || b`: the left side is looked at first.
  if (expr.kind === 'binary' && (expr.operator === '&&' || expr.operator === '||')) return [expr.left];
  if (expr.kind === 'match') {
    const around = place.parents.includes(expr) && expr.span.end > at.span.start;
    return !around || refines(expr) || expr.arms.some((arm) => arm.guard) ? [expr.scrutinee] : [];
  }
  if (expr.kind === 'macro') return /^(debug_)?assert(_eq|_ne)?$|^ensure$|^bail$/.test(expr.path.segments.at(-1)?.name ?? '') ? [expr] : [];
  // A helper that may refuse its arguments: `validate(index, len)?`.
  if (expr.kind === 'try' && (expr.operand.kind === 'call' || expr.operand.kind === 'method')) return expr.operand.args;
  return [];
}

function refines(expr: Extract<Expr, { kind: 'match' }>): boolean {
  return expr.arms.length > 1;
}

function mentions(condition: Expr, values: ReadonlySet<Binding>, body: Body, strict: boolean): boolean {
  let found = false;
  walk(condition, {
    enterExpr(expr) {
      const binding = body.bindingOf(expr);
      if (
        binding &&
        (values.has(binding) ||
          ((binding.kind === 'let' || (strict && binding.kind === 'pattern')) &&
            binding.source &&
            [...rootsOf(binding.source, body)].some((r) => values.has(r))))
      )
        found = true;
      return !found;
    },
  });
  return found;
}
