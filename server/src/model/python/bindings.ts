/** How a Python module reaches C functions: the libraries that it loads, the signatures that it gives, the calls that it makes. */
import type { Location, Span } from '../../base/text.ts';
import type { CUnit } from '../c/ast.ts';
import type { PyType } from './ctypes.ts';

export interface PyLibrary {
  /** As the module calls it, unique in it: `lib`, `self._lib`. */
  readonly key: string;
  readonly loader: 'ctypes' | 'cffi';
  /** `WinDLL`, `OleDLL`: stdcall on 32-bit Windows. */
  readonly stdcall: boolean;
  /** What it loads, as far as it is written: `foo` for `libfoo.so`. Several where a condition chooses; empty where nothing is. */
  readonly names: readonly string[];
  /** It is made in another module, from which this name is taken; `module` as it is written (`.native`). */
  readonly from: { readonly module: string; readonly name: string } | null;
  /** Why the module does not show all that is said of its functions; null where it does. */
  readonly escapes: string | null;
  readonly at: Location;
  /** Where a statement of its own can follow the one that makes it; null where that is not plain. */
  readonly behind: Place | null;
}

/** A place for a new statement. */
export interface Place {
  /** UTF-16 offset of the end of the statement before it. */
  readonly offset: number;
  readonly indent: string;
  /** How the library or function is written there. */
  readonly object: string;
}

export interface PyTypeUse {
  /** null for Python's `None`. */
  readonly type: PyType | null;
  /** As it is written, on one line. */
  readonly text: string;
  readonly at: Location;
}

export interface PyArgTypes {
  /** null where the list is not written out. */
  readonly types: readonly PyTypeUse[] | null;
  /** Of the list. */
  readonly at: Location;
  readonly behind: Place | null;
}

export interface PyResType extends PyTypeUse {
  readonly behind: Place | null;
}

export interface PyFunction {
  readonly symbol: string;
  /** Keys of the libraries that it may be a function of: one, or those among which a condition chooses. */
  readonly library: string;
  readonly by: 'attributes' | 'table' | 'dispatcher' | 'prototype' | 'decorator';
  /** Of its first mention. */
  readonly at: Location;
  /** null where they are not set. */
  readonly argtypes: PyArgTypes | null;
  /** null where it is not set, which means `c_int`. */
  readonly restype: PyResType | null;
  /** Why it is not sure that this is all that is said of it, or that all of it holds; null where it is. */
  readonly doubt: string | null;
  /** `errcheck` is set: Python sees another result than ctypes gives. */
  readonly errcheck: boolean;
  /** Each mention stands where a missing symbol is caught. */
  readonly optional: boolean;
  readonly calls: readonly PyCall[];
}

export interface PyCall {
  /** Of what is called. */
  readonly at: Location;
  readonly span: Span;
  /** null where `*args` or keywords are given. */
  readonly args: readonly PyArg[] | null;
  /** The result is thrown away: the call is a statement. */
  readonly statement: boolean;
}

export type PyArgKind = 'str' | 'bytes' | 'int' | 'float' | 'bool' | 'none' | 'typed' | 'callback' | 'other';

export interface PyArg {
  readonly kind: PyArgKind;
  readonly at: Location;
  readonly text: string;
  /** `typed`: what ctypes passes, `callback`: the function type. */
  readonly type: PyType | null;
  /** Of a literal. */
  readonly value: number | null;
  /** `callback`: nothing else refers to the object that is made here. `str`: the literal or text can be encoded in place. */
  readonly temporary: boolean;
}

/** Text for `ffi.cdef`. */
export interface PyCdef {
  /** Of the text, without quotes: an offset in it is one in the file. */
  readonly at: Location;
  readonly text: string;
  /** What `packed` and `pack` say, in bytes; null without, and a text where that is not known. */
  readonly pack: number | null | string;
}

/** How the module writes the names of ctypes. */
export interface PySpelling {
  /** Local names of the module itself: `ctypes`, `ct`. */
  readonly modules: readonly string[];
  /** Local names by the names of ctypes. */
  readonly imported: ReadonlyMap<string, string>;
  readonly star: boolean;
}

export interface PyBindings {
  readonly libraries: readonly PyLibrary[];
  readonly functions: readonly PyFunction[];
  readonly cdefs: readonly PyCdef[];
  /** What they declare together; null where there are none. */
  readonly declared: CUnit | null;
  /** Keys of libraries by the names under which other modules find them; `name()` for a function that returns one. */
  readonly exports: ReadonlyMap<string, string>;
  readonly spelling: PySpelling;
}

export const NO_BINDINGS: PyBindings = {
  libraries: [],
  functions: [],
  cdefs: [],
  declared: null,
  exports: new Map(),
  spelling: { modules: [], imported: new Map(), star: false },
};
