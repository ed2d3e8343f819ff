/** The calls of a module, to be found by the name of what is called, and the names of parameters. */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, namedChildren } from './context.ts';

export interface Call {
  readonly node: NodeId;
  /** What is called. */
  readonly fn: NodeId;
}

/** By the last name in what is called: `load` for `native.load()`. */
export function readCalls(tree: FlatTree): ReadonlyMap<string, readonly Call[]> {
  const out = new Map<string, Call[]>();
  for (let node = 0; node < tree.count; node++) {
    if (tree.kind(node) !== 'call') continue;
    const fn = byField(tree, node, 'function');
    if (fn < 0) continue;
    const name = tree.textOf(tree.kind(fn) === 'attribute' ? byField(tree, fn, 'attribute') : fn);
    const known = out.get(name);
    if (known) known.push({ node, fn });
    else out.set(name, [{ node, fn }]);
  }
  return out;
}

/** Of a parameter, whatever stands around its name. */
export function parameterName(tree: FlatTree, node: NodeId): string {
  if (tree.kind(node) === 'identifier') return tree.textOf(node);
  const name = byField(tree, node, 'name');
  return tree.textOf(name >= 0 ? name : (namedChildren(tree, node)[0] ?? node));
}
