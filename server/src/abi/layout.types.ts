/** Layouts: where the bytes of a type lie on one target, and who says so. */
import type { Shape } from './shape.ts';

export type Provenance = 'computed' | 'rustc' | 'cc' | 'python';

/** All figures but `bitOffset` and `bitWidth` are bytes. */
export interface FieldLayout {
  /**
   * Members of a nameless member stand under their own names; a named member of a nameless type is followed by its members by path (`u.lo`).
   * In a Rust enum with data: `tag`, and `Variant.field`.
   */
  readonly name: string;
  readonly shape: Shape;
  /** From the start of the type; null for a bit-field. */
  readonly offset: number | null;
  /** Of a bit-field: of its declared type. */
  readonly size: number;
  /** As laid out, packing taken into account; of a bit-field: of its declared type. */
  readonly align: number;
  /**
   * From the start of the type, null for what is no bit-field. Counted in the order in which the target fills a unit:
   * from the lowest bit up on little-endian targets, from the highest down on big-endian ones.
   */
  readonly bitOffset: number | null;
  readonly bitWidth: number | null;
}

export interface Layout {
  readonly kind: 'layout';
  readonly size: number;
  readonly align: number;
  /** In the order of definition. Nameless bit-fields are left out. */
  readonly fields: readonly FieldLayout[];
  /** Bytes of the type that belong to no member (none of its variants'), those inside of members not counted; none where an enum has no data. */
  readonly padding: number;
}

export interface UnknownLayout {
  readonly kind: 'unknown';
  /** For people: lower-case, no full stop. `opaque` for an incomplete type. */
  readonly reason: string;
}

export type LayoutResult = Layout | UnknownLayout;

export interface LayoutOptions {
  /** `[1, 77]` for rustc 1.77; null for a current one. Decides the alignment of 128-bit integers. */
  readonly rustVersion: readonly [number, number] | null;
  /** The C compiler was told `-fshort-enums` or `-fno-short-enums`; null for the target's habit. */
  readonly shortEnums: boolean | null;
}

export const DEFAULT_LAYOUT_OPTIONS: LayoutOptions = { rustVersion: null, shortEnums: null };
