/** Symbol tables for Deno.dlopen and for bun:ffi. */
import type { CIntName } from '../abi/shape.ts';
import type { Api, ApiEnum, Generated, Plain } from './api.types.ts';
import { blockDocs, generatedBy, indent, omittedText } from './names.ts';
import { narrow, plainFn } from './narrow.ts';

/** Widths that are the same on every platform of Deno and Bun; null for the others, and for plain char, whose sign differs. */
const INTS: Readonly<Record<CIntName, string | null>> = {
  char: null,
  'signed char': 'i8',
  'unsigned char': 'u8',
  short: 'i16',
  'unsigned short': 'u16',
  int: 'i32',
  'unsigned int': 'u32',
  long: null,
  'unsigned long': null,
  'long long': 'i64',
  'unsigned long long': 'u64',
  size_t: 'usize',
  ssize_t: 'isize',
  ptrdiff_t: 'isize',
  intptr_t: 'isize',
  uintptr_t: 'usize',
  wchar_t: null,
  wint_t: null,
};

/** Longest array of a struct that is written out member by member. */
const MOST_ELEMENTS = 64;

export function generateDeno(whole: Api): Generated {
  const byKey = new Map(whole.types.map((one) => [one.key, one]));
  const api = narrow(whole, {
    type: (type, place) => scalarLimit(type, 'Deno', place),
    define: (type) => {
      if (type.kind === 'union') return 'Deno has no unions';
      if (type.kind === 'enum') return type.underlying ? scalarLimit(type.underlying, 'Deno', 'param') : null;
      if (type.kind !== 'struct') return null;
      if (type.fields.some(({ bitWidth }) => bitWidth !== null)) return 'Deno has no bit-fields';
      return type.pack !== null || type.align !== null || type.fields.some(({ align }) => align !== null)
        ? 'Deno cannot pack or align a struct'
        : null;
    },
    fn: (fn) => plainFn(fn) ?? (fn.variadic ? 'Deno has no variadic functions' : null),
  });
  const text = (type: Plain): string => {
    if (type.kind === 'named') {
      const found = byKey.get(type.key);
      if (found?.kind === 'enum') return found.underlying ? text(found.underlying) : `'i32'`;
      return found?.name ?? `'void'`;
    }
    return `'${type.kind === 'fn' ? 'function' : type.kind === 'pointer' ? 'pointer' : scalar(type)}'`;
  };
  const fields = (type: Plain): readonly string[] =>
    type.kind === 'array' ? Array.from({ length: type.length ?? 0 }, () => fields(type.of)).flat() : [text(type)];
  const types = api.types.map((type) => {
    if (type.kind === 'enum') return constants(type);
    if (type.kind !== 'struct') return '';
    const lines = type.fields.map((one) => `${blockDocs(one.docs)}// ${one.name}\n${fields(one.type).join(', ')},\n`);
    return `${blockDocs(type.docs)}export const ${type.name} = {\n  struct: [\n${indent(lines.join(''), '    ')}  ],\n} as const;\n`;
  });
  const functions = api.functions.map(
    (fn) => `${blockDocs(fn.docs)}${fn.name}: { parameters: [${fn.params.map(text).join(', ')}], result: ${text(fn.result)} },\n`,
  );
  const symbols =
    functions.length === 0
      ? ''
      : `export const symbols = {\n${indent(functions.join(''), '  ')}} as const;\n\n/** Opens the library. */\nexport function load(path: string | URL) {\n  return Deno.dlopen(path, symbols).symbols;\n}\n`;
  return together(api, [`// ${generatedBy('deno', api.title)}\n`, ...types, symbols]);
}

