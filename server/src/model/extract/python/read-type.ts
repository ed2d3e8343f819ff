/** Reads expressions that name ctypes types, and whole numbers. */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import type { PyType } from '../../python/ctypes.ts';
import { byField, ctypesName, namedChildren, SIMPLE } from './context.ts';
import type { Names } from './context.ts';

export interface TypeContext {
  readonly tree: FlatTree;
  readonly names: Names;
  /** Paths of the module's ctypes classes. */
  readonly classes: ReadonlySet<string>;
  /** What ctypes calls an expression, where more than the names of the module is known: what shadows them. */
  readonly ctypes?: (node: NodeId) => string | null;
  /** The one expression that a name of a function's own stands for. */
  readonly local?: (node: NodeId) => NodeId | null;
}

function nameOf({ tree, names, ctypes }: TypeContext, node: NodeId): string | null {
  return ctypes ? ctypes(node) : ctypesName(tree, node, names);
}

/** Aliases and arrays of arrays that are followed. */
const DEPTH = 32;

const unknown = (reason: string): PyType => ({ kind: 'unknown', reason });

/** `scope`: the path of the class in which it stands, null at module level. */
export function readType(context: TypeContext, node: NodeId, scope: string | null, depth = DEPTH): PyType {
  const { tree } = context;
  const text = tree.textOf(node);
  if (depth === 0) return unknown(`\`${text}\` is defined by itself`);
  const known = nameOf(context, node);
  if (known === 'c_void_p' || known === 'c_voidp') return { kind: 'pointer', to: null };
  if (known !== null && SIMPLE.has(known)) return { kind: 'ctype', name: known };
  switch (tree.kind(node)) {
    case 'identifier':
    case 'attribute':
      return named(context, node, scope, depth);
    case 'parenthesized_expression': {
      const [inner] = namedChildren(tree, node);
      return inner === undefined ? unknown('no type is written') : readType(context, inner, scope, depth - 1);
    }
    case 'binary_operator':
      return array(context, node, scope, depth);
    case 'call':
      return called(context, node, scope, depth);
    default:
      return unknown(`\`${text.slice(0, 60)}\` is not understood`);
  }
}

function named(context: TypeContext, node: NodeId, scope: string | null, depth: number): PyType {
  const { tree, names, classes } = context;
  const text = tree.textOf(node).replace(/\s+/g, '');
  for (let around = scope; around !== null; around = around.includes('.') ? around.slice(0, around.lastIndexOf('.')) : null) {
    if (classes.has(`${around}.${text}`)) return { kind: 'class', path: `${around}.${text}` };
  }
  if (classes.has(text)) return { kind: 'class', path: text };
  const value = context.local?.(node) ?? names.assigned.get(text);
  return value === undefined ? unknown(`\`${text}\` is not known here`) : readType(context, value, null, depth - 1);
}

function array(context: TypeContext, node: NodeId, scope: string | null, depth: number): PyType {
  const { tree } = context;
  const left = byField(tree, node, 'left');
  const right = byField(tree, node, 'right');
  if (tree.textOf(byField(tree, node, 'operator')) !== '*') return unknown(`\`${tree.textOf(node)}\` is not understood`);
  const behind = readNumber(context, right);
  const before = behind === null ? readNumber(context, left) : null;
  const length = behind ?? before;
  if (length === null) return unknown(`the length in \`${tree.textOf(node)}\` is not known`);
  if (length < 0 || length > 2 ** 40) return unknown(`an array cannot have ${length} elements`);
  const of = readType(context, behind === null ? right : left, scope, depth - 1);
  return of.kind === 'unknown' ? of : { kind: 'array', of, length };
}

function called(context: TypeContext, node: NodeId, scope: string | null, depth: number): PyType {
  const { tree } = context;
  const args = namedChildren(tree, byField(tree, node, 'arguments')).filter((one) => tree.kind(one) !== 'keyword_argument');
  const [first, ...rest] = args;
  switch (nameOf(context, byField(tree, node, 'function'))) {
    case 'POINTER': {
      if (first === undefined) return unknown('`POINTER` of nothing');
      if (tree.kind(first) === 'none') return { kind: 'pointer', to: null };
      const to = readType(context, first, scope, depth - 1);
      return { kind: 'pointer', to: to.kind === 'unknown' ? null : to };
    }
    case 'CFUNCTYPE':
    case 'PYFUNCTYPE':
    case 'WINFUNCTYPE': {
      const stdcall = tree.textOf(byField(tree, node, 'function')).endsWith('WINFUNCTYPE');
      const result = first === undefined || tree.kind(first) === 'none' ? null : readType(context, first, scope, depth - 1);
      return { kind: 'function', stdcall, result, params: rest.map((one) => readType(context, one, scope, depth - 1)) };
    }
    default:
      return unknown(`\`${tree.textOf(node).slice(0, 60)}\` is not understood`);
  }
}

/** A whole number that is written or computed from written ones; null where it is not known. */
export function readNumber({ tree, names }: TypeContext, node: NodeId): number | null {
  const value = number(tree, names, node, DEPTH);
  return value !== null && Number.isSafeInteger(value) ? value : null;
}

function number(tree: FlatTree, names: Names, node: NodeId, depth: number): number | null {
  if (depth === 0 || node < 0) return null;
  const inner = (at: NodeId): number | null => number(tree, names, at, depth - 1);
  switch (tree.kind(node)) {
    case 'integer': {
      const text = tree.textOf(node).replace(/_/g, '');
      return /^(0[xXbBoO][\da-fA-F]+|[1-9]\d*|0+)$/.test(text) ? Number(text) : null;
    }
    case 'identifier': {
      const value = names.assigned.get(tree.textOf(node));
      return value === undefined ? null : inner(value);
    }
    case 'parenthesized_expression':
      return inner(namedChildren(tree, node)[0] ?? -1);
    case 'unary_operator': {
      const value = inner(byField(tree, node, 'argument'));
      return value !== null && tree.textOf(node).startsWith('-') ? -value : null;
    }
    case 'binary_operator': {
      const [a, b] = [inner(byField(tree, node, 'left')), inner(byField(tree, node, 'right'))];
      return a === null || b === null ? null : arithmetic(tree.textOf(byField(tree, node, 'operator')), a, b);
    }
    default:
      return null;
  }
}

function arithmetic(operator: string, a: number, b: number): number | null {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '//':
      return b === 0 ? null : Math.floor(a / b);
    case '%':
      return b <= 0 ? null : a - b * Math.floor(a / b);
    case '**':
      return b < 0 ? null : a ** b;
    case '<<':
      return b < 0 || b > 48 ? null : a * 2 ** b;
    default:
      return null;
  }
}
