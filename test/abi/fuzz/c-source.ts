/** Shapes as C source. */
import type { FieldDef, Shape, TypeDef } from '../../../server/src/abi/shape.ts';
import type { Defs } from './c-types.ts';

/** All definitions, each under its `#pragma pack`. */
export function cSource(defs: Defs): string {
  const texts = [...defs].map(([tag, def]) => {
    const body = `${definition(def, tag)};`;
    return def.kind !== 'enum' && def.pack !== null ? `#pragma pack(push, ${def.pack})\n${body}\n#pragma pack(pop)` : body;
  });
  return `${texts.join('\n')}\n`;
}

/** The keyword and tag of a definition. */
export function tagged(def: TypeDef, tag: string): string {
  return `${def.kind} ${tag}`;
}

function attributes(packed: boolean, align: number | 'max' | null): string {
  const list = [...(packed ? ['packed'] : []), ...(align === null ? [] : [align === 'max' ? 'aligned' : `aligned(${align})`])];
  return list.length === 0 ? '' : ` __attribute__((${list.join(', ')}))`;
}

function definition(def: TypeDef, tag: string): string {
  if (def.kind === 'enum') {
    // An enumerator is known to the whole file; the least value of long long cannot be written as one literal.
    const values = def.variants.map(({ name, value }) => `${tag}_${name} = ${value ?? 0}`);
    return `enum${attributes(def.packed, def.align)} ${tag} { ${values.join(', ')} }`;
  }
  const fields = def.fields.map((field) => `  ${member(field)};`).join('\n');
  return `${def.kind}${attributes(def.packed !== null, def.align)} ${tag} {\n${fields}\n}`;
}

function member(field: FieldDef): string {
  const bits = field.bitWidth === null ? '' : ` : ${field.bitWidth}`;
  return `${declare(field.shape, field.name ?? '')}${bits}${attributes(field.packed, field.align)}`;
}

function declare(shape: Shape, name: string): string {
  if (shape.kind === 'array') return declare(shape.element, `${name}[${shape.length ?? ''}]`);
  return `${spelled(shape)} ${name}`.trim();
}

const MODES = { 8: 'QI', 16: 'HI', 32: 'SI', 64: 'DI', 128: 'TI' } as const;

function spelled(shape: Shape): string {
  switch (shape.kind) {
    case 'c-int':
      return TYPES[shape.name] ?? shape.name;
    case 'c-float':
      return shape.name;
    case 'int':
      return shape.bits === 128 ? `${shape.signed ? '' : 'unsigned '}__int128` : `m${MODES[shape.bits]}${shape.signed ? 's' : 'u'}`;
    case 'complex':
      return `_Complex ${spelled(shape.element)}`;
    case 'bool':
      return '_Bool';
    case 'pointer':
      return 'void *';
    case 'ref':
      return `KEY(${shape.key})`;
    case 'inline':
      return definition(shape.def, '');
    default:
      throw new Error(`${shape.kind} is not written here`);
  }
}

const TYPES: Readonly<Record<string, string>> = {
  size_t: '__SIZE_TYPE__',
  ptrdiff_t: '__PTRDIFF_TYPE__',
  uintptr_t: '__UINTPTR_TYPE__',
  wchar_t: '__WCHAR_TYPE__',
  wint_t: '__WINT_TYPE__',
};

/** Integers by width, whatever the target calls them. */
export const PRELUDE = [8, 16, 32, 64]
  .map((bits) => {
    const mode = MODES[bits as 8 | 16 | 32 | 64];
    return `typedef int m${mode}s __attribute__((mode(${mode})));\ntypedef unsigned m${mode}u __attribute__((mode(${mode})));\n`;
  })
  .join('');

/** Puts the keyword in front of every tag that a member names. */
export function withKeywords(source: string, defs: Defs): string {
  return source.replace(/KEY\((\w+)\)/g, (_, tag: string) => {
    const def = defs.get(tag);
    return def ? tagged(def, tag) : tag;
  });
}
