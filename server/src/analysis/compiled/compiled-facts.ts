/** What a compiler knows about code, asked by place: the second provider of facts, beside syntax. */
import type { Span } from '../../base/text.ts';
import type { MirAssert, MirBody, MirCall, MirCast, MirClosure, MirDeref, MirLint } from '../../model/compiled/mir.ts';
import type { RustItem, SourceFile } from '../../model/workspace.ts';

/** Something in a body that can panic, and the way to it from the fn that was asked about. */
export interface CompiledPanic {
  /** What panics: the callee's path without type arguments, or `index out of bounds` and the like. */
  readonly what: string;
  readonly kind: 'call' | 'bounds' | 'division';
  /** Where it stands in the user's sources; null in std's macros. */
  readonly at: CompiledPlace | null;
  /** A place in the fn in which it stands; null where a macro wrote that. */
  readonly inside: CompiledPlace | null;
  /** The calls that lead there, outermost first; empty where it stands in the fn itself or a closure of it. */
  readonly through: readonly { readonly name: string; readonly at: CompiledPlace | null }[];
}

/** A place in a source text, expansions included. */
export interface SourcePlace {
  readonly file: SourceFile;
  readonly span: Span;
}

/** A place in a source file, in UTF-16 offsets. */
export interface CompiledPlace {
  readonly file: string;
  readonly span: Span;
}

/** Something at a place, with the bodies of the fn that it stands in: its own and those of its closures. */
export interface Placed<T> {
  readonly what: T;
  readonly bodies: readonly MirBody[];
}

/** An answer of the syntactic provider that the compiler contradicts. */
export interface Disagreement {
  readonly at: SourcePlace;
  readonly syntax: string;
  readonly compiler: string;
}

export interface Disagreements {
  add(one: Disagreement): void;
  /** Each place once. */
  all(): readonly Disagreement[];
}

/** Places may lie in expansions of macros: what is asked is where their tokens are written. Nothing is known where the macro wrote them. */
export interface CompiledFacts {
  /** Calls whose callee's name begins or ends inside of the place: rustc names a fn by its whole path, a macro by its whole call. */
  calls(at: SourcePlace): readonly Placed<MirCall>[];
  /** Reads and writes through raw pointers, likewise. */
  derefs(at: SourcePlace): readonly Placed<MirDeref>[];
  /** Casts and transmutes, likewise. */
  casts(at: SourcePlace): readonly Placed<MirCast>[];
  /** The closures in which a place stands. */
  closuresAround(at: SourcePlace): readonly MirClosure[];
  /** The call whose callee is named exactly at the place; null where there is none, or where several bodies call different fns there. */
  callNamed(at: SourcePlace): MirCall | null;
  /** The type of the variable that a pattern names exactly at the place, likewise. */
  variable(at: SourcePlace): string | null;
  /** Checks that the compiler put in, likewise. */
  asserts(at: SourcePlace): readonly Placed<MirAssert>[];
  /** Types in signatures that rustc's lints refuse. */
  refusedTypes(at: SourcePlace): readonly MirLint[];
  /** What one of these lints of rustc says at the place, inside of it or around it on its line. */
  lints(at: CompiledPlace, names: readonly string[]): readonly MirLint[];
  /** Whether the lints had their say about a fn: it was compiled here, and nothing kept them from speaking. */
  linted(item: RustItem): boolean;
  /** Bodies written in a fn, those of its closures included. */
  bodies(item: RustItem): readonly MirBody[];
  /** What can panic when the fn is called and leaves it, as far as bodies are known. null where the fn was not compiled. */
  panics(item: RustItem): readonly CompiledPanic[] | null;
  /** Where the syntactic answer and the compiler's were not the same, in the order in which both were asked. */
  readonly disagreements: Disagreements;
  /** Whether a call can panic: through the table of std's fns, or the callee's body. */
  mayPanic(call: Placed<MirCall>): 'yes' | 'no' | 'unknown';
}
