/** Bit-fields by the System V psABIs (section "Bit-Fields"), AAPCS32/64 (section "Bit-fields") and Apple's 32-bit Arm. */
import type { Placed, TypeSize } from './context.ts';
import { roundUp } from './context.ts';
import type { Growing } from './records-gnu.ts';
import type { FieldDef } from './shape.ts';
import type { CAbi } from './targets.ts';

/**
 * A bit-field takes the next free bit, unless it would cross the border of a unit of its declared type: then it starts the next unit.
 * Packed ones, and those under any `#pragma pack`, cross borders. `: 0` ends a unit. Both compilers agree on all of this.
 */
export function systemVBitField(record: Growing, field: FieldDef, width: number, type: TypeSize, c: CAbi): Placed {
  const { def } = record;
  const start = record.union ? 0 : record.bits;
  const align = unitAlign(record, field, width, type, c);
  const asked = (field.align ?? 0) * 8;
  let at = start;
  if (width === 0) at = roundUp(start, align);
  else if (def.pack === null && (start % align) + width > type.size * 8) at = roundUp(start, align);
  else if (asked > 0 && (def.pack === null || asked <= def.pack * 8)) at = roundUp(start, asked);

  const end = at + width;
  if (!record.union) record.bits = end;
  record.size = Math.max(record.size, Math.ceil(end / 8));
  // A nameless one does not align the record, but by AAPCS, where the container counts.
  const counts = field.name !== null || c.bitFields === 'aapcs' || c.bitFields === 'apcs' || (field.align !== null && width > 0);
  if (counts) record.align = Math.max(record.align, align / 8);
  return { field, bits: at, type, align: type.align };
}

/** The alignment of the unit in bits; 1 where the bit-field follows no unit. */
function unitAlign({ def }: Growing, field: FieldDef, width: number, type: TypeSize, c: CAbi): number {
  const packed = def.packed !== null || field.packed;
  const asked = (field.align ?? 0) * 8;
  // Apple's 32-bit Arm: only `: 0` is aligned, and to 32 bits at least.
  if (c.bitFields === 'apcs') return Math.max(width === 0 ? Math.max(type.align * 8, 32) : 1, asked);
  if (width === 0) return Math.max(type.align * 8, asked);
  const align = Math.max(packed ? 1 : type.align * 8, asked);
  return def.pack === null ? align : Math.min(align, def.pack * 8);
}
