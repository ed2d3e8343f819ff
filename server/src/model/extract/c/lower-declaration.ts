/** Lowers what stands at the top of a header: typedefs, declarations, functions. */
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { CAttributes, CRecord, CType } from '../../c/ast.ts';
import { annotationsIn, attributesOf, behindSpace, childByField, childrenOf, frontOf, isBroken, locate } from './context.ts';
import type { LowerContext } from './context.ts';
import { drop } from './drop.ts';
import { declaratorAttributes, definitionSpans, lowerEnum, lowerRecord } from './lower-record.ts';
import { lowerDeclarator, lowerSpecifiers } from './lower-type.ts';
import type { Specified } from './lower-type.ts';
import { ofFunction } from './nullness.ts';

export function lowerDeclaration(context: LowerContext, node: NodeId): void {
  const { tree } = context;
  switch (tree.kind(node)) {
    case 'type_definition':
      lowerTypedef(context, node);
      return;
    case 'declaration':
      lowerSymbols(context, node, false);
      return;
    case 'function_definition':
      // To the grammar, `struct API point { … }` is a function without parameters.
      if (declaresFn(context, node)) lowerSymbols(context, node, true);
      else drop(context, context.source, context.text, tree.span(node));
      return;
    case 'struct_specifier':
    case 'union_specifier':
    case 'enum_specifier':
      lowerAlone(context, node);
      return;
    case 'linkage_specification':
    case 'declaration_list':
      for (const child of childrenOf(tree, node)) lowerDeclaration(context, child);
      return;
  }
}

function declaresFn({ tree }: LowerContext, node: NodeId): boolean {
  let at = childByField(tree, node, 'declarator');
  for (; at >= 0; at = childByField(tree, at, 'declarator')) if (tree.kind(at) === 'function_declarator') return true;
  return false;
}

/** `struct x { … };`: an alignment in front of the keyword is the type's (MSVC's `__declspec(align)`). */
function lowerAlone(context: LowerContext, node: NodeId): void {
  const { tree } = context;
  const type = tree.kind(node) === 'enum_specifier' ? lowerEnum(context, node) : lowerRecord(context, node);
  if (type.kind !== 'record') return;
  const front = annotationsIn(context, { start: frontOf(context, node), end: tree.start(node) }).filter((one) => one.kind === 'aligned');
  const at = context.definitions.lastIndexOf(type.record);
  if (front.length === 0 || at < 0) return;
  const { aligned } = attributesOf(context, front);
  context.definitions[at] = withAligned(type.record, aligned);
}

function withAligned(record: CRecord, more: CAttributes['aligned']): CRecord {
  return { ...record, attributes: { ...record.attributes, aligned: [...record.attributes.aligned, ...more] } };
}

function declarators(context: LowerContext, node: NodeId): readonly NodeId[] {
  return [...childrenOf(context.tree, node)].filter((child) => context.tree.field(child) === 'declarator');
}

function lowerTypedef(context: LowerContext, node: NodeId): void {
  const { tree, source } = context;
  const specified = lowerSpecifiers(context, node);
  const list = declarators(context, node);
  const attributes = declaratorAttributes(context, node, list, tree.end(node));
  const doubt = source.doubt(tree.start(node), tree.end(node)) ?? declspecDoubt(context, node);
  for (const [i, one] of list.entries()) {
    const { name, type, node: nameNode } = lowerDeclarator(context, one, specified.type, specified.const);
    if (name === null) continue;
    context.typeNames.add(name);
    context.typedefs.push({
      name,
      type,
      attributes: attributes[i] ?? attributesOf(context, []),
      at: locate(source, tree.span(nameNode)),
      doubt,
    });
  }
}

function declspecDoubt(context: LowerContext, node: NodeId): string | null {
  const own = annotationsIn(context, { start: frontOf(context, node), end: context.tree.end(node) }, definitionSpans(context, node));
  return own.some((one) => one.kind === 'aligned' && one.declspec) ? '`__declspec(align)` on a typedef is not modelled' : null;
}

/** `struct x { … } PACKED;` where nothing defines PACKED: more likely a macro that was not found than a variable in a header. */
function doubtMacro(context: LowerContext, specified: Specified, name: string): void {
  const { type, storage } = specified;
  if ((type.kind !== 'record' && type.kind !== 'enum') || storage.size > 0 || !/^_*[A-Z][A-Z0-9_]{2,}$/.test(name)) return;
  const made = type.kind === 'record' ? type.record : type.enum;
  const at = context.definitions.lastIndexOf(made);
  if (at >= 0)
    context.definitions[at] = { ...made, doubt: made.doubt ?? `\`${name}\` may be a macro, which is not defined in what was read` };
}

function lowerSymbols(context: LowerContext, node: NodeId, defined: boolean): void {
  const { tree, source } = context;
  const specified: Specified = lowerSpecifiers(context, node);
  const list = declarators(context, node);
  const end = defined && list[0] !== undefined ? tree.end(list[0]) : tree.end(node);
  const doubt = source.doubt(tree.start(node), end);
  for (const one of list) {
    if (isBroken(tree, one)) continue;
    const { name, type, node: nameNode } = lowerDeclarator(context, one, specified.type, specified.const);
    if (name === null) continue;
    doubtMacro(context, specified, name);
    context.symbols.push({
      name,
      type: ofFunction(context, { node, declarator: one, alone: list.length === 1 }, withConvention(context, node, type)),
      internal: isInternal(specified),
      defined: defined || tree.kind(one) === 'init_declarator',
      at: locate(source, tree.span(nameNode)),
      doubt,
    });
  }
}

/** `static`, and `inline` alone: such a definition makes no symbol for others (C17 6.7.4p7). */
function isInternal({ storage }: Specified): boolean {
  const inline = [...storage].some((word) => /^_*(?:force)?inline_*$/.test(word));
  return storage.has('static') || (inline && !storage.has('extern'));
}

/** A convention may stand anywhere in front of the name, or behind the parameters. */
function withConvention(context: LowerContext, node: NodeId, type: CType): CType {
  if (type.kind !== 'function' || type.fn.convention !== null) return type;
  const { tree } = context;
  const end = behindSpace(context, tree.end(node));
  const found = annotationsIn(context, { start: frontOf(context, node), end }, definitionSpans(context, node)).find(
    (one) => one.kind === 'convention',
  );
  return found?.kind === 'convention' ? { ...type, fn: { ...type.fn, convention: found.name } } : type;
}
