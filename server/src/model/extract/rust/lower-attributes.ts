/** Lowers attributes and doc comments. */
import { exact } from '../../../base/exact.ts';
import { createScan, next } from '../../../syntax/rust/lexer.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { Attribute, Meta } from '../../rust/attribute.ts';
import type { Span } from '../../../base/text.ts';
import { readAttribute } from './attributes.ts';
import type { Lowering } from './lower-context.ts';

export interface LoweredAttributes {
  readonly attributes: readonly Attribute[];
  /** Doc comments and `#[doc = "…"]` joined, without the comment signs. */
  readonly docs: string;
}

const NONE: LoweredAttributes = { attributes: [], docs: '' };

/** Of an `attributes` node; nothing for -1. */
export function lowerAttributes(ctx: Lowering, node: NodeId): LoweredAttributes {
  if (node < 0) return NONE;
  const { tree } = ctx;
  const attributes: Attribute[] = [];
  const docs: string[] = [];
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    switch (tree.kind(child)) {
      case 'line_outer_doc_comment':
        docs.push(
          tree
            .textOf(child)
            .replace(/^\/{3} ?/, '')
            .trimEnd(),
        );
        break;
      case 'block_outer_doc_comment':
        docs.push(blockDoc(tree.textOf(child)));
        break;
      case 'attribute_item': {
        const before = attributes.length;
        readInto(ctx, child, attributes);
        for (const attribute of attributes.slice(before)) {
          if (attribute.path === 'doc' && attribute.value !== null) docs.push(attribute.value.replace(/^ /, ''));
        }
        break;
      }
    }
  }
  return { attributes: exact(attributes), docs: docs.join('\n') };
}

/** The `#![…]` directly in a body; nothing for -1. */
export function lowerInnerAttributes(ctx: Lowering, body: NodeId): readonly Attribute[] {
  if (body < 0) return NONE.attributes;
  const { tree } = ctx;
  const attributes: Attribute[] = [];
  for (let child = tree.firstChild(body); child >= 0; child = tree.nextSibling(child)) {
    if (tree.kind(child) === 'inner_attribute_item') readInto(ctx, child, attributes);
  }
  return exact(attributes);
}

function readInto(ctx: Lowering, node: NodeId, out: Attribute[]): void {
  const { tree, offset } = ctx;
  const scan = createScan(tree.text, null, tree.start(node) - offset, tree.end(node) - offset);
  next(scan);
  const found: Attribute[] = [];
  readAttribute(scan, found);
  for (const attribute of found) out.push(offset === 0 ? attribute : moveAttribute(attribute, offset));
}

function moveAttribute(attribute: Attribute, by: number): Attribute {
  return {
    ...attribute,
    args: attribute.args?.map((meta) => moveMeta(meta, by)) ?? null,
    span: moveSpan(attribute.span, by),
    pathSpan: moveSpan(attribute.pathSpan, by),
  };
}

function moveMeta(meta: Meta, by: number): Meta {
  return { ...meta, args: meta.args?.map((inner) => moveMeta(inner, by)) ?? null, span: moveSpan(meta.span, by) };
}

function moveSpan(span: Span, by: number): Span {
  return { start: span.start + by, end: span.end + by };
}

function blockDoc(text: string): string {
  return text
    .slice(3, -2)
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .trim();
}
