/** A JavaScript module for koffi: types, and a function that loads the library. */
import type { CIntName } from '../abi/shape.ts';
import type { Api, ApiEnum, ApiFn, ApiRecord, ApiType, Generated, Plain } from './api.types.ts';
import { blockDocs, generatedBy, indent, isIdentifier, JS_WORDS, omittedText } from './names.ts';
import { narrow, plainFn } from './narrow.ts';

/** The documentation of koffi, "Standard C types"; null for those that it has not. */
const INTS: Readonly<Record<CIntName, string | null>> = {
  char: 'char',
  'signed char': 'int8_t',
  'unsigned char': 'uint8_t',
  short: 'short',
  'unsigned short': 'unsigned short',
  int: 'int',
  'unsigned int': 'unsigned int',
  long: 'long',
  'unsigned long': 'unsigned long',
  'long long': 'long long',
  'unsigned long long': 'unsigned long long',
  size_t: 'size_t',
  ssize_t: 'intptr_t',
  ptrdiff_t: 'intptr_t',
  intptr_t: 'intptr_t',
  uintptr_t: 'uintptr_t',
  wchar_t: null,
  wint_t: null,
};

interface Writing {
  readonly byKey: ReadonlyMap<string, ApiType>;
  /** Defined above the place that is being written. */
  readonly done: Set<string>;
  /** Prototypes of callbacks, which need names of their own. */
  readonly protos: Map<string, string>;
}

export function generateKoffi(whole: Api): Generated {
  const api = narrow(whole, {
    type: limit,
    define: limitOf,
    fn: (fn) => plainFn(fn) ?? (JS_WORDS.has(fn.name) ? 'JavaScript keeps its name for itself' : null),
  });
  const out: Writing = { byKey: new Map(api.types.map((one) => [one.key, one])), done: new Set(), protos: new Map() };
  const parts: string[] = [];
  for (const type of api.types) if (type.kind === 'opaque') parts.push(opaque(type, out));
  const flush = (text: string): void => {
    parts.push(...[...out.protos].splice(shown).map(([proto, name]) => `const ${name} = ${proto};\n`), text);
    shown = out.protos.size;
  };
  let shown = 0;
  for (const type of api.types) {
    if (type.kind === 'opaque') continue;
    const text = type.kind === 'enum' ? constants(type) : record(type, out);
    out.done.add(type.key);
    flush(text);
  }
  const functions = api.functions.map((fn) => entry(fn, out));
  flush(
    functions.length === 0
      ? ''
      : `/** Loads the library and declares its functions. */\nexport function load(path) {\n  const library = koffi.load(path);\n  return {\n${indent(functions.join(''), '    ')}  };\n}\n`,
  );
  const head = `// ${generatedBy('koffi', api.title)}\nimport koffi from 'koffi';\n`;
  const text = [head, omittedText(api.omitted, (line) => `// ${line}`), ...parts].filter((part) => part !== '').join('\n');
  return { text, omitted: api.omitted };
}

function limit(type: Plain): string | null {
  if (type.kind === 'int' && type.bits === 128) return 'koffi has no 128-bit integers';
  if (type.kind === 'c-int' && INTS[type.name] === null) return `koffi has no \`${type.name}\``;
  if (type.kind === 'c-float' && type.name === 'long double') return 'koffi has no `long double`';
  if (type.kind === 'array' && type.length === null) return 'koffi has no arrays without a length';
  if (type.kind !== 'fn') return null;
  if (type.fn.variadic) return 'koffi has no variadic function pointers';
  return type.fn.abi === 'C' || type.fn.abi === 'cdecl' ? null : `the convention \`${type.fn.abi}\` is C's own on some targets only`;
}

function limitOf(type: ApiType): string | null {
  if (!isIdentifier(type.name) || JS_WORDS.has(type.name)) return 'its name is none in JavaScript';
  if (type.kind !== 'struct' && type.kind !== 'union') return null;
  if (type.fields.some(({ bitWidth }) => bitWidth !== null)) return 'koffi has no bit-fields';
  if (type.kind === 'union' && type.pack !== null) return 'koffi has no packed unions';
  return type.pack !== null && type.pack !== 1 ? `koffi cannot pack to ${type.pack} bytes` : null;
}

