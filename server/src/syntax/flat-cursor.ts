/** Exports a tree through the parser's public cursor: one walk, each node visited once. */
import type { Tree } from 'web-tree-sitter';
import { growBuffers, NodeFlag, spreadErrors } from './flat-arrays.ts';
import type { GrammarNames, NodeBuffers } from './flat-arrays.ts';

/** The number that the parser gives ERROR nodes, whatever the grammar. */
export const ERROR_KIND = 0xffff;

/** Fills the buffers with all nodes of a tree, anonymous tokens included. */
export function exportWithCursor(tree: Tree, names: GrammarNames, buffers: NodeBuffers): void {
  const errorKind = names.kinds.length - 1;
  const cursor = tree.walk();
  let count = 0;
  let parent = -1;
  let previous = -1;
  let errors = false;
  walk: for (;;) {
    if (count === buffers.kind.length) growBuffers(buffers);
    const node = count++;
    const id = cursor.nodeTypeId;
    const kind = Math.min(id, errorKind);
    const start = cursor.startIndex;
    const end = cursor.endIndex;
    // Only an empty node can be one that the parser made up.
    const broken = kind === errorKind || (start === end && cursor.nodeIsMissing);
    if (broken) errors = true;
    buffers.kind[node] = kind;
    buffers.field[node] = cursor.currentFieldId;
    buffers.flags[node] = broken ? NodeFlag.Broken : 0;
    buffers.start[node] = start;
    buffers.end[node] = end;
    buffers.parent[node] = parent;
    buffers.next[node] = -1;
    if (previous >= 0) buffers.next[previous] = node;
    if (cursor.gotoFirstChild()) {
      parent = node;
      previous = -1;
      continue;
    }
    previous = node;
    while (!cursor.gotoNextSibling()) {
      if (parent < 0) break walk;
      cursor.gotoParent();
      previous = parent;
      parent = buffers.parent[parent] ?? -1;
    }
  }
  cursor.delete();
  buffers.count = count;
  if (errors) spreadErrors(buffers);
}
