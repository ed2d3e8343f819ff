/** Small steps in a flat tree that readers of several languages take. */
import type { FlatTree, NodeId } from './flat-tree.ts';

export function children(tree: FlatTree, node: NodeId): readonly NodeId[] {
  const out: NodeId[] = [];
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) out.push(child);
  return out;
}

/** Without punctuation and comments. */
export function namedChildren(tree: FlatTree, node: NodeId): readonly NodeId[] {
  return children(tree, node).filter((child) => tree.named(child) && tree.kind(child) !== 'comment');
}

/** -1 where it has none. */
export function byField(tree: FlatTree, node: NodeId, field: string): NodeId {
  return children(tree, node).find((child) => tree.field(child) === field) ?? -1;
}

export function byKind(tree: FlatTree, node: NodeId, kind: string): NodeId {
  return children(tree, node).find((child) => tree.kind(child) === kind) ?? -1;
}

/** The text of a node on one line; empty for none. */
export function lineOf(tree: FlatTree, node: NodeId): string {
  return node < 0 ? '' : tree.textOf(node).replace(/\s+/g, ' ').trim();
}

/** Nobody nests code so deep that reading it by recursion runs out of stack. */
const DEEPEST = 400;

export function isTooDeep(tree: FlatTree): boolean {
  const depths = new Uint16Array(tree.count);
  for (let node = 1; node < tree.count; node++) {
    const depth = (depths[tree.parent(node)] ?? 0) + 1;
    if (depth > DEEPEST) return true;
    depths[node] = depth;
  }
  return false;
}
