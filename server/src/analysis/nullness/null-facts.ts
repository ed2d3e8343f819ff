/** Which uses of raw pointers inside a fn are reached without a null check. */
import type { Span } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';

/** How a pointer is used where null would be undefined behaviour. */
export type PointerUseKind =
  /** `*p`, `(*p).f`, `&*p`, `p.read()`, `ptr::read(p)`, `NonNull::new_unchecked(p)` … */
  | 'deref'
  /** `slice::from_raw_parts(p, n)` */
  | 'slice'
  /** `CStr::from_ptr(p)` */
  | 'cstr'
  /** `Box::from_raw(p)`, `Arc::from_raw(p)`, `CString::from_raw(p)`, `Vec::from_raw_parts(p, …)` */
  | 'from-raw';

export interface PointerUse {
  readonly kind: PointerUseKind;
  /** The parameter that the pointer comes from, through aliases and casts. */
  readonly param: string;
  readonly paramSpan: Span;
  /** The dereference, or the name of the offending call. */
  readonly span: Span;
  /** The whole expression. */
  readonly expr: Expr;
  /** Of a slice: the expression of its length. */
  readonly length: Expr | null;
  /**
   * `unchecked`: no check dominates it. `debug-only`: only a `debug_assert!` does.
   * Checked and undecided uses are not listed; undecided ones are counted by `undecided`.
   */
  readonly state: 'unchecked' | 'debug-only';
}

/** A check of a pointer that was certainly used before, with nothing in between that set it. */
export interface LateCheck {
  /** The parameter, or the C function whose result it is. */
  readonly name: string;
  readonly origin: 'param' | 'result';
  /** The first use, and how null would be wrong there. */
  readonly use: Span;
  readonly kind: PointerUseKind;
  /** The variable or method name of the check. */
  readonly check: Span;
}

/** A signed parameter that becomes a length, count or offset with `as`, where nothing looked at its sign. */
export interface SignedLength {
  readonly param: string;
  readonly paramSpan: Span;
  /** The length. */
  readonly expr: Expr;
}

export interface NullFacts {
  /** The first offending use of each raw-pointer parameter and kind, in source order. */
  uses(fn: BoundaryFn): readonly PointerUse[];
  /** How many uses could not be decided (an unknown macro or call got the pointer). */
  undecided(fn: BoundaryFn): number;
  /**
   * The first unchecked use of each kind of every pointer that a C function returned, in any fn; `param` is that function's name.
   * Functions are those that the table calls nullable, and imports whose name says that they make something.
   */
  nullableResults(fn: FnBody): readonly PointerUse[];
  /** Null checks that come after the first use of their pointer on every path, one for each pointer, in any fn. */
  lateChecks(fn: FnBody): readonly LateCheck[];
  /** The first length that each signed parameter becomes without a look at its sign, in any fn. */
  signedLengths(fn: FnBody): readonly SignedLength[];
}

/** A fn with its body, at the boundary or not. */
export type FnBody = Pick<BoundaryFn, 'item' | 'ast' | 'scope'>;
