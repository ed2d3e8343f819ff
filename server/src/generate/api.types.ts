/** What bindings are generated from: the functions and types of one side of a boundary, in terms that every language knows. */
import type { Location } from '../base/text.ts';
import type { CFloatName, CIntName, IntBits } from '../abi/shape.ts';

export interface PlainFn {
  /** Rust's name of the calling convention. */
  readonly abi: string;
  readonly params: readonly Plain[];
  readonly result: Plain;
  readonly variadic: boolean;
}

/** A type that C has too; wrappers, niches and transparent types are gone. */
export type Plain =
  | { readonly kind: 'int'; readonly bits: IntBits; readonly signed: boolean }
  | { readonly kind: 'c-int'; readonly name: CIntName }
  | { readonly kind: 'float'; readonly bits: 32 | 64 }
  | { readonly kind: 'c-float'; readonly name: CFloatName }
  | { readonly kind: 'bool' }
  /** As a result only. */
  | { readonly kind: 'void' }
  /** `to` null for `void *`; `nullable` false where Rust promises that it never is null. */
  | { readonly kind: 'pointer'; readonly to: Plain | null; readonly const: boolean; readonly nullable: boolean }
  | { readonly kind: 'fn'; readonly fn: PlainFn; readonly nullable: boolean }
  /** `length` null for a flexible array member. */
  | { readonly kind: 'array'; readonly of: Plain; readonly length: number | null }
  /** A type of the api by its key. */
  | { readonly kind: 'named'; readonly key: string };

/** Why something cannot be generated. */
export interface Left {
  readonly kind: 'unknown';
  /** For people: lower-case, no full stop. */
  readonly reason: string;
}

export interface ApiField {
  readonly name: string;
  /** C: its members are used as if they were the record's own. */
  readonly anonymous: boolean;
  readonly type: Plain;
  readonly bitWidth: number | null;
  /** An alignment of its own, in bytes. */
  readonly align: number | null;
  readonly docs: string;
}

interface Named {
  readonly key: string;
  readonly name: string;
  readonly docs: string;
  /** null for a type that stands for a part of another. */
  readonly at: Location | null;
}

export interface ApiRecord extends Named {
  readonly kind: 'struct' | 'union';
  readonly fields: readonly ApiField[];
  /** No member is aligned more strictly than this; null for none. */
  readonly pack: number | null;
  /** An alignment of the whole, in bytes. */
  readonly align: number | null;
}

export interface ApiEnum extends Named {
  readonly kind: 'enum';
  /** null for C's own choice. */
  readonly underlying: Plain | null;
  readonly variants: readonly { readonly name: string; readonly value: bigint; readonly docs: string }[];
}

/** Only met behind pointers: its members are nobody's business, or not known. */
export interface ApiOpaque extends Named {
  readonly kind: 'opaque';
}

export type ApiType = ApiRecord | ApiEnum | ApiOpaque;

export interface ApiFn extends PlainFn {
  /** The linker's name. */
  readonly name: string;
  /** As many as parameters; made up where the source has none. */
  readonly names: readonly string[];
  readonly docs: string;
  readonly at: Location;
}

/** Something that is asked for and not generated. */
export interface Omitted {
  readonly name: string;
  readonly at: Location | null;
  readonly reason: string;
}

export interface Api {
  /** What it is the api of: `geometry`, `geometry.h`. */
  readonly title: string;
  readonly language: 'rust' | 'c';
  /** Each after those that it holds by value. */
  readonly types: readonly ApiType[];
  /** In the order of the source. */
  readonly functions: readonly ApiFn[];
  readonly omitted: readonly Omitted[];
}

export interface Generated {
  readonly text: string;
  /** Those of the api, and what this language cannot say. */
  readonly omitted: readonly Omitted[];
}
