/** Bit-fields by the System V psABIs (section "Bit-Fields"), AAPCS32/64 (section "Bit-fields") and Apple's 32-bit Arm. */
import type { Placed, TypeSize } from './context.ts';
import { roundUp, unknown } from './context.ts';
import type { UnknownLayout } from './layout.types.ts';
import type { Growing } from './records-gnu.ts';
import type { FieldDef } from './shape.ts';
import type { CAbi } from './targets.ts';

/**
 * A bit-field takes the next free bit, unless it would cross the border of a unit of its declared type: then it starts the next unit.
 * Packed ones, and those under any `#pragma pack`, cross borders. `: 0` ends a unit. GCC and clang agree on all of this, but not on every
 * bit-field with an alignment of its own: unknown where they differ.
 */
export function systemVBitField(record: Growing, field: FieldDef, width: number, type: TypeSize, c: CAbi): Placed | UnknownLayout {
  const align = unitAlign(record, field, width, type, c);
  const at = startOf(record, field, width, type, align);
  if (at === null) return unknown('GCC and clang place a bit-field with an alignment of its own differently');

  const end = at + width;
  if (!record.union) record.bits = end;
  record.size = Math.max(record.size, Math.ceil(end / 8));
  // A nameless one does not align the record, but by AAPCS, where the container counts.
  const counts = field.name !== null || c.bitFields === 'aapcs' || c.bitFields === 'apcs';
  if (counts) record.align = Math.max(record.align, align / 8);
  return { field, bits: at, type, align: type.align };
}

/** The first bit; null where the compilers differ. */
function startOf(record: Growing, field: FieldDef, width: number, type: TypeSize, align: number): number | null {
  const { pack } = record.def;
  const start = record.union ? 0 : record.bits;
  if (width === 0) return roundUp(start, align);
  const crosses = (bit: number): boolean => pack === null && (bit % align) + width > type.size * 8;
  const next = crosses(start) ? roundUp(start, align) : start;
  if (field.align === null) return next;
  // GCC takes one that fills its type for a plain member, with a plain member's alignment.
  if (width === type.size * 8) return null;
  const asked = field.align * 8;
  // clang asks for the border first and drops an alignment above the pack, GCC aligns first, to the pack at most.
  const clang = crosses(start) || (pack !== null && asked > pack * 8) ? next : roundUp(start, asked);
  const aligned = roundUp(start, pack === null ? asked : Math.min(asked, pack * 8));
  const gcc = crosses(aligned) ? roundUp(aligned, align) : aligned;
  return clang === gcc ? clang : null;
}

/** The alignment of the unit in bits; 1 where the bit-field follows no unit. */
function unitAlign({ def }: Growing, field: FieldDef, width: number, type: TypeSize, c: CAbi): number {
  const packed = def.packed !== null || field.packed;
  const asked = (field.align ?? 0) * 8;
  if (width === 0) return Math.max(type.align * 8, asked, c.bitFields === 'apcs' ? 32 : 0);
  // Apple's 32-bit Arm: declared types do not align.
  const natural = c.bitFields === 'apcs' ? 1 : type.align * 8;
  // Under `#pragma pack` the packed attribute says nothing more.
  if (def.pack !== null) return Math.min(Math.max(natural, asked), def.pack * 8);
  return Math.max(packed ? 1 : natural, asked);
}
