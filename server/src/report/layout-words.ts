/** Words about layouts that the formats share. */
import type { Difference } from '../abi/differences.ts';
import type { LayoutLanguageName, TypeLayout } from '../abi/layout-entries.ts';
import type { FieldLayout } from '../abi/layout.types.ts';
import { shapeText } from '../abi/shape-text.ts';
import { plural } from './summary.ts';

export const LANGUAGES: Readonly<Record<LayoutLanguageName, string>> = { rust: 'Rust', c: 'C', python: 'Python' };

/** As it is written, else as its shape is called. */
export function fieldType({ written, language }: TypeLayout, field: FieldLayout): string {
  return written.get(field.name) ?? shapeText(field.shape, language);
}

/** `16 bytes, align 8, 7 bytes of padding`; nothing about padding where no members are known. */
export function sizeText({ layout: { size, align, padding, fields } }: TypeLayout): string {
  const rest = fields.length === 0 ? '' : padding === 0 ? ', no padding' : `, ${plural(padding, 'byte')} of padding`;
  return `${plural(size, 'byte')}, align ${align}${rest}`;
}

/** `struct point`, `class Point`; a C alias is a `typedef`. */
export function headText({ kind, name, language }: TypeLayout): string {
  const word =
    language === 'python' ? (kind === 'union' ? 'Union' : 'Structure') : kind === 'alias' ? (language === 'c' ? 'typedef' : 'type') : kind;
  return `${word} ${name}`;
}

/** Where it lies: `8`, or `bit 32` for a bit-field. */
export function offsetText({ offset, bitOffset }: FieldLayout): string {
  return offset !== null ? String(offset) : `bit ${bitOffset ?? 0}`;
}

export function fieldSizeText({ size, bitWidth }: FieldLayout): string {
  return bitWidth === null ? String(size) : plural(bitWidth, 'bit');
}

/** An alias of a type that is shown as well needs no map of its own. */
export function isShownElsewhere(one: TypeLayout, types: readonly TypeLayout[]): boolean {
  const figures = ({ layout: { size, align, fields } }: TypeLayout): string =>
    JSON.stringify([size, align, fields.map((field) => [field.name, field.offset, field.bitOffset, field.size])]);
  const same = (other: TypeLayout): boolean => other.target === one.target && other.language === one.language && other.kind !== 'alias';
  return one.kind === 'alias' && types.some((other) => same(other) && figures(other) === figures(one));
}

const WHAT: Readonly<Record<Difference['what'], string>> = {
  size: 'size',
  align: 'alignment',
  offset: 'offset',
  bitOffset: 'bit offset',
  bitWidth: 'width in bits',
  missing: 'presence',
};

/** ``offset of `y`: 8 in Rust, 4 in C`` */
export function differenceText(one: Difference): string {
  const sides = (['rust', 'c', 'python'] as const).flatMap((side) => {
    const value = one[side];
    return value === undefined ? [] : [{ language: LANGUAGES[side], value }];
  });
  if (one.what === 'missing') {
    const has = sides.filter(({ value }) => value !== null).map(({ language, value }) => `at offset ${value} in ${language}`);
    const lacks = sides.filter(({ value }) => value === null).map(({ language }) => language);
    return `\`${one.field ?? ''}\` is ${has.join(' and ')}, and not in ${lacks.join(' or ')}`;
  }
  const figures = sides.map(({ language, value }) => `${value} in ${language}`).join(', ');
  return `${WHAT[one.what]}${one.field === null ? '' : ` of \`${one.field}\``}: ${figures}`;
}

/** `Rust, C and Python agree`, `2 differences` */
export function verdictText(differences: readonly Difference[], languages: readonly string[]): string {
  if (differences.length > 0) return plural(differences.length, 'difference');
  const last = languages.at(-1) ?? '';
  return `${languages.slice(0, -1).join(', ')} and ${last} agree`;
}
