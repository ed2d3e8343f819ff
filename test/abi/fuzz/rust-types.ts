/** Random Rust types with a defined layout: repr(C), packed, align, unions, transparent, and enums with and without data. */
import type { EnumDef, FieldDef, IntBits, RecordDef, Shape, TypeDef } from '../../../server/src/abi/shape.ts';
import { field } from '../../../server/src/abi/shape.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import type { Random } from './random.ts';

export type RustDefs = Map<string, TypeDef>;

/** What forbids a type as a member: `align` ones in packed records, and what is not a pointer in an Option. */
interface Made {
  readonly def: TypeDef;
  readonly aligned: boolean;
}

const WIDTHS: readonly IntBits[] = [8, 8, 16, 16, 32, 32, 64, 64, 128];

export function randomRustTypes(random: Random, target: Target, count: number): RustDefs {
  const made = new Map<string, Made>();
  for (let i = 0; i < count; i++) made.set(`T${i}`, randomType(random, `T${i}`, made, target));
  return new Map([...made].map(([name, { def }]) => [name, def]));
}

function randomType(random: Random, name: string, made: ReadonlyMap<string, Made>, target: Target): Made {
  const kind = random.below(10);
  if (kind === 0) return plainEnum(random, name, target);
  if (kind === 1 || kind === 2) return dataEnum(random, name, made);
  if (kind === 3) return transparent(random, name, made);
  const packed = random.oneIn(5) ? random.pick([1, 2, 4, 8]) : null;
  const align = packed === null && random.oneIn(6) ? random.pick([1, 2, 4, 8, 16, 32]) : null;
  const union = random.oneIn(4);
  const length = union ? 1 + random.below(4) : random.below(7);
  const fields = randomFields(random, made, length, packed !== null);
  const def = record(union ? 'union' : 'struct', name, fields, { packed, align });
  return { def, aligned: align !== null || fields.some((f) => holdsAligned(f.shape, made)) };
}

interface Rules {
  readonly packed: number | null;
  readonly align: number | null;
  readonly transparent?: boolean;
}

function record(kind: 'struct' | 'union', name: string, fields: readonly FieldDef[], rules: Rules): RecordDef {
  const { packed, align } = rules;
  return { kind, name, language: 'rust', fields, packed, align, pack: null, transparent: rules.transparent ?? false };
}

function randomFields(random: Random, made: ReadonlyMap<string, Made>, length: number, inPacked: boolean): FieldDef[] {
  return Array.from({ length }, (_, i) => field(`f${i}`, randomShape(random, made, inPacked, 0)));
}

function randomShape(random: Random, made: ReadonlyMap<string, Made>, inPacked: boolean, depth: number): Shape {
  const usable = [...made].filter(([, one]) => !inPacked || !one.aligned).map(([name]) => name);
  switch (random.below(depth === 0 ? 14 : 12)) {
    case 0:
      return { kind: 'float', bits: random.pick([16, 32, 64, 64, 128] as const) };
    case 1:
      return { kind: 'bool' };
    case 2:
      return { kind: 'unicode-scalar' };
    case 3:
      return pointer(random);
    case 4:
      return random.oneIn(2)
        ? { kind: 'fat-pointer', to: 'slice', nullable: false }
        : { kind: 'option', inner: { kind: 'fat-pointer', to: 'slice', nullable: false } };
    case 5:
      return { kind: 'c-int', name: random.pick(['size_t', 'ssize_t', 'uintptr_t', 'int', 'long', 'unsigned long', 'char']) };
    case 6:
    case 7:
    case 8: {
      if (usable.length === 0) return { kind: 'int', bits: 32, signed: true };
      const key = random.pick(usable);
      return { kind: 'ref', key, name: key };
    }
    case 9:
      return optional(random, made);
    case 12:
    case 13: {
      const element = randomShape(random, made, inPacked, depth + 1);
      return { kind: 'array', element, length: random.oneIn(8) ? 0 : 1 + random.below(5) };
    }
    default:
      return random.oneIn(20) ? { kind: 'unit' } : { kind: 'int', bits: random.pick(WIDTHS), signed: random.oneIn(2) };
  }
}

