/** What a header defines under a name: tags, unnamed records behind a typedef, and typedefs of tags. */
import type { Location } from '../base/text.ts';
import type { CDefinition, CField, CType, CTypedef, CUnit } from '../model/c/ast.ts';
import { cTypeText } from '../model/c/type-text.ts';
import type { TypeLayout } from './layout-entries.ts';

export interface CNamedType {
  readonly kind: TypeLayout['kind'];
  readonly name: string;
  /** As C writes it: `struct point`, or the typedef's name. */
  readonly spelling: string;
  readonly at: Location;
  readonly definition: CDefinition;
  /** null for a tag. */
  readonly typedef: CTypedef | null;
}

export interface CUnnamed {
  readonly name: string;
  readonly at: Location;
  readonly reason: string;
}

export interface CNamedTypes {
  readonly types: readonly CNamedType[];
  /** Declared, and not to be laid out: incomplete types, declarations that are not understood. */
  readonly others: readonly CUnnamed[];
}

/** Of the files for which `wanted` says yes. */
export function cNamedTypes(unit: CUnit, wanted: (file: string) => boolean): CNamedTypes {
  const types: CNamedType[] = [];
  const others: CUnnamed[] = [];
  const tagged = new Set<string>();
  for (const one of unit.definitions) {
    const spelling = `${one.kind} ${one.tag}`;
    if (one.tag === null || tagged.has(spelling) || !wanted(one.at.file)) continue;
    tagged.add(spelling);
    types.push({ kind: one.kind, name: one.tag, spelling, at: one.at, definition: one, typedef: null });
  }
  const listed = new Set([...tagged].map((key) => key.slice(key.indexOf(' ') + 1)));
  const lookup = createLookup(unit);
  for (const one of unit.typedefs) {
    if (!wanted(one.at.file) || listed.has(one.name) || one.macro) continue;
    const definition = lookup.meant(one);
    if (definition === null) continue;
    listed.add(one.name);
    if (definition === 'opaque') others.push({ name: one.name, at: one.at, reason: 'opaque' });
    else {
      const unnamed = definition.tag === null && lookup.nameOf(definition) === one.name;
      const kind = unnamed ? definition.kind : 'alias';
      types.push({ kind, name: one.name, spelling: one.name, at: one.at, definition, typedef: one });
    }
  }
  const defined = new Set(unit.definitions.map((one) => `${one.kind} ${one.tag}`));
  for (const { tag, name, at } of unit.mentions) {
    if (!wanted(at.file) || listed.has(name) || defined.has(`${tag} ${name}`)) continue;
    listed.add(name);
    others.push({ name, at, reason: 'opaque' });
  }
  for (const { name, at, reason } of unit.dropped) {
    if (name === null || !wanted(at.file) || listed.has(name)) continue;
    listed.add(name);
    others.push({ name, at, reason });
  }
  return { types, others };
}

function createLookup({ definitions, typedefs }: CUnit) {
  const byTag = new Map<string, CDefinition>();
  for (const one of definitions) if (!byTag.has(`${one.kind} ${one.tag}`)) byTag.set(`${one.kind} ${one.tag}`, one);
  const byName = new Map<string, CTypedef>();
  /** The typedef that stands first behind an unnamed record gives it its name. */
  const names = new Map<CDefinition, string>();
  for (const one of typedefs) {
    if (!byName.has(one.name)) byName.set(one.name, one);
    const definition = one.type.kind === 'record' ? one.type.record : one.type.kind === 'enum' ? one.type.enum : null;
    if (definition && !names.has(definition)) names.set(definition, one.name);
  }
  /** The definition that a typedef names directly or over other typedefs; null where it names something else. */
  const meant = (one: CTypedef): CDefinition | 'opaque' | null => {
    let type: CType = one.type;
    for (let i = 0; i < 32; i++) {
      if (type.kind === 'record') return type.record;
      if (type.kind === 'enum') return type.enum;
      if (type.kind === 'tag') return byTag.get(`${type.tag} ${type.name}`) ?? 'opaque';
      if (type.kind !== 'named') return null;
      const next = byName.get(type.name);
      if (!next) return null;
      type = next.type;
    }
    return null;
  };
  return { meant, nameOf: (definition: CDefinition) => names.get(definition) ?? null };
}

export interface CFieldPath {
  /** As layouts name fields: members of nameless members under their own names, those of a named unnamed record by path. */
  readonly path: string;
  readonly field: CField;
}

/** The members of a record with those of the unnamed records in it; nameless bit-fields are left out. */
export function cFieldPaths(fields: readonly CField[], prefix = ''): readonly CFieldPath[] {
  return fields.flatMap((field): readonly CFieldPath[] => {
    const below = field.type.kind === 'record' && field.type.record.tag === null ? field.type.record.fields : [];
    if (field.name === null) return cFieldPaths(below, prefix);
    const path = `${prefix}${field.name}`;
    return [{ path, field }, ...cFieldPaths(below, `${path}.`)];
  });
}

/** Types as written, under the names that layouts give to fields. */
export function cWrittenTypes(definition: CDefinition): ReadonlyMap<string, string> {
  if (definition.kind === 'enum') return new Map();
  return new Map(cFieldPaths(definition.fields).map(({ path, field }) => [path, cTypeText(field.type)]));
}
