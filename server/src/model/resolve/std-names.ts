/** Names of the standard library that need no `use`, and the one spelling that is used here for each. */
import { words } from '../../base/words.ts';

/** The prelude of all editions (std::prelude); each by namespace-free name. */
const PRELUDE: Readonly<Record<string, readonly string[]>> = {
  Vec: ['std', 'vec', 'Vec'],
  String: ['std', 'string', 'String'],
  ToString: ['std', 'string', 'ToString'],
  Box: ['std', 'boxed', 'Box'],
  Option: ['std', 'option', 'Option'],
  Some: ['std', 'option', 'Option', 'Some'],
  None: ['std', 'option', 'Option', 'None'],
  Result: ['std', 'result', 'Result'],
  Ok: ['std', 'result', 'Result', 'Ok'],
  Err: ['std', 'result', 'Result', 'Err'],
  Clone: ['std', 'clone', 'Clone'],
  Copy: ['std', 'marker', 'Copy'],
  Send: ['std', 'marker', 'Send'],
  Sync: ['std', 'marker', 'Sync'],
  Sized: ['std', 'marker', 'Sized'],
  Unpin: ['std', 'marker', 'Unpin'],
  Drop: ['std', 'ops', 'Drop'],
  Fn: ['std', 'ops', 'Fn'],
  FnMut: ['std', 'ops', 'FnMut'],
  FnOnce: ['std', 'ops', 'FnOnce'],
  drop: ['std', 'mem', 'drop'],
  Default: ['std', 'default', 'Default'],
  Eq: ['std', 'cmp', 'Eq'],
  PartialEq: ['std', 'cmp', 'PartialEq'],
  Ord: ['std', 'cmp', 'Ord'],
  PartialOrd: ['std', 'cmp', 'PartialOrd'],
  Iterator: ['std', 'iter', 'Iterator'],
  IntoIterator: ['std', 'iter', 'IntoIterator'],
  DoubleEndedIterator: ['std', 'iter', 'DoubleEndedIterator'],
  ExactSizeIterator: ['std', 'iter', 'ExactSizeIterator'],
  Extend: ['std', 'iter', 'Extend'],
  FromIterator: ['std', 'iter', 'FromIterator'],
  AsRef: ['std', 'convert', 'AsRef'],
  AsMut: ['std', 'convert', 'AsMut'],
  From: ['std', 'convert', 'From'],
  Into: ['std', 'convert', 'Into'],
  TryFrom: ['std', 'convert', 'TryFrom'],
  TryInto: ['std', 'convert', 'TryInto'],
  ToOwned: ['std', 'borrow', 'ToOwned'],
};

export function preludePath(name: string): readonly string[] | null {
  return Object.hasOwn(PRELUDE, name) ? (PRELUDE[name] ?? null) : null;
}

/** Of these a glob import of an unknown crate may well bring its own (`anyhow::Result`, a C binding's `Result`). */
export const OFTEN_REDEFINED: ReadonlySet<string> = new Set(['Result', 'Ok', 'Err']);

const PRIMITIVES = words(`
  bool char str i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize f16 f32 f64 f128
`);

export function isPrimitive(name: string): boolean {
  return PRIMITIVES.has(name);
}

/** The standard library's crates; `core` and `alloc` are spelled `std`, which re-exports nearly all of them. */
export const STD_CRATES: ReadonlySet<string> = new Set(['std', 'core', 'alloc']);

/** `core::ffi::CStr` → `std::ffi::CStr`; other crates as they are. */
export function canonicalExternal(path: readonly string[]): readonly string[] {
  const first = path[0];
  return first === 'core' || first === 'alloc' ? ['std', ...path.slice(1)] : path;
}

/** Names without a `c_` prefix that libc and std::ffi define. */
export const FFI_NAMES = words(`
  CStr CString size_t ssize_t off_t int8_t int16_t int32_t int64_t uint8_t uint16_t uint32_t uint64_t intptr_t uintptr_t
  FILE timespec timeval
`);

/** What `pyo3::prelude` brings. */
export const PYO3_PRELUDE = words(`
  Python Py PyResult PyErr PyObject PyAny Bound Borrowed PyRef PyRefMut PyModule PyCell ToPyObject IntoPy IntoPyObject
  FromPyObject PyAnyMethods PyListMethods PyDictMethods PyTupleMethods PyModuleMethods wrap_pyfunction pyfunction
  pymethods pyclass pymodule PyClassInitializer PyTryFrom
`);
