/** What a fn that holds the Python interpreter does with it. */
import type { TextEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Crate, RustItem, SourceFile } from '../../model/workspace.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import type { AttachStep } from './attaching.ts';
import type { CopiedBytes } from './copied-bytes.ts';
import type { DetachedClone, DetachedUse, ForgedToken } from './detached.ts';
import type { DeadJoin } from './joins.ts';
import type { ObjectVector } from './object-vectors.ts';
import type { PerItem } from './per-item.ts';

/** W1 blocking, W2 heavy computation, W3 a contended lock. */
export type WorkClass = 'blocking' | 'compute' | 'lock';

/** Work done while attached, outside of every detached region. */
export interface WorkSeed {
  readonly class: WorkClass;
  /** What does the work, for the message: `std::fs::read_to_string`, `thread::sleep`, a loop over `data`. */
  readonly what: string;
  /** In the entry point: the seed itself or the call that leads to it. */
  readonly expr: Expr;
  readonly span: Span;
  /**
   * The calls from the entry to the seed, the seed's own place last; empty where the seed is in the entry itself.
   * Of a lock the last step is where another fn holds it for long.
   */
  readonly chain: readonly { readonly item: RustItem; readonly file: SourceFile; readonly span: Span }[];
  /** The Python value that the expression itself touches: null where it alone can run detached. */
  readonly touchesPython: string | null;
  /** The Python value that each round of a loop around it touches: only the single expression can be released. */
  readonly perItem: string | null;
  /** Later work on the same value, or more loops of the same fn: one release mends them all. */
  readonly also: readonly { readonly what: string; readonly span: Span }[];
  /** The seed's value may leave a detached closure. */
  readonly send: boolean;
  /** It only sets up an iterator: wrapping it alone releases nothing. */
  readonly lazy: boolean;
}

/** `Python::attach` or `with_gil` where a token is already at hand. */
export interface RedundantAttach {
  readonly span: Span;
  readonly expr: Expr;
  /** The parameter of its closure, null for `_` or patterns. */
  readonly closureParam: string | null;
  readonly body: Expr;
  /** The token or Python value in scope, null where only the entry itself proves it (a token parameter must be added). */
  readonly token: string | null;
  /** The body has a `return` or a `?` that would change meaning without the closure. */
  readonly controlFlow: boolean;
  /** Its value is the fn's value: `return` and `?` mean the same without the closure. */
  readonly tail: boolean;
}

/** A change of one file that the rules offer as a fix. */
export interface EditPlan {
  readonly title: string;
  /** It keeps the meaning and compiles, provably. */
  readonly safe: boolean;
  readonly edits: readonly TextEdit[];
}

/** An expression that panics for some input. */
export interface DataPanic {
  /** `unwrap`, `panic!`, `indexing` … */
  readonly what: string;
  readonly span: Span;
  readonly expr: Expr;
  /** A clause on where the bad input comes from: `it depends on parameter \`text\``. */
  readonly reason: string;
}

/** Blocking work with the interpreter released. */
export interface DetachedWork {
  readonly what: string;
  /** In the fn itself. */
  readonly span: Span;
  /** Where what blocks is called: in the fn, or behind the calls that lead to it. */
  readonly call: { readonly file: SourceFile; readonly span: Span };
  /** It waits for others (a channel, a thread, time), or goes round in a loop. */
  readonly waits: boolean;
}

/** A panic while a module is imported. */
export interface InitPanic extends DataPanic {
  /** It only puts something into the module, which hardly ever fails. */
  readonly adds: boolean;
}

export interface GilFacts {
  /** Entry points without those that a macro makes once more: what is wrong in it is wrong in its first call. */
  distinct(entries: readonly PyEntry[]): readonly PyEntry[];
  /**
   * The fns among these items that run attached because of a parameter (`Python`, `Bound`, `PyRef` …) although Python does not call them.
   * They are asked about like entry points.
   */
  attachedHelpers(items: readonly RustItem[]): readonly PyEntry[];
  /** Private fns among these items that only entry points call, with input of theirs: their panics are the entry points'. */
  privateHelpers(items: readonly RustItem[]): readonly PyEntry[];
  seeds(entry: PyEntry): readonly WorkSeed[];
  redundantAttaches(entry: PyEntry): readonly RedundantAttach[];
  /** Panics that reach Python as PanicException, by data. */
  panics(entry: PyEntry): readonly DataPanic[];
  /** Results of Python that a module's init unwraps, and panics by data there. Also of the helpers that it gives the module to. */
  initPanics(entry: PyEntry): readonly InitPanic[];
  /** How to release the interpreter around a seed, most fitting first; empty where that cannot be written without more knowledge. */
  releaseEdits(entry: PyEntry, seed: WorkSeed): readonly EditPlan[];
  /** How to write a redundant attach without it. */
  attachEdits(entry: PyEntry, attach: RedundantAttach): readonly EditPlan[];
  /** How to turn a panic into a Python exception. */
  panicEdits(entry: PyEntry, panic: DataPanic): readonly EditPlan[];
  /** An expression by which the interpreter can be released in this fn (`py`, `list.py()`); null where a parameter must be added. */
  token(entry: PyEntry): string | null;
  /** `detach` or `allow_threads` for the crate's PyO3; null where its version is not known. */
  releaseName(crate: Crate): 'detach' | 'allow_threads' | null;
  /** `attach` or `with_gil`, likewise. */
  attachName(crate: Crate): 'attach' | 'with_gil' | null;
  /** Waits for threads that take the interpreter, while the entry holds it. */
  joins(entry: PyEntry): readonly DeadJoin[];
  /** The steps to the attach that a call of the fn brings about; null where none is known. */
  attaches(item: RustItem): readonly AttachStep[] | null;
  /** Python values and calls in closures that run with the interpreter released. */
  detachedUses(item: RustItem): readonly DetachedUse[];
  /** How to ask a Python value before the closure, or with the interpreter; empty where neither can be written. */
  detachedEdits(item: RustItem, use: DetachedUse): readonly EditPlan[];
  /** Blocking work in closures that run with the interpreter released. */
  detachedWork(item: RustItem): readonly DetachedWork[];
  /** Python operations that are done for each item, or in the dearer of two ways. */
  perItem(entry: PyEntry): readonly PerItem[];
  /** How to do such an operation once, or to end such a loop. */
  perItemEdits(entry: PyEntry, one: PerItem): readonly EditPlan[];
  /** Parameters `Vec<u8>` that are only looked at. */
  copiedBytes(entry: PyEntry): readonly CopiedBytes[];
  /** Parameters that are vectors of Python objects for one loop only. */
  objectVectors(entry: PyEntry): readonly ObjectVector[];
  /** Clones of `Py<T>` in detached closures and on threads of their own. */
  detachedClones(item: RustItem): readonly DetachedClone[];
  /** Tokens that a fn makes up without a reason given; detached closures have them among `detachedUses`. */
  forgedTokens(item: RustItem): readonly ForgedToken[];
}
