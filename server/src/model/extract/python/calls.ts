/** The calls of a module, to be found by the name of what is called. */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField } from './context.ts';

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
