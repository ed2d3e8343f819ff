/** `Option` of types for which Rust guarantees that `None` is the null pointer or zero (std::option, "Representation"). */
import type { Context } from './context.ts';
import { isUnknown, unknown } from './context.ts';
import { sizeOf } from './scalars.ts';
import type { UnknownLayout } from './layout.types.ts';
import type { FieldDef, RecordDef, Shape } from './shape.ts';

/** Longest chain of transparent records that is followed. */
const DEPTH = 16;

/** The shape whose layout `Option` of this one has: its own; unknown where Rust guarantees none. */
export function nichePayload(shape: Shape, context: Context): Shape | UnknownLayout {
  const niche = hasNiche(shape, context, DEPTH);
  if (isUnknown(niche)) return niche;
  return niche.yes ? shape : unknown('the layout of an Option of this type is not defined');
}

type Answer = { readonly yes: boolean } | UnknownLayout;

function hasNiche(shape: Shape, context: Context, depth: number): Answer {
  if (depth === 0) return unknown('nested too deeply');
  switch (shape.kind) {
    case 'pointer':
    case 'fat-pointer':
      return { yes: !shape.nullable };
    case 'nonzero':
      return { yes: true };
    case 'unknown':
      return unknown(shape.reason);
    case 'ref': {
      const def = context.find(shape.key);
      if (def.kind === 'unknown') return unknown(def.reason);
      if (def.kind !== 'struct' || !def.transparent) return { yes: false };
      const inner = transparentField(def, context);
      if (isUnknown(inner)) return inner;
      return inner.field === null ? { yes: false } : hasNiche(inner.field.shape, context, depth - 1);
    }
    default:
      return { yes: false };
  }
}

/** The one member of a transparent record that is not zero-sized with alignment 1; null where all are. */
export function transparentField(def: RecordDef, context: Context): { readonly field: FieldDef | null } | UnknownLayout {
  const real: FieldDef[] = [];
  for (const field of def.fields) {
    const size = sizeOf(field.shape, 'rust', context);
    if (isUnknown(size)) return size;
    if (size.size > 0 || size.align > 1) real.push(field);
  }
  return real.length <= 1 ? { field: real[0] ?? null } : unknown('a transparent record with two members that have bytes');
}
