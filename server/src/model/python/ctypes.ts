/** The ctypes classes of a Python module, as plain data. */
import type { Location } from '../../base/text.ts';
import type { PyBindings } from './bindings.ts';

export type PyType =
  /** `c_int` and its like; `py_object`. */
  | { readonly kind: 'ctype'; readonly name: string }
  /** `POINTER(X)`; null for `c_void_p`. */
  | { readonly kind: 'pointer'; readonly to: PyType | null }
  | { readonly kind: 'array'; readonly of: PyType; readonly length: number }
  /** A class of the module by its path: `Outer.Inner`. */
  | { readonly kind: 'class'; readonly path: string }
  /** `CFUNCTYPE(…)`, `WINFUNCTYPE(…)`. */
  | { readonly kind: 'function'; readonly stdcall: boolean; readonly result: PyType | null; readonly params: readonly PyType[] }
  | { readonly kind: 'unknown'; readonly reason: string };

export interface PyField {
  readonly name: string;
  readonly type: PyType;
  /** As it is written. */
  readonly text: string;
  readonly bitWidth: number | null;
  readonly at: Location;
}

export interface PyClass {
  /** With the classes around it: `Outer.Inner`. */
  readonly path: string;
  readonly kind: 'struct' | 'union';
  /** A class of the module whose fields come first. */
  readonly parent: string | null;
  readonly endian: 'native' | 'big' | 'little';
  /** null where `_fields_` is never set: the class is incomplete. */
  readonly fields: readonly PyField[] | null;
  /** `_pack_`; null without. */
  readonly pack: number | null;
  readonly anonymous: readonly string[];
  /** Why it is not known what the class looks like; null where it is. */
  readonly unknown: string | null;
  /** Of its name. */
  readonly at: Location;
}

/** A name that is given one whole number. */
export interface PyConstant {
  readonly name: string;
  /** null where it is not known. */
  readonly value: bigint | null;
  readonly at: Location;
}

/** A class of `enum`: `Enum`, `IntEnum`, `IntFlag`. */
export interface PyEnum {
  readonly name: string;
  readonly constants: readonly PyConstant[];
  readonly at: Location;
}

export interface PyModule {
  readonly file: string;
  readonly classes: readonly PyClass[];
  readonly enums: readonly PyEnum[];
  /** Names in capitals at the top of the module. */
  readonly constants: readonly PyConstant[];
  readonly bindings: PyBindings;
}