function pointer(random: Random): Shape {
  const nullable = random.oneIn(2);
  return { kind: 'pointer', pointee: null, const: true, nullable, fn: null };
}

function optional(random: Random, made: ReadonlyMap<string, Made>): Shape {
  const wrappers = [...made].filter(([, { def }]) => def.kind === 'struct' && def.transparent && nonNull(def.fields[0]?.shape, made));
  if (wrappers.length > 0 && random.oneIn(3)) {
    const [key] = random.pick(wrappers);
    return { kind: 'option', inner: { kind: 'ref', key, name: key } };
  }
  if (random.oneIn(2))
    return { kind: 'option', inner: { kind: 'nonzero', inner: { kind: 'int', bits: random.pick(WIDTHS), signed: random.oneIn(2) } } };
  return { kind: 'option', inner: { kind: 'pointer', pointee: null, const: true, nullable: false, fn: null } };
}

function nonNull(shape: Shape | undefined, made: ReadonlyMap<string, Made>): boolean {
  if (shape?.kind === 'ref') {
    const def = made.get(shape.key)?.def;
    return def?.kind === 'struct' && def.transparent && nonNull(def.fields[0]?.shape, made);
  }
  return shape?.kind === 'nonzero' || (shape?.kind === 'pointer' && !shape.nullable);
}

function holdsAligned(shape: Shape, made: ReadonlyMap<string, Made>): boolean {
  if (shape.kind === 'array') return holdsAligned(shape.element, made);
  return shape.kind === 'ref' && (made.get(shape.key)?.aligned ?? false);
}

function transparent(random: Random, name: string, made: ReadonlyMap<string, Made>): Made {
  const inner = random.oneIn(3) ? pointer(random) : randomShape(random, made, false, 0);
  const fields = [field('f0', inner), ...(random.oneIn(3) ? [field('f1', { kind: 'unit' })] : [])];
  const def = record('struct', name, fields, { packed: null, align: null, transparent: true });
  return { def, aligned: holdsAligned(inner, made) };
}

const REPRS: readonly Shape[] = ([8, 16, 32, 64] as const).flatMap((bits) => [
  { kind: 'int', bits, signed: true } as const,
  { kind: 'int', bits, signed: false } as const,
]);

function plainEnum(random: Random, name: string, target: Target): Made {
  const underlying = random.oneIn(2) ? random.pick(REPRS) : null;
  const c = underlying === null;
  const all = [0n, 1n, 127n, 128n, 255n, 256n, -1n, -128n, -129n, 32767n, 32768n, 65535n, 65536n, -32768n, -40000n];
  // A discriminant of repr(C) is an isize.
  const wide = target.rust.pointer.size > 2;
  const values = underlying ? [0n, 1n, 100n] : all.filter((n) => wide || (n >= -32768n && n <= 32767n));
  const picked = [...new Set(Array.from({ length: 1 + random.below(3) }, () => random.pick(values)))];
  const align = random.oneIn(8) ? random.pick([1, 2, 4, 8, 16]) : null;
  const variants = picked.map((value, i) => ({ name: `V${i}`, value, fields: [] }));
  return { def: enumDef(name, c, underlying, align, variants), aligned: align !== null };
}

function dataEnum(random: Random, name: string, made: ReadonlyMap<string, Made>): Made {
  const underlying = random.oneIn(3) ? null : random.pick(REPRS);
  const c = underlying === null || random.oneIn(2);
  const align = random.oneIn(8) ? random.pick([1, 2, 4, 8, 16]) : null;
  const variants = Array.from({ length: 1 + random.below(4) }, (_, i) => ({
    name: `V${i}`,
    value: BigInt(i),
    fields: i > 0 && random.oneIn(4) ? [] : randomFields(random, made, 1 + random.below(3), false),
  }));
  const aligned = align !== null || variants.some((v) => v.fields.some((f) => holdsAligned(f.shape, made)));
  return { def: enumDef(name, c, underlying, align, variants), aligned };
}

function enumDef(name: string, c: boolean, underlying: Shape | null, align: number | null, variants: EnumDef['variants']): EnumDef {
  return { kind: 'enum', name, language: 'rust', c, underlying, packed: false, align, variants };
}
