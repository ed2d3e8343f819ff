/** How C# passes a type to foreign code: by the rules of the marshaller (learn.microsoft.com/dotnet/standard/native-interop). */
import type { FlatTree, NodeId } from '../../../syntax/flat-tree.ts';
import { byField, byKind, lineOf, namedChildren } from '../../../syntax/tree-walk.ts';
import type { BindType, TextEncoding } from '../../bindings/bindings.ts';
import { lastName } from './attributes.ts';
import type { CsAttribute } from './attributes.ts';

/** What a declaration says of texts and of how its types are passed. */
export interface Marshalling {
  /** `blittable`: nothing is converted (DisableRuntimeMarshalling, and what pointers lead to). */
  readonly style: 'runtime' | 'generated' | 'blittable';
  /** Of `string` and `char` without a MarshalAs; null where it is not known. */
  readonly encoding: TextEncoding | null;
}

export interface CsTypeReader {
  typeOf(node: NodeId, attributes: readonly CsAttribute[], how: Marshalling, place: 'value' | 'field'): BindType;
  /** What a constant expression is; null where it is not known. */
  number(node: NodeId): number | null;
}

const unknown = (reason: string): BindType => ({ kind: 'unknown', reason });
const name = (text: string): BindType => ({ kind: 'name', name: text });
/** One byte of a text, whose sign nobody means. */
const ANSI_CHAR = 'ansi char';
const ANYTHING: BindType = { kind: 'pointer', to: null, const: false };

/** Names of the base class library for the language's own types. */
const SYSTEM: Readonly<Record<string, string>> = {
  Byte: 'byte',
  SByte: 'sbyte',
  Int16: 'short',
  UInt16: 'ushort',
  Int32: 'int',
  UInt32: 'uint',
  Int64: 'long',
  UInt64: 'ulong',
  Single: 'float',
  Double: 'double',
  Boolean: 'bool',
  Char: 'char',
  String: 'string',
  IntPtr: 'nint',
  UIntPtr: 'nuint',
  Object: 'object',
  Void: 'void',
};

/** UnmanagedType's numbers. */
const NUMBERS: Readonly<Record<string, string>> = {
  I1: 'sbyte',
  U1: 'byte',
  I2: 'short',
  U2: 'ushort',
  I4: 'int',
  U4: 'uint',
  I8: 'long',
  U8: 'ulong',
  R4: 'float',
  R8: 'double',
  SysInt: 'nint',
  SysUInt: 'nuint',
  VariantBool: 'short',
  Error: 'int',
};
const WIDTHS: Readonly<Record<string, string>> = {
  ...{ sbyte: '1', byte: '1', short: '2', ushort: '2', int: '4', uint: '4', long: '8', ulong: '8', float: 'f4', double: 'f8' },
  ...{ nint: 'word', nuint: 'word' },
};
const TEXTS: Readonly<Record<string, TextEncoding>> = { LPStr: 'ansi', LPUTF8Str: 'utf8', LPWStr: 'utf16' };

