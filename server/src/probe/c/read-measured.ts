/** Layouts out of the figures that a probe's object holds. */
import { cFieldPaths, cWrittenTypes } from '../../abi/c-named-types.ts';
import type { CNamedType, CUnnamed } from '../../abi/c-named-types.ts';
import { disagreements } from '../../abi/agreement.ts';
import { cShapes } from '../../abi/c-shapes.ts';
import type { CShapes } from '../../abi/c-shapes.ts';
import { computeLayout, computeSize } from '../../abi/compute.ts';
import type { TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import type { FieldLayout, Layout } from '../../abi/layout.types.ts';
import type { Target } from '../../abi/targets.ts';
import { uncoveredBytes } from '../../abi/uncovered.ts';
import type { CUnit } from '../../model/c/ast.ts';
import type { ProbeRecord } from '../read-records.ts';
import { bitPlace } from './bit-bytes.ts';
import type { MeasuredHeader } from './measure-header.ts';
import { KIND_ENUM, KIND_RECORD, KIND_SELF } from './probe-source.ts';

export interface MeasuredEnum {
  readonly signed: boolean;
  readonly values: ReadonlyMap<string, bigint>;
}

export interface ReadMeasuredInput {
  readonly unit: CUnit;
  readonly types: readonly CNamedType[];
  readonly others: readonly CUnnamed[];
  readonly records: readonly ProbeRecord[];
  /** Of the object file. */
  readonly bytes: Uint8Array;
  /** By type or `type:member`, with the reason. */
  readonly refused: ReadonlyMap<string, string>;
  readonly target: Target;
}

export function readMeasured(input: ReadMeasuredInput): MeasuredHeader | { readonly failure: string } {
  const { unit, types, others, records, refused, target } = input;
  const self = records.find(({ values }) => Number(values[0]) === KIND_SELF);
  if (!self) return { failure: 'the compiled probe holds no figures' };
  const pointer = Number(self.values[1]);
  if (pointer !== target.rust.pointer.size)
    return { failure: `the compiler has pointers of ${pointer} bytes, ${target.triple} has ${target.rust.pointer.size}` };
  const byType = new Map<number, readonly bigint[]>();
  for (const { values } of records) {
    const kind = Number(values[0]);
    if (kind === KIND_RECORD || kind === KIND_ENUM) byType.set(Number(values[1]), values);
  }
  const shapes = cShapes(unit, target);
  const measured: TypeLayout[] = [];
  const enums = new Map<string, MeasuredEnum>();
  const unknown: UnknownType[] = others.map((one) => ({ language: 'c', target: target.triple, ...one }));
  types.forEach((one, index) => {
    const base = { language: 'c', name: one.name, at: one.at, target: target.triple } as const;
    const values = byType.get(index);
    const why = refusal(index, one, refused);
    const made = values && why === null ? layoutOf(one, index, values, shapes, input) : (why ?? 'it was not measured');
    if (typeof made === 'string') unknown.push({ ...base, reason: made });
    else {
      measured.push({ ...base, kind: one.kind, provenance: 'cc', layout: made, written: cWrittenTypes(one.definition) });
      if (values && one.definition.kind === 'enum') enums.set(one.name, enumOf(one, values));
    }
  });
  return { entries: { types: measured, unknown }, enums, unit };
}

/** A type of which one member is missing is not measured: its layout would differ from what it is compared with. */
function refusal(index: number, { definition }: CNamedType, refused: ReadonlyMap<string, string>): string | null {
  const whole = refused.get(String(index));
  if (whole !== undefined) return whole;
  const members = definition.kind === 'enum' ? definition.constants.length : cFieldPaths(definition.fields).length;
  for (let member = 0; member < members; member++) {
    const why = refused.get(`${index}:${member}`);
    if (why !== undefined) return why;
  }
  return null;
}

function layoutOf(
  one: CNamedType,
  index: number,
  [, , size = 0n, align = 1n, ...rest]: readonly bigint[],
  shapes: CShapes,
  { bytes, target }: ReadMeasuredInput,
): Layout | string {
  const record = { size: Number(size), align: Number(align) };
  if (one.definition.kind === 'enum') return { kind: 'layout', ...record, fields: [], padding: 0 };
  const places = new Map<number, { readonly offset: number; readonly size: number }>();
  for (let i = 0; i + 2 < rest.length; i += 3) places.set(Number(rest[i]), { offset: Number(rest[i + 1]), size: Number(rest[i + 2]) });
  const computed = computedLayout(one, shapes, target);
  const aligns = new Map(computed?.fields.map(({ name, align }) => [name, align]));
  const fields: FieldLayout[] = [];
  for (const [member, path] of cFieldPaths(one.definition.fields).entries()) {
    const shape = shapes.shapeOf(path.field.type);
    const declared = computeSize(shape, 'c', shapes.resolve, target);
    const natural = 'kind' in declared ? null : declared;
    if (path.field.bitWidth !== null) {
      const place = bitPlace(bytes, index, member, record.size, record.align, target.bigEndian);
      if (!place) return `where the bits of its member \`${path.path}\` lie was not found in the object`;
      const { size = 0, align = 1 } = natural ?? {};
      fields.push({ name: path.path, shape, offset: null, size, align, bitOffset: place.offset, bitWidth: place.width });
      continue;
    }
    const place = places.get(member);
    if (!place) return `its member \`${path.path}\` was not measured`;
    const align = aligns.get(path.path) ?? alignAt(place.offset, natural?.align ?? 1);
    fields.push({ name: path.path, shape, ...place, align, bitOffset: null, bitWidth: null });
  }
  const layout: Layout = { kind: 'layout', ...record, fields, padding: uncoveredBytes(fields, record.size) };
  // What lies inside of a nameless member is that member's padding, which no name tells.
  return computed && disagreements(computed, layout).length === 0 ? { ...layout, padding: computed.padding } : layout;
}

/** No compiler says how a member is aligned where it stands: where our own layout is known, it does. */
function computedLayout({ definition }: CNamedType, shapes: CShapes, target: Target): Layout | null {
  const def = shapes.lower(definition);
  const layout = def.kind === 'unknown' ? def : computeLayout(def, shapes.resolve, target);
  return layout.kind === 'layout' ? layout : null;
}

/** Otherwise its type's alignment, or what its place leaves of that. */
function alignAt(offset: number, natural: number): number {
  let align = natural;
  while (align > 1 && offset % align !== 0) align /= 2;
  return align;
}

function enumOf({ definition }: CNamedType, [, , , , signed = 0n, ...rest]: readonly bigint[]): MeasuredEnum {
  const values = new Map<string, bigint>();
  const constants = definition.kind === 'enum' ? definition.constants : [];
  for (let i = 0; i + 2 < rest.length; i += 3) {
    const name = constants[Number(rest[i])]?.name;
    const magnitude = rest[i + 2] ?? 0n;
    if (name !== undefined) values.set(name, rest[i + 1] === 1n ? -magnitude : magnitude);
  }
  return { signed: signed === 1n, values };
}
