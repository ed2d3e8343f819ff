/** Bit-fields under GCC's and clang's ms-bitfields, the habit of MinGW (GCC manual, "ms_struct"). */
import type { Placed, TypeSize } from './context.ts';
import { roundUp, unknown } from './context.ts';
import type { UnknownLayout } from './layout.types.ts';
import type { Growing } from './records-gnu.ts';
import type { FieldDef } from './shape.ts';

/** A unit has the declared type's size and is shared by neighbours whose types have that size, as long as they fit. */
export function mingwBitField(record: Growing, field: FieldDef, width: number, type: TypeSize): Placed | UnknownLayout {
  const { def } = record;
  if (def.packed !== null || field.packed || field.align !== null) {
    return unknown('GCC and clang place packed and aligned bit-fields differently under ms-bitfields');
  }
  const unit = type.size * 8;
  const newUnit = record.unit !== unit || record.unitBitsLeft < width;
  // `: 0` says nothing where no bit-field stands before it.
  const ignored = newUnit && record.unit === 0 && width === 0;
  if (width === 0 && !ignored && def.pack !== null && def.pack < type.size) {
    return unknown('GCC and clang align a nameless bit-field of no width differently under `#pragma pack`');
  }
  if (newUnit) {
    record.bits = roundUp(record.bits + record.unitBitsLeft, 8);
    record.unit = 0;
    record.unitBitsLeft = 0;
  }
  const asked = ignored ? 1 : unit;
  const capped = def.pack !== null && width > 0 ? Math.min(asked, def.pack * 8) : asked;
  const align = record.union ? 1 : capped;
  let at = record.union ? 0 : record.bits;
  if (width === 0 || width > record.unitBitsLeft) at = roundUp(width === 0 ? at + record.unitBitsLeft : at, align);

  if (record.union) {
    record.size = Math.max(record.size, width === 0 ? 0 : type.size);
  } else if (width === 0) {
    record.bits = at;
    record.size = Math.max(record.size, at / 8);
    record.unit = 0;
    record.unitBitsLeft = 0;
  } else {
    if (record.unitBitsLeft === 0) record.unitBitsLeft = unit;
    record.unitBitsLeft -= width;
    record.unit = unit;
    record.bits = at + width;
    record.size = Math.max(record.size, Math.ceil((record.bits + record.unitBitsLeft) / 8));
  }
  record.align = Math.max(record.align, Math.ceil(align / 8));
  return { field, bits: at, type, align: type.align };
}

/** In a union bit-fields align it by GCC and not by clang, `: 0` has a byte by clang and none by GCC, and under a pack units have other sizes. */
export function mingwUnionDisagreement({ def, size, align }: Growing, placed: readonly Placed[]): UnknownLayout | null {
  const bitFields = placed.filter(({ field }) => field.bitWidth !== null);
  if (def.kind !== 'union' || bitFields.length === 0) return null;
  const stronger = def.pack !== null || bitFields.some(({ type }) => type.size > align);
  return size === 0 || stronger ? unknown('GCC and clang lay out bit-fields in unions differently under ms-bitfields') : null;
}
