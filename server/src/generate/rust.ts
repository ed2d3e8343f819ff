/** Rust declarations of what C headers define: records, constants for enums, and an extern block for each convention. */
import type { CIntName } from '../abi/shape.ts';
import type { Api, ApiEnum, ApiField, ApiFn, ApiType, Generated, Plain } from './api.types.ts';
import { generatedBy, indent, isIdentifier, lineDocs, omittedText, RUST_NEVER_RAW, rustName } from './names.ts';
import { narrow } from './narrow.ts';

/** What Rust calls C's integers: core::ffi has most of them; null for types that only the libc crate has. */
export const C_INTS_IN_RUST: Readonly<Record<CIntName, string | null>> = {
  char: 'core::ffi::c_char',
  'signed char': 'core::ffi::c_schar',
  'unsigned char': 'core::ffi::c_uchar',
  short: 'core::ffi::c_short',
  'unsigned short': 'core::ffi::c_ushort',
  int: 'core::ffi::c_int',
  'unsigned int': 'core::ffi::c_uint',
  long: 'core::ffi::c_long',
  'unsigned long': 'core::ffi::c_ulong',
  'long long': 'core::ffi::c_longlong',
  'unsigned long long': 'core::ffi::c_ulonglong',
  size_t: 'usize',
  ssize_t: 'isize',
  ptrdiff_t: 'isize',
  intptr_t: 'isize',
  uintptr_t: 'usize',
  wchar_t: null,
  wint_t: null,
};

const CONVENTIONS = ['C', 'cdecl', 'stdcall', 'system', 'fastcall', 'vectorcall', 'sysv64', 'win64', 'aapcs'];

export function generateRust(whole: Api): Generated {
  const byKey = new Map(whole.types.map((one) => [one.key, one]));
  const api = narrow(whole, {
    type: limit,
    define: limitOf,
    fn: ({ name, abi }) =>
      !isIdentifier(name)
        ? 'its symbol is no name in Rust'
        : CONVENTIONS.includes(abi)
          ? null
          : `Rust has no convention \`${abi}\` everywhere`,
  });
  const write = (type: Plain): string => text(type, byKey);
  const types = api.types.map((type) => definition(type, write));
  const conventions = [...new Set(api.functions.map(({ abi }) => abi))];
  const blocks = conventions.map((abi) => {
    const functions = api.functions.filter((fn) => fn.abi === abi).map((fn) => declaration(fn, write));
    return `unsafe extern "${abi}" {\n${indent(functions.join('\n'), '    ')}}\n`;
  });
  const head = `// @generated: ${generatedBy('rust', api.title)}\n`;
  const parts = [head, omittedText(api.omitted, (line) => `// ${line}`), ...types, ...blocks];
  return { text: parts.filter((part) => part !== '').join('\n'), omitted: api.omitted };
}

function limit(type: Plain): string | null {
  if (type.kind === 'c-int' && C_INTS_IN_RUST[type.name] === null) return `the standard library of Rust has no \`${type.name}\``;
  if (type.kind === 'c-float' && type.name === 'long double') return 'Rust has no `long double`';
  if (type.kind !== 'fn') return null;
  if (type.fn.variadic && type.fn.abi !== 'C') return 'Rust has no such variadic function pointers';
  return CONVENTIONS.includes(type.fn.abi) ? null : `Rust has no convention \`${type.fn.abi}\` everywhere`;
}

function limitOf(type: ApiType): string | null {
  if (!isIdentifier(type.name) || RUST_NEVER_RAW.has(type.name)) return 'its name is none in Rust';
  if (type.kind === 'enum')
    return type.variants.some(({ value }) => value >= 2n ** 32n || value < -(2n ** 31n)) ? 'its values are wider than int' : null;
  if (type.kind === 'opaque') return null;
  if (type.fields.some(({ bitWidth }) => bitWidth !== null)) return 'Rust has no bit-fields';
  if (type.fields.some(({ align }) => align !== null)) return 'Rust aligns types, not their members';
  return type.pack !== null && type.align !== null ? 'Rust does not both pack and align a type' : null;
}

