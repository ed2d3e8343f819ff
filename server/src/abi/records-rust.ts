/** Rust structs and unions with a layout that is defined: repr(C), packed, align, transparent (Reference, "Type layout"). */
import type { Context, Laid, Placed } from './context.ts';
import { bounded, isUnknown, roundUp } from './context.ts';
import { transparentField } from './niches.ts';
import { sizeOf } from './scalars.ts';
import type { UnknownLayout } from './layout.types.ts';
import type { FieldDef, RecordDef } from './shape.ts';

export function layRust(def: RecordDef, context: Context): Laid | UnknownLayout {
  return def.transparent ? layTransparent(def, context) : layReprC(def.fields, def, context);
}

/** The rules of a record, as far as members of enum variants share them. */
export interface RustRules {
  readonly kind: 'struct' | 'union';
  readonly packed: number | null;
  readonly align: number | 'max' | null;
}

/** Members in the order of definition, each at the next multiple of its alignment; nothing of C's system rules. */
export function layReprC(fields: readonly FieldDef[], rules: RustRules, context: Context, start = 0): Laid | UnknownLayout {
  const placed: Placed[] = [];
  let end = start;
  let size = start;
  let align = 1;
  for (const field of fields) {
    const type = sizeOf(field.shape, 'rust', context);
    if (isUnknown(type)) return type;
    const own = rules.packed === null ? type.align : Math.min(type.align, rules.packed);
    const offset = rules.kind === 'union' ? 0 : roundUp(end, own);
    end = offset + type.size;
    size = Math.max(size, end);
    align = Math.max(align, own);
    placed.push({ field, bits: offset * 8, type, align: own });
  }
  if (typeof rules.align === 'number') align = Math.max(align, rules.align);
  return bounded({ size: roundUp(size, align), align, required: 1, placed });
}

/** Where the members without bytes lie is not defined: they are left out. */
function layTransparent(def: RecordDef, context: Context): Laid | UnknownLayout {
  const real = transparentField(def, context);
  if (isUnknown(real)) return real;
  if (real.field === null) return { size: 0, align: 1, required: 1, placed: [] };
  const type = sizeOf(real.field.shape, 'rust', context);
  if (isUnknown(type)) return type;
  return { size: type.size, align: type.align, required: 1, placed: [{ field: real.field, bits: 0, type, align: type.align }] };
}
