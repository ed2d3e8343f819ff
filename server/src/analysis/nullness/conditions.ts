/** What conditions tell of pointers and lengths: null checks, comparisons, `&&`, `||`, `!` and `if let`. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import { collectExprs, someExpr, variable } from '../walk.ts';
import type { Branches, Flow } from './flow.ts';
import { bind, certainSign, doubtfulSign, matchPattern, noteCheck } from './flow.ts';
import type { Known, Source, State, Value } from './state.ts';
import { LEVEL, become, clone, gained, join, knowing, learn } from './state.ts';

/** The states in which a condition is true and false. The state given is not changed. */
export function branch(flow: Flow, expr: Expr, before: State): Branches {
  if (expr.kind === 'unary' && expr.operator === '!') {
    const inner = branch(flow, expr.operand, before);
    return { yes: inner.no, no: inner.yes };
  }
  if (expr.kind === 'binary' && expr.operator === '&&') {
    const left = branch(flow, expr.left, before);
    const right = branch(flow, expr.right, left.yes);
    return { yes: right.yes, no: join(left.no, right.no) };
  }
  if (expr.kind === 'binary' && expr.operator === '||') {
    const left = branch(flow, expr.left, before);
    const right = branch(flow, expr.right, left.no);
    return { yes: join(left.yes, right.yes), no: right.no };
  }
  const state = clone(before);
  if (expr.kind === 'let') {
    const value = flow.eval(expr.value, state);
    const match = matchPattern(expr.pattern, value);
    const yes = knowing(state, match.yes);
    bind(expr.pattern, value, yes);
    return { yes, no: knowing(state, match.no) };
  }
  const value = flow.eval(expr, state);
  if (value.kind === 'bool') return { yes: knowing(state, value.yes), no: knowing(state, value.no) };
  learn(state, notUnderstood(expr, state));
  learn(state, signsIn(expr, state));
  return { yes: state, no: clone(state) };
}

/** `&&`, `||` and `!` as a value: what is known where it turns out true or false. */
export function logicalValue(flow: Flow, expr: Expr, state: State): Value {
  const { yes, no } = branch(flow, expr, state);
  const value: Value = { kind: 'bool', yes: gained(state, yes), no: gained(state, no) };
  become(state, join(yes, no));
  return value;
}

/** Pointers in a condition that looks at null in a way that is not understood, such as `[p, q].iter().any(|p| p.is_null())`. */
function notUnderstood(expr: Expr, state: State): readonly Known[] {
  const looks = (inner: Expr): boolean =>
    inner.kind === 'method' && (inner.name === 'is_null' || inner.name === 'as_ref' || inner.name === 'as_mut');
  if (
    !someExpr(
      expr,
      (inner) => looks(inner) || inner.kind === 'macro' || (inner.kind === 'path' && inner.path.segments.at(-1)?.name === 'is_null'),
    )
  )
    return [];
  return pointersIn(expr, state).map((source) => ({ source, level: LEVEL.undecided }));
}

/** Signed numbers in a condition that is not understood, such as `(0..max).contains(&n)`. */
export function signsIn(expr: Expr, state: State): readonly Known[] {
  return collectExprs(expr, (inner) => inner.kind === 'path').flatMap((path) => {
    const value = state.env.get(variable(path) ?? '');
    return value ? doubtfulSign(value) : [];
  });
}

/** The sources of all pointer variables that an expression mentions. */
export function pointersIn(expr: Expr, state: State): readonly Source[] {
  const found = new Set<Source>();
  for (const path of collectExprs(expr, (inner) => inner.kind === 'path')) {
    const value = state.env.get(variable(path) ?? '');
    if (value?.kind === 'pointer') found.add(value.source);
  }
  return [...found];
}

const FLIPPED: ReadonlyMap<string, string> = new Map([
  ['<', '>'],
  ['>', '<'],
  ['<=', '>='],
  ['>=', '<='],
]);

/** A comparison as a value. */
export function compare(flow: Flow, operator: string, leftExpr: Expr, rightExpr: Expr, state: State): Value {
  const left = flow.eval(leftExpr, state);
  const right = flow.eval(rightExpr, state);
  for (const value of [left, right]) if (value.kind === 'plain') flow.compared.add(value.source);
  if (operator === '==' || operator === '!=') {
    for (const [value, other, at] of [
      [left, right, leftExpr],
      [right, left, rightExpr],
    ] as const)
      if (value.kind === 'pointer' && isNull(other)) noteCheck(flow, value.source, at.span, state);
    const equal = equality(left, right, rightExpr) ?? equality(right, left, leftExpr);
    if (!equal) {
      const doubts = [...doubtfulSign(left), ...doubtfulSign(right)];
      return { kind: 'bool', yes: doubts, no: doubts };
    }
    return operator === '==' ? equal : { kind: 'bool', yes: equal.no, no: equal.yes };
  }
  const flipped = FLIPPED.get(operator) ?? '';
  const zeros = order(operator, left, right) ?? order(flipped, right, left) ?? NOTHING;
  return both(both(zeros, signOrder(operator, left, right)), signOrder(flipped, right, left));
}

