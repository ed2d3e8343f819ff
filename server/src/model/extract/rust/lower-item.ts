/** Lowers items: what they have in common, and those that need no file of their own. */
import { exact } from '../../../base/exact.ts';
import type { AliasItem, ExternBlockItem, ImplItem, Item, OtherItem, TraitItem, ValueItem } from '../../../model/rust/ast-item.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { lowerAttributes, lowerInnerAttributes } from './lower-attributes.ts';
import { brokenHere, childOf, fieldOf, firstPart, has, isComment, nameOf } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { lowerEnum, lowerStruct } from './lower-data.ts';
import { optionalExpr } from './lower-expr.ts';
import { lowerAbi, lowerFn } from './lower-fn.ts';
import { lowerGenerics } from './lower-generics.ts';
import { lowerPath } from './lower-path.ts';
import { lowerType } from './lower-type.ts';
import { lowerVisibility } from './lower-visibility.ts';

/** What every item has. */
export type Base = Omit<OtherItem, 'kind'>;

const ITEM_KINDS: ReadonlySet<string> = new Set([
  'function_item',
  'function_signature_item',
  'struct_item',
  'union_item',
  'enum_item',
  'type_item',
  'const_item',
  'static_item',
  'impl_item',
  'trait_item',
  'foreign_mod_item',
  'mod_item',
  'use_declaration',
  'extern_crate_declaration',
  'macro_definition',
  'macro_definition_v2',
  'macro_invocation_item',
]);

/** Whether a node of this kind is an item. A macro call without a semicolon counts as one, also where it is a statement. */
export function isItemKind(kind: string): boolean {
  return ITEM_KINDS.has(kind);
}

/** An item whose header is broken is `unknown`: name and place stand, nothing else. */
export function lowerItem(ctx: Lowering, node: NodeId): Item {
  const base = baseOf(ctx, node);
  const item = brokenHere(ctx, node) || brokenGenerics(ctx, node) ? null : itemOf(ctx, node, base);
  return item ?? { ...base, kind: 'unknown' };
}

/** The items of a file, declaration list or block; what cannot be parsed in between is `unknown`. */
export function lowerItems(ctx: Lowering, list: NodeId): readonly Item[] {
  const { tree } = ctx;
  const items: Item[] = [];
  if (list < 0) return exact(items);
  for (let child = tree.firstChild(list); child >= 0; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (isItemKind(kind)) items.push(lowerItem(ctx, child));
    else if (kind === 'expression_statement') items.push(macroStatement(ctx, child) ?? { ...baseOf(ctx, child), kind: 'unknown' });
    else if (tree.broken(child)) items.push({ ...baseOf(ctx, child), kind: 'unknown' });
  }
  return exact(items);
}

function itemOf(ctx: Lowering, node: NodeId, base: Base): Item | null {
  switch (ctx.tree.kind(node)) {
    case 'function_item':
    case 'function_signature_item':
      return lowerFn(ctx, node, base);
    case 'struct_item':
      return lowerStruct(ctx, node, 'struct', base);
    case 'union_item':
      return lowerStruct(ctx, node, 'union', base);
    case 'enum_item':
      return lowerEnum(ctx, node, base);
    case 'type_item':
      return alias(ctx, node, base);
    case 'const_item':
    case 'static_item':
      return value(ctx, node, base);
    case 'impl_item':
      return impl(ctx, node, base);
    case 'trait_item':
      return trait(ctx, node, base);
    case 'foreign_mod_item':
      return externBlock(ctx, node, base);
    case 'mod_item':
      return { ...base, kind: 'mod' };
    case 'use_declaration':
      return { ...base, kind: 'use' };
    case 'extern_crate_declaration':
      return { ...base, kind: 'extern-crate' };
    case 'macro_definition':
    case 'macro_definition_v2':
      return { ...base, kind: 'macro-rules' };
    case 'macro_invocation_item':
      return { ...base, kind: 'macro-call' };
    default:
      return null;
  }
}

