/** What a compiler knows about code, asked by place: the second provider of facts, beside syntax. */
import type { Span } from '../../base/text.ts';
import type { MirBody, MirCall, MirDeref } from '../../model/compiled/mir.ts';
import type { RustItem } from '../../model/workspace.ts';

/** Something in a body that can panic, and the way to it from the fn that was asked about. */
export interface CompiledPanic {
  /** What panics: the callee's path without type arguments, or `index out of bounds` and the like. */
  readonly what: string;
  readonly kind: 'call' | 'bounds' | 'division';
  /** Where it stands in the user's sources; null in std's macros. */
  readonly at: CompiledPlace | null;
  /** The calls that lead there, outermost first; empty where it stands in the fn itself or a closure of it. */
  readonly through: readonly { readonly name: string; readonly at: CompiledPlace | null }[];
}

/** A place in a source file, in UTF-16 offsets. */
export interface CompiledPlace {
  readonly file: string;
  readonly span: Span;
}

export interface CompiledFacts {
  /** Whether any code that was compiled stands at the place; false says nothing about why (cfg, generics never used, another crate). */
  covers(file: string, at: Span): boolean;
  /** Calls whose callee's name stands inside of the place. */
  calls(file: string, at: Span): readonly MirCall[];
  /** Reads and writes through raw pointers inside of the place. */
  derefs(file: string, at: Span): readonly MirDeref[];
  /** Bodies written in an item, those of its closures included. */
  bodies(item: RustItem): readonly MirBody[];
  /** What can panic when the fn is called and leaves it, as far as bodies are known. null where the fn was not compiled. */
  panics(item: RustItem): readonly CompiledPanic[] | null;
  /** Whether a call can panic: through the table of std's fns, or the callee's body. */
  mayPanic(call: MirCall): 'yes' | 'no' | 'unknown';
}
