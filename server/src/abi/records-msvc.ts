/** C structs, unions and bit-fields as MSVC lays them out (Microsoft C/C++ docs: "C bit fields", "pack pragma", "align"; checked against clang). */
import type { Context, Laid, Placed, TypeSize } from './context.ts';
import { bounded, cOf, isUnknown, roundUp, unknown } from './context.ts';
import { sizeOf } from './scalars.ts';
import type { UnknownLayout } from './layout.types.ts';
import type { FieldDef, RecordDef } from './shape.ts';

/** C has no empty records there: a record without bytes gets 4, as a vacuous one does in its compiler's C mode. */
const EMPTY = 4;

interface Growing {
  readonly union: boolean;
  readonly pack: number | null;
  size: number;
  align: number;
  required: number;
  /** The unit that the last bit-field shares: its size, and the bits left in it. 0 behind anything else. */
  unit: number;
  unitBitsLeft: number;
}

export function layMsvc(def: RecordDef, context: Context): Laid | UnknownLayout {
  const c = cOf(context.target);
  if (isUnknown(c)) return c;
  // A pack above the pointer's size is ignored.
  const pack = def.packed !== null ? 1 : def.pack !== null && def.pack <= c.pointer.size ? def.pack : null;
  const record: Growing = { union: def.kind === 'union', pack, size: 0, align: 1, required: 1, unit: 0, unitBitsLeft: 0 };
  const placed: Placed[] = [];
  for (const field of def.fields) {
    const type = sizeOf(field.shape, 'c', context);
    if (isUnknown(type)) return type;
    const element = elementOf(record, field, type);
    if (field.bitWidth === null) placed.push(placePlain(record, field, element));
    else if (field.bitWidth > type.size * 8) return unknown('a bit-field that is wider than its type');
    else placed.push(placeBits(record, field, field.bitWidth, element));
  }
  const asked = def.align === 'max' ? c.maxAlign : (def.align ?? 1);
  return finish(record, def, asked, placed);
}

/** The type of a member as it counts here; what is asked for in it or on it is required of the record, whatever the packing. */
function elementOf(record: Growing, field: FieldDef, type: TypeSize): TypeSize {
  // On a bit-field it only aligns the unit.
  const required = Math.max(field.align ?? 1, type.required);
  if (field.bitWidth === null) record.required = Math.max(record.required, required);
  const capped = field.packed ? 1 : record.pack === null ? type.align : Math.min(type.align, record.pack);
  return { size: type.size, align: Math.max(capped, required), required };
}

function placePlain(record: Growing, field: FieldDef, type: TypeSize): Placed {
  const offset = record.union ? 0 : roundUp(record.size, type.align);
  record.size = Math.max(record.size, offset + type.size);
  record.align = Math.max(record.align, type.align);
  record.unit = 0;
  record.unitBitsLeft = 0;
  return { field, bits: offset * 8, type, align: type.align };
}

/** Neighbours share a unit where their types have one size and they fit. In a union bit-fields do not align it. */
function placeBits(record: Growing, field: FieldDef, width: number, type: TypeSize): Placed {
  if (width === 0) return endUnit(record, field, type);
  if (!record.union && record.unit === type.size && width <= record.unitBitsLeft) {
    const bits = record.size * 8 - record.unitBitsLeft;
    record.unitBitsLeft -= width;
    return { field, bits, type, align: type.align };
  }
  const offset = record.union ? 0 : roundUp(record.size, type.align);
  record.size = Math.max(record.size, offset + type.size);
  if (!record.union) record.align = Math.max(record.align, type.align);
  record.unit = type.size;
  record.unitBitsLeft = type.size * 8 - width;
  return { field, bits: offset * 8, type, align: type.align };
}

/** `: 0` says nothing where no bit-field stands before it. */
function endUnit(record: Growing, field: FieldDef, type: TypeSize): Placed {
  let offset = record.union ? 0 : record.size;
  if (record.unit > 0) {
    record.unit = 0;
    record.unitBitsLeft = 0;
    if (record.union) {
      record.size = Math.max(record.size, type.size);
    } else {
      offset = roundUp(record.size, type.align);
      record.size = offset;
      record.align = Math.max(record.align, type.align);
    }
  }
  return { field, bits: offset * 8, type, align: type.align };
}

function finish(record: Growing, def: RecordDef, asked: number, placed: readonly Placed[]): Laid | UnknownLayout {
  const required = Math.max(record.required, asked);
  const align = Math.max(record.align, required);
  const capped = record.pack === null ? align : Math.min(align, record.pack);
  const size = roundUp(roundUp(record.size, record.align), Math.max(capped, required));
  // A type with an alignment of its own wants all of its alignment from what contains it.
  const outward = def.align === null ? required : align;
  if (size === 0) return { size: required >= EMPTY ? align : EMPTY, align, required: outward, placed };
  return bounded({ size, align, required: outward, placed });
}
