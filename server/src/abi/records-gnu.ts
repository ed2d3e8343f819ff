/** C structs and unions as GCC and clang lay them out everywhere but under MSVC (the psABIs, and GCC's type and variable attributes). */
import { mingwBitField, mingwUnionDisagreement } from './bit-fields-mingw.ts';
import { systemVBitField } from './bit-fields-sysv.ts';
import type { Context, Laid, Placed, TypeSize } from './context.ts';
import { baseElement, bounded, cOf, isUnknown, roundUp, unknown } from './context.ts';
import { sizeOf } from './scalars.ts';
import type { UnknownLayout } from './layout.types.ts';
import type { FieldDef, RecordDef } from './shape.ts';
import type { CAbi } from './targets.ts';

/** A record that is being laid out. */
export interface Growing {
  readonly def: RecordDef;
  readonly union: boolean;
  /** Where the next bit-field may start, in bits; plain members start at the next byte, behind what is left of a unit. */
  bits: number;
  size: number;
  align: number;
  /** MinGW: the size of the unit that the last bit-field shares, and the bits left in it; 0 behind a plain member. */
  unit: number;
  unitBitsLeft: number;
}

export function layGnu(def: RecordDef, context: Context): Laid | UnknownLayout {
  const c = cOf(context.target);
  if (isUnknown(c)) return c;
  const record: Growing = { def, union: def.kind === 'union', bits: 0, size: 0, align: 1, unit: 0, unitBitsLeft: 0 };
  const placed: Placed[] = [];
  for (const field of def.fields) {
    const type = sizeOf(field.shape, 'c', context);
    if (isUnknown(type)) return type;
    const at = placeField(record, field, type, c, context);
    if (isUnknown(at)) return at;
    placed.push(at);
  }
  const disagreement = c.bitFields === 'mingw' ? mingwUnionDisagreement(record, placed) : null;
  if (disagreement) return disagreement;
  const asked = def.align === 'max' ? c.maxAlign : (def.align ?? 1);
  const align = Math.max(record.align, asked);
  return bounded({ size: roundUp(record.size, align), align, required: asked, placed });
}

function placeField(record: Growing, field: FieldDef, type: TypeSize, c: CAbi, context: Context): Placed | UnknownLayout {
  if (field.bitWidth === null) return placePlain(record, field, type, c, context);
  if (field.bitWidth > type.size * 8) return unknown('a bit-field that is wider than its type');
  if (c.bitFields === 'unknown') return unknown(`how bit-fields are placed on ${context.target.triple} is not known`);
  if (c.bitFields === 'mingw') return mingwBitField(record, field, field.bitWidth, type);
  return systemVBitField(record, field, field.bitWidth, type, c);
}

function placePlain(record: Growing, field: FieldDef, type: TypeSize, c: CAbi, context: Context): Placed | UnknownLayout {
  const powers = aixPowerAlignment(field, context);
  if (powers) return powers;
  const align = plainAlign(record.def, field, type, c);
  const offset = record.union ? 0 : roundUp(Math.ceil((record.bits + record.unitBitsLeft) / 8), align);
  const end = offset + type.size;
  if (!record.union) record.bits = end * 8;
  record.size = Math.max(record.size, end);
  record.align = Math.max(record.align, align);
  record.unit = 0;
  record.unitBitsLeft = 0;
  return { field, bits: offset * 8, type, align };
}

/** Packed drops the type's own alignment, what is asked for on the member counts again, and `#pragma pack` caps both. */
function plainAlign(def: RecordDef, field: FieldDef, type: TypeSize, c: CAbi): number {
  const packed = def.packed !== null || field.packed;
  const natural = c.bitFields === 'mingw' ? msNatural(field, type) : type.align;
  const align = Math.max(packed ? 1 : natural, field.align ?? 1);
  return def.pack === null ? align : Math.min(align, def.pack);
}

/** Under ms-bitfields basic types are aligned to their size. */
function msNatural(field: FieldDef, type: TypeSize): number {
  const base = baseElement(field.shape).kind;
  const basic = base === 'int' || base === 'c-int' || base === 'float' || base === 'c-float' || base === 'pointer';
  if (!basic || base !== field.shape.kind) return type.align;
  return Number.isInteger(Math.log2(type.size)) ? Math.max(type.align, type.size) : type.align;
}

/**
 * AIX aligns a floating member to 8 bytes where it stands first, and to 4 elsewhere, with rules for what contains such a record; an array
 * without elements counts.
 */
function aixPowerAlignment(field: FieldDef, context: Context): UnknownLayout | null {
  if (!context.target.triple.endsWith('-aix')) return null;
  const base = baseElement(field.shape);
  if (base.kind !== 'float' && base.kind !== 'c-float' && base.kind !== 'complex') return null;
  const element = sizeOf(base, 'c', context);
  return !isUnknown(element) && element.align === 4 && element.size > 4 ? unknown('the power alignment of AIX is not modelled') : null;
}