function text(type: Plain, byKey: ReadonlyMap<string, ApiType>): string {
  const inner = (one: Plain): string => text(one, byKey);
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 'i' : 'u'}${type.bits}`;
    case 'c-int':
      return C_INTS_IN_RUST[type.name] ?? 'core::ffi::c_int';
    case 'float':
      return `f${type.bits}`;
    case 'c-float':
      return `core::ffi::c_${type.name}`;
    case 'bool':
      return 'bool';
    case 'void':
      return '()';
    case 'array':
      return `[${inner(type.of)}; ${type.length ?? 0}]`;
    case 'pointer':
      return `*${type.const ? 'const' : 'mut'} ${type.to === null ? 'core::ffi::c_void' : inner(type.to)}`;
    case 'fn': {
      const { abi, params, result, variadic } = type.fn;
      const list = [...params.map(inner), ...(variadic ? ['...'] : [])].join(', ');
      return `Option<unsafe extern "${abi}" fn(${list})${result.kind === 'void' ? '' : ` -> ${inner(result)}`}>`;
    }
    case 'named':
      return rustName(byKey.get(type.key)?.name ?? type.key);
  }
}

function definition(type: ApiType, write: (type: Plain) => string): string {
  if (type.kind === 'enum') return constants(type, write);
  const allow = /^[A-Z][A-Za-z0-9]*$/.test(type.name) ? '' : '#[allow(non_camel_case_types)]\n';
  if (type.kind === 'opaque') {
    return `${lineDocs(type.docs, '///')}#[repr(C)]\n${allow}pub struct ${rustName(type.name)} {\n    _data: (),\n    _marker: core::marker::PhantomData<(*mut u8, core::marker::PhantomPinned)>,\n}\n`;
  }
  const hints = [
    'C',
    ...(type.pack === null ? [] : [type.pack === 1 ? 'packed' : `packed(${type.pack})`]),
    ...(type.align === null ? [] : [`align(${type.align})`]),
  ];
  const lines = type.fields.map((one) => fieldText(one, write));
  return `${lineDocs(type.docs, '///')}#[repr(${hints.join(', ')})]\n#[derive(Clone, Copy)]\n${allow}pub ${type.kind} ${rustName(type.name)} {\n${indent(lines.join(''), '    ')}}\n`;
}

function fieldText({ name, type, docs }: ApiField, write: (type: Plain) => string): string {
  return `${lineDocs(docs, '///')}pub ${rustName(name)}: ${write(type)},\n`;
}

/** C may hand over any number: a Rust enum would be undefined behaviour for one that is none of its variants. */
function constants(type: ApiEnum, write: (type: Plain) => string): string {
  const { name, docs, underlying, variants } = type;
  const signed = variants.some(({ value }) => value < 0n);
  const base = underlying ? write(underlying) : `core::ffi::${signed ? 'c_int' : 'c_uint'}`;
  const lines = variants.map(
    (one) =>
      `${lineDocs(one.docs, '///')}${/^[A-Z\d_]+$/.test(one.name) ? '' : '#[allow(non_upper_case_globals)]\n'}pub const ${rustName(one.name)}: ${rustName(name)} = ${one.value};\n`,
  );
  const allow = /^[A-Z][A-Za-z0-9]*$/.test(name) ? '' : '#[allow(non_camel_case_types)]\n';
  return `${lineDocs(docs, '///')}${allow}pub type ${rustName(name)} = ${base};\n${lines.join('')}`;
}

function declaration(fn: ApiFn, write: (type: Plain) => string): string {
  const params = fn.params.map((one, i) => `${rustName(fn.names[i] ?? `arg${i}`)}: ${write(one)}`);
  const list = [...params, ...(fn.variadic ? ['...'] : [])].join(', ');
  return `${lineDocs(fn.docs, '///')}pub fn ${rustName(fn.name)}(${list})${fn.result.kind === 'void' ? '' : ` -> ${write(fn.result)}`};\n`;
}
