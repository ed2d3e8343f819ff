/** Lowers specifiers and declarators of the C grammar to types and names. */
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { CFnType, CParam, CType } from '../../c/ast.ts';
import { annotationsIn, behindSpace, childByField, childrenOf, frontOf, locate } from './context.ts';
import type { LowerContext } from './context.ts';
import { readExpression } from './expression.ts';
import { lowerEnum, lowerRecord } from './lower-record.ts';
import { maskedWords } from './mask.ts';
import { ofParam, qualifiersIn, withNull } from './nullness.ts';
import { baseType, TYPE_WORDS } from './specifiers.ts';

export interface Specified {
  readonly type: CType;
  readonly const: boolean;
  readonly storage: ReadonlySet<string>;
}

/** The specifiers of a declaration, field, parameter or type name. */
export function lowerSpecifiers(context: LowerContext, node: NodeId): Specified {
  const { tree } = context;
  const written: string[] = [];
  const storage = new Set<string>();
  let type: CType | null = null;
  let isConst = false;
  for (const child of childrenOf(tree, node)) {
    if (tree.field(child) === 'declarator') break;
    const kind = tree.kind(child);
    if (kind === 'type_qualifier') {
      const word = tree.textOf(child);
      if (word === 'const') isConst = true;
      else if (word === '_Atomic') type = { kind: 'unknown', reason: '`_Atomic` may change the layout' };
    } else if (kind === 'storage_class_specifier') storage.add(tree.textOf(child));
    else if (tree.field(child) === 'type' || TYPE_WORDS.has(tree.textOf(child))) {
      if (kind === 'struct_specifier' || kind === 'union_specifier') type ??= lowerRecord(context, child);
      else if (kind === 'enum_specifier') type ??= lowerEnum(context, child);
      else if (kind === 'primitive_type' || kind === 'sized_type_specifier' || kind === 'type_identifier')
        written.push(...wordsOf(context, child));
      else type ??= { kind: 'unknown', reason: `\`${tree.textOf(child).slice(0, 40)}\` is not understood` };
    }
  }
  return { type: type ?? named(context, node, writtenType(written)), const: isConst, storage };
}

/** With clang's qualifiers among the specifiers, which speak of the pointer that a typedef stands for. */
function named(context: LowerContext, node: NodeId, type: CType): CType {
  if (type.kind !== 'named') return type;
  const at = childByField(context.tree, node, 'declarator');
  const end = at < 0 ? behindSpace(context, context.tree.end(node)) : context.tree.start(at);
  return withNull(type, qualifiersIn(context, { start: frontOf(context, node), end }));
}

function wordsOf(context: LowerContext, node: NodeId): readonly string[] {
  const masked = maskedWords(context.text, context.tree.start(node));
  return masked.length > 0 ? masked : [context.tree.textOf(node)];
}

function writtenType(written: readonly string[]): CType {
  const [only] = written;
  if (written.length === 1 && only !== undefined && !TYPE_WORDS.has(only)) return { kind: 'named', name: only };
  const name = baseType(written);
  if (name !== null) return { kind: 'base', name };
  return { kind: 'unknown', reason: written.length === 0 ? 'no type is written' : `\`${written.join(' ')}\` is not understood` };
}

export interface Declarator {
  /** null for an abstract one. */
  readonly name: string | null;
  readonly node: NodeId;
  readonly type: CType;
  /** What the name stands for is const; of an array its elements. */
  readonly const: boolean;
}

