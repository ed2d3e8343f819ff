/** A parsed tree as flat arrays: one crossing out of the parser, then plain JavaScript. */
import type { Span } from '../base/text.ts';

/** Index of a node in a `FlatTree`; 0 is the root, -1 is none. */
export type NodeId = number;

/** Nodes in document order (preorder), anonymous tokens included. Offsets are UTF-16 units of the parsed text plus `offset`. */
export interface FlatTree {
  readonly text: string;
  readonly count: number;
  kind(node: NodeId): string;
  named(node: NodeId): boolean;
  /** The grammar's field name of the node in its parent, null without one. */
  field(node: NodeId): string | null;
  start(node: NodeId): number;
  end(node: NodeId): number;
  span(node: NodeId): Span;
  textOf(node: NodeId): string;
  parent(node: NodeId): NodeId;
  firstChild(node: NodeId): NodeId;
  nextSibling(node: NodeId): NodeId;
  /** An ERROR node, or a token that the parser made up. */
  broken(node: NodeId): boolean;
  /** Whether it or anything below it is broken. */
  hasError(node: NodeId): boolean;
}
