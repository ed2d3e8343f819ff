/** Locks that are kept while Python runs, while the interpreter is taken, or while it is released and taken again. */
import type { EditPlan } from '../gil/gil-facts.ts';
import type { MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Span } from '../../base/text.ts';
import type { RustItem, SourceFile } from '../../model/workspace.ts';

/** A place in a fn, for related locations. */
export interface LockPlace {
  readonly item: RustItem;
  readonly file: SourceFile;
  readonly span: Span;
}

/** `attach`: the interpreter is taken; `release`: it is released for a time; `python`: Python code may run. */
export type OverKind = 'attach' | 'release' | 'python';

/** What happens while a guard lives. */
export interface Over {
  readonly kind: OverKind;
  /** For the message: `call1`, `attach`, `detach`. */
  readonly what: string;
  /** In the fn that holds the guard. */
  readonly span: Span;
  /** From the workspace fn that is called on, the place itself last; empty where it is in the fn. */
  readonly steps: readonly LockPlace[];
}

/** A guard of a lock that other fns lock with the interpreter held. */
export interface HeldLock {
  /** As written: `STATE`, `self.items`. */
  readonly lock: string;
  /** The variable that holds the guard. */
  readonly guard: string;
  /** Where the lock is taken. */
  readonly span: Span;
  readonly over: Over;
  /** Where somebody waits for it with the interpreter held; the fn itself where no other does. */
  readonly waiter: LockPlace;
}

/** A wait, with the interpreter held, for a lock that another fn keeps while Python runs. */
export interface AttachedLock {
  readonly lock: string;
  readonly call: MethodExpr;
  readonly holder: LockPlace;
  readonly over: Over;
  /** The std type of the lock, which decides what PyO3 offers for it; null for others. */
  readonly type: 'Mutex' | 'RwLock' | null;
}

/** A cell of std or once_cell whose initializer needs the interpreter. */
export interface OnceInit {
  /** `OnceLock`, `LazyLock`, `Once` … */
  readonly what: string;
  /** As written: `CACHE`, `self.cell`. */
  readonly cell: string;
  readonly span: Span;
  /** The call that may run the initializer; null for lazy statics. */
  readonly call: MethodExpr | null;
  /** A clause: `takes the interpreter`, `runs Python`. */
  readonly does: string;
  /** Where it does; through workspace fns the place itself comes last. */
  readonly steps: readonly LockPlace[];
}

export interface LockFacts {
  /** Run-once cells of other libraries than PyO3 in a fn, static or `lazy_static!`, that need the interpreter. */
  onces(item: RustItem): readonly OnceInit[];
  /** How to use PyO3's cell instead; empty where more than one place would have to change. */
  onceEdits(once: OnceInit, item: RustItem): readonly EditPlan[];
  /** Guards in a fn that live while Python runs or the interpreter is taken; only of statics and fields, and with a waiter. */
  heldAcross(item: RustItem): readonly HeldLock[];
  /** Waits in a fn that runs attached. Those of fns that keep the same lock so themselves are left out: one change mends both. */
  attachedLocks(item: RustItem): readonly AttachedLock[];
}
