/** What a rule takes for granted about code and a compiler can check: the part of a finding that needs types. */
import type { RustItem } from '../model/workspace.ts';
import type { At } from './rule.ts';

export type Claim =
  /** The callee named at the place is one of these fns: paths without type arguments, as rustc prints them. */
  | { readonly kind: 'calls'; readonly at: At; readonly callees: RegExp }
  /** What is called at the place, by name, can panic. */
  | { readonly kind: 'panics'; readonly at: At }
  /** rustc's own lint refuses the type of the signature there; `item` is the fn, or null where it says nothing in its favour to be silent. */
  | { readonly kind: 'refused-type'; readonly at: At; readonly item: RustItem | null }
  /** The compiler puts a check of the index or the divisor there, or calls what can panic. */
  | { readonly kind: 'bounds' | 'division'; readonly at: At }
  /** A macro at the place panics; the compiler knows its place only as a line of the standard library. */
  | { readonly kind: 'panic-macro'; readonly at: At }
  /** At the place a raw pointer is read or written through, or given to one of these fns, and nothing else in the fn looks at pointers of its type. */
  | { readonly kind: 'uses-pointer'; readonly at: At; readonly callees: RegExp | null };

/** The constructors of Rust's own libraries that take a raw pointer over, as rustc prints their paths. */
export const STD_FROM_RAW = /^(?:std|alloc|core)::[\w:]+::from_raw(?:_parts)?(?:_in)?$/;

/** `as_ptr` and `as_mut_ptr` of strings, vectors, slices and arrays. */
export const STD_AS_PTR = /^(?:std|alloc|core)::[\w:]+::(?:<impl [^>]*>::)?as_(?:mut_)?ptr$/;
