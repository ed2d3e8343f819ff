/** What rustc says of random Rust types for any target: type errors that name the values, without a standard library. */
import { spawnSync } from 'node:child_process';
import { probeRust } from '../../../scripts/layout-probe-rust.mjs';
import type { EnumDef, RecordDef, Shape, TypeDef } from '../../../server/src/abi/shape.ts';
import type { Target } from '../../../server/src/abi/targets.ts';
import type { Said, Tally } from './compare.ts';
import { judge, layoutIn } from './compare.ts';
import type { RustDefs } from './rust-types.ts';

/** Why rustc cannot be asked, null where it can. */
export function rustcMissing(): string | null {
  return spawnSync('rustc', ['--version']).status === 0 ? null : 'rustc is not installed';
}

/** The triples that rustc knows, with LLVM's name for each. */
export function rustTriples(): ReadonlyMap<string, string> {
  const args = ['-Zunstable-options', '--print', 'all-target-specs-json'];
  const env = { ...process.env, RUSTC_BOOTSTRAP: '1' };
  const { stdout } = spawnSync('rustc', args, { encoding: 'utf8', maxBuffer: 1 << 28, env });
  const specs = JSON.parse(stdout) as Record<string, { readonly 'llvm-target': string }>;
  return new Map(Object.entries(specs).map(([triple, spec]) => [triple, spec['llvm-target']]));
}

/** What unions may hold, Option, and integers that are never zero, as the standard library has them. */
const PRELUDE = `
#[lang = "manually_drop"] #[repr(transparent)] pub struct ManuallyDrop<T: PointeeSized>(T);
#[lang = "bikeshed_guaranteed_no_drop"] pub trait NoDrop {}
pub enum Option<T> { None, Some(T) }
#[rustc_layout_scalar_valid_range_start(1)] #[repr(transparent)] pub struct NonZero<T>(T);
`;
const COPIES = ['bool', 'char', 'f16', 'f32', 'f64', 'f128', 'i8', 'i16', 'i32', 'i64', 'i128', 'isize', 'u16', 'u64', 'u128'];

export function againstRustc(defs: RustDefs, target: Target, tally: Tally): void {
  const items = [...defs].map(([name, def]) => item(name, def, target));
  const copies = COPIES.map((type) => `impl Copy for ${type} {}`);
  const values: string[] = [];
  const asked = [...defs].map(([name, def]) => {
    const members = membersOf(def);
    values.push(`size_of::<${name}>()`, `align_of::<${name}>()`, ...members.map((m) => `builtin # offset_of(${name}, ${m})`));
    return { name, def, members };
  });
  const figures = probeRust({
    triple: target.triple,
    items: [PRELUDE, ...copies, ...items].join('\n'),
    values,
    features: ['f16', 'f128', 'offset_of_enum', 'repr128'],
  });
  let at = 0;
  for (const { name, def, members } of asked) {
    const [size = -1, align = -1] = [figures[at++] ?? -1, figures[at++] ?? -1];
    const bits = new Map(members.map((member) => [member, (figures[at++] ?? -1) * 8] as const));
    const said: Said = { size, align, bits };
    judge(tally, `${name} on ${target.triple}`, layoutIn(defs, def, target), said, () => item(name, def, target));
  }
}

function membersOf(def: TypeDef): readonly string[] {
  if (def.kind !== 'enum') return def.fields.flatMap(({ name }) => (name === null ? [] : [name]));
  return def.variants.flatMap((variant) => variant.fields.map(({ name }) => `${variant.name}.${name}`));
}

function item(name: string, def: TypeDef, target: Target): string {
  return def.kind === 'enum' ? enumItem(name, def, target) : recordItem(name, def, target);
}

function recordItem(name: string, def: RecordDef, target: Target): string {
  const packed = def.packed === null ? [] : [def.packed === 1 ? 'packed' : `packed(${def.packed})`];
  const hints = def.transparent ? ['transparent'] : ['C', ...packed, ...(def.align === null ? [] : [`align(${def.align})`])];
  const fields = def.fields.map((one) => `${one.name}: ${written(one.shape, target, def.kind === 'union')}`);
  return `#[repr(${hints.join(', ')})] pub ${def.kind} ${name} { ${fields.join(', ')} }`;
}

function enumItem(name: string, def: EnumDef, target: Target): string {
  const hints = [
    ...(def.c ? ['C'] : []),
    ...(def.underlying ? [written(def.underlying, target, false)] : []),
    ...(def.align === null ? [] : [`align(${def.align})`]),
  ];
  const variants = def.variants.map((variant) => {
    const fields = variant.fields.map((one) => `${one.name}: ${written(one.shape, target, false)}`);
    const data = def.variants.some((v) => v.fields.length > 0);
    return fields.length > 0
      ? `${variant.name} { ${fields.join(', ')} }`
      : `${variant.name}${data ? '' : ` = ${literal(variant.value ?? 0n, target)}`}`;
  });
  return `#[repr(${hints.join(', ')})] pub enum ${name} { ${variants.join(', ')} }`;
}

/** Without a standard library there is no minus: a negative number is written as its bits. */
function literal(value: bigint, { rust }: Target): string {
  return value >= 0n ? `${value}` : `0x${BigInt.asUintN(rust.pointer.size * 8, value).toString(16)}`;
}

/** A type as written; members of unions stand in a wrapper that needs no Drop. */
function written(shape: Shape, target: Target, inUnion: boolean): string {
  if (inUnion) return `ManuallyDrop<${written(shape, target, false)}>`;
  switch (shape.kind) {
    case 'int':
      return `${shape.signed ? 'i' : 'u'}${shape.bits}`;
    case 'c-int':
      return named(shape.name, target);
    case 'float':
      return `f${shape.bits}`;
    case 'bool':
      return 'bool';
    case 'unicode-scalar':
      return 'char';
    case 'unit':
      return '()';
    case 'pointer':
      return shape.nullable ? '*const u8' : "&'static u8";
    case 'fat-pointer':
      return "&'static [u8]";
    case 'nonzero':
      return `NonZero<${written(shape.inner, target, false)}>`;
    case 'option':
      return `Option<${written(shape.inner, target, false)}>`;
    case 'array':
      return `[${written(shape.element, target, false)}; ${shape.length ?? 0}]`;
    case 'ref':
      return shape.key;
    default:
      throw new Error(`${shape.kind} is not written here`);
  }
}

function named(name: string, { rust }: Target): string {
  if (name === 'int') return `i${rust.int * 8}`;
  if (name === 'long') return `i${rust.long * 8}`;
  if (name === 'unsigned long') return `u${rust.long * 8}`;
  if (name === 'char') return 'u8';
  return name === 'ssize_t' ? 'isize' : 'usize';
}
