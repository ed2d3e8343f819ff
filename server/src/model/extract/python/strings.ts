/** Texts in Python expressions: string literals, and the names of libraries in expressions that build a path. */
import type { Span } from '../../../base/text.ts';
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, namedChildren } from './context.ts';

export interface Literal {
  readonly text: string;
  /** Between the quotes. */
  readonly span: Span;
  readonly prefix: string;
}

/** A string literal without escapes in the way; null for another expression, and for f-strings. */
export function literalOf(tree: FlatTree, node: NodeId): Literal | null {
  if (tree.kind(node) !== 'string') return null;
  const raw = tree.textOf(node);
  const [, prefix = '', quote = ''] = /^([a-zA-Z]*)("""|'''|"|')/.exec(raw) ?? [];
  if (/f/i.test(prefix) || quote === '') return null;
  const text = raw.slice(prefix.length + quote.length, raw.length - quote.length);
  const start = tree.start(node) + prefix.length + quote.length;
  return { text, span: { start, end: start + text.length }, prefix: prefix.toLowerCase() };
}

/** `resolve`: what a name stands for, or what a function returns. */
export function libraryNames(tree: FlatTree, node: NodeId, resolve: (node: NodeId) => readonly NodeId[]): readonly string[] {
  const out = new Set<string>();
  const collect = (at: NodeId, depth: number): void => {
    if (at < 0 || depth === 0) return;
    if (tree.kind(at) === 'string') {
      const name = baseOf(tree.textOf(at).replace(/^[a-zA-Z]*("""|'''|"|')|("""|'''|"|')$/g, ''));
      if (name !== null) out.add(name);
    } else for (const one of sources(tree, at, resolve)) collect(one, depth - 1);
  };
  collect(node, DEPTH);
  return [...out];
}

/** Expressions in expressions that are followed. */
const DEPTH = 12;

/** The parts of an expression from which the last part of a path may come. */
function sources(tree: FlatTree, node: NodeId, resolve: (node: NodeId) => readonly NodeId[]): readonly NodeId[] {
  switch (tree.kind(node)) {
    case 'concatenated_string':
      return namedChildren(tree, node).slice(-1);
    case 'binary_operator': {
      const [left, right] = [byField(tree, node, 'left'), byField(tree, node, 'right')];
      const operator = tree.textOf(byField(tree, node, 'operator'));
      // `"libfoo" + suffix`, `folder + "/libfoo.so"`: the ending alone is no name.
      return operator === '%' ? [left] : operator === '/' ? [right] : operator === '+' ? [left, right] : [];
    }
    case 'conditional_expression': {
      const [yes = -1, , no = -1] = namedChildren(tree, node);
      return [yes, no];
    }
    case 'boolean_operator':
      return [byField(tree, node, 'left'), byField(tree, node, 'right')];
    case 'parenthesized_expression':
    case 'list':
    case 'tuple':
      return namedChildren(tree, node);
    case 'subscript':
      return [byField(tree, node, 'value')];
    case 'dictionary':
      return namedChildren(tree, node).map((pair) => byField(tree, pair, 'value'));
    case 'identifier':
    case 'attribute':
      return resolve(node);
    case 'call':
      return sourcesOfCall(tree, node, resolve);
    default:
      return [];
  }
}

function sourcesOfCall(tree: FlatTree, node: NodeId, resolve: (node: NodeId) => readonly NodeId[]): readonly NodeId[] {
  const args = namedChildren(tree, byField(tree, node, 'arguments')).filter((one) => tree.kind(one) !== 'keyword_argument');
  const called = tree.textOf(byField(tree, node, 'function')).replace(/\s+/g, '');
  const last = called.slice(called.lastIndexOf('.') + 1);
  if (last === 'get') return args.slice(1, 2);
  if (/^(?:join|joinpath|str|fspath|abspath|realpath|expanduser|normpath|find_library|Path|fsencode|resource_filename)$/.test(last)) {
    return args.slice(-1);
  }
  if (/^(?:format|encode|resolve|absolute|as_posix|strip|replace|with_suffix)$/.test(last)) {
    return [byField(tree, byField(tree, node, 'function'), 'object')];
  }
  return resolve(node);
}

/** `foo` of `/usr/lib/libfoo.so.1`; null where nothing of a name is left. */
export function baseOf(path: string): string | null {
  const file =
    path
      .replace(/\\\\/g, '/')
      .replace(/\{[^{}]*\}|%s/g, '')
      .split(/[\\/]/)
      .at(-1) ?? '';
  const name = file
    .replace(/\.(?:so|dll|dylib|pyd|bundle|abi3|cpython)\b.*$/i, '')
    .replace(/^lib(?=.)/, '')
    .replace(/\.$/, '');
  return /^[A-Za-z][\w-]+$/.test(name) && !/^(?:so|dll|dylib|pyd|lib)$/.test(name) ? name : null;
}
