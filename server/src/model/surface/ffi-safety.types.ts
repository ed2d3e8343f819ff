/** The three-valued answer to "may this type cross a C boundary by value". */
import type { RustItem } from '../workspace.ts';

export type UnsafeReason =
  /** A workspace struct, union or enum without a defined layout. */
  | { readonly kind: 'no-repr'; readonly item: RustItem }
  /** A pointer that carries a length or vtable: `&str`, `&[T]`, `Box<dyn T>`. `what`: `str`, `slice` or `dyn`. */
  | { readonly kind: 'fat-pointer'; readonly what: 'str' | 'slice' | 'dyn'; readonly text: string }
  /** A library type whose layout is not defined: `String`, `Vec<u8>`, `Result<…>`. */
  | { readonly kind: 'rust-type'; readonly text: string; readonly canonical: string }
  | { readonly kind: 'option'; readonly text: string }
  | { readonly kind: 'tuple'; readonly text: string }
  | { readonly kind: 'char' }
  | { readonly kind: 'unsized'; readonly text: string }
  | { readonly kind: 'rust-fn-pointer'; readonly text: string }
  | { readonly kind: 'array-by-value'; readonly text: string }
  | { readonly kind: 'void-by-value' }
  | { readonly kind: 'zero-sized'; readonly text: string }
  | { readonly kind: 'dyn-or-impl'; readonly text: string };

export type FfiSafety =
  | { readonly kind: 'safe' }
  | {
      readonly kind: 'unsafe';
      readonly reason: UnsafeReason /** Field path through which it is reached, outermost first. */;
      readonly through: readonly string[];
    }
  | { readonly kind: 'unknown'; readonly reason: string };
