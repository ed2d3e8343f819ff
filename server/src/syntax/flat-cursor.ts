/** Exports a tree through the parser's public cursor: one walk, each node visited once. */
import type { Tree } from 'web-tree-sitter';
import { addNode, parentIn, spreadErrors } from './flat-arrays.ts';
import type { NodeBuffer } from './flat-arrays.ts';

/** The number that the parser gives ERROR nodes, whatever the grammar. */
export const ERROR_KIND = 0xffff;

/** Fills the buffer with all nodes of a tree, anonymous tokens included; ERROR nodes get `errorKind`. */
export function exportWithCursor(tree: Tree, errorKind: number, buffer: NodeBuffer): void {
  const cursor = tree.walk();
  let parent = -1;
  let previous = -1;
  let errors = false;
  buffer.count = 0;
  walk: for (;;) {
    const kind = Math.min(cursor.nodeTypeId, errorKind);
    const start = cursor.startIndex;
    const end = cursor.endIndex;
    // Only an empty node can be one that the parser made up.
    const broken = kind === errorKind || (start === end && cursor.nodeIsMissing);
    if (broken) errors = true;
    const node = addNode(buffer, kind, cursor.currentFieldId, broken, start, end, parent, previous);
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
      parent = parentIn(buffer, parent);
    }
  }
  cursor.delete();
  if (errors) spreadErrors(buffer);
}
