/** Random C types: nested records, unions, arrays, enums, bit-fields, and every attribute that moves a member. */
import type { EnumDef, FieldDef, RecordDef, Shape, TypeDef } from '../../../server/src/abi/shape.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import { layoutIn } from './compare.ts';
import type { Random } from './random.ts';

/** Definitions by their tag, in the order in which C needs them. */
export type Defs = Map<string, TypeDef>;

/** `all` has bit-fields; `plain` none. */
export type Flavor = 'plain' | 'all';

const INTS = [
  'char',
  'signed char',
  'unsigned char',
  'short',
  'unsigned short',
  'int',
  'unsigned int',
  'long',
  'unsigned long',
  'long long',
  'unsigned long long',
] as const;

interface Place {
  readonly random: Random;
  readonly target: Target;
  readonly flavor: Flavor;
  readonly defs: Defs;
  /** Makes a name that no other member has. */
  name(): string;
}

export function randomCTypes(random: Random, target: Target, flavor: Flavor, count: number): Defs {
  const defs: Defs = new Map();
  let names = 0;
  const place: Place = { random, target, flavor, defs, name: () => `f${names++}` };
  for (let i = 0; defs.size < count; i++) {
    const def = random.oneIn(9) ? randomEnum(random, `T${i}`) : randomRecord(place, `T${i}`, null, 0);
    defs.set(`T${i}`, def);
  }
  return defs;
}

function randomEnum(random: Random, name: string | null): EnumDef {
  const values = [0n, 1n, 5n, 127n, 128n, 255n, 256n, 32767n, 32768n, 65535n, 65536n, 2147483647n, -1n, -128n, -129n, -40000n];
  const large = [2147483648n, 4294967295n, 4294967296n, 9223372036854775807n, -2147483649n];
  const list = random.oneIn(6) ? [...values, ...large] : values;
  const variants = Array.from({ length: 1 + random.below(3) }, (_, i) => ({ name: `V${i}`, value: random.pick(list), fields: [] }));
  return { kind: 'enum', name, language: 'c', c: true, underlying: null, packed: random.oneIn(4), align: null, variants };
}

function randomRecord(place: Place, name: string | null, outerPack: number | null, depth: number): RecordDef {
  const { random } = place;
  const pack = name === null ? outerPack : random.oneIn(4) ? random.pick([1, 2, 4, 8, 16]) : null;
  const kind = random.oneIn(4) ? 'union' : 'struct';
  const length = random.oneIn(12) ? random.below(2) : 1 + random.below(6);
  const fields = Array.from({ length }, () => randomField(place, pack, depth));
  if (kind === 'struct' && depth === 0 && fields.some((f) => f.name !== null) && random.oneIn(14)) fields.push(flexible(place));
  return {
    kind,
    name,
    language: 'c',
    fields,
    packed: random.oneIn(5) ? 1 : null,
    align: random.oneIn(7) ? random.pick<number | 'max'>([1, 2, 4, 8, 16, 32, 'max']) : null,
    pack,
    transparent: false,
  };
}

function flexible(place: Place): FieldDef {
  const element: Shape = { kind: 'c-int', name: place.random.pick(INTS) };
  return { name: place.name(), shape: { kind: 'array', element, length: null }, bitWidth: null, packed: false, align: null };
}

function randomField(place: Place, pack: number | null, depth: number): FieldDef {
  const { random } = place;
  const packed = random.oneIn(12);
  const align = random.oneIn(10) ? random.pick([1, 2, 4, 8, 16]) : null;
  if (place.flavor === 'all' && random.oneIn(2)) return randomBitField(place, packed, align);
  if (depth < 2 && random.oneIn(8)) {
    const def = randomRecord(place, null, pack, depth + 1);
    const named = random.oneIn(2) || !def.fields.some((f) => f.name !== null);
    // An attribute behind a nameless member's brace is the type's.
    return {
      name: named ? place.name() : null,
      shape: { kind: 'inline', def },
      bitWidth: null,
      packed: named && packed,
      align: named ? align : null,
    };
  }
  return { name: place.name(), shape: randomShape(place, 0), bitWidth: null, packed, align };
}

function randomBitField(place: Place, packed: boolean, align: number | null): FieldDef {
  const { random, target } = place;
  const shape: Shape = random.oneIn(9) ? { kind: 'bool' } : { kind: 'c-int', name: random.pick(INTS) };
  const most = shape.kind === 'bool' ? 1 : 8 * bytesOf(shape, target);
  const zero = random.oneIn(9);
  const bitWidth = zero ? 0 : 1 + random.below(random.oneIn(2) ? most : Math.min(most, 9));
  const name = zero || random.oneIn(9) ? null : place.name();
  return { name, shape, bitWidth, packed: packed && name !== null, align: name === null ? null : align };
}

function bytesOf(shape: Shape, { c }: Target): number {
  if (!c || shape.kind !== 'c-int') return 1;
  if (shape.name.includes('char')) return 1;
  if (shape.name.includes('short')) return 2;
  if (shape.name.includes('long long')) return 8;
  return shape.name.includes('long') ? c.long : c.int;
}

function randomShape(place: Place, depth: number): Shape {
  const { random, target, defs } = place;
  const made = [...defs].filter(([, def]) => def.kind === 'enum' || !endsFlexible(def));
  switch (random.below(depth === 0 ? 14 : 12)) {
    case 0:
      return { kind: 'c-float', name: random.pick(['float', 'double', 'long double']) };
    case 1:
      return { kind: 'c-float', name: 'double' };
    case 2:
      return { kind: 'pointer', pointee: null, const: false, nullable: true, fn: null };
    case 3:
      return { kind: 'bool' };
    case 4:
      return { kind: 'c-int', name: random.pick(['size_t', 'ptrdiff_t', 'wchar_t', 'wint_t', 'uintptr_t']) };
    case 5:
      return target.c && target.c.ints[16] > 0 && random.oneIn(2)
        ? { kind: 'int', bits: 128, signed: random.oneIn(2) }
        : { kind: 'int', bits: random.pick([8, 16, 32, 64] as const), signed: random.oneIn(2) };
    case 6:
    case 7:
    case 8: {
      if (made.length === 0) return { kind: 'c-int', name: 'int' };
      const [key] = random.pick(made);
      return { kind: 'ref', key, name: key };
    }
    case 9:
      return random.oneIn(3)
        ? { kind: 'complex', element: { kind: 'c-float', name: 'double' } }
        : { kind: 'c-int', name: random.pick(INTS) };
    case 12: {
      const element = randomShape(place, depth + 1);
      return isElement(element, place) ? { kind: 'array', element, length: random.oneIn(9) ? 0 : 1 + random.below(4) } : element;
    }
    default:
      return { kind: 'c-int', name: random.pick(INTS) };
  }
}

/** C forbids arrays of what is aligned to more than its size, as some unions with bit-fields are under MSVC. */
function isElement(shape: Shape, { defs, target }: Place): boolean {
  const def = shape.kind === 'ref' ? defs.get(shape.key) : undefined;
  const laid = def && layoutIn(defs, def, target);
  return laid?.kind !== 'layout' || laid.size % laid.align === 0;
}

/** C forbids members of such types, and of arrays of them. */
function endsFlexible(def: RecordDef): boolean {
  const last = def.fields[def.fields.length - 1]?.shape;
  return last?.kind === 'array' && last.length === null;
}
