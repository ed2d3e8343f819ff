/** What all lowering functions share: the tree, the parsers for macro arguments, and questions about nodes. */
import type { Span } from '../../../base/text.ts';
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import { keepSlice } from './keep.ts';

/** One tree on its way to plain data. */
export interface Lowering {
  readonly tree: FlatTree;
  readonly parsers: Parsers;
  /** Where the tree's text stands in its file, UTF-16; negative where more stands before the text in the tree than in the file. */
  readonly offset: number;
  /** How many macro calls stand around the tree's text: their arguments are parsed on their own. */
  readonly macroDepth: number;
  /** No node of the tree is broken, so that nothing needs to be checked. */
  readonly clean: boolean;
  /** How deep the lowering is in nested expressions, types and patterns. */
  depth: number;
}

/** Deeper nesting becomes unknown: what walks the result is recursive, and no person writes such code. */
const MAX_DEPTH = 800;

/** Parses a text for lowering; `offset` is where it stands in its file, in UTF-16 units. */
export function startLowering(parsers: Parsers, text: string, offset: number, macroDepth: number): Lowering {
  const tree = parsers.parse('rust', text, offset);
  return { tree, parsers, offset, macroDepth, clean: !tree.hasError(0), depth: 0 };
}

/** Runs `lower` one level deeper; `fallback` where the node itself is broken or nested too deep. */
export function descend<T>(
  ctx: Lowering,
  node: NodeId,
  lower: (ctx: Lowering, node: NodeId) => T,
  fallback: (ctx: Lowering, node: NodeId) => T,
): T {
  if (node < 0 || ctx.depth >= MAX_DEPTH || brokenHere(ctx, node)) return fallback(ctx, node);
  ctx.depth++;
  const result = lower(ctx, node);
  ctx.depth--;
  return result;
}

/** Whether the node or one of its direct children is broken: then its shape cannot be trusted, that of its parts can. */
export function brokenHere(ctx: Lowering, node: NodeId): boolean {
  const { tree } = ctx;
  if (ctx.clean || !tree.hasError(node)) return false;
  if (tree.broken(node)) return true;
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    if (tree.broken(child)) return true;
  }
  return false;
}

/** The first child with this field name, -1 without one. */
export function fieldOf(ctx: Lowering, node: NodeId, field: string): NodeId {
  const { tree } = ctx;
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    if (tree.field(child) === field && !isComment(tree.kind(child))) return child;
  }
  return -1;
}

/** The first child of this kind, tokens included; -1 without one. */
export function childOf(ctx: Lowering, node: NodeId, kind: string): NodeId {
  const { tree } = ctx;
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    if (tree.kind(child) === kind) return child;
  }
  return -1;
}

export function has(ctx: Lowering, node: NodeId, kind: string): boolean {
  return childOf(ctx, node, kind) >= 0;
}

/** The named children, comments left out. */
export function parts(ctx: Lowering, node: NodeId): NodeId[] {
  const { tree } = ctx;
  const found: NodeId[] = [];
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    if (tree.named(child) && !isComment(tree.kind(child))) found.push(child);
  }
  return found;
}

/** The first named child that is no comment, attribute or label; -1 without one. */
export function firstPart(ctx: Lowering, node: NodeId): NodeId {
  const { tree } = ctx;
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    if (tree.named(child) && !isAside(tree.kind(child))) return child;
  }
  return -1;
}

export function isComment(kind: string): boolean {
  return kind === 'line_comment' || kind === 'block_comment';
}

/** What stands among a node's parts without being one of them. */
export function isAside(kind: string): boolean {
  return isComment(kind) || kind === 'attributes' || kind === 'label' || kind === 'inner_attribute_item';
}

/** An identifier as it is compared: without `r#`. */
export function nameOf(ctx: Lowering, node: NodeId): string {
  if (node < 0) return '';
  const { tree, offset } = ctx;
  const start = tree.start(node) - offset;
  const raw = tree.text.startsWith('r#', start);
  // A copy: the name must not keep the text alive.
  return keepSlice(tree.text, raw ? start + 2 : start, tree.end(node) - offset);
}

/** A stretch of source on one line, with single spaces. */
export function flatText(ctx: Lowering, node: NodeId): string {
  return ctx.tree.textOf(node).replace(/\s+/g, ' ');
}

/** The span of a node; for a missing one the empty span at the end of `owner`. */
export function spanOr(ctx: Lowering, node: NodeId, owner: NodeId): Span {
  if (node >= 0) return ctx.tree.span(node);
  const end = ctx.tree.end(owner);
  return { start: end, end };
}
