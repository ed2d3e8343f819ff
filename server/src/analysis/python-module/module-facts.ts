/** What a crate's Python modules export: functions and exceptions that nothing hands to Python. */
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Span } from '../../base/text.ts';
import type { PyStub, PythonParam } from '../../model/python/stub.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import type { Entry } from '../../model/rust/file-index.ts';
import type { Crate, RustItem, SourceFile } from '../../model/workspace.ts';

/** A `create_exception!` whose type no module exports. */
export interface LostException {
  readonly name: string;
  /** The name in the macro's arguments. */
  readonly span: Span;
  readonly item: RustItem;
}

/** The one module of a crate to which something can be added. */
export interface ModuleTarget {
  readonly file: SourceFile;
  readonly entry: Entry;
  /** `function`: `#[pymodule] fn`; `declarative`: `#[pymodule] mod`, which is no item of the workspace. */
  readonly style: 'function' | 'declarative';
  /** Of a function-style module. */
  readonly item: RustItem | null;
  readonly ast: FnItem | null;
}

/** A `#[pymodule]` that is imported by its name, not put into another one. */
export interface TopModule {
  readonly file: SourceFile;
  readonly entry: Entry;
  /** In Python: the item's name, or that of `#[pyo3(name = "…")]`. */
  readonly name: string;
  /** It is compiled under a condition, or its name is. */
  readonly conditional: boolean;
}

/** A stub file and the module that it describes. */
export interface ModuleStub {
  readonly module: TopModule;
  readonly stub: PyStub;
  /** What the module's own text says, without that of modules inside of it. */
  readonly text: string;
}

export interface ModuleFacts {
  /**
   * The stub files beside the only top-level module of a crate and beside the declarative modules inside of it, the outermost first;
   * empty where the top-level module has none, or there are several.
   */
  stubs(crate: Crate): readonly ModuleStub[];
  /** The name and parameters of an entry as Python sees them; null where they cannot be read. */
  signature(entry: PyEntry): { readonly name: string; readonly params: readonly PythonParam[] } | null;
  /** The top-level modules of a crate, those of macro expansions left out. */
  topModules(crate: Crate): readonly TopModule[];
  /**
   * Whether a `#[pyfunction]` reaches Python, or may: it is named by `wrap_pyfunction!` or in another macro, exported from a
   * declarative module, used as a value, renamed or re-exported. True also where its crate has no module of its own.
   */
  mayBeRegistered(fn: RustItem): boolean;
  /**
   * Whether a `#[pyclass]` reaches Python, or may: anything outside of it and of its own impls names it. True also where its crate
   * has no module of its own, or it stands in a declarative one.
   */
  mayBeReached(item: RustItem): boolean;
  /** Exceptions of a crate with a module, none of whose mentions can hand the type to Python. */
  lostExceptions(items: readonly RustItem[]): readonly LostException[];
  /** The module of an item's crate, where it is the only one; null elsewhere. */
  soleModule(item: RustItem): ModuleTarget | null;
}