/**
 * What an inequality tells of a number's sign: a number that is at least a constant is not negative, nor is one that is below anything
 * after the cast to an unsigned type, since negative ones are huge there. What another variable tells from below is not known.
 */
function signOrder(operator: string, value: Value, other: Value): BoolValue {
  const sign = certainSign(value);
  if (value.kind !== 'plain' || sign.length === 0) return NOTHING;
  const less = operator === '<' || operator === '<=';
  if (value.signed === 'cast') return less ? { kind: 'bool', yes: sign, no: [] } : { kind: 'bool', yes: [], no: sign };
  const known = other.kind === 'number' ? sign : doubtfulSign(value);
  return less ? { kind: 'bool', yes: [], no: known } : { kind: 'bool', yes: known, no: [] };
}

function both(a: BoolValue, b: BoolValue): BoolValue {
  return { kind: 'bool', yes: [...a.yes, ...b.yes], no: [...a.no, ...b.no] };
}

function isNull(value: Value): boolean {
  return value.kind === 'null' || (value.kind === 'number' && value.zero);
}

type BoolValue = Extract<Value, { kind: 'bool' }>;

const NOTHING: BoolValue = { kind: 'bool', yes: [], no: [] };

function equality(value: Value, other: Value, otherExpr: Expr): BoolValue | null {
  const zero = isNull(other);
  if (value.kind === 'pointer') return zero ? { kind: 'bool', yes: [], no: [certain(value.source)] } : null;
  if (value.kind === 'plain' && zero) return { kind: 'bool', yes: certainSign(value), no: [certain(value.source)] };
  if (value.kind === 'plain' && other.kind === 'number')
    return { kind: 'bool', yes: [certain(value.source), ...certainSign(value)], no: [] };
  if (value.kind === 'bool' && otherExpr.kind === 'literal') {
    return otherExpr.text === 'true' ? value : { kind: 'bool', yes: value.no, no: value.yes };
  }
  if (value.kind === 'option' && variable(otherExpr) === 'None') return { kind: 'bool', yes: [], no: value.some };
  return null;
}

/** `value < 1`, `value > 0` and the like with a number on the right: which side of it is not zero. Lengths are taken not to be negative. */
function order(operator: string, value: Value, other: Value): BoolValue | null {
  if ((value.kind !== 'plain' && value.kind !== 'pointer') || other.kind !== 'number') return null;
  const known = [certain(value.source)];
  if (operator === '>' || (operator === '>=' && !other.zero)) return { kind: 'bool', yes: known, no: [] };
  if (operator === '<=' || (operator === '<' && !other.zero)) return { kind: 'bool', yes: [], no: known };
  return { kind: 'bool', yes: [], no: [] };
}

function certain(source: Source): Known {
  return { source, level: LEVEL.checked };
}

/** Goes on where a condition holds; facts it gives count as much as `level` says. */
export function assume(flow: Flow, expr: Expr, state: State, level: 'checked' | 'debug'): void {
  const late = flow.late.length;
  const { yes } = branch(flow, expr, state);
  if (level === 'checked') {
    become(state, yes);
    return;
  }
  // An assertion for debug builds checks nothing, so that it is not late either.
  flow.late.length = late;
  learn(
    state,
    gained(state, yes).map((known) => ({ source: known.source, level: known.level === LEVEL.checked ? LEVEL.debug : known.level })),
  );
}

/** Whether two expressions compared by `assert_eq!` or `assert_ne!` say something of a pointer. */
export function assumeComparison(flow: Flow, operator: '==' | '!=', args: readonly Expr[], state: State, level: 'checked' | 'debug'): void {
  const [left, right] = args;
  if (!left || !right) return;
  const value = compare(flow, operator, left, right, state);
  const known = value.kind === 'bool' ? value.yes : [];
  learn(
    state,
    known.map(({ source }) => ({ source, level: level === 'checked' ? LEVEL.checked : LEVEL.debug })),
  );
}
