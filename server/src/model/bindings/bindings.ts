/** What a JavaScript or C# file says of foreign functions and types: koffi, Deno.dlopen, bun:ffi, DllImport and LibraryImport. */
import type { Location } from '../../base/text.ts';

export type BindingDialect = 'koffi' | 'deno' | 'bun' | 'csharp';

/** How a text crosses: `copied` where the caller gets a copy and nobody the address. */
export type TextEncoding = 'ansi' | 'utf8' | 'utf16' | 'copied';

export type BindType =
  /** A type of the dialect itself (`uint32_t`, `i32`, `int`), or one that a file gives this name. */
  | { readonly kind: 'name'; readonly name: string }
  /** What another module of JavaScript exports under a name. */
  | { readonly kind: 'imported'; readonly from: string; readonly name: string }
  /** `to` null for a pointer to anything. */
  | { readonly kind: 'pointer'; readonly to: BindType | null; readonly const: boolean }
  | { readonly kind: 'text'; readonly encoding: TextEncoding; readonly const: boolean }
  /** C#'s bare `bool`: four bytes, as Windows' BOOL. */
  | { readonly kind: 'win-bool' }
  | { readonly kind: 'array'; readonly of: BindType; readonly length: number }
  /** Rust's name of a convention; null for a function of which nothing else is said. */
  | {
      readonly kind: 'function';
      readonly convention: string;
      readonly signature: { readonly params: readonly BindType[]; readonly result: BindType } | null;
    }
  /** Deno's struct: members without names. */
  | { readonly kind: 'struct'; readonly members: readonly BindType[] }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface BindUse {
  readonly type: BindType;
  /** As it is written, on one line. */
  readonly text: string;
  readonly at: Location;
}

export interface BindParam extends BindUse {
  readonly name: string | null;
}

export interface BindFn {
  readonly dialect: BindingDialect;
  readonly symbol: string;
  /** Of its name. */
  readonly at: Location;
  /** Key of its library in the file. */
  readonly library: string;
  /** null where the list is not written out. */
  readonly params: readonly BindParam[] | null;
  /** null where it is not written out. */
  readonly result: BindUse | null;
  readonly variadic: boolean;
  /** Rust's name of it. `system` where a bare DllImport leaves it to the platform. */
  readonly convention: string;
  /** The convention is written out. */
  readonly says: boolean;
  /** A condition of the program or of its build chooses whether it is declared like this. */
  readonly conditional: boolean;
  /** The library may lack it. */
  readonly optional: boolean;
  /** C#: the name of the method, by which it is called. */
  readonly method: string | null;
  /** C#: the full name of its class. */
  readonly owner?: string;
}

export interface BindField {
  readonly name: string;
  readonly type: BindType;
  /** C#'s FieldOffset. */
  readonly offset: number | null;
  /** koffi's alignment of a member. */
  readonly align: number | null;
  readonly at: Location;
}

/** A struct, union or enum, or a name for a type. */
export interface BindNamed {
  readonly dialect: BindingDialect;
  /** Under which other types of the program find it. */
  readonly name: string;
  readonly at: Location;
  readonly what:
    | {
        readonly kind: 'struct' | 'union';
        /** null for an opaque type. */
        readonly fields: readonly BindField[] | null;
        readonly pack: number | null;
        /** C#'s Size: at least so many bytes. */
        readonly size: number | null;
        /** C#: values are references to it. */
        readonly byReference: boolean;
      }
    | { readonly kind: 'enum'; readonly underlying: BindType; readonly constants: readonly BindConstant[] }
    | { readonly kind: 'alias'; readonly type: BindType };
}

export interface BindConstant {
  readonly name: string;
  /** null where it is not known. */
  readonly value: bigint | null;
  readonly at: Location;
}

export interface BindLibrary {
  readonly key: string;
  /** `foo` of `libfoo.so`, as far as it is written; several where a condition chooses. */
  readonly names: readonly string[];
  readonly at: Location;
}

/** A call of a foreign function in which a delegate or closure is made that nothing else refers to. */
export interface BindCallback {
  /** As `BindFn.method`. */
  readonly method: string;
  readonly count: number;
  readonly index: number;
  readonly at: Location;
  /** Full names that the class of the method may have, the nearest first. */
  readonly owners: readonly string[];
  /** Called without the name of a class. */
  readonly bare: boolean;
}

export interface BindModule {
  readonly file: string;
  readonly libraries: readonly BindLibrary[];
  readonly functions: readonly BindFn[];
  readonly types: readonly BindNamed[];
  /** JavaScript: types by the names that the module exports. */
  readonly exports: ReadonlyMap<string, BindType>;
  readonly callbacks: readonly BindCallback[];
  /** C#: full names of the classes that it declares. */
  readonly classes?: readonly string[];
  /** With a whole number for a value. */
  readonly constants: readonly BindConstant[];
  /** Declarations that were not understood. */
  readonly dropped: number;
}
