/** What a fn that holds the Python interpreter does with it. */
import type { Span } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Crate, RustItem, SourceFile } from '../../model/workspace.ts';
import type { PyEntry } from '../../model/surface/surface.ts';

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
  /** The calls from the entry to the seed, the seed's own place last; empty where the seed is in the entry itself. */
  readonly chain: readonly { readonly item: RustItem; readonly file: SourceFile; readonly span: Span }[];
  /** How Python is touched around it: null where the expression alone can run detached. */
  readonly touchesPython: string | null;
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
}

export interface GilFacts {
  seeds(entry: PyEntry): readonly WorkSeed[];
  redundantAttaches(entry: PyEntry): readonly RedundantAttach[];
  /** Panics that reach Python as PanicException, by data. */
  panics(entry: PyEntry): readonly { readonly what: string; readonly span: Span; readonly expr: Expr; readonly reason: string }[];
  /** An expression by which the interpreter can be released in this fn (`py`, `list.py()`); null where a parameter must be added. */
  token(entry: PyEntry): string | null;
  /** `detach` or `allow_threads` for the crate's PyO3; null where its version is not known. */
  releaseName(crate: Crate): 'detach' | 'allow_threads' | null;
  /** `attach` or `with_gil`, likewise. */
  attachName(crate: Crate): 'attach' | 'with_gil' | null;
}
