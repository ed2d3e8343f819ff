/** What rustc's MIR says about a crate that it compiled: bodies with their calls, panics, casts and dereferences, as plain data. */

/** A place as rustc prints it: the file as it was given to rustc, lines and columns from 1, columns counted in characters. */
export interface MirSpan {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What happens when a callee or assertion panics. */
export type MirUnwind =
  /** It goes on in the caller. */
  | 'continue'
  /** Destructors run first; then as the body's `leaves` says. */
  | 'cleanup'
  /** The process is aborted: the body may not unwind, or it does already. */
  | 'terminate'
  /** rustc knows that it does not. */
  | 'never';

export interface MirCall {
  /** The whole expression. */
  readonly span: MirSpan | null;
  /** Of the callee's name: a method's name alone, a fn's whole path. null for a call through a value. */
  readonly name: MirSpan | null;
  /** The resolved path with type arguments, as rustc prints it; empty for a call through a value. */
  readonly callee: string;
  /** The arguments' types; empty where MIR does not show one. */
  readonly args: readonly string[];
  readonly result: string;
  readonly unwind: MirUnwind;
}

export type MirAssertKind = 'bounds' | 'division' | 'overflow' | 'other';

/** A check that the compiler put in. */
export interface MirAssert {
  readonly kind: MirAssertKind;
  readonly span: MirSpan | null;
  readonly unwind: MirUnwind;
}

export interface MirCast {
  readonly span: MirSpan | null;
  readonly from: string;
  readonly to: string;
  /** rustc's name of it: `IntToInt`, `PtrToPtr`, `Transmute`, `PointerExposeProvenance` … */
  readonly kind: string;
}

/** A raw pointer that is read or written through. */
export interface MirDeref {
  readonly span: MirSpan | null;
  readonly pointer: string;
}

/** A closure that is made. */
export interface MirClosure {
  /** `{closure@FILE:L:C: L:C}` */
  readonly type: string;
  /** The types of what it captures: of a reference to it where it borrows; empty where MIR does not show one. */
  readonly captures: readonly string[];
  readonly span: MirSpan | null;
}

/** A variable that the source names. */
export interface MirVariable {
  /** Of the name in its pattern. */
  readonly span: MirSpan;
  readonly type: string;
}

export interface MirBody {
  /** As printed: `module::name`, `module::<impl at FILE:L:C: L:C>::name`, `name::{closure#0}`. */
  readonly name: string;
  readonly kind: 'fn' | 'constant';
  /** Where the result's type stands, or the place behind the parameters; inside of the item whatever it is. */
  readonly at: MirSpan | null;
  readonly params: readonly string[];
  readonly result: string;
  readonly calls: readonly MirCall[];
  readonly asserts: readonly MirAssert[];
  readonly casts: readonly MirCast[];
  readonly derefs: readonly MirDeref[];
  readonly closures: readonly MirClosure[];
  readonly variables: readonly MirVariable[];
  /** Whether a panic inside can leave it: false where the ABI makes it an abort. */
  readonly leaves: boolean;
  /** The files that its places are in, as they were given to rustc, each once: what it holds is looked into for one of them. */
  readonly files: readonly string[];
}

export interface MirCrate {
  readonly bodies: readonly MirBody[];
  /** Lines that look like a body's and were not understood: more than none means that the format is another one. */
  readonly strange: number;
}

/** What one of rustc's lints says, of those that were asked for. */
export interface MirLint {
  /** `improper_ctypes`, … */
  readonly name: string;
  readonly span: MirSpan;
  /** rustc's words. */
  readonly message: string;
}

/** One crate as it was compiled, and where. */
export interface CompiledCrate {
  /** As paths in other crates begin. */
  readonly name: string;
  /** The folder that relative files of spans start from (absolute path, forward slashes). */
  readonly root: string;
  readonly mir: MirCrate;
  /** null where the lints did not run to their end: an error anywhere keeps them from speaking, which says nothing about types. */
  readonly lints: readonly MirLint[] | null;
}