export function generateBun(whole: Api): Generated {
  const byKey = new Map(whole.types.map((one) => [one.key, one]));
  const isRecord = (type: Plain): boolean => type.kind === 'named' && byKey.get(type.key)?.kind !== 'enum';
  const api = narrow(whole, {
    type: (type, place) =>
      place !== 'pointee' && isRecord(type) ? 'Bun passes no struct or union by value' : scalarLimit(type, 'Bun', place),
    // Records are only pointed to: nothing is written of them.
    define: (type) => (type.kind === 'enum' && type.underlying ? scalarLimit(type.underlying, 'Bun', 'param') : null),
    fn: (fn) => plainFn(fn) ?? (fn.variadic ? 'Bun has no variadic functions' : null),
  });
  const functions = new Set(api.functions.map(({ name }) => name));
  // What only a record has wrong with it does not matter where no record is written.
  const omitted = api.omitted.filter(
    ({ name }) => functions.has(name) || !api.types.some((type) => type.name === name && type.kind !== 'enum'),
  );
  const text = (type: Plain): string => {
    if (type.kind === 'named') {
      const found = byKey.get(type.key);
      return found?.kind === 'enum' && found.underlying ? text(found.underlying) : 'FFIType.i32';
    }
    // Bun takes no null for a function; `callback.ptr` goes where an address does.
    if (type.kind === 'fn') return type.nullable ? 'FFIType.ptr' : 'FFIType.function';
    if (type.kind === 'pointer')
      return type.const && type.to?.kind === 'c-int' && type.to.name === 'char' ? 'FFIType.cstring' : 'FFIType.ptr';
    const name = scalar(type);
    return `FFIType.${name === 'usize' ? 'u64' : name === 'isize' ? 'i64' : name}`;
  };
  const entries = api.functions.map(
    (fn) => `${blockDocs(fn.docs)}${fn.name}: { args: [${fn.params.map(text).join(', ')}], returns: ${text(fn.result)} },\n`,
  );
  const symbols =
    entries.length === 0
      ? ''
      : `export const symbols = {\n${indent(entries.join(''), '  ')}} as const;\n\n/** Opens the library. */\nexport function load(path: string) {\n  return dlopen(path, symbols).symbols;\n}\n`;
  const head = `// ${generatedBy('bun', api.title)}\nimport { dlopen, FFIType } from 'bun:ffi';\n`;
  const enums = api.types.map((type) => (type.kind === 'enum' ? constants(type) : ''));
  return together({ ...api, omitted }, [head, ...enums, symbols]);
}

function together(api: Api, [head = '', ...parts]: readonly string[]): Generated {
  const text = [head, omittedText(api.omitted, (line) => `// ${line}`), ...parts].filter((part) => part !== '').join('\n');
  return { text, omitted: api.omitted };
}

function scalarLimit(type: Plain, runtime: string, place: 'param' | 'result' | 'field' | 'pointee'): string | null {
  if (type.kind === 'fn')
    return type.fn.abi === 'C' || type.fn.abi === 'cdecl'
      ? null
      : `${runtime} has no function pointers of the convention \`${type.fn.abi}\``;
  if (place === 'pointee') return null;
  if (type.kind === 'int' && type.bits === 128) return `${runtime} has no 128-bit integers`;
  if (type.kind === 'c-int' && INTS[type.name] === null)
    return `${runtime} has no \`${type.name}\`, which is not the same on every platform`;
  if (type.kind === 'c-float' && type.name === 'long double') return `${runtime} has no \`long double\``;
  if (type.kind === 'array') {
    if (type.length === null) return `${runtime} has no arrays without a length`;
    return type.length > MOST_ELEMENTS ? `${runtime} has no arrays, and ${type.length} members are too many to write` : null;
  }
  return null;
}

function scalar(type: Exclude<Plain, { kind: 'named' | 'fn' | 'pointer' }>): string {
  switch (type.kind) {
    case 'int':
      return `${type.signed ? 'i' : 'u'}${type.bits}`;
    case 'c-int':
      return INTS[type.name] ?? 'i32';
    case 'float':
      return `f${type.bits}`;
    case 'c-float':
      return type.name === 'float' ? 'f32' : 'f64';
    case 'bool':
      return 'bool';
    case 'void':
    case 'array':
      return 'void';
  }
}

function constants({ name, docs, variants }: ApiEnum): string {
  const shared = variants.every((one) => one.name.startsWith(`${name}_`)) ? name.length + 1 : 0;
  const lines = variants.map((one) => `${blockDocs(one.docs)}${one.name.slice(shared)}: ${one.value}${isSafe(one.value) ? '' : 'n'},\n`);
  return `${blockDocs(docs)}export const ${name} = {\n${indent(lines.join(''), '  ')}} as const;\n`;
}

function isSafe(value: bigint): boolean {
  return value <= 2n ** 53n && value >= -(2n ** 53n);
}