/** What a declarator makes of the specified type. */
export function lowerDeclarator(context: LowerContext, node: NodeId, base: CType, isConst: boolean): Declarator {
  const { tree } = context;
  switch (tree.kind(node)) {
    case 'pointer_declarator':
    case 'abstract_pointer_declarator': {
      const own = [...childrenOf(tree, node)].some((child) => tree.kind(child) === 'type_qualifier' && tree.textOf(child) === 'const');
      return inner(context, node, withQualifier(context, node, { kind: 'pointer', to: base, const: isConst }), own);
    }
    case 'array_declarator':
    case 'abstract_array_declarator': {
      // The grammar saw a mask: what is written reaches to the closing bracket.
      const size = childByField(tree, node, 'size');
      const length = size < 0 ? null : readExpression(context.text.slice(tree.start(size), tree.end(node) - 1), context.isType);
      return inner(context, node, { kind: 'array', of: base, length }, isConst);
    }
    case 'function_declarator':
    case 'abstract_function_declarator':
      return inner(context, node, { kind: 'function', fn: lowerFn(context, node, base) }, false);
    case 'parenthesized_declarator':
    case 'abstract_parenthesized_declarator':
    case 'init_declarator':
    case 'attributed_declarator':
      return inner(context, node, base, isConst);
    case 'identifier':
    case 'field_identifier':
    case 'type_identifier':
    case 'primitive_type':
      return { name: tree.textOf(node), node, type: base, const: isConst };
    default:
      return {
        name: null,
        node,
        type: { kind: 'unknown', reason: `\`${tree.textOf(node).slice(0, 40)}\` is not understood` },
        const: false,
      };
  }
}

/** Clang's qualifiers stand between the sign of their pointer and what is declared. */
function withQualifier(context: LowerContext, node: NodeId, type: CType): CType {
  const { tree } = context;
  const next = [...childrenOf(tree, node)].find((child) => /declarator$|identifier$/.test(tree.kind(child)));
  const end = next === undefined ? behindSpace(context, tree.end(node)) : tree.start(next);
  return withNull(type, qualifiersIn(context, { start: tree.start(node), end }));
}

function inner(context: LowerContext, node: NodeId, type: CType, isConst: boolean): Declarator {
  const { tree } = context;
  for (const child of childrenOf(tree, node)) {
    const declares = tree.field(child) === 'declarator' || /declarator$|identifier$/.test(tree.kind(child));
    if (declares && tree.field(child) !== 'size') return lowerDeclarator(context, child, type, isConst);
  }
  return { name: null, node, type, const: isConst };
}

function lowerFn(context: LowerContext, node: NodeId, result: CType): CFnType {
  const { tree } = context;
  const list = childByField(tree, node, 'parameters');
  const params: CParam[] = [];
  let variadic = false;
  for (const child of list < 0 ? [] : childrenOf(tree, list)) {
    if (tree.kind(child) === 'variadic_parameter') variadic = true;
    else if (tree.kind(child) === 'parameter_declaration') params.push(lowerParam(context, child));
    else if (tree.kind(child) === 'identifier')
      params.push({ name: tree.textOf(child), type: { kind: 'unknown', reason: 'an old-style parameter' } });
  }
  const [only] = params;
  const isVoid = params.length === 1 && only?.type.kind === 'base' && only.type.name === 'void' && only.name === null;
  const convention = annotationsIn(context, tree.span(node)).find((one) => one.kind === 'convention');
  return {
    result,
    params: isVoid ? [] : params,
    variadic,
    unprototyped: params.length === 0 && !variadic,
    convention: convention?.kind === 'convention' ? convention.name : null,
  };
}

/** Arrays and functions become pointers (C17 6.7.6.3p7, p8). */
function lowerParam(context: LowerContext, node: NodeId): CParam {
  const specified = lowerSpecifiers(context, node);
  const at = childByField(context.tree, node, 'declarator');
  const made = at < 0 ? { name: null, ...specified } : lowerDeclarator(context, at, specified.type, specified.const);
  const { name, type } = made;
  return { name, type: ofParam(context, node, adjusted(type, made.const)) };
}

function adjusted(type: CType, isConst: boolean): CType {
  if (type.kind === 'array') return { kind: 'pointer', to: type.of, const: isConst };
  return type.kind === 'function' ? { kind: 'pointer', to: type, const: false } : type;
}

export function mention(context: LowerContext, tag: 'struct' | 'union' | 'enum', name: string, node: NodeId): CType {
  const key = `${tag} ${name}`;
  if (!context.mentions.has(key)) context.mentions.set(key, { tag, name, at: locate(context.source, context.tree.span(node)) });
  return { kind: 'tag', tag, name };
}
