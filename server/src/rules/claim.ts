/** What a rule takes for granted about code and a compiler can check: the part of a finding that needs types. */
import type { ForeignCall } from '../analysis/c-functions/foreign-call.ts';
import type { Span } from '../base/text.ts';
import type { Expr } from '../model/rust/ast-expr.ts';
import type { RustItem, SourceFile } from '../model/workspace.ts';
import type { At } from './rule.ts';

export type Claim =
  /** The callee named at the place is one of these fns: paths without type arguments, as rustc prints them. */
  | { readonly kind: 'calls'; readonly at: At; readonly callees: RegExp }
  /** A closure, trait object or fn pointer is called at the place. */
  | { readonly kind: 'calls-value'; readonly at: At }
  /**
   * What is called at the place takes first, or gives, a value of such a type, as rustc prints it. Where the types there are others the
   * finding is wrong, unless it is only `hinted` at by them.
   */
  | { readonly kind: 'handles'; readonly at: At; readonly type: RegExp; readonly hinted?: true }
  /** A value is cast or transmuted at the place: between such types, as rustc prints them. */
  | { readonly kind: 'casts'; readonly at: At; readonly from?: RegExp; readonly to?: RegExp; readonly how?: RegExp }
  /** The place stands in a closure that captures a value of such a type. */
  | { readonly kind: 'captures'; readonly at: At; readonly type: RegExp }
  /** A raw pointer is followed at the place, or given to one of these fns. */
  | { readonly kind: 'follows-pointer'; readonly at: At; readonly callees: RegExp | null }
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

/** The callee that a finding names as `std::fs::read`, `JoinHandle::join` or `File::read`, also where it is a method of a trait. */
export function named(what: string): RegExp {
  const [method = '', owner = ''] = what.split('::').reverse();
  return new RegExp(`\\b${owner}\\b.*::${method}$`);
}

/** That a call of C is one, by the linker's name or the one that Rust declares it under. */
export function callsC(file: SourceFile, { call, name, item }: Pick<ForeignCall, 'call' | 'name' | 'item'>): Claim {
  const names = [name, item?.name ?? name].join('|');
  return { kind: 'calls', at: { file, span: call.callee.span }, callees: new RegExp(`(?:^|::)(?:${names})$`) };
}

/** That a finding's own words for a callee are true; nothing for words that name none. */
export function callsNamed(at: At, what: string): readonly Claim[] {
  return /^\w+(?:::\w+)+$/.test(what) ? [{ kind: 'calls', at, callees: named(what) }] : [];
}

/** That an expression panics: a macro, an index, a division or a call. */
export function panicClaim(file: SourceFile, { expr, span }: { readonly expr: Expr; readonly span: Span }): Claim {
  switch (expr.kind) {
    case 'macro':
      return { kind: 'panic-macro', at: { file, span } };
    case 'index':
      return { kind: 'bounds', at: { file, span: expr.span } };
    case 'binary':
      return { kind: 'division', at: { file, span: expr.span } };
    default:
      return { kind: 'panics', at: { file, span } };
  }
}

/** Taking a lock of std, parking_lot or tokio. */
export const LOCKING = /\b(?:\w*Mutex|RwLock)\b.*::(?:lock|read|write|upgradable_read|blocking_\w+)\w*$/;

export const CSTR_FROM_PTR = /^(?:std|core)::ffi::(?:c_str::)?CStr::from_ptr$/;

/** The constructors of Rust's own libraries that take a raw pointer over, as rustc prints their paths. */
export const STD_FROM_RAW = /^(?:std|alloc|core)::[\w:]+::from_raw(?:_parts)?(?:_in)?$/;

/** Those that give one out. */
export const STD_INTO_RAW = /^(?:std|alloc|core)::[\w:]+::(?:into_raw(?:_parts)?|leak|into_non_null)\w*$/;

/** `as_ptr` and `as_mut_ptr` of strings, vectors, slices and arrays. */
export const STD_AS_PTR = /^(?:std|alloc|core)::[\w:]+::(?:<impl [^>]*>::)?as_(?:mut_)?ptr$/;
