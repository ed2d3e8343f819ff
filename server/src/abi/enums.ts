/** Enums of C and Rust: which integer holds them, and where the data of a Rust enum lies (Reference, "Type layout"; RFC 2195). */
import type { Context, Laid, Placed, TypeSize } from './context.ts';
import { bounded, cOf, isUnknown, roundUp, unknown } from './context.ts';
import { layReprC } from './records-rust.ts';
import { sizeOf } from './scalars.ts';
import type { LayoutOptions, UnknownLayout } from './layout.types.ts';
import type { EnumDef, FieldDef, IntBits, Shape } from './shape.ts';
import { field } from './shape.ts';
import type { Target } from './targets.ts';

export function layEnum(def: EnumDef, context: Context): Laid | UnknownLayout {
  const tag = enumInteger(def, context.target, context.options);
  if (tag.kind === 'unknown') return unknown(tag.reason);
  const size = sizeOf(tag, def.language, context);
  if (isUnknown(size)) return size;
  if (def.variants.some((variant) => variant.fields.length > 0)) return layWithData(def, tag, size, context);
  const align = Math.max(size.align, def.align ?? 1);
  return { size: roundUp(size.size, align), align, required: def.align ?? 1, placed: [] };
}

/** The integer that an enum without data is, or the tag of one with data; unknown where nothing defines it. */
export function enumInteger(def: EnumDef, target: Target, options: LayoutOptions): Shape {
  const no = (reason: string): Shape => ({ kind: 'unknown', reason });
  if (def.underlying) return def.underlying;
  if (def.language === 'rust') {
    if (!def.c) return no('the layout of an enum without repr is not defined');
    return def.variants.length === 0
      ? no('an enum without variants')
      : (fitting(def, target.rust.enum) ?? no('a value of the enum is not known'));
  }
  const c = cOf(target);
  if (isUnknown(c)) return c;
  const least = fitting(def, 1);
  if (least === null) return no('a value of the enum is not known');
  // MSVC's enums are ints, whatever is written.
  if (c.bitFields === 'msvc') return { kind: 'int', bits: 32, signed: true };
  if (def.packed) return least;
  const usual = fitting(def, c.int) ?? least;
  const short = options.shortEnums ?? (c.enums === 'either' ? null : c.enums === 'short');
  if (short !== null) return short ? least : usual;
  if (least.kind === 'int' && usual.kind === 'int' && least.bits === usual.bits) return usual;
  return no('the size of the enum depends on -fshort-enums, which GCC turns on for this target and clang does not');
}

/** The smallest integer of at least so many bytes that holds all values: unsigned where none is negative. */
function fitting(def: EnumDef, least: number): Shape | null {
  let low = 0n;
  let high = 0n;
  for (const { value } of def.variants) {
    if (value === null) return null;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const signed = low < 0n;
  const all: readonly IntBits[] = [8, 16, 32, 64];
  const bits = all.find(
    (n) => n >= least * 8 && (signed ? low >= -(1n << BigInt(n - 1)) && high < 1n << BigInt(n - 1) : high < 1n << BigInt(n)),
  );
  return bits === undefined ? null : { kind: 'int', bits, signed };
}

/**
 * `repr(C)`: a struct of the tag and a union of the variants' structs. `repr(u8)` and the like: a union of structs that start with the tag.
 * Both at once: the first, with a tag of that integer.
 */
function layWithData(def: EnumDef, tag: Shape, tagSize: TypeSize, context: Context): Laid | UnknownLayout {
  const tagField = field('tag', tag);
  const placed: Placed[] = [{ field: tagField, bits: 0, type: tagSize, align: tagSize.align }];
  const names = ['tag'];
  let size = 0;
  let align = 1;
  for (const variant of def.variants) {
    const fields: readonly FieldDef[] = def.c ? variant.fields : [tagField, ...variant.fields];
    const laid = layReprC(fields, { kind: 'struct', packed: null, align: null }, context);
    if (isUnknown(laid)) return laid;
    size = Math.max(size, laid.size);
    align = Math.max(align, laid.align);
    for (const one of def.c ? laid.placed : laid.placed.slice(1)) {
      placed.push(one);
      names.push(`${variant.name}.${one.field.name ?? ''}`);
    }
  }
  const start = def.c ? roundUp(tagSize.size, align) : 0;
  const whole = Math.max(align, tagSize.align, def.align ?? 1);
  const moved = placed.map((one, i) => (i === 0 ? one : { ...one, bits: one.bits + start * 8 }));
  return bounded({ size: roundUp(start + size, whole), align: whole, required: 1, placed: moved, names });
}
