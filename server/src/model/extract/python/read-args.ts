/** What a call hands to a C function, as far as the code says it. */
import type { Location } from '../../../base/text.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { PyArg, PyCall } from '../../python/bindings.ts';
import type { PyType } from '../../python/ctypes.ts';
import { byField, namedChildren } from './context.ts';
import { readNumber } from './read-type.ts';
import type { Evaluator } from './values.types.ts';

/** Names that stand for each other that are followed. */
const DEPTH = 6;

export function readCall(node: NodeId, file: string, from: Evaluator): PyCall {
  const { tree } = from.scopes;
  const fn = byField(tree, node, 'function');
  const given = namedChildren(tree, byField(tree, node, 'arguments'));
  const plain = !given.some((one) => /splat|keyword_argument|generator/.test(tree.kind(one)));
  const args = plain ? given.map((one) => readArg(one, file, from)) : null;
  const last = tree.kind(fn) === 'attribute' ? byField(tree, fn, 'attribute') : fn;
  return {
    at: { file, span: tree.span(last) },
    span: tree.span(node),
    args,
    statement: tree.kind(tree.parent(node)) === 'expression_statement',
  };
}

function readArg(node: NodeId, file: string, from: Evaluator): PyArg {
  const { tree } = from.scopes;
  const at: Location = { file, span: tree.span(node) };
  const text = tree.textOf(node).replace(/\s+/g, ' ');
  return { at, text, type: null, value: null, temporary: false, ...known(node, from, DEPTH) };
}

type Known = Pick<PyArg, 'kind'> & Partial<Pick<PyArg, 'type' | 'value' | 'temporary'>>;

const OTHER: Known = { kind: 'other' };

function known(node: NodeId, from: Evaluator, depth: number): Known {
  const { tree } = from.scopes;
  if (depth === 0) return OTHER;
  switch (tree.kind(node)) {
    case 'string':
      return /^[a-zA-Z]*[bB]/.test(/^[a-zA-Z]*/.exec(tree.textOf(node))?.[0] ?? '') ? { kind: 'bytes' } : { kind: 'str', temporary: true };
    case 'concatenated_string':
      return known(namedChildren(tree, node)[0] ?? -1, from, depth - 1);
    case 'integer':
    case 'unary_operator':
    case 'binary_operator': {
      const value = readNumber(from.types, node);
      if (value !== null) return { kind: 'int', value };
      return tree.kind(node) === 'binary_operator'
        ? sum(node, from, depth)
        : tree
              .textOf(node)
              .replace(/^[-+]\s*/, '')
              .includes('.')
          ? float(node, from, depth)
          : OTHER;
    }
    case 'float':
      return { kind: 'float' };
    case 'true':
    case 'false':
      return { kind: 'bool' };
    case 'none':
      return { kind: 'none' };
    case 'parenthesized_expression':
      return known(namedChildren(tree, node)[0] ?? -1, from, depth - 1);
    case 'identifier':
      return named(node, from, depth);
    case 'call':
      return called(node, from, depth);
    default:
      return OTHER;
  }
}

function float(node: NodeId, from: Evaluator, depth: number): Known {
  const [inner] = namedChildren(from.scopes.tree, node);
  return inner === undefined ? OTHER : known(inner, from, depth - 1);
}

/** A text that is put together is a text. */
function sum(node: NodeId, from: Evaluator, depth: number): Known {
  const { tree } = from.scopes;
  const left = known(byField(tree, node, 'left'), from, depth - 1);
  const operator = tree.textOf(byField(tree, node, 'operator'));
  return (left.kind === 'str' || left.kind === 'bytes') && /^[+%]$/.test(operator) ? { kind: left.kind } : OTHER;
}

