/** Static assertions: the layout that the other side counts on, checked by every compile. */
import type { Layout } from '../abi/layout.types.ts';
import { targetCfg } from '../abi/target-cfg.ts';
import type { Target } from '../abi/targets.ts';
import { targetOf } from '../abi/targets.ts';
import { evaluate } from '../model/rust/cfg.ts';
import { indent } from './names.ts';

export interface AssertedType {
  /** As the language spells it where the assertions stand: `crate::shapes::Point`, `struct point`. */
  readonly spelling: string;
  /** Names of the fields whose offsets may be asked for there. */
  readonly fields: readonly string[];
  /** On each target that it exists on. */
  layout(target: Target): Layout | null;
}

/** Code is built for these more than for any others; assertions that hold for all of a width are written for the width. */
const COMMON = [
  'x86_64-unknown-linux-gnu',
  'aarch64-unknown-linux-gnu',
  'riscv64gc-unknown-linux-gnu',
  's390x-unknown-linux-gnu',
  'x86_64-pc-windows-msvc',
  'x86_64-pc-windows-gnu',
  'aarch64-apple-darwin',
  'i686-unknown-linux-gnu',
  'i686-pc-windows-msvc',
  'armv7-unknown-linux-gnueabihf',
  'wasm32-unknown-unknown',
];

export interface AssertedLayout {
  /** `all` targets, those of a pointer width, or one alone. */
  readonly on: 'all' | 32 | 64 | Target;
  readonly layout: Layout;
}

/** The layouts to assert, each with where it holds: for `target` always, for others where all that are common agree. */
export function assertedLayouts(type: AssertedType, target: Target): readonly AssertedLayout[] {
  const own = type.layout(target);
  if (!own) return [];
  const targets = [target, ...COMMON.flatMap((triple) => targetOf(triple) ?? [])];
  const known = targets.flatMap((one) => {
    const layout = type.layout(one);
    return layout ? [{ bits: one.rust.pointer.size * 8, layout }] : [];
  });
  if (known.every(({ layout }) => sameFigures(layout, own))) return [{ on: 'all', layout: own }];
  const out: AssertedLayout[] = [];
  for (const width of [64, 32] as const) {
    const of = known.filter(({ bits }) => bits === width);
    const [first] = of;
    if (first && of.every(({ layout }) => sameFigures(layout, first.layout))) out.push({ on: width, layout: first.layout });
  }
  const covered = out.some(({ on }) => on === target.rust.pointer.size * 8);
  return covered ? out : [...out, { on: target, layout: own }];
}

function sameFigures(a: Layout, b: Layout): boolean {
  const text = ({ size, align, fields }: Layout): string => JSON.stringify([size, align, fields.map(({ name, offset }) => [name, offset])]);
  return text(a) === text(b);
}

/** `const` items, which cost nothing and fail the build where a figure is wrong. `offsets`: the compiler knows `offset_of!` (Rust 1.77). */
export function rustAsserts(type: AssertedType, target: Target, offsets: boolean): string {
  return assertedLayouts(type, target)
    .map(({ on, layout }) => {
      const lines = [
        `assert!(core::mem::size_of::<${type.spelling}>() == ${layout.size});\n`,
        `assert!(core::mem::align_of::<${type.spelling}>() == ${layout.align});\n`,
        ...(offsets
          ? offsetsOf(type, layout).map(([name, at]) => `assert!(core::mem::offset_of!(${type.spelling}, ${name}) == ${at});\n`)
          : []),
      ];
      return `${cfgText(on)}const _: () = {\n${indent(lines.join(''), '    ')}};\n`;
    })
    .join('\n');
}

/** C11; `<stddef.h>` and `<stdint.h>` are needed. Nothing for a layout that holds on one target only, which C has no portable name for. */
export function cAsserts(type: AssertedType, target: Target): string {
  return assertedLayouts(type, target)
    .filter(({ on }) => typeof on !== 'object')
    .map(({ on, layout }) => {
      const { spelling } = type;
      const lines = [
        `_Static_assert(sizeof(${spelling}) == ${layout.size}, "size of ${spelling}");\n`,
        `_Static_assert(_Alignof(${spelling}) == ${layout.align}, "alignment of ${spelling}");\n`,
        ...offsetsOf(type, layout).map(
          ([name, at]) => `_Static_assert(offsetof(${spelling}, ${name}) == ${at}, "offset of ${spelling}.${name}");\n`,
        ),
      ].join('');
      return on === 'all' ? lines : `#if UINTPTR_MAX == UINT${String(on)}_MAX\n${lines}#endif\n`;
    })
    .join('');
}

function offsetsOf({ fields }: AssertedType, layout: Layout): readonly (readonly [string, number])[] {
  const wanted = new Set(fields);
  return layout.fields.flatMap(({ name, offset }) => (offset !== null && wanted.has(name) ? [[name, offset] as const] : []));
}

function cfgText(on: AssertedLayout['on']): string {
  if (on === 'all') return '';
  if (typeof on === 'number') return `#[cfg(target_pointer_width = "${on}")]\n`;
  const known = targetCfg(on);
  const [arch = '', , ...rest] = on.triple.split('-');
  const architectures = [
    arch,
    'x86_64',
    'x86',
    'aarch64',
    'arm',
    'riscv64',
    'riscv32',
    'wasm32',
    'wasm64',
    's390x',
    'powerpc64',
    'powerpc',
    'mips',
    'mips64',
    'loongarch64',
  ];
  const systems = ['linux', 'windows', 'macos', 'ios', 'android', 'freebsd', 'netbsd', 'openbsd', 'none', 'unknown', ...rest];
  const environments = ['gnu', 'msvc', 'musl', ''];
  const parts = [
    choose('target_arch', architectures, known),
    choose('target_os', systems, known),
    choose('target_env', environments, known),
  ].filter((part) => part !== null);
  return `#[cfg(all(${parts.join(', ')}))]\n`;
}

function choose(name: string, values: readonly string[], known: ReturnType<typeof targetCfg>): string | null {
  const found = values.find((value) => evaluate({ kind: 'option', name, value }, known) === true);
  return found === undefined ? null : `${name} = "${found}"`;
}
