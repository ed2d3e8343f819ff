/** Bit-fields under GCC's and clang's ms-bitfields, the habit of MinGW (GCC manual, "ms_struct"). */
import type { Placed, TypeSize } from './context.ts';
import { roundUp } from './context.ts';
import type { Growing } from './records-gnu.ts';
import type { FieldDef } from './shape.ts';

/** A unit has the declared type's size and is shared by neighbours whose types have that size, as long as they fit. */
export function mingwBitField(record: Growing, field: FieldDef, width: number, type: TypeSize): Placed {
  const { def } = record;
  const unit = type.size * 8;
  const newUnit = record.unit !== unit || record.unitBitsLeft < width;
  // `: 0` says nothing where no bit-field stands before it.
  const ignored = newUnit && record.unit === 0 && width === 0;
  if (newUnit) {
    record.bits = roundUp(record.bits + record.unitBitsLeft, 8);
    record.unit = 0;
    record.unitBitsLeft = 0;
  }
  const asked = Math.max(ignored ? 1 : unit, (field.align ?? 0) * 8);
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
