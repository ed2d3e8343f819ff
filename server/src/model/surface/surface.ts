/** The FFI surface: everything in a workspace that crosses, or is called across, a language boundary. */
import { words } from '../../base/words.ts';
import type { Span } from '../../base/text.ts';
import type { FnItem, ValueItem } from '../rust/ast-item.ts';
import type { Type } from '../rust/ast-type.ts';
import type { RustItem, Scope, SourceFile } from '../workspace.ts';

/** A fn at the boundary. `ast` is its parsed item; the scope is what its names mean. */
export interface BoundaryFn {
  readonly role: 'import' | 'export' | 'callback';
  readonly item: RustItem;
  readonly ast: FnItem;
  readonly scope: Scope;
  /** The linker's name; null for callbacks. */
  readonly symbol: string | null;
  /** Never null but for an export written without `extern`: `no_mangle` on a Rust-ABI fn. */
  readonly abi: string | null;
  /** The ABI ends in `-unwind`. */
  readonly unwinds: boolean;
  /** A macro attribute stands on it (proc macro): what it becomes is not known. */
  readonly rewritten: boolean;
}

export interface BoundaryStatic {
  readonly role: 'import' | 'export';
  readonly item: RustItem;
  readonly ast: ValueItem;
  readonly scope: Scope;
  readonly symbol: string;
}

/** One place where a type is written at the boundary. */
export interface TypeUse {
  readonly type: Type;
  readonly scope: Scope;
  readonly file: SourceFile;
  readonly position: 'param' | 'result' | 'static' | 'fn-pointer-param' | 'fn-pointer-result';
  /** The parameter's name. */
  readonly name: string | null;
  /** The fn, static, alias or struct in which it is written. */
  readonly item: RustItem;
  readonly role: 'import' | 'export' | 'callback' | 'fn-pointer';
  /** The ABI of the fn or fn pointer that it belongs to. */
  readonly abi: string;
}

/** A struct, union or enum of the workspace that the boundary mentions. */
export interface BoundaryType {
  readonly item: RustItem;
  /** Written as itself (behind aliases, or as an array's element or an argument of a layout-keeping wrapper). */
  readonly byValue: readonly TypeUse[];
  /** Behind a raw pointer, reference, Box, NonNull or Option of these. */
  readonly behindPointer: readonly TypeUse[];
}

/** A fn, method or closure that Python calls, or that holds the interpreter. */
export interface PyEntry {
  readonly kind: 'function' | 'method' | 'module';
  readonly item: RustItem;
  readonly ast: FnItem;
  readonly scope: Scope;
  /** The class for a method: the type that the `#[pymethods] impl` names. */
  readonly className: string | null;
}

export interface Surface {
  readonly functions: readonly BoundaryFn[];
  readonly statics: readonly BoundaryStatic[];
  /** `extern "…" { }` blocks. */
  readonly externBlocks: readonly RustItem[];
  readonly typeUses: readonly TypeUse[];
  readonly types: readonly BoundaryType[];
  readonly pyEntries: readonly PyEntry[];
}

/** ABIs that are no foreign ones although written with `extern`. */
export const RUST_ABIS: ReadonlySet<string> = words(`
  Rust rust-call rust-intrinsic rust-cold platform-intrinsic custom x86-interrupt avr-interrupt msp430-interrupt
  riscv-interrupt-m riscv-interrupt-s ptx-kernel gpu-kernel unadjusted
`);

/** Whether calls under this ABI come from or go to another language. */
export function isForeignAbi(abi: string | null): abi is string {
  return abi !== null && !RUST_ABIS.has(abi);
}

export interface NamedSpan {
  readonly file: SourceFile;
  readonly span: Span;
}
