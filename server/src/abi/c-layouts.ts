/** The layouts of what a header defines under a name: tags, unnamed records behind a typedef, and typedefs of tags. */
import type { CDefinition, CField, CType, CTypedef, CUnit } from '../model/c/ast.ts';
import { cTypeText } from '../model/c/type-text.ts';
import { cShapes } from './c-shapes.ts';
import type { CShapes } from './c-shapes.ts';
import { computeLayout, computeSize } from './compute.ts';
import type { LayoutEntries, TypeLayout, UnknownType } from './layout-entries.ts';
import type { LayoutResult } from './layout.types.ts';
import type { TypeDef, UnknownShape } from './shape.ts';
import type { Target } from './targets.ts';

interface Collecting {
  readonly shapes: CShapes;
  readonly target: Target;
  readonly types: TypeLayout[];
  readonly unknown: UnknownType[];
}

/** Of the files for which `wanted` says yes, in the order of definition. */
export function cLayouts(unit: CUnit, target: Target, wanted: (file: string) => boolean): LayoutEntries {
  const out: Collecting = { shapes: cShapes(unit, target), target, types: [], unknown: [] };
  const tagged = new Set<string>();
  for (const one of unit.definitions) {
    if (one.tag === null || tagged.has(`${one.kind} ${one.tag}`) || !wanted(one.at.file)) continue;
    tagged.add(`${one.kind} ${one.tag}`);
    add(out, one.tag, one, one.kind, one, out.shapes.resolve(`${one.kind} ${one.tag}`));
  }
  const listed = new Set([...tagged].map((key) => key.slice(key.indexOf(' ') + 1)));
  for (const one of unit.typedefs) {
    if (!wanted(one.at.file) || listed.has(one.name)) continue;
    if (addTypedef(out, one)) listed.add(one.name);
  }
  for (const { tag, name, at } of unit.mentions) {
    if (!wanted(at.file) || listed.has(name) || unit.definitions.some((one) => one.kind === tag && one.tag === name)) continue;
    listed.add(name);
    unknown(out, name, at, 'opaque');
  }
  for (const { name, at, reason } of unit.dropped) {
    if (name === null || !wanted(at.file) || listed.has(name)) continue;
    listed.add(name);
    unknown(out, name, at, reason);
  }
  return { types: inOrder(out.types), unknown: inOrder(out.unknown) };
}

function inOrder<T extends Pick<TypeLayout, 'at'>>(list: readonly T[]): readonly T[] {
  return [...list].sort((a, b) => (a.at.file < b.at.file ? -1 : a.at.file > b.at.file ? 1 : a.at.span.start - b.at.span.start));
}

function unknown({ target, unknown: list }: Collecting, name: string, at: UnknownType['at'], reason: string): void {
  list.push({ language: 'c', name, at, target: target.triple, reason });
}

function add(
  out: Collecting,
  name: string,
  { at }: Pick<CTypedef, 'at'>,
  kind: TypeLayout['kind'],
  definition: CDefinition,
  def: TypeDef | UnknownShape,
): void {
  const { target, shapes } = out;
  const layout: LayoutResult = def.kind === 'unknown' ? def : computeLayout(def, shapes.resolve, target);
  if (layout.kind === 'unknown') {
    unknown(out, name, at, layout.reason);
    return;
  }
  const written = definition.kind === 'enum' ? new Map<string, string>() : writtenTypes(definition.fields, '');
  out.types.push({ kind, language: 'c', name, at, target: target.triple, provenance: 'computed', layout, written });
}

/** True where the typedef names a record or enum itself. */
function addTypedef(out: Collecting, one: CTypedef): boolean {
  const { shapes, target } = out;
  const definition = meant(one, out);
  if (definition === null) return false;
  if (definition === 'opaque') {
    unknown(out, one.name, one.at, 'opaque');
    return true;
  }
  const unnamed =
    one.type.kind === 'record' || one.type.kind === 'enum' ? definition.tag === null && firstName(out, definition) === one.name : false;
  const shape = shapes.typedef(one.name);
  const def = shape?.kind === 'unknown' ? shape : shapes.lower(definition);
  const before = out.types.length;
  add(out, one.name, one, unnamed ? definition.kind : 'alias', definition, def);
  // An alignment on the typedef is its own; the size stays that of the type.
  const made = out.types[before];
  const size = shape && shape.kind === 'aligned' ? computeSize(shape, 'c', shapes.resolve, target) : null;
  if (made && size && !('kind' in size)) out.types[before] = { ...made, layout: { ...made.layout, size: size.size, align: size.align } };
  return true;
}

/** The typedef that stands first behind an unnamed record gives it its name. */
function firstName({ shapes: { unit } }: Collecting, definition: CDefinition): string | null {
  const found = unit.typedefs.find(
    ({ type }) => (type.kind === 'record' ? type.record : type.kind === 'enum' ? type.enum : null) === definition,
  );
  return found?.name ?? null;
}

/** The definition that a typedef names directly or over other typedefs; null where it names something else. */
function meant(one: CTypedef, { shapes: { unit } }: Collecting): CDefinition | 'opaque' | null {
  let type: CType = one.type;
  for (let i = 0; i < 32; i++) {
    if (type.kind === 'record') return type.record;
    if (type.kind === 'enum') return type.enum;
    if (type.kind === 'tag') {
      const { tag, name } = type;
      return unit.definitions.find((other) => other.kind === tag && other.tag === name) ?? 'opaque';
    }
    if (type.kind !== 'named') return null;
    const { name } = type;
    const next = unit.typedefs.find((other) => other.name === name);
    if (!next) return null;
    type = next.type;
  }
  return null;
}

/** Types as written, under the names that layouts give to fields. */
function writtenTypes(fields: readonly CField[], prefix: string): Map<string, string> {
  const out = new Map<string, string>();
  for (const one of fields) {
    const below = one.type.kind === 'record' && one.type.record.tag === null ? one.type.record.fields : null;
    if (one.name !== null) out.set(`${prefix}${one.name}`, cTypeText(one.type));
    const inner = below ? writtenTypes(below, one.name === null ? prefix : `${prefix}${one.name}.`) : [];
    for (const [name, text] of inner) out.set(name, text);
  }
  return out;
}
