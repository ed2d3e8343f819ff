/** C text of plain types and of the definitions of an api; shared by headers, cffi and proofs. */
import type { Api, ApiEnum, ApiField, ApiFn, ApiRecord, ApiType, Plain } from './api.types.ts';
import { C_WORDS, blockDocs, free, indent } from './names.ts';

/** What a type of the api is called, by its key. */
export type NameOf = (key: string) => string;

export function cNames(api: Api): NameOf {
  const byKey = new Map(api.types.map((one) => [one.key, one.name]));
  return (key) => (isTag(key) ? key : (byKey.get(key) ?? key));
}

/** A C type that is used with its keyword. */
function isTag(key: string): boolean {
  return /^(struct|union|enum) \w+$/.test(key);
}

/** A declaration of a name (empty for a type alone): `int32_t (*f)(void)`. */
export function cDeclare(type: Plain, name: string, nameOf: NameOf, isConst = false): string {
  switch (type.kind) {
    case 'pointer': {
      const star = `*${isConst ? 'const' : ''}${isConst && name !== '' ? ' ' : ''}${name}`;
      if (type.to === null) return `${type.const ? 'const ' : ''}void ${star}`;
      return cDeclare(type.to, type.to.kind === 'array' ? `(${star})` : star, nameOf, type.const);
    }
    case 'fn':
      return cPrototype(type.fn.result, `(*${isConst ? 'const ' : ''}${name})`, type.fn.params, [], type.fn.variadic, nameOf);
    case 'array':
      return cDeclare(type.of, `${name}[${type.length ?? ''}]`, nameOf, isConst);
    default: {
      const base = `${isConst ? 'const ' : ''}${scalar(type, nameOf)}`;
      return name === '' || name.startsWith('[') ? base + name : `${base} ${name}`;
    }
  }
}

export function cPrototype(
  result: Plain,
  name: string,
  params: readonly Plain[],
  names: readonly string[],
  variadic: boolean,
  nameOf: NameOf,
): string {
  const list = params.map((one, i) => cDeclare(one, free(names[i] ?? '', C_WORDS), nameOf));
  const all = variadic ? [...list, '...'] : list.length === 0 ? ['void'] : list;
  return cDeclare(result, `${name}(${all.join(', ')})`, nameOf);
}

function scalar(type: Exclude<Plain, { kind: 'pointer' | 'fn' | 'array' }>, nameOf: NameOf): string {
  switch (type.kind) {
    case 'int':
      return type.bits === 128 ? `${type.signed ? '' : 'unsigned '}__int128` : `${type.signed ? '' : 'u'}int${type.bits}_t`;
    case 'c-int':
    case 'c-float':
      return type.name;
    case 'float':
      return type.bits === 32 ? 'float' : 'double';
    case 'bool':
      return 'bool';
    case 'void':
      return 'void';
    case 'named':
      return nameOf(type.key);
  }
}

export function cFunction(fn: Omit<ApiFn, 'at'>, nameOf: NameOf, convention = ''): string {
  const name = convention === '' ? fn.name : `${convention} ${fn.name}`;
  return `${blockDocs(fn.docs)}${cPrototype(fn.result, name, fn.params, fn.names, fn.variadic, nameOf)};\n`;
}

/** The names of all records, so that their members may point to any of them. Empty for an api of C, whose tags need none. */
export function cForward(api: Api): string {
  return api.types
    .filter((one) => one.kind !== 'enum' && !isTag(one.key))
    .map(({ kind, name, key }) => `typedef ${kind === 'union' || key.startsWith('union ') ? 'union' : 'struct'} ${name} ${name};\n`)
    .join('');
}

/** A definition; nothing for an opaque type. */
export function cDefinition(type: ApiType, nameOf: NameOf): string {
  if (type.kind === 'opaque') return '';
  return type.kind === 'enum' ? cEnum(type, nameOf) : cRecord(type, nameOf);
}

function cRecord({ kind, name, fields, docs, align }: ApiRecord, nameOf: NameOf): string {
  const lines = fields.map((one, i) => cField(one, i === 0 ? align : null, nameOf));
  return `${blockDocs(docs)}${kind} ${name} {\n${indent(lines.join(''), '    ')}};\n`;
}

/** The alignment of a record is that of its strictest member: the first one takes it on. */
export function cField({ name, type, bitWidth, align, docs, anonymous }: ApiField, whole: number | null, nameOf: NameOf): string {
  const most = Math.max(align ?? 0, whole ?? 0);
  const bits = bitWidth === null ? '' : ` : ${bitWidth}`;
  const declared = cDeclare(type, anonymous ? '' : free(name, C_WORDS), nameOf);
  return `${blockDocs(docs)}${most > 0 ? `_Alignas(${most}) ` : ''}${declared}${bits};\n`;
}

const INT_MAX = 2n ** 31n - 1n;

/** C's constants are ints: a greater value stands in a macro. */
function cEnum({ name, key, docs, underlying, variants }: ApiEnum, nameOf: NameOf): string {
  const fits = ({ value }: ApiEnum['variants'][number]): boolean => value >= -INT_MAX - 1n && value <= INT_MAX;
  const body = variants.filter(fits).map((one) => `${blockDocs(one.docs)}${one.name} = ${one.value},\n`);
  const list = body.length === 0 ? '' : `{\n${indent(body.join(''), '    ')}}`;
  const macros = variants
    .filter((one) => !fits(one))
    .map(
      (one) =>
        `${blockDocs(one.docs)}#define ${one.name} ${one.value}${one.value < 0n ? '' : 'u'}${one.value > 2n ** 32n - 1n ? 'll' : ''}\n`,
    );
  const tag = isTag(key) ? key : `enum ${name}`;
  if (underlying === null && isTag(key)) return `${blockDocs(docs)}${tag} ${list};\n`;
  if (underlying === null) return `${blockDocs(docs)}typedef ${tag} ${list} ${name};\n`;
  return `${blockDocs(docs)}typedef ${cDeclare(underlying, name, nameOf)};\n${list === '' ? '' : `enum ${list};\n`}${macros.join('')}`;
}
