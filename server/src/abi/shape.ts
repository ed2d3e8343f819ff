/** Shapes: one language for the types of Rust, C and the Python and JavaScript bindings, free of any target. */

/** C's integer types whose width or sign depends on the target; `char` is plain char. */
export type CIntName =
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
  | 'size_t'
  | 'ssize_t'
  | 'ptrdiff_t'
  | 'intptr_t'
  | 'uintptr_t'
  | 'wchar_t'
  | 'wint_t';

/** C's floating types; `double` has 4 bytes on AVR, `long double` differs everywhere. */
export type CFloatName = 'float' | 'double' | 'long double';

export type IntBits = 8 | 16 | 32 | 64 | 128;

export interface FnShape {
  /** `C`, `system`, `stdcall` …; never null, a Rust fn has `Rust`. */
  readonly abi: string;
  readonly params: readonly Shape[];
  /** `void` for none. */
  readonly result: Shape;
  readonly variadic: boolean;
  /** C's `()`: its parameters are not said. */
  readonly unprototyped?: true;
}

export interface PointerShape {
  readonly kind: 'pointer';
  /** null where it is not known or does not matter; a fn pointer has `fn` instead. */
  readonly pointee: Shape | null;
  /** The pointee is not written through it: `*const T`, `&T`, `const T *`. */
  readonly const: boolean;
  /** False for what Rust promises never to be null: references, Box, NonNull, fn pointers. `Option` of these is a nullable pointer. */
  readonly nullable: boolean;
  readonly fn: FnShape | null;
}

export type Shape =
  | { readonly kind: 'int'; readonly bits: IntBits; readonly signed: boolean }
  | { readonly kind: 'c-int'; readonly name: CIntName }
  /** `f16` … `f128`, IEEE 754. */
  | { readonly kind: 'float'; readonly bits: 16 | 32 | 64 | 128 }
  | { readonly kind: 'c-float'; readonly name: CFloatName }
  /** C's `_Complex`: two of them, aligned as one. */
  | { readonly kind: 'complex'; readonly element: Shape }
  /** One byte, 0 or 1: Rust's `bool`, C's `_Bool`. */
  | { readonly kind: 'bool' }
  /** Rust's `char`: a Unicode scalar value in four bytes. */
  | { readonly kind: 'unicode-scalar' }
  | PointerShape
  /** Rust's pointers to slices, `str` and trait objects: two words. */
  | { readonly kind: 'fat-pointer'; readonly to: 'slice' | 'str' | 'dyn'; readonly nullable: boolean }
  /** `length` null: C's flexible array member, no bytes of its own. */
  | { readonly kind: 'array'; readonly element: Shape; readonly length: number | null }
  /** A record or enum by its key, which the resolver that comes with the shapes understands; `name` is for people. */
  | { readonly kind: 'ref'; readonly key: string; readonly name: string }
  /** A record or enum that is defined where it is used and has no name of its own. */
  | { readonly kind: 'inline'; readonly def: TypeDef }
  /**
   * A typedef with an alignment of its own, which may be lower than the type's: `typedef int i __attribute__((aligned(2)))`.
   * `size` for that of Rust's atomic integers: their size.
   */
  | { readonly kind: 'aligned'; readonly inner: Shape; readonly align: number | 'size' }
  /** The same layout without the niche: `MaybeUninit`, `UnsafeCell`, `Cell`. */
  | { readonly kind: 'no-niche'; readonly inner: Shape }
  /** `NonZero<T>`. */
  | { readonly kind: 'nonzero'; readonly inner: Shape }
  /** `Option<T>`: has a layout where T has exactly one invalid value that Rust documents as the niche. */
  | { readonly kind: 'option'; readonly inner: Shape }
  /** No bytes, alignment 1: `()`, `PhantomData`. As a result it is `void`. */
  | { readonly kind: 'unit' }
  | { readonly kind: 'void' }
  /** `!`: never returns. */
  | { readonly kind: 'never' }
  /** A type of which only the name is known: a forward declaration, an extern type. */
  | { readonly kind: 'opaque'; readonly name: string }
  | UnknownShape;

export interface UnknownShape {
  readonly kind: 'unknown';
  /** For people: lower-case, no full stop. */
  readonly reason: string;
}

/** Whose rules lay a type out: they differ for empty records, bit-fields, zero-length arrays, and records under Windows. */
export type LayoutLanguage = 'c' | 'rust';

export interface FieldDef {
  /** null for C's nameless members and nameless bit-fields; the digits of its place for a tuple field. */
  readonly name: string | null;
  readonly shape: Shape;
  /** null for a plain member; 0 is C's `: 0`. */
  readonly bitWidth: number | null;
  /** C: the member itself carries the packed attribute. */
  readonly packed: boolean;
  /** C: the strongest alignment that is asked for on the member (`_Alignas`, `aligned(N)`, `__declspec(align(N))`); null without. */
  readonly align: number | null;
}

export interface RecordDef {
  readonly kind: 'struct' | 'union';
  /** null without a tag. */
  readonly name: string | null;
  readonly language: LayoutLanguage;
  readonly fields: readonly FieldDef[];
  /** Rust's `packed(N)`; 1 for Rust's bare `packed` and for C's packed attribute. */
  readonly packed: number | null;
  /** The strongest `align(N)` of the record itself; `max` is C's `aligned` without a number. */
  readonly align: number | 'max' | null;
  /** The `#pragma pack` in force where a C record ends, null for none. */
  readonly pack: number | null;
  /** `repr(transparent)`. */
  readonly transparent: boolean;
}

export interface VariantDef {
  readonly name: string;
  /** null where it is not known. */
  readonly value: bigint | null;
  /** Empty for a variant without data, and in C. */
  readonly fields: readonly FieldDef[];
}

export interface EnumDef {
  readonly kind: 'enum';
  readonly name: string | null;
  readonly language: LayoutLanguage;
  /** Rust: `repr(C)`; true for every C enum. */
  readonly c: boolean;
  /** Rust's integer repr, or the underlying type that C23 and C++ let one write; null without. */
  readonly underlying: Shape | null;
  /** C: the packed attribute, the smallest type that holds the values. */
  readonly packed: boolean;
  readonly align: number | null;
  readonly variants: readonly VariantDef[];
}

export type TypeDef = RecordDef | EnumDef;

/** Finds the definition that a `ref` means; unknown with the reason where there is none. */
export type Resolve = (key: string) => TypeDef | UnknownShape;

export function unknownShape(reason: string): UnknownShape {
  return { kind: 'unknown', reason };
}

export const VOID: Shape = { kind: 'void' };

/** A member without attributes. */
export function field(name: string | null, shape: Shape, bitWidth: number | null = null): FieldDef {
  return { name, shape, bitWidth, packed: false, align: null };
}