/** A type as an expression: a name of koffi's in quotes, or something that koffi made. */
function text(type: Plain, place: 'value' | 'pointee', out: Writing): string {
  switch (type.kind) {
    case 'int':
      return `'${type.signed ? '' : 'u'}int${type.bits}_t'`;
    case 'c-int':
      return `'${INTS[type.name] ?? 'int'}'`;
    case 'float':
      return type.bits === 32 ? `'float'` : `'double'`;
    case 'c-float':
      return `'${type.name}'`;
    case 'bool':
      return `'bool'`;
    case 'void':
      return `'void'`;
    case 'array':
      return `koffi.array(${text(type.of, place, out)}, ${type.length ?? 0})`;
    case 'fn':
      return callback(type.fn, out);
    case 'pointer':
      return pointer(type, place, out);
    case 'named': {
      const found = out.byKey.get(type.key);
      if (found?.kind === 'enum') return found.underlying === null ? `'int'` : text(found.underlying, place, out);
      return found?.name ?? `'void'`;
    }
  }
}

/** `str` is what koffi copies a C string into. */
function pointer({ to, const: isConst }: Extract<Plain, { kind: 'pointer' }>, place: 'value' | 'pointee', out: Writing): string {
  if (to === null || to.kind === 'fn') return `'void *'`;
  // koffi makes a string of every `char *` and forgets the address, which has to be given back where it is not const.
  if (to.kind === 'c-int' && to.name === 'char') return isConst && place === 'value' ? `'str'` : `'void *'`;
  const found = to.kind === 'named' ? out.byKey.get(to.key) : undefined;
  // koffi wants a type to be there before it is pointed to.
  if (found && found.kind !== 'enum' && found.kind !== 'opaque' && !out.done.has(found.key)) return `'void *'`;
  return `koffi.pointer(${text(to, 'pointee', out)})`;
}

function callback({ params, result }: Extract<Plain, { kind: 'fn' }>['fn'], out: Writing): string {
  const args = params.map((one) => text(one, 'value', out)).join(', ');
  const key = `koffi.proto('Callback${out.protos.size}', ${text(result, 'value', out)}, [${args}])`;
  const same = [...out.protos].find(([proto]) => proto.replace(/'Callback\d+'/, '') === key.replace(/'Callback\d+'/, ''));
  const name = same?.[1] ?? `Callback${out.protos.size}`;
  if (!same) out.protos.set(key, name);
  return `koffi.pointer(${name})`;
}

function opaque({ key, name, docs }: ApiType, out: Writing): string {
  out.done.add(key);
  return `${blockDocs(docs)}export const ${name} = koffi.opaque('${name}');\n`;
}

function constants({ name, docs, variants }: ApiEnum): string {
  const shared = variants.every((one) => one.name.startsWith(`${name}_`)) ? name.length + 1 : 0;
  const number = (value: bigint): string => (value > 2n ** 53n || value < -(2n ** 53n) ? `${value}n` : String(value));
  const lines = variants.map((one) => `${blockDocs(one.docs)}${one.name.slice(shared)}: ${number(one.value)},\n`);
  return `${blockDocs(docs)}export const ${name} = Object.freeze({\n${indent(lines.join(''), '  ')}});\n`;
}

function record(type: ApiRecord, out: Writing): string {
  const make = type.kind === 'union' ? 'union' : type.pack === 1 ? 'pack' : 'struct';
  const lines = type.fields.map((one, i) => {
    const align = Math.max(one.align ?? 0, i === 0 ? (type.align ?? 0) : 0);
    const value = text(one.type, 'value', out);
    return `${blockDocs(one.docs)}${one.name}: ${align > 0 ? `[${align}, ${value}]` : value},\n`;
  });
  return `${blockDocs(type.docs)}export const ${type.name} = koffi.${make}('${type.name}', {\n${indent(lines.join(''), '  ')}});\n`;
}

function entry(fn: ApiFn, out: Writing): string {
  const params = fn.params.map((one) => text(one, 'value', out));
  const list = fn.variadic ? [...params, `'...'`] : params;
  return `${blockDocs(fn.docs)}${fn.name}: library.func('${fn.name}', ${text(fn.result, 'value', out)}, [${list.join(', ')}]),\n`;
}
