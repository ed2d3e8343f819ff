/** Values of `#if`: 64-bit integers, of which sometimes only the bounds are known (`__GNUC__` is at least 4). */

export interface Value {
  readonly low: bigint;
  readonly high: bigint;
  readonly unsigned: boolean;
  /** Why it is not known exactly; null where it is. */
  readonly reason: string | null;
}

const MIN = -(1n << 63n);
const MAX = (1n << 63n) - 1n;
const MAX_UNSIGNED = (1n << 64n) - 1n;

export function exactly(value: bigint, unsigned = false): Value {
  const wrapped = unsigned ? BigInt.asUintN(64, value) : BigInt.asIntN(64, value);
  return { low: wrapped, high: wrapped, unsigned, reason: null };
}

export function unknownValue(reason: string): Value {
  return { low: MIN, high: MAX_UNSIGNED, unsigned: false, reason };
}

/** At least `low`; `high` null is any more. */
export function between(low: bigint, high: bigint | null, reason: string): Value {
  return { low, high: high ?? MAX, unsigned: false, reason };
}

export function isExact(value: Value): boolean {
  return value.low === value.high;
}

/** true, false, or why it cannot be told. */
export function truth(value: Value): boolean | string {
  if (value.low > 0n || value.high < 0n) return true;
  if (isExact(value)) return false;
  return value.reason ?? 'its value is not known';
}

const bit = (value: boolean): Value => exactly(value ? 1n : 0n);

function maybe(a: Value, b: Value): Value {
  return { low: 0n, high: 1n, unsigned: false, reason: a.reason ?? b.reason ?? 'its value is not known' };
}

export function not(a: Value): Value {
  const known = truth(a);
  return typeof known === 'string' ? maybe(a, a) : bit(!known);
}

export function and(a: Value, b: Value): Value {
  const [x, y] = [truth(a), truth(b)];
  if (x === false || y === false) return bit(false);
  return x === true && y === true ? bit(true) : maybe(typeof x === 'string' ? a : b, b);
}

export function or(a: Value, b: Value): Value {
  const [x, y] = [truth(a), truth(b)];
  if (x === true || y === true) return bit(true);
  return x === false && y === false ? bit(false) : maybe(typeof x === 'string' ? a : b, b);
}

export function negate(a: Value): Value {
  if (isExact(a)) return exactly(-a.low, a.unsigned);
  return unknownValue(a.reason ?? '');
}

export function complement(a: Value): Value {
  if (isExact(a)) return exactly(~a.low, a.unsigned);
  return unknownValue(a.reason ?? '');
}

/** C17 6.10.1 and 6.5: both operands have the one 64-bit type, unsigned where one of them is. */
export function binary(operator: string, a: Value, b: Value): Value {
  if (operator === '&&') return and(a, b);
  if (operator === '||') return or(a, b);
  if (operator === ',') return b;
  if (isExact(a) && isExact(b)) return exactBinary(operator, a, b);
  const compared = compare(operator, a, b);
  if (compared !== null) return compared;
  const reason = a.reason ?? b.reason ?? 'its value is not known';
  if (a.unsigned || b.unsigned) return unknownValue(reason);
  return bounds(operator, a, b, reason) ?? unknownValue(reason);
}

function exactBinary(operator: string, a: Value, b: Value): Value {
  const unsigned = a.unsigned || b.unsigned;
  const [x, y] = unsigned ? [BigInt.asUintN(64, a.low), BigInt.asUintN(64, b.low)] : [a.low, b.low];
  switch (operator) {
    case '*':
      return exactly(x * y, unsigned);
    case '/':
      return y === 0n ? unknownValue('it divides by zero') : exactly(x / y, unsigned);
    case '%':
      return y === 0n ? unknownValue('it divides by zero') : exactly(x % y, unsigned);
    case '+':
      return exactly(x + y, unsigned);
    case '-':
      return exactly(x - y, unsigned);
    case '<<':
      return b.low < 0n || b.low > 63n ? unknownValue('it shifts too far') : exactly(a.low << b.low, a.unsigned);
    case '>>':
      return b.low < 0n || b.low > 63n ? unknownValue('it shifts too far') : exactly(a.low >> b.low, a.unsigned);
    case '&':
      return exactly(x & y, unsigned);
    case '|':
      return exactly(x | y, unsigned);
    case '^':
      return exactly(x ^ y, unsigned);
    default:
      return compareExact(operator, x, y);
  }
}

function compareExact(operator: string, x: bigint, y: bigint): Value {
  switch (operator) {
    case '==':
      return bit(x === y);
    case '!=':
      return bit(x !== y);
    case '<':
      return bit(x < y);
    case '>':
      return bit(x > y);
    case '<=':
      return bit(x <= y);
    case '>=':
      return bit(x >= y);
    default:
      return unknownValue(`\`${operator}\` has no place in a condition`);
  }
}

/** What the bounds settle; null for what is no comparison. */
function compare(operator: string, a: Value, b: Value): Value | null {
  // With an unsigned operand a negative one changes its value.
  const odd = (a.unsigned && b.low < 0n) || (b.unsigned && a.low < 0n);
  switch (operator) {
    case '<':
      return odd ? maybe(a, b) : a.high < b.low ? bit(true) : a.low >= b.high ? bit(false) : maybe(a, b);
    case '>':
      return compare('<', b, a);
    case '>=':
      return not(compare('<', a, b) ?? maybe(a, b));
    case '<=':
      return not(compare('<', b, a) ?? maybe(a, b));
    case '==':
      return odd || (a.low <= b.high && b.low <= a.high) ? maybe(a, b) : bit(false);
    case '!=':
      return odd || (a.low <= b.high && b.low <= a.high) ? maybe(a, b) : bit(true);
    default:
      return null;
  }
}

/** Bounds of sums and products that cannot overflow. */
function bounds(operator: string, a: Value, b: Value, reason: string): Value | null {
  const open = (v: Value): boolean => v.high >= MAX;
  let low: bigint;
  let high: bigint;
  if (operator === '+') {
    low = a.low + b.low;
    high = open(a) || open(b) ? MAX : a.high + b.high;
  } else if (operator === '*' && a.low >= 0n && b.low >= 0n) {
    low = a.low * b.low;
    high = open(a) || open(b) ? MAX : a.high * b.high;
  } else {
    return null;
  }
  if (low < MIN || high > MAX_UNSIGNED || low > MAX) return null;
  return { low, high: high > MAX ? MAX : high, unsigned: false, reason };
}
