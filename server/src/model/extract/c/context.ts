/** What lowering C declarations shares: the tree, the places, what annotations stand where, and what has been found. */
import type { Location, Span } from '../../../base/text.ts';
import type { Annotation } from '../../../syntax/c/annotations.ts';
import type { Preprocessed } from '../../../syntax/c/output.ts';
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import type { CAttributes, CDefinition, CDropped, CMention, CSymbol, CTypedef } from '../../c/ast.ts';
import { NO_ATTRIBUTES } from '../../c/ast.ts';
import { readExpression, readTypeName } from './expression.ts';

export interface Collected {
  readonly definitions: CDefinition[];
  readonly typedefs: CTypedef[];
  readonly symbols: CSymbol[];
  readonly mentions: Map<string, CMention>;
  readonly dropped: CDropped[];
  /** Names of typedefs so far. */
  readonly typeNames: Set<string>;
}

export interface LowerContext extends Collected {
  readonly tree: FlatTree;
  /** All of the preprocessed text, without annotations. */
  readonly text: string;
  readonly source: Preprocessed;
  readonly annotations: readonly Annotation[];
  isType(name: string): boolean;
}

/** Where a span of the output is written. */
export function locate(source: Preprocessed, span: Span): Location {
  const start = source.place(span.start);
  const last = source.place(Math.max(span.start, span.end - 1));
  const sane = last.file === start.file && last.offset >= start.offset && last.offset - start.offset <= span.end - span.start;
  const end = sane && span.end > span.start ? last.offset + 1 : start.offset;
  return { file: start.file, span: { start: start.offset, end } };
}

export function* childrenOf(tree: FlatTree, node: NodeId): Generator<NodeId> {
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) yield child;
}

export function childByField(tree: FlatTree, node: NodeId, field: string): NodeId {
  for (const child of childrenOf(tree, node)) if (tree.field(child) === field) return child;
  return -1;
}

/** Annotations that start in a span but in none of the holes. */
export function annotationsIn(
  context: Pick<LowerContext, 'annotations'>,
  within: Span,
  holes: readonly Span[] = [],
): readonly Annotation[] {
  const list = context.annotations;
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.at ?? 0) < within.start) low = middle + 1;
    else high = middle;
  }
  const out: Annotation[] = [];
  for (let i = low; i < list.length; i++) {
    const one = list[i];
    if (!one || one.at >= within.end) break;
    if (!holes.some((hole) => hole.start <= one.at && one.at < hole.end)) out.push(one);
  }
  return out;
}

/** The end of the white space, and with it of the annotations, behind an offset. */
export function behindSpace(context: Pick<LowerContext, 'text'>, from: number): number {
  let at = from;
  while (at < context.text.length && context.text.charCodeAt(at) <= 32) at++;
  return at;
}

/** The start of the white space, and with it of the annotations, in front of a node. */
export function frontOf(context: LowerContext, node: NodeId): number {
  return frontOfSpace(context, context.tree.start(node));
}

/** The start of the white space in front of an offset. */
export function frontOfSpace(context: Pick<LowerContext, 'text'>, from: number): number {
  let at = from;
  while (at > 0 && context.text.charCodeAt(at - 1) <= 32) at--;
  return at;
}

/** What a set of annotations says about a layout. */
export function attributesOf(context: LowerContext, annotations: readonly Annotation[]): CAttributes {
  if (annotations.length === 0) return NO_ATTRIBUTES;
  const aligned: CAttributes['aligned'][number][] = [];
  let packed = false;
  let unknown: string | null = null;
  for (const one of annotations) {
    if (one.kind === 'packed') packed = true;
    else if (one.kind === 'unknown') unknown ??= one.reason;
    else if (one.kind === 'aligned') aligned.push(one.argument === null ? 'max' : alignment(context, one.argument));
  }
  return { packed, aligned, unknown };
}

/** `_Alignas` takes an expression or a type. */
function alignment(context: LowerContext, text: string): CAttributes['aligned'][number] {
  const type = /^\d/.test(text) ? null : readTypeName(text, context.isType);
  if (type && (type.kind !== 'named' || context.isType(type.name))) return { kind: 'alignof', type };
  return readExpression(text, context.isType);
}

/** Whether a node holds what the parser did not understand. `int a : 3, : 5;` is C, though the grammar misses a name in it. */
export function isBroken(tree: FlatTree, node: NodeId): boolean {
  if (!tree.hasError(node)) return false;
  if (tree.broken(node)) {
    const next = tree.nextSibling(node);
    return !(tree.kind(node) === 'field_identifier' && next >= 0 && tree.kind(next) === 'bitfield_clause');
  }
  for (const child of childrenOf(tree, node)) if (isBroken(tree, child)) return true;
  return false;
}
