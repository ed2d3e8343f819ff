/** What syntax alone tells of types: the three-valued FFI-safety, opacity, and the types of expressions. */
import type { FfiSafety } from '../../model/surface/ffi-safety.types.ts';
import type { BoundaryType } from '../../model/surface/surface.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { RustItem, ScopedType } from '../../model/workspace.ts';

/** Why a type behind a pointer is taken to be opaque, or the evidence that the other side reads its fields. */
export type Opacity = { readonly kind: 'transparent'; readonly evidence: string } | { readonly kind: 'opaque'; readonly reason: string };

export interface TypeFacts {
  /** Whether a written type may cross by value. `unknown` must not be reported. */
  ffiSafety(type: ScopedType): FfiSafety;
  opacity(type: BoundaryType): Opacity;
  /** The type of an expression inside a fn, where declarations, constructors and casts tell; null where they do not. */
  typeOf(expr: Expr, inside: RustItem): ScopedType | null;
}
