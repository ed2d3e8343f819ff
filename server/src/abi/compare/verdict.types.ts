/** What the comparison of a Rust type with its peer in another language says. */
import type { PointerShape, TypeDef } from '../shape.ts';

/** A type as it is passed on one target: what registers and memory see of it. */
export type Value =
  | {
      readonly kind: 'integer' /** Bytes. */;
      readonly size: number;
      readonly signed: boolean /** An enum with an integer of its own. */;
      readonly of: 'integer' | 'enum';
    }
  /** C's enum, `repr(C)`: as large as `int`, or as small as its values where `short` may be. */
  | {
      readonly kind: 'enum' /** Bytes; null where compilers of the target differ. */;
      readonly size: number | null;
      readonly short: boolean;
    }
  | { readonly kind: 'float'; readonly size: number /** C's `long double`. */; readonly long: boolean }
  | { readonly kind: 'bool' }
  /** Rust's `char`. */
  | { readonly kind: 'scalar' }
  | { readonly kind: 'pointer'; readonly shape: PointerShape }
  | { readonly kind: 'fat-pointer' }
  | { readonly kind: 'array' }
  /** `def` null where only the name is known. */
  | { readonly kind: 'aggregate'; readonly def: TypeDef | null }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'never' }
  | { readonly kind: 'va-list' }
  | { readonly kind: 'unknown'; readonly reason: string };

export type VerdictCode =
  | 'ok'
  /** Same width, the other sign. */
  | 'sign'
  /** `bool` and an 8-bit integer: the same for the ABI, but Rust must never read anything but 0 and 1. */
  | 'bool'
  /** An enum and an integer or enum of its width: Rust must never read a value that no variant has. */
  | 'value-range'
  /** Rust's `char` and a 32-bit integer: Rust must never read what is no Unicode scalar value. */
  | 'scalar-value'
  /** A pointer and an integer of its width. */
  | 'pointer-integer'
  /** A fn pointer and a data pointer. */
  | 'code-data'
  /** Two aggregates by value: as good as their layouts are the same. */
  | 'layout'
  /** Whether the enum is as wide as the integer depends on -fshort-enums. */
  | 'short-enums'
  /** One side has a value, the other none. */
  | 'nothing'
  | 'width'
  /** An integer and a floating-point number. */
  | 'class'
  /** An aggregate by value and a number. */
  | 'aggregate'
  /** Of different kinds altogether: a pointer and a number, an aggregate and a pointer. */
  | 'kind'
  | 'fat-pointer'
  | 'array-by-value'
  /** No Rust type is a `va_list`. */
  | 'va-list'
  | 'unknown';

export interface Verdict {
  readonly code: VerdictCode;
  readonly rust: Value;
  readonly peer: Value;
}

/** Who reads what is compared: a parameter of an export is read by Rust, its result by the peer; a field by both. */
export type Reader = 'rust' | 'peer' | 'both';
