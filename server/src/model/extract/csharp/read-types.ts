/** Structs, enums, delegates and handle classes of a C# file. */
import type { Location } from '../../../base/text.ts';
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, byKind, namedChildren } from '../../../syntax/tree-walk.ts';
import type { BindConstant, BindField, BindNamed, BindType } from '../../bindings/bindings.ts';
import { attributesOf, lastName } from './attributes.ts';
import type { CsAttribute } from './attributes.ts';
import { charSet, delegateConvention, parameters } from './signature.ts';
import type { CsTypeReader, Marshalling } from './types.ts';

/** null for what is no type that crosses. */
export function readCsTypes(tree: FlatTree, node: NodeId, file: string, types: CsTypeReader, blittable: boolean): BindNamed | null {
  const name = byField(tree, node, 'name');
  if (name < 0 || tree.hasError(node)) return null;
  const attributes = attributesOf(tree, node);
  const layout = attributes.find((one) => one.name === 'StructLayout');
  const how: Marshalling = { style: blittable ? 'blittable' : 'runtime', encoding: charSet(tree, layout) };
  const place = (at: NodeId): Location => ({ file, span: tree.span(at) });
  const made = (what: BindNamed['what']): BindNamed => ({ dialect: 'csharp', name: tree.textOf(name), at: place(name), what });
  const alias = (type: BindType): BindNamed => made({ kind: 'alias', type });
  switch (tree.kind(node)) {
    case 'enum_declaration':
      return made(enumeration(tree, node, types, place));
    case 'delegate_declaration': {
      const list = byField(tree, node, 'parameters');
      const onResult = attributes.filter(({ ofResult }) => ofResult);
      const returns = byField(tree, node, 'type') >= 0 ? byField(tree, node, 'type') : byField(tree, node, 'returns');
      const pointer = attributes.find((one) => one.name === 'UnmanagedFunctionPointer');
      const own: Marshalling = { ...how, encoding: charSet(tree, pointer) };
      const signature = {
        params: parameters(tree, list, types, own, place).map((one) => one.type),
        result: types.typeOf(returns, onResult, own, 'value'),
      };
      return alias({ kind: 'function', convention: delegateConvention(tree, attributes), signature });
    }
    case 'class_declaration': {
      const bases = byKind(tree, node, 'base_list');
      if (bases >= 0 && /\b(?:Safe\w*Handle\w*|SafeBuffer|Critical\w*Handle\w*)\b/.test(tree.textOf(bases))) {
        return alias({ kind: 'pointer', to: null, const: false });
      }
      if (!layout) return null;
      // The fields of a base class come first.
      const derived = bases >= 0 && namedChildren(tree, bases).some((one) => !/^I[A-Z]/.test(lastName(tree.textOf(one))));
      return derived
        ? alias({ kind: 'unknown', reason: 'it has a base class' })
        : made(record(tree, node, types, how, layout, place, true));
    }
    case 'struct_declaration':
      // The parameters of a record struct are fields that a compiler orders.
      return made(record(tree, node, types, how, layout ?? null, place, false));
    default:
      return null;
  }
}

type Record_ = Extract<BindNamed['what'], { kind: 'struct' | 'union' }>;

