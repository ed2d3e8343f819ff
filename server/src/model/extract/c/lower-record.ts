/** Lowers structs, unions and enums with their attributes. */
import type { Span } from '../../../base/text.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { CAttributes, CConstant, CEnum, CField, CRecord, CType } from '../../c/ast.ts';
import { annotationsIn, attributesOf, behindSpace, childByField, childrenOf, frontOf, locate } from './context.ts';
import type { LowerContext } from './context.ts';
import { readExpression, readTypeName } from './expression.ts';
import { lowerDeclarator, lowerSpecifiers, mention } from './lower-type.ts';

/** A `struct_specifier` or `union_specifier`; one with a body is added to the definitions. */
export function lowerRecord(context: LowerContext, node: NodeId): CType {
  const { tree } = context;
  const kind = tree.kind(node) === 'union_specifier' ? 'union' : 'struct';
  const nameNode = childByField(tree, node, 'name');
  const tag = nameNode < 0 ? null : tree.textOf(nameNode);
  const body = childByField(tree, node, 'body');
  if (body < 0) return tag === null ? { kind: 'unknown', reason: 'no tag is written' } : mention(context, kind, tag, nameNode);
  const fields: CField[] = [];
  for (const child of childrenOf(tree, body)) if (tree.kind(child) === 'field_declaration') fields.push(...lowerFields(context, child));
  const end = context.source.packing(tree.end(body) - 1);
  const begin = context.source.packing(tree.start(node));
  const record: CRecord = {
    kind,
    tag,
    fields,
    attributes: ownAttributes(context, node, body),
    pack: begin === end || typeof end === 'string' ? end : 'a `#pragma pack` stands inside of it',
    at: locate(context.source, nameNode < 0 ? keyword(context, node) : tree.span(nameNode)),
    doubt: context.source.doubt(tree.start(node), behindSpace(context, tree.end(node))),
  };
  context.definitions.push(record);
  return { kind: 'record', record };
}

function keyword({ tree }: LowerContext, node: NodeId): Span {
  const first = tree.firstChild(node);
  return tree.span(first < 0 ? node : first);
}

/** Attributes belong to a type between its keyword and its body, and directly behind the body. */
function ownAttributes(context: LowerContext, node: NodeId, body: NodeId): CAttributes {
  const { tree } = context;
  const before = annotationsIn(context, { start: tree.start(node), end: tree.start(body) });
  const behind = annotationsIn(context, { start: tree.end(body), end: behindSpace(context, tree.end(body)) });
  return attributesOf(context, [...before, ...behind]);
}

/** Spans in which annotations belong to the types that are defined below a declaration, not to the declaration. */
export function definitionSpans(context: LowerContext, node: NodeId): readonly Span[] {
  const { tree } = context;
  const out: Span[] = [];
  for (const child of childrenOf(tree, node)) {
    if (!/^(struct|union|enum)_specifier$/.test(tree.kind(child)) || childByField(tree, child, 'body') < 0) continue;
    out.push({ start: tree.start(child), end: behindSpace(context, tree.end(child)) });
  }
  return out;
}

/** The attributes of each declarator: those in front count for all, those behind one for that one. */
export function declaratorAttributes(
  context: LowerContext,
  node: NodeId,
  declarators: readonly NodeId[],
  end: number,
): readonly CAttributes[] {
  const { tree } = context;
  const holes = definitionSpans(context, node);
  const first = declarators[0];
  const shared = annotationsIn(context, { start: frontOf(context, node), end: first === undefined ? end : tree.start(first) }, holes);
  return declarators.map((one, i) => {
    const next = declarators[i + 1];
    const own = annotationsIn(context, { start: tree.start(one), end: next === undefined ? end : tree.start(next) }, holes);
    return attributesOf(context, [...shared, ...own]);
  });
}

function lowerFields(context: LowerContext, node: NodeId): readonly CField[] {
  const { tree } = context;
  const specified = lowerSpecifiers(context, node);
  const children = [...childrenOf(tree, node)];
  const declarators = children.filter((child) => tree.field(child) === 'declarator');
  const at = (of: NodeId) => locate(context.source, tree.span(of));
  if (declarators.length === 0) {
    const clause = children.find((child) => tree.kind(child) === 'bitfield_clause');
    const attributes = attributesOf(
      context,
      annotationsIn(context, { start: frontOf(context, node), end: tree.end(node) }, definitionSpans(context, node)),
    );
    const bitWidth = clause === undefined ? null : widthOf(context, clause);
    return [{ name: null, type: specified.type, bitWidth, attributes, at: at(node) }];
  }
  const attributes = declaratorAttributes(context, node, declarators, tree.end(node));
  const named = declarators.map((declarator, i): CField => {
    const { name, type, node: nameNode } = lowerDeclarator(context, declarator, specified.type, specified.const);
    const clause = tree.nextSibling(declarator);
    const bitWidth = clause >= 0 && tree.kind(clause) === 'bitfield_clause' ? widthOf(context, clause) : null;
    return { name: name === '' ? null : name, type, bitWidth, attributes: attributes[i] ?? attributesOf(context, []), at: at(nameNode) };
  });
  // `int : 3, a : 5;` begins without a declarator.
  const first = children.find((child) => tree.kind(child) === 'bitfield_clause');
  if (first === undefined || tree.start(first) > tree.start(declarators[0] ?? node)) return named;
  return [
    { name: null, type: specified.type, bitWidth: widthOf(context, first), attributes: attributesOf(context, []), at: at(first) },
    ...named,
  ];
}

function widthOf(context: LowerContext, clause: NodeId) {
  return readExpression(context.tree.textOf(clause).replace(/^\s*:/, ''), context.isType);
}

export function lowerEnum(context: LowerContext, node: NodeId): CType {
  const { tree } = context;
  const nameNode = childByField(tree, node, 'name');
  const tag = nameNode < 0 ? null : tree.textOf(nameNode);
  const body = childByField(tree, node, 'body');
  if (body < 0) return tag === null ? { kind: 'unknown', reason: 'no tag is written' } : mention(context, 'enum', tag, nameNode);
  const constants: CConstant[] = [];
  for (const child of childrenOf(tree, body)) {
    if (tree.kind(child) !== 'enumerator') continue;
    const name = childByField(tree, child, 'name');
    const value = childByField(tree, child, 'value');
    constants.push({
      name: tree.textOf(name),
      value: value < 0 ? null : readExpression(tree.textOf(value), context.isType),
      at: locate(context.source, tree.span(name)),
    });
  }
  const typed = annotationsIn(context, { start: tree.start(node), end: tree.start(body) }).find((one) => one.kind === 'underlying');
  const unread: CType = { kind: 'unknown', reason: 'its type is not understood' };
  const made: CEnum = {
    kind: 'enum',
    tag,
    underlying: typed?.kind === 'underlying' ? (readTypeName(typed.type, context.isType) ?? unread) : null,
    constants,
    attributes: ownAttributes(context, node, body),
    at: locate(context.source, nameNode < 0 ? keyword(context, node) : tree.span(nameNode)),
    doubt: context.source.doubt(tree.start(node), behindSpace(context, tree.end(node))),
  };
  context.definitions.push(made);
  return { kind: 'enum', enum: made };
}
