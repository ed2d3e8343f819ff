/** Written Rust types, paths and generics as plain data, lowered from the parser's tree. */
import type { Span } from '../../base/text.ts';
import type { Expr } from './ast-expr.ts';

/** `Fn(A, B) -> C` has the arguments of `Fn<(A, B), Output = C>`. */
export interface PathSegment {
  /** Without `r#`. */
  readonly name: string;
  /** The name alone. */
  readonly span: Span;
  readonly args: readonly GenericArg[];
}

export type GenericArg =
  | { readonly kind: 'type'; readonly type: Type }
  | { readonly kind: 'lifetime'; readonly name: string }
  | { readonly kind: 'const'; readonly text: string }
  /** `Item = T` */
  | { readonly kind: 'binding'; readonly name: string; readonly type: Type };

/** `a::b<T>::c`. `crate`, `self`, `super` and `Self` stand as segments. */
export interface Path {
  /** Starts with `::`. */
  readonly global: boolean;
  readonly segments: readonly PathSegment[];
  readonly span: Span;
}

/** The `<T as Trait>` of a path, which then has only the segments behind it. */
export interface QualifiedSelf {
  readonly type: Type;
  readonly trait: Path | null;
}

export interface FnPointerType {
  readonly kind: 'fn';
  readonly unsafe: boolean;
  /** As written: null for a Rust fn, `'C'` also for a bare `extern fn`. */
  readonly abi: string | null;
  readonly abiSpan: Span | null;
  readonly params: readonly { readonly name: string | null; readonly type: Type }[];
  readonly variadic: boolean;
  /** null where none is written: `()`. */
  readonly result: Type | null;
  /** Lifetimes of a leading `for<'a>`. */
  readonly forLifetimes: readonly string[];
  readonly span: Span;
}

export type Type =
  | { readonly kind: 'path'; readonly path: Path; readonly self: QualifiedSelf | null; readonly span: Span }
  | { readonly kind: 'pointer'; readonly mutable: boolean; readonly pointee: Type; readonly span: Span }
  | {
      readonly kind: 'reference';
      readonly mutable: boolean;
      readonly lifetime: string | null;
      readonly referent: Type;
      readonly span: Span;
    }
  | { readonly kind: 'slice'; readonly element: Type; readonly span: Span }
  | { readonly kind: 'array'; readonly element: Type; readonly length: Expr; readonly span: Span }
  /** No elements: the unit type. */
  | { readonly kind: 'tuple'; readonly elements: readonly Type[]; readonly span: Span }
  | FnPointerType
  | { readonly kind: 'never'; readonly span: Span }
  | { readonly kind: 'dyn'; readonly bounds: readonly Path[]; readonly text: string; readonly span: Span }
  | { readonly kind: 'impl'; readonly bounds: readonly Path[]; readonly text: string; readonly span: Span }
  | { readonly kind: 'infer'; readonly span: Span }
  | { readonly kind: 'macro'; readonly path: Path; readonly span: Span }
  /** Could not be parsed. */
  | { readonly kind: 'unknown'; readonly text: string; readonly span: Span };

export interface GenericParam {
  readonly kind: 'type' | 'lifetime' | 'const';
  readonly name: string;
  readonly span: Span;
  /** Paths of the bounds, where-clauses included; `?Sized` stands as `?Sized`. */
  readonly bounds: readonly string[];
  /** Type of a const parameter. */
  readonly type: Type | null;
}

/** The unit type `()`. */
export function isUnit(type: Type): boolean {
  return type.kind === 'tuple' && type.elements.length === 0;
}
