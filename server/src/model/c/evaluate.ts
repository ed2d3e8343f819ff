/** Evaluates C's integer constant expressions with C's types, as far as 32-bit `int` and 64-bit wider types go. */
import type { CBaseName, CExpr, CType } from './ast.ts';

/** A text says why the answer is not known. */
export interface EvaluateEnv {
  /** An enum constant. */
  constant(name: string): bigint | string;
  sizeOf(type: CType): bigint | string;
  alignOf(type: CType): bigint | string;
  offsetOf(type: CType, member: readonly string[]): bigint | string;
  /** The width in bits and signedness of an integer type, for casts. */
  integer(type: CType): { readonly bits: number; readonly unsigned: boolean } | string;
}

interface Value {
  readonly value: bigint;
  readonly bits: 32 | 64;
  readonly unsigned: boolean;
}

/** The value, or why it is not known. */
export function evaluate(expr: CExpr, env: EvaluateEnv): bigint | string {
  const value = evaluated(expr, env);
  return typeof value === 'string' ? value : value.value;
}

function wrap(value: bigint, bits: 32 | 64, unsigned: boolean): Value {
  return { value: unsigned ? BigInt.asUintN(bits, value) : BigInt.asIntN(bits, value), bits, unsigned };
}

const WIDE = new Set<CBaseName>(['long', 'unsigned long', 'long long', 'unsigned long long']);

/** `size_t` arithmetic is done in 64 bits: no object is larger than half of the address space. */
function evaluated(expr: CExpr, env: EvaluateEnv): Value | string {
  switch (expr.kind) {
    case 'number':
      return wrap(expr.value, WIDE.has(expr.type) ? 64 : 32, expr.type.startsWith('unsigned'));
    case 'name':
      return size(env.constant(expr.name), false);
    case 'sizeof':
      return size(env.sizeOf(expr.type), true);
    case 'alignof':
      return size(env.alignOf(expr.type), true);
    case 'offsetof':
      return size(env.offsetOf(expr.type, expr.member), true);
    case 'unary':
      return unary(expr.operator, evaluated(expr.operand, env));
    case 'conditional': {
      const test = evaluated(expr.test, env);
      return typeof test === 'string' ? test : evaluated(test.value !== 0n ? expr.yes : expr.no, env);
    }
    case 'cast': {
      const operand = evaluated(expr.operand, env);
      const to = env.integer(expr.type);
      if (typeof operand === 'string') return operand;
      if (typeof to === 'string') return to;
      const value = to.unsigned ? BigInt.asUintN(to.bits, operand.value) : BigInt.asIntN(to.bits, operand.value);
      return to.bits < 32 ? wrap(value, 32, false) : wrap(value, to.bits > 32 ? 64 : 32, to.unsigned);
    }
    case 'binary':
      return binary(expr.operator, evaluated(expr.left, env), evaluated(expr.right, env));
    case 'unknown':
      return expr.reason;
  }
}

function size(value: bigint | string, unsigned: boolean): Value | string {
  if (typeof value === 'string') return value;
  // An enum constant is an int where it fits one.
  return !unsigned && BigInt.asIntN(32, value) === value ? wrap(value, 32, false) : wrap(value, 64, unsigned);
}

function unary(operator: string, a: Value | string): Value | string {
  if (typeof a === 'string') return a;
  if (operator === '!') return wrap(a.value === 0n ? 1n : 0n, 32, false);
  return wrap(operator === '-' ? -a.value : operator === '~' ? ~a.value : a.value, a.bits, a.unsigned);
}

function binary(operator: string, a: Value | string, b: Value | string): Value | string {
  if (operator === '&&' || operator === '||') return logical(operator === '&&', a, b);
  if (typeof a === 'string') return a;
  if (typeof b === 'string') return b;
  if (operator === '<<' || operator === '>>') {
    if (b.value < 0n || b.value >= BigInt(a.bits)) return 'the expression shifts too far';
    return wrap(operator === '<<' ? a.value << b.value : a.value >> b.value, a.bits, a.unsigned);
  }
  const bits = a.bits === 64 || b.bits === 64 ? 64 : 32;
  const unsigned = (a.unsigned && a.bits === bits) || (b.unsigned && b.bits === bits);
  const { value: x } = wrap(a.value, bits, unsigned);
  const { value: y } = wrap(b.value, bits, unsigned);
  if ((operator === '/' || operator === '%') && y === 0n) return 'the expression divides by zero';
  const value = arithmetic(operator, x, y);
  if (typeof value === 'boolean') return wrap(value ? 1n : 0n, 32, false);
  return value === null ? `\`${operator}\` is not understood` : wrap(value, bits, unsigned);
}

function logical(isAnd: boolean, a: Value | string, b: Value | string): Value | string {
  if (typeof a === 'string') return a;
  if ((a.value !== 0n) !== isAnd) return wrap(isAnd ? 0n : 1n, 32, false);
  if (typeof b === 'string') return b;
  return wrap(b.value !== 0n ? 1n : 0n, 32, false);
}

function arithmetic(operator: string, x: bigint, y: bigint): bigint | boolean | null {
  switch (operator) {
    case '+':
      return x + y;
    case '-':
      return x - y;
    case '*':
      return x * y;
    case '/':
      return x / y;
    case '%':
      return x % y;
    case '&':
      return x & y;
    case '|':
      return x | y;
    case '^':
      return x ^ y;
    case '==':
      return x === y;
    case '!=':
      return x !== y;
    case '<':
      return x < y;
    case '>':
      return x > y;
    case '<=':
      return x <= y;
    case '>=':
      return x >= y;
    default:
      return null;
  }
}
