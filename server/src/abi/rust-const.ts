/** Values of simple constant expressions: array lengths and discriminants. */
import type { Expr } from '../model/rust/ast-expr.ts';
import type { Path } from '../model/rust/ast-type.ts';
import type { Scope, Workspace } from '../model/workspace.ts';
import { scopeOf } from '../model/resolve/workspace.ts';

/** Longest chain of constants that is followed. */
const DEPTH = 32;

/** What const parameters stand for. */
export type ConstArgs = ReadonlyMap<string, bigint>;

/** The value of an integer expression, without regard to overflow; null where it is not a literal, a constant of the workspace or arithmetic. */
export function constValue(
  expr: Expr,
  scope: Scope,
  workspace: Pick<Workspace, 'ast' | 'resolve'>,
  args: ConstArgs = new Map(),
  depth = DEPTH,
): bigint | null {
  const below = (inner: Expr): bigint | null => constValue(inner, scope, workspace, args, depth - 1);
  if (depth === 0) return null;
  switch (expr.kind) {
    case 'literal':
      return expr.literal === 'int' ? integerLiteral(expr.text) : null;
    case 'path':
      return expr.self ? null : namedConst(pathNames(expr.path), scope, workspace, args, depth);
    case 'unary': {
      const value = expr.operator === '-' ? below(expr.operand) : null;
      return value === null ? null : -value;
    }
    case 'binary': {
      const left = below(expr.left);
      const right = below(expr.right);
      return left === null || right === null ? null : arithmetic(expr.operator, left, right);
    }
    case 'cast': {
      const value = below(expr.operand);
      return value !== null && fits(value, expr.type.kind === 'path' ? expr.type.path : null) ? value : null;
    }
    case 'block':
      return (expr.flavor === 'plain' || expr.flavor === 'const') && expr.statements.length === 0 && expr.tail ? below(expr.tail) : null;
    default:
      return null;
  }
}

/** `0x10_u8`, `1_000`; null for what is no integer. */
export function integerLiteral(text: string): bigint | null {
  const plain = text.replace(/_/g, '').toLowerCase();
  const digits = /^(0x[\da-f]+?|0b[01]+|0o[0-7]+|\d+)(?:[iu](?:8|16|32|64|128|size))?$/.exec(plain)?.[1];
  return digits === undefined ? null : BigInt(digits);
}

/** The segments of a path, a leading empty one for `::`. */
export function pathNames({ global, segments }: Path): readonly string[] {
  const names = segments.map((segment) => segment.name);
  return global ? ['', ...names] : names;
}

/** The value of the constant that a path names. */
export function namedConst(
  path: readonly string[],
  scope: Scope,
  workspace: Pick<Workspace, 'ast' | 'resolve'>,
  args: ConstArgs,
  depth = DEPTH,
): bigint | null {
  const given = path.length === 1 ? args.get(path[0] ?? '') : undefined;
  if (given !== undefined) return given;
  const found = workspace.resolve(path, scope, 'value');
  if (found.kind !== 'item' || found.item.kind !== 'const') return null;
  const ast = workspace.ast(found.item);
  return ast?.kind === 'const' && ast.value ? constValue(ast.value, scopeOf(found.item), workspace, new Map(), depth - 1) : null;
}

/** Shifts above this make numbers that no array length or discriminant has. */
const MOST_BITS = 128n;

function arithmetic(operator: string, a: bigint, b: bigint): bigint | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? null : a / b;
    case '%':
      return b === 0n ? null : a % b;
    case '<<':
      return b >= 0n && b <= MOST_BITS ? a << b : null;
    case '>>':
      return b >= 0n && b <= MOST_BITS ? a >> b : null;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
    default:
      return null;
  }
}

/** Whether a cast to the primitive certainly keeps the value; the width of `usize` is taken to be the least. */
function fits(value: bigint, path: Path | null): boolean {
  const name = path?.segments.length === 1 ? path.segments[0]?.name : undefined;
  const [, sign, width] = /^([iu])(8|16|32|64|128|size)$/.exec(name ?? '') ?? [];
  if (sign === undefined || width === undefined) return false;
  const bits = BigInt(width === 'size' ? 16 : width);
  return sign === 'u' ? value >= 0n && value < 1n << bits : value >= -(1n << (bits - 1n)) && value < 1n << (bits - 1n);
}
