/** What `repr` asks of a Rust type's layout, numbers included. */
import { evaluate } from '../model/rust/cfg.ts';
import type { KnownOptions } from '../model/rust/cfg.ts';
import type { Attribute, Meta } from '../model/rust/attribute.ts';
import { reprOf } from '../model/surface/attributes.ts';
import type { UnknownShape } from './shape.ts';
import { unknownShape } from './shape.ts';

export interface RustRepr {
  readonly kind: 'repr';
  readonly c: boolean;
  readonly transparent: boolean;
  /** `u8` … `isize`. */
  readonly int: string | null;
  /** 1 for a bare `packed`. */
  readonly packed: number | null;
  readonly align: number | null;
}

/** Unknown where a `cfg_attr` cannot be decided, or a hint is not understood. Of several, the strongest align and the tightest packed count. */
export function rustRepr(attributes: readonly Attribute[], known: KnownOptions): RustRepr | UnknownShape {
  const given: Attribute[] = [];
  for (const attribute of attributes) {
    if (attribute.path !== 'repr') continue;
    const holds = attribute.condition === null ? true : evaluate(attribute.condition, known);
    if (holds === null) return unknownShape('its repr depends on a configuration that is not known');
    if (holds) given.push(attribute);
  }
  const { c, transparent, int, simd } = reprOf(given);
  if (simd) return unknownShape('the layout of a SIMD type is not modelled');
  const hints = given.flatMap((attribute) => [...(attribute.args ?? [])]);
  const aligns = hints.filter((hint) => hint.name === 'align').map(numberIn);
  const packs = hints.filter((hint) => hint.name === 'packed').map((hint) => (hint.args === null ? 1 : numberIn(hint)));
  if (aligns.includes(null) || packs.includes(null)) return unknownShape('its repr has a number that cannot be read');
  return { kind: 'repr', c, transparent, int, packed: extreme(packs, Math.min), align: extreme(aligns, Math.max) };
}

/** The power of two in `align(8)`; null for anything else. */
function numberIn(hint: Meta): number | null {
  const [only] = hint.args ?? [];
  const text = (only?.value ?? only?.name ?? '').replace(/_/g, '').replace(/(?:u8|u16|u32|u64|u128|usize|i32)$/, '');
  const value = /^(?:0x[\da-f]+|0b[01]+|0o[0-7]+|\d+)$/i.test(text) ? Number(text) : 0;
  return Number.isInteger(Math.log2(value)) ? value : null;
}

function extreme(numbers: readonly (number | null)[], choose: (...all: number[]) => number): number | null {
  const real = numbers.filter((n) => n !== null);
  return real.length === 0 ? null : choose(...real);
}
