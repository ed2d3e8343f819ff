/** Shapes of the standard library's generic types that document their layout by that of their argument. */
import { LAYOUT_WRAPPERS } from '../model/surface/type-walk.ts';
import type { Type } from '../model/rust/ast-type.ts';
import type { Lowering, Where } from './rust-lowering.types.ts';
import { pointerTo } from './rust-types.ts';
import type { Shape } from './shape.ts';
import { unknownShape } from './shape.ts';

/** Wrappers that keep the niche of what they hold; the others may hold any bits, or be written through a shared reference. */
const KEEP_NICHE = new Set(['ManuallyDrop', 'Wrapping', 'Saturating', 'Pin']);

/** null for a type that is none of these. */
export function wrapperShape(name: string, args: readonly Type[], where: Where, lowering: Lowering): Shape | null {
  if (name === 'PhantomData') return { kind: 'unit' };
  const [first] = args;
  if (!first) return null;
  switch (name) {
    case 'Box':
      return args.length > 1 ? unknownShape('a Box with an allocator') : pointerTo(lowering.pointee(first, where), false, false);
    case 'NonNull':
      return pointerTo(lowering.pointee(first, where), false, false);
    case 'AtomicPtr':
      return { kind: 'aligned', inner: pointerTo(lowering.pointee(first, where), false, true), align: 'size' };
    case 'NonZero':
      return { kind: 'nonzero', inner: lowering.shape(first, where) };
    case 'Option':
      return optional(lowering.shape(first, where));
  }
  if (!LAYOUT_WRAPPERS.has(name) && name !== 'Pin') return null;
  const inner = lowering.shape(first, where);
  return KEEP_NICHE.has(name) ? inner : { kind: 'no-niche', inner };
}

/** `None` is null where the payload is a pointer that never is, and zero where it is an integer that never is. */
function optional(inner: Shape): Shape {
  if (inner.kind === 'pointer' && !inner.nullable) return { ...inner, nullable: true };
  if (inner.kind === 'fat-pointer' && !inner.nullable) return { ...inner, nullable: true };
  if (inner.kind === 'nonzero') return inner.inner;
  return inner.kind === 'unknown' ? inner : { kind: 'option', inner };
}