export function createCsTypes(tree: FlatTree, aliases: ReadonlyMap<string, string>, constants: ReadonlyMap<string, number>): CsTypeReader {
  function number(node: NodeId): number | null {
    const text = node < 0 ? '' : tree.textOf(node).replace(/_/g, '');
    if (/^(?:0x[\da-f]+|\d+)$/i.test(text)) return Number(text);
    return constants.get(lastName(text)) ?? null;
  }

  function typeOf(node: NodeId, attributes: readonly CsAttribute[], how: Marshalling, place: 'value' | 'field'): BindType {
    if (node < 0) return unknown('it has no type');
    const marshal = attributes.find((one) => one.name === 'MarshalAs');
    const as = marshal?.args[0] === undefined ? null : lastName(tree.textOf(marshal.args[0]));
    if (attributes.some((one) => one.name === 'MarshalUsing')) return unknown('it has a marshaller of its own');
    const kind = tree.kind(node);
    if (kind === 'nullable_type') {
      const inner = byField(tree, node, 'type') >= 0 ? byField(tree, node, 'type') : (namedChildren(tree, node)[0] ?? -1);
      const type = typeOf(inner, attributes, how, place);
      // `string?` says nothing to the marshaller, `int?` cannot be marshalled.
      return type.kind === 'text' || type.kind === 'pointer' || type.kind === 'name' ? type : unknown('nullable values are not marshalled');
    }
    if (kind === 'pointer_type') return pointer(byField(tree, node, 'type'));
    if (kind === 'function_pointer_type') return functionPointer(node);
    if (kind === 'array_type') return array(node, as, marshal ?? null, how, place);
    if (kind === 'ref_type' || kind === 'scoped_type')
      return { kind: 'pointer', to: typeOf(byField(tree, node, 'type'), attributes, how, place), const: false };
    const text = lineOf(tree, node);
    if (kind === 'generic_name' || text.includes('<')) return generic(node, text, how);
    const word = lastName(aliases.get(text) ?? text);
    const plain = Object.hasOwn(SYSTEM, word) ? (SYSTEM[word] ?? word) : word;
    return named(plain, as, marshal ?? null, how, place);
  }

  function named(plain: string, as: string | null, marshal: CsAttribute | null, how: Marshalling, place: 'value' | 'field'): BindType {
    switch (plain) {
      case 'bool':
        if (as === 'U1' || as === 'I1') return name('bool');
        if (as === 'Bool') return { kind: 'win-bool' };
        if (as !== null) return Object.hasOwn(NUMBERS, as) ? name(NUMBERS[as] ?? '') : unknown(`\`UnmanagedType.${as}\` is not understood`);
        if (how.style === 'blittable') return name('bool');
        return how.style === 'runtime' ? { kind: 'win-bool' } : unknown('a `bool` without MarshalAs');
      case 'char':
        if (as !== null) return Object.hasOwn(NUMBERS, as) ? name(NUMBERS[as] ?? '') : unknown(`\`UnmanagedType.${as}\` is not understood`);
        if (how.style === 'blittable' || how.encoding === 'utf16') return name('ushort');
        return how.encoding === 'ansi' ? name(ANSI_CHAR) : unknown('how a `char` is passed is not known');
      case 'string':
      case 'StringBuilder': {
        if (as === 'ByValTStr') return fixedText(marshal, how);
        const encoding = as === null ? how.encoding : (TEXTS[as] ?? null);
        if (encoding === null) return unknown('how the text is passed is not known');
        return { kind: 'text', encoding, const: plain === 'string' && place === 'value' };
      }
      case 'object':
        return unknown('an `object` is passed in many ways');
      case 'HandleRef':
      case 'SafeHandle':
      case 'CriticalHandle':
      case 'SafeBuffer':
        return ANYTHING;
      default:
        if (as === 'LPStruct') return { kind: 'pointer', to: name(plain), const: true };
        if (as === 'FunctionPtr' || as === 'Struct' || as === null) return name(plain);
        if (!Object.hasOwn(NUMBERS, as)) return unknown(`\`UnmanagedType.${as}\` is not understood`);
        // Of the same width the number stays what C# takes it for.
        return name(WIDTHS[NUMBERS[as] ?? ''] === WIDTHS[plain] ? plain : (NUMBERS[as] ?? ''));
    }
  }

  /** Behind a pointer lies what C# itself has in memory. */
  function pointer(inner: NodeId): BindType {
    if (inner < 0) return ANYTHING;
    const to = typeOf(inner, [], { style: 'blittable', encoding: null }, 'value');
    return { kind: 'pointer', to: to.kind === 'unknown' || (to.kind === 'name' && to.name === 'void') ? null : to, const: false };
  }

  function array(node: NodeId, as: string | null, marshal: CsAttribute | null, how: Marshalling, place: 'value' | 'field'): BindType {
    const element = byField(tree, node, 'type');
    const subtype = marshal?.named.get('ArraySubType');
    const inner: CsAttribute[] = subtype === undefined ? [] : [{ name: 'MarshalAs', ofResult: false, args: [subtype], named: new Map() }];
    const of = typeOf(element, inner, how, 'field');
    if (as === 'ByValArray') {
      const length = number(marshal?.named.get('SizeConst') ?? -1);
      return length === null ? unknown('the length of the array is not known') : { kind: 'array', of, length };
    }
    if (place === 'field' || (as !== null && as !== 'LPArray')) return unknown('how the array is passed is not known');
    return { kind: 'pointer', to: of.kind === 'unknown' ? null : of, const: false };
  }

  function fixedText(marshal: CsAttribute | null, how: Marshalling): BindType {
    const length = number(marshal?.named.get('SizeConst') ?? -1);
    if (length === null || how.encoding === null) return unknown('the size of the text is not known');
    return { kind: 'array', of: name(how.encoding === 'utf16' ? 'ushort' : ANSI_CHAR), length };
  }

  function generic(node: NodeId, text: string, how: Marshalling): BindType {
    const word = lastName(text);
    if (word !== 'Span' && word !== 'ReadOnlySpan') return unknown(`\`${text}\` is not passed as it is`);
    const inner = namedChildren(tree, byKind(tree, node, 'type_argument_list'))[0] ?? -1;
    const to = inner < 0 ? null : typeOf(inner, [], { ...how, style: 'blittable' }, 'value');
    return { kind: 'pointer', to: to?.kind === 'unknown' ? null : to, const: word === 'ReadOnlySpan' };
  }

  function functionPointer(node: NodeId): BindType {
    const written = byKind(tree, node, 'calling_convention');
    const text = written < 0 ? '' : tree.textOf(written);
    const convention = /Cdecl/.test(text) ? 'C' : /Stdcall/.test(text) ? 'stdcall' : 'system';
    const how: Marshalling = { style: 'blittable', encoding: null };
    const params = namedChildren(tree, node).filter((one) => tree.kind(one) === 'function_pointer_parameter');
    // A parameter with `ref` is a pointer.
    const param = (one: NodeId): BindType => {
      const type = typeOf(byField(tree, one, 'type'), [], how, 'value');
      return /^(?:ref|out|in)\b/.test(tree.textOf(one)) ? { kind: 'pointer', to: type, const: false } : type;
    };
    return {
      kind: 'function',
      convention,
      signature: { params: params.map(param), result: typeOf(byField(tree, node, 'returns'), [], how, 'value') },
    };
  }

  return { typeOf, number };
}