function record(
  tree: FlatTree,
  node: NodeId,
  types: CsTypeReader,
  how: Marshalling,
  layout: CsAttribute | null,
  place: (node: NodeId) => Location,
  byReference: boolean,
): BindNamed['what'] {
  const kind = layout?.args[0] === undefined ? 'Sequential' : lastName(tree.textOf(layout.args[0]));
  const unknown = (reason: string): BindNamed['what'] => ({ kind: 'alias', type: { kind: 'unknown', reason } });
  if (kind === 'Auto') return unknown('its layout is left to the runtime');
  const fields: BindField[] = [];
  const body = byField(tree, node, 'body');
  for (const one of body < 0 ? [] : members(tree, body)) {
    if (tree.kind(one) === 'preproc_if' || tree.kind(one) === 'preproc_else') return unknown('its fields depend on a condition');
    const automatic = tree.kind(one) === 'property_declaration' && isAutomatic(tree, one);
    if (tree.kind(one) !== 'field_declaration' && !automatic) continue;
    const modifiers = namedChildren(tree, one).flatMap((part) => (tree.kind(part) === 'modifier' ? [tree.textOf(part)] : []));
    if (modifiers.includes('static') || modifiers.includes('const')) continue;
    const attributes = attributesOf(tree, one).filter(({ ofResult }) => !ofResult);
    const at = attributes.find(({ name }) => name === 'FieldOffset');
    const offset = at?.args[0] === undefined ? null : types.number(at.args[0]);
    if (kind === 'Explicit' && offset === null) return unknown('the offset of a field is not known');
    if (automatic) {
      const type = types.typeOf(byField(tree, one, 'type'), attributes, how, 'field');
      fields.push({ name: tree.textOf(byField(tree, one, 'name')), type, offset, align: null, at: place(byField(tree, one, 'name')) });
      continue;
    }
    const declaration = byKind(tree, one, 'variable_declaration');
    const type = types.typeOf(byField(tree, declaration, 'type'), attributes, how, 'field');
    for (const part of namedChildren(tree, declaration)) {
      if (tree.kind(part) !== 'variable_declarator') continue;
      const name = byField(tree, part, 'name');
      const bounds = byKind(tree, part, 'bracketed_argument_list');
      const length = bounds < 0 ? null : types.number(namedChildren(tree, bounds)[0] ?? -1);
      const unbounded: BindType = { kind: 'unknown', reason: 'the length of a fixed buffer is not known' };
      const fixed = types.typeOf(byField(tree, declaration, 'type'), [], { style: 'blittable', encoding: null }, 'field');
      const own = bounds < 0 ? type : length === null ? unbounded : ({ kind: 'array', of: fixed, length } as const);
      fields.push({ name: tree.textOf(name).replace(/^@/, ''), type: own, offset, align: null, at: place(name) });
    }
  }
  const number = (key: string): number | null => {
    const written = layout?.named.get(key);
    const value = written === undefined ? null : types.number(written);
    return value === 0 ? null : value;
  };
  const made: Record_ = { kind: 'struct', fields, pack: number('Pack'), size: number('Size'), byReference };
  return kind === 'Explicit' && fields.length > 1 && fields.every(({ offset }) => offset === 0) ? { ...made, kind: 'union' } : made;
}

function members(tree: FlatTree, body: NodeId): readonly NodeId[] {
  return namedChildren(tree, body);
}

/** With a field of its own: `int X { get; set; }`. */
function isAutomatic(tree: FlatTree, node: NodeId): boolean {
  const accessors = byField(tree, node, 'accessors');
  return accessors >= 0 && namedChildren(tree, accessors).every((one) => /^[^={]*;$/s.test(tree.textOf(one).trim()));
}

function enumeration(tree: FlatTree, node: NodeId, types: CsTypeReader, place: (node: NodeId) => Location): BindNamed['what'] {
  const bases = byKind(tree, node, 'base_list');
  const base = bases < 0 ? -1 : (namedChildren(tree, bases)[0] ?? -1);
  const underlying: BindType =
    base < 0 ? { kind: 'name', name: 'int' } : types.typeOf(base, [], { style: 'blittable', encoding: null }, 'value');
  const constants: BindConstant[] = [];
  let next: bigint | null = 0n;
  for (const one of namedChildren(tree, byField(tree, node, 'body'))) {
    if (tree.kind(one) !== 'enum_member_declaration') continue;
    const name = byField(tree, one, 'name');
    const written = byField(tree, one, 'value');
    const value: bigint | null = written < 0 ? next : (wholeNumber(tree.textOf(written)) ?? shifted(tree.textOf(written)));
    constants.push({ name: tree.textOf(name), value, at: place(name) });
    next = value === null ? null : value + 1n;
  }
  return { kind: 'enum', underlying, constants };
}

/** A literal of C#, its sign included; null for anything else. */
export function wholeNumber(text: string): bigint | null {
  const plain = text.replace(/(?<=[\da-fA-F])_(?=_*[\da-fA-F])/g, '').replace(/[uUlL]+$/, '');
  return /^-?(?:0[xX][\da-fA-F]+|0[bB][01]+|\d+)$/.test(plain) ? integer(plain) : null;
}

/** `1 << 3`, the way flags are written. */
function shifted(text: string): bigint | null {
  const [, one, by] = /^\s*(\w+)\s*<<\s*(\d+)\s*$/.exec(text) ?? [];
  const value = one === undefined ? null : wholeNumber(one);
  return value === null || by === undefined || Number(by) > 63 ? null : value << BigInt(by);
}

function integer(text: string): bigint {
  return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
}
