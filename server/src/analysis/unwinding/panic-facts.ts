/** Which panics inside a fn can leave it across the FFI boundary. */
import type { Severity } from '../../base/severity.ts';
import type { Span } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { CallStep } from './handed-in.ts';

export type PanicKind =
  /** `panic!`, `todo!`, `unimplemented!`, `unreachable!`, `assert!` … */
  | 'macro'
  | 'debug-assert'
  /** `.unwrap()`, `.expect()`, `.unwrap_err()`, `.expect_err()` */
  | 'unwrap'
  /** The same on the result of a call that gets nothing of the caller's: whether it can fail is not to be seen. */
  | 'opaque-unwrap'
  /** `CString::new(text).unwrap()` of a text that nothing foreign is known to go into as bytes. */
  | 'nul-unwrap'
  /** `.lock().unwrap()` and the like: panics when another thread did. */
  | 'lock-unwrap'
  /** `.expect()` of a raw pointer's `.as_ref()` or of an `Option<&T>` parameter: a deliberate abort on null. */
  | 'null-unwrap'
  /** `assert!(!p.is_null())`, `if p.is_null() { panic!(…) }`, likewise. */
  | 'null-assert'
  /** `.to_str().unwrap()` on a C string: panics on invalid UTF-8. */
  | 'utf8-unwrap'
  /** `Regex::new("…").unwrap()`: fails at the first call or never. */
  | 'literal-unwrap'
  /** A closure or fn object that came in as user data is called. */
  | 'closure-call'
  /** What `catch_unwind` caught is thrown again: `catch_unwind(…).unwrap()`, `resume_unwind(…)`. */
  | 'rethrow'
  /** `x[i]` where `i` comes from a parameter and nothing looks at it before; `what` is the parameter. */
  | 'index'
  /** `x / n`, `x % n` with a parameter that nothing looks at before; `what` is the parameter. */
  | 'division'
  /** `println!` and the like: panics where the output cannot be written. */
  | 'print';

export interface PanicSite {
  readonly kind: PanicKind;
  /** The name of the macro, method or callee as written: `unwrap`, `panic!`. */
  readonly what: string;
  /** The name alone. */
  readonly span: Span;
  readonly expr: Expr;
  readonly deliberate: Deliberate;
}

/** Of kind `macro` or `unwrap`: the author says why it cannot happen (an invariant), or what callers must do; null where neither is said. */
export type Deliberate = 'invariant' | 'precondition' | null;

/** What a panic that reaches the boundary does in a crate: undefined behaviour, abort, or nothing new. */
export interface UnwindEffect {
  readonly severity: Severity;
  /** `undefined behaviour before Rust 1.81`, `aborts the process` … for messages. */
  readonly effect: string;
  /** Which declared version makes it undefined behaviour; null where the panic aborts. */
  readonly note: string | null;
}

/** A call of a workspace fn that no boundary encloses. */
export interface OpenCall {
  readonly callee: RustItem;
  /** The callee's name. */
  readonly span: Span;
}

/** A fn of the workspace with its body. */
export type PanicBody = Pick<BoundaryFn, 'item' | 'ast' | 'scope' | 'role'>;

export interface PanicFacts {
  /** Sites that no boundary (catch_unwind, a helper or macro with one) encloses, in source order. */
  sites(fn: BoundaryFn): readonly PanicSite[];
  /** Calls of workspace fns through which a panic would come out of this one, in source order; methods where the receiver's type is known. */
  calls(fn: BoundaryFn): readonly OpenCall[];
  /** The same of any fn with a body, at the boundary or not; empty for everything else. */
  inside(item: RustItem): { readonly sites: readonly PanicSite[]; readonly calls: readonly OpenCall[] };
  /**
   * Whether a panic that calls lead to hangs on what the caller of the first fn hands in. False also where the way cannot be followed.
   */
  hangsOnHandedIn(steps: readonly CallStep[], end: { readonly item: RustItem; readonly site: PanicSite }): boolean;
  /** By rust-version, panic profiles and the targets for which the fn is compiled. */
  effect(fn: BoundaryFn): UnwindEffect;
  /** Whether a workspace fn or macro catches panics of the closure that it is given (3 calls deep). */
  catches(item: RustItem, workspace: Workspace): boolean;
}