function baseOf(ctx: Lowering, node: NodeId): Base {
  const { tree } = ctx;
  const outer = lowerAttributes(ctx, fieldOf(ctx, node, 'attributes'));
  const inner = lowerInnerAttributes(ctx, fieldOf(ctx, node, 'body'));
  const span = tree.span(node);
  const first = firstToken(ctx, node);
  const signatureSpan = { start: tree.start(first), end: span.end };
  const nameNode = fieldOf(ctx, node, 'name');
  const macro = fieldOf(ctx, fieldOf(ctx, node, 'invocation'), 'macro');
  return {
    name: macro >= 0 ? pathText(ctx, macro) : nameOf(ctx, nameNode),
    nameSpan: tree.span(macro >= 0 ? macro : nameNode >= 0 ? nameNode : first),
    visibility: lowerVisibility(ctx, childOf(ctx, node, 'visibility_modifier')),
    attributes: inner.length > 0 ? [...outer.attributes, ...inner] : outer.attributes,
    docs: outer.docs,
    generics: lowerGenerics(ctx, node),
    span,
    signatureSpan,
  };
}

/** The first child behind attributes and comments; the node itself where there is none. */
function firstToken(ctx: Lowering, node: NodeId): NodeId {
  const { tree } = ctx;
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (kind !== 'attributes' && !isComment(kind)) return child;
  }
  return node;
}

function pathText(ctx: Lowering, node: NodeId): string {
  return ctx.tree.textOf(node).replace(/\s+/g, '');
}

function brokenGenerics(ctx: Lowering, node: NodeId): boolean {
  if (ctx.clean) return false;
  const clauses = [fieldOf(ctx, node, 'type_parameters'), childOf(ctx, node, 'where_clause'), childOf(ctx, node, 'function_modifiers')];
  return clauses.some((clause) => clause >= 0 && brokenHere(ctx, clause));
}

function alias(ctx: Lowering, node: NodeId, base: Base): AliasItem {
  const type = fieldOf(ctx, node, 'type');
  return { ...base, kind: 'type', type: type < 0 ? null : lowerType(ctx, type) };
}

function value(ctx: Lowering, node: NodeId, base: Base): ValueItem {
  const type = fieldOf(ctx, node, 'type');
  return {
    ...base,
    kind: ctx.tree.kind(node) === 'const_item' ? 'const' : 'static',
    mutable: has(ctx, node, 'mutable_specifier'),
    type: type < 0 ? null : lowerType(ctx, type),
    value: optionalExpr(ctx, node, 'value'),
  };
}

function impl(ctx: Lowering, node: NodeId, base: Base): ImplItem {
  return {
    ...base,
    kind: 'impl',
    selfType: lowerType(ctx, fieldOf(ctx, node, 'type')),
    trait: lowerPath(ctx, fieldOf(ctx, node, 'trait'))?.path ?? null,
    negative: has(ctx, node, '!'),
    unsafe: has(ctx, node, 'unsafe'),
    members: lowerItems(ctx, fieldOf(ctx, node, 'body')),
  };
}

function trait(ctx: Lowering, node: NodeId, base: Base): TraitItem {
  return { ...base, kind: 'trait', unsafe: has(ctx, node, 'unsafe'), members: lowerItems(ctx, fieldOf(ctx, node, 'body')) };
}

function externBlock(ctx: Lowering, node: NodeId, base: Base): ExternBlockItem {
  const modifier = childOf(ctx, node, 'extern_modifier');
  return {
    ...base,
    kind: 'extern-block',
    abi: lowerAbi(ctx, node).abi ?? 'C',
    unsafe: has(ctx, node, 'unsafe'),
    keywordSpan: ctx.tree.span(childOf(ctx, modifier, 'extern')),
    members: lowerItems(ctx, fieldOf(ctx, node, 'body')),
  };
}

/** `name!(…);` where statements may stand is read as an expression, its attributes with it; null where it is another. */
function macroStatement(ctx: Lowering, node: NodeId): OtherItem | null {
  if (brokenHere(ctx, node)) return null;
  const expression = firstPart(ctx, node);
  const marked = expression >= 0 && ctx.tree.kind(expression) === 'expression_with_attribute';
  const call = marked ? fieldOf(ctx, expression, 'expression') : expression;
  const macro = call >= 0 && ctx.tree.kind(call) === 'macro_invocation' ? fieldOf(ctx, call, 'macro') : -1;
  if (macro < 0) return null;
  const { attributes, docs } = lowerAttributes(ctx, marked ? fieldOf(ctx, expression, 'attributes') : -1);
  const span = ctx.tree.span(node);
  const signatureSpan = { start: ctx.tree.start(call), end: span.end };
  const nameSpan = ctx.tree.span(macro);
  const name = pathText(ctx, macro);
  return { kind: 'macro-call', name, nameSpan, visibility: 'private', attributes, docs, generics: [], span, signatureSpan };
}
