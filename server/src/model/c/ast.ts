/** What a C header declares, as plain data: written types, not laid out and not yet looked up. */
import type { Location } from '../../base/text.ts';

/** Names of C's own types, in one spelling each. */
export type CBaseName =
  | 'void'
  | 'char'
  | 'signed char'
  | 'unsigned char'
  | 'short'
  | 'unsigned short'
  | 'int'
  | 'unsigned int'
  | 'long'
  | 'unsigned long'
  | 'long long'
  | 'unsigned long long'
  | '__int128'
  | 'unsigned __int128'
  | '_Bool'
  | 'float'
  | 'double'
  | 'long double'
  | '_Float16'
  | '__float128'
  | 'float _Complex'
  | 'double _Complex'
  | 'long double _Complex'
  | '__builtin_va_list';

export type CTag = 'struct' | 'union' | 'enum';

export type CType =
  | { readonly kind: 'base'; readonly name: CBaseName }
  /** A typedef's name. `nullable`: as of a pointer. */
  | { readonly kind: 'named'; readonly name: string; readonly nullable?: boolean }
  | { readonly kind: 'tag'; readonly tag: CTag; readonly name: string }
  /** Defined where it is written. */
  | { readonly kind: 'record'; readonly record: CRecord }
  | { readonly kind: 'enum'; readonly enum: CEnum }
  | {
      readonly kind: 'pointer';
      readonly to: CType;
      /** What it points to is const. */
      readonly const: boolean;
      /** What the declaration says of null; absent where it says nothing, or both. */
      readonly nullable?: boolean;
    }
  /** `length` null for `[]`. */
  | { readonly kind: 'array'; readonly of: CType; readonly length: CExpr | null }
  | { readonly kind: 'function'; readonly fn: CFnType }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface CFnType {
  readonly result: CType;
  readonly params: readonly CParam[];
  readonly variadic: boolean;
  /** `f()` before C23: nothing is said about parameters. */
  readonly unprototyped: boolean;
  /** Rust's name of a calling convention; null where none is written. */
  readonly convention: string | null;
}

export interface CParam {
  readonly name: string | null;
  readonly type: CType;
}

/** A constant expression (C17 6.6). Names are enum constants. */
export type CExpr =
  | { readonly kind: 'number'; readonly value: bigint; readonly type: CBaseName }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: '-' | '+' | '~' | '!'; readonly operand: CExpr }
  | { readonly kind: 'binary'; readonly operator: string; readonly left: CExpr; readonly right: CExpr }
  | { readonly kind: 'conditional'; readonly test: CExpr; readonly yes: CExpr; readonly no: CExpr }
  | { readonly kind: 'cast'; readonly type: CType; readonly operand: CExpr }
  | { readonly kind: 'sizeof' | 'alignof'; readonly type: CType }
  | { readonly kind: 'offsetof'; readonly type: CType; readonly member: readonly string[] }
  | { readonly kind: 'unknown'; readonly reason: string };

/** What attributes say about a layout. */
export interface CAttributes {
  readonly packed: boolean;
  /** `max`: `aligned` without a number. */
  readonly aligned: readonly (CExpr | 'max')[];
  /** Why what they say is not known; null where it is. */
  readonly unknown: string | null;
}

export const NO_ATTRIBUTES: CAttributes = { packed: false, aligned: [], unknown: null };

export interface CField {
  /** null for a nameless member and for `int : 3`. */
  readonly name: string | null;
  readonly type: CType;
  readonly bitWidth: CExpr | null;
  readonly attributes: CAttributes;
  readonly at: Location;
}

interface Declared {
  /** Of its name; of the keyword where it has none. */
  readonly at: Location;
  /** Why it is not sure that it is declared like this; null where it is. */
  readonly doubt: string | null;
}

export interface CRecord extends Declared {
  readonly kind: 'struct' | 'union';
  readonly tag: string | null;
  readonly fields: readonly CField[];
  readonly attributes: CAttributes;
  /** The `#pragma pack` in force, null for none, a text where it is not known, which says why. */
  readonly pack: number | null | string;
}

export interface CConstant {
  readonly name: string;
  /** null for one more than the one before. */
  readonly value: CExpr | null;
  readonly at: Location;
}

export interface CEnum extends Declared {
  readonly kind: 'enum';
  readonly tag: string | null;
  readonly underlying: CType | null;
  readonly constants: readonly CConstant[];
  readonly attributes: CAttributes;
}

export type CDefinition = CRecord | CEnum;

export interface CTypedef extends Declared {
  readonly name: string;
  readonly type: CType;
  readonly attributes: CAttributes;
  /** A macro in doubt stands for it: one of what the name may mean. */
  readonly macro?: true;
}

/** A declaration with linkage: a prototype or definition of a function, or a variable. */
export interface CSymbol extends Declared {
  readonly name: string;
  readonly type: CType;
  /** `static`, or `inline` without `extern`: not seen by other files. */
  readonly internal: boolean;
  /** A body or an initialiser stands there. */
  readonly defined: boolean;
}

/** A declaration that was not understood. */
export interface CDropped {
  /** The tag or name that it seems to declare, null where that is not seen either. */
  readonly name: string | null;
  readonly reason: string;
  readonly at: Location;
}

/** A tag that is mentioned and nowhere defined. */
export interface CMention {
  readonly tag: CTag;
  readonly name: string;
  readonly at: Location;
}

/** A header with everything that it includes, for one target. */
export interface CUnit {
  readonly file: string;
  /** It was read as C++: what is not C in it was left out. */
  readonly cxx: boolean;
  /** In the order in which they end, those inside of others included. */
  readonly definitions: readonly CDefinition[];
  readonly typedefs: readonly CTypedef[];
  readonly symbols: readonly CSymbol[];
  /** Tags declared without a definition (`struct x;`, `struct x *p`), the first place of each. */
  readonly mentions: readonly CMention[];
  readonly dropped: readonly CDropped[];
  /** Headers that were not found, as written. */
  readonly missing: readonly string[];
  /** Files that took part. */
  readonly files: ReadonlySet<string>;
  /** Why not all of it was read; null where it was. */
  readonly cut: string | null;
  /** For each condition that asks for some the names that nothing defines, and that a build may define. */
  readonly undecided: readonly (readonly string[])[];
}