function named(node: NodeId, from: Evaluator, depth: number): Known {
  const { tree } = from.scopes;
  const found = from.scopes.lookup(tree.textOf(node), from.scopes.of(node));
  const bindings = found?.bindings ?? [];
  const [only] = bindings;
  if (!only) return OTHER;
  if (bindings.length !== 1) {
    // `size = c_size_t(size)`: what it was before brings no type along, what it is now may.
    const values = bindings.flatMap((one) => (one.kind === 'value' ? [known(one.node, from, depth - 1)] : []));
    const first = values[0];
    const same = first !== undefined && values.every((one) => JSON.stringify(one.type) === JSON.stringify(first.type));
    return values.some(({ kind }) => kind === 'typed' || kind === 'callback')
      ? { kind: 'typed', type: same ? (first.type ?? null) : null }
      : OTHER;
  }
  if (only.kind === 'value') {
    const value = known(only.node, from, depth - 1);
    // In a function the object ends with it, unless something else refers to it.
    return {
      ...value,
      temporary: value.kind === 'callback' && found?.scope.kind === 'function' && mentions(node, found.scope.node, from) === 2,
    };
  }
  if (only.kind !== 'parameter') return OTHER;
  const annotation = byField(tree, only.node, 'type');
  const text = annotation < 0 ? '' : tree.textOf(annotation);
  // Anything else that is done with the name may make bytes of it; that it is bound once says that nothing does.
  return text === 'str' ? { kind: 'str' } : text === 'bytes' ? { kind: 'bytes' } : text === 'float' ? { kind: 'float' } : OTHER;
}

/** How often a name stands in a function. */
function mentions(node: NodeId, within: NodeId, from: Evaluator): number {
  const { tree } = from.scopes;
  const name = tree.textOf(node);
  let count = 0;
  for (let at = within; at < tree.count && tree.start(at) < tree.end(within); at++) {
    if (tree.kind(at) === 'identifier' && tree.textOf(at) === name) count++;
  }
  return count;
}

function called(node: NodeId, from: Evaluator, depth: number): Known {
  const { tree } = from.scopes;
  const fn = byField(tree, node, 'function');
  const [first, second] = namedChildren(tree, byField(tree, node, 'arguments'));
  const text = tree.textOf(fn).replace(/\s+/g, '');
  if (tree.kind(fn) === 'attribute') {
    const method = tree.textOf(byField(tree, fn, 'attribute'));
    if (method === 'encode') return { kind: 'bytes' };
    if (method === 'decode') return { kind: 'str' };
    // `ffi.callback("int(int)", f)`: the C function lives as long as the object.
    if (method === 'callback' && second !== undefined && from.value(byField(tree, fn, 'object')).kind === 'ffi')
      return { kind: 'callback', temporary: true };
  }
  const builtin = tree.kind(fn) === 'identifier' && !from.scopes.lookup(text, from.scopes.of(fn));
  if (builtin && text === 'str') return { kind: 'str', temporary: true };
  if (builtin && text === 'bytes') return { kind: 'bytes' };
  if (builtin && text === 'float') return { kind: 'float' };
  const name = from.ctypes(fn);
  switch (name) {
    case 'byref':
    case 'pointer':
      return { kind: 'typed', type: { kind: 'pointer', to: first === undefined ? null : typeOfValue(first, from, depth - 1) } };
    case 'cast':
      return second === undefined ? OTHER : typed(from.type(second));
    case 'create_string_buffer':
      return typed({ kind: 'pointer', to: { kind: 'ctype', name: 'c_char' } });
    case 'create_unicode_buffer':
      return typed({ kind: 'pointer', to: { kind: 'ctype', name: 'c_wchar' } });
  }
  const type = from.type(fn);
  if (type.kind === 'function') return { kind: 'callback', type, temporary: true };
  // A class of the module makes an instance of itself, an array type an array.
  return type.kind === 'unknown' ? OTHER : typed(type);
}

function typed(type: PyType): Known {
  if (type.kind === 'unknown') return OTHER;
  return type.kind === 'array' ? { kind: 'typed', type: { kind: 'pointer', to: type.of } } : { kind: 'typed', type };
}

/** The type of the object that an expression makes; null where it is not known. */
function typeOfValue(node: NodeId, from: Evaluator, depth: number): PyType | null {
  const { tree } = from.scopes;
  if (depth <= 0) return null;
  if (tree.kind(node) === 'identifier') {
    const value = from.single(node);
    return value === null ? null : typeOfValue(value, from, depth - 1);
  }
  if (tree.kind(node) !== 'call') return null;
  const type = from.type(byField(tree, node, 'function'));
  return type.kind === 'unknown' ? null : type;
}
