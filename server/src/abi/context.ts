/** What the parts of the layout computation hand to each other. All figures are bytes unless a name says bits. */
import type { LayoutOptions, UnknownLayout } from './layout.types.ts';
import type { FieldDef, Shape, TypeDef, UnknownShape } from './shape.ts';
import type { CAbi, SizeAlign, Target } from './targets.ts';

/** A type as its user sees it. */
export interface TypeSize extends SizeAlign {
  /** MSVC's required alignment: what was asked for explicitly, in the type or inside of it, and no packing lowers. 1 for none. */
  readonly required: number;
}

/** A member where it was placed, in bits from the start of its record. */
export interface Placed {
  readonly field: FieldDef;
  readonly bits: number;
  readonly type: TypeSize;
  /** As laid out. */
  readonly align: number;
}

/** A laid out definition. */
export interface Laid extends TypeSize {
  readonly placed: readonly Placed[];
  /** Members under their names, where they differ from those of `placed`: an enum's variants. */
  readonly names?: readonly string[];
}

export interface Context {
  readonly target: Target;
  readonly options: LayoutOptions;
  find(key: string): TypeDef | UnknownShape;
  /** Lays out a definition once. */
  lay(def: TypeDef): Laid | UnknownLayout;
}

export function unknown(reason: string): UnknownLayout {
  return { kind: 'unknown', reason };
}

export function isUnknown<T extends object>(value: T | UnknownLayout): value is UnknownLayout {
  return 'kind' in value && value.kind === 'unknown';
}

/** The least multiple of `step` that is not below `value`; steps need not be powers of two. */
export function roundUp(value: number, step: number): number {
  return step <= 1 ? value : Math.ceil(value / step) * step;
}

/** The C side of a target, or why there is none. */
export function cOf(target: Target): CAbi | UnknownLayout {
  return target.c ?? unknown(`how C lays out types on ${target.triple} is not known`);
}

/** Larger types are nobody's; bit positions in them stay exact in a number. */
const MOST_BYTES = 2 ** 48;

export function bounded<T extends TypeSize>(laid: T): T | UnknownLayout {
  return laid.size <= MOST_BYTES ? laid : unknown('the type is larger than any memory');
}

/** The shape under arrays. */
export function baseElement(shape: Shape): Shape {
  let at = shape;
  while (at.kind === 'array') at = at.element;
  return at;
}
