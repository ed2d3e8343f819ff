/** Types as local inference knows them: canonical, with arguments where they are known; null always means unknown. */
import type { RustItem } from '../../model/workspace.ts';

export type MaybeTy = Ty | null;

export type Ty =
  /** A type of another crate by its one spelling: `std::fs::File`, `pyo3::Bound`. Any iterator is `std::iter::Iterator<Item>`. */
  | { readonly kind: 'external'; readonly path: string; readonly args: readonly MaybeTy[] }
  | { readonly kind: 'item'; readonly item: RustItem; readonly args: readonly MaybeTy[] }
  | { readonly kind: 'primitive'; readonly name: string }
  | { readonly kind: 'reference'; readonly mutable: boolean; readonly to: MaybeTy }
  | { readonly kind: 'slice'; readonly element: MaybeTy }
  | { readonly kind: 'array'; readonly element: MaybeTy }
  | { readonly kind: 'tuple'; readonly elements: readonly MaybeTy[] }
  | { readonly kind: 'generic'; readonly name: string }
  /**
   * `impl Trait`, `dyn Trait`, fn pointers, raw pointers: known to be nothing of the above. `bounds` are canonical paths;
   * `to` is what a raw pointer points to, where that is known.
   */
  | { readonly kind: 'opaque'; readonly bounds: readonly string[]; readonly pointer: boolean; readonly to?: MaybeTy };

export const ITERATOR = 'std::iter::Iterator';
export const OPTION = 'std::option::Option';
export const RESULT = 'std::result::Result';
export const VEC = 'std::vec::Vec';
export const STRING = 'std::string::String';

export function external(path: string, ...args: readonly MaybeTy[]): Ty {
  return { kind: 'external', path, args };
}

export function primitive(name: string): Ty {
  return { kind: 'primitive', name };
}

export function reference(to: MaybeTy, mutable = false): Ty {
  return { kind: 'reference', mutable, to };
}

/** A raw pointer. */
export function pointer(to: MaybeTy): Ty {
  return { kind: 'opaque', bounds: [], pointer: true, to };
}

/** What a raw pointer points to; null where it is none, or where that is not known. */
export function pointeeTy(ty: MaybeTy): MaybeTy {
  return ty?.kind === 'opaque' && ty.pointer ? (ty.to ?? null) : null;
}

export const UNIT: Ty = { kind: 'tuple', elements: [] };

export function isExternal(ty: MaybeTy, path: string): ty is Extract<Ty, { kind: 'external' }> {
  return ty?.kind === 'external' && ty.path === path;
}

/** The type behind all references. */
export function stripRefs(ty: MaybeTy): MaybeTy {
  let at = ty;
  while (at?.kind === 'reference') at = at.to;
  return at;
}

const FLOATS = new Set(['f16', 'f32', 'f64', 'f128']);
const INTS = new Set(['i8', 'i16', 'i32', 'i64', 'i128', 'isize', 'u8', 'u16', 'u32', 'u64', 'u128', 'usize']);

export function isFloat(ty: MaybeTy): boolean {
  const at = stripRefs(ty);
  return at?.kind === 'primitive' && FLOATS.has(at.name);
}

export function isInt(ty: MaybeTy): boolean {
  const at = stripRefs(ty);
  return at?.kind === 'primitive' && INTS.has(at.name);
}

export function isStringLike(ty: MaybeTy): boolean {
  const at = stripRefs(ty);
  return (at?.kind === 'primitive' && at.name === 'str') || isExternal(at, STRING);
}

/** Types that deref to their first argument. */
const DEREF_TO_ARGUMENT = new Set([
  'std::boxed::Box',
  'std::sync::Arc',
  'std::rc::Rc',
  'std::borrow::Cow',
  'std::sync::MutexGuard',
  'std::sync::RwLockReadGuard',
  'std::sync::RwLockWriteGuard',
  'std::cell::Ref',
  'std::cell::RefMut',
  'std::sync::LazyLock',
  'once_cell::sync::Lazy',
  'std::pin::Pin',
  'pyo3::PyRef',
  'pyo3::PyRefMut',
]);

/** One step of autoderef, null at its end. */
export function derefOnce(ty: Ty): MaybeTy {
  if (ty.kind === 'reference') return ty.to;
  if (ty.kind === 'array') return { kind: 'slice', element: ty.element };
  if (ty.kind !== 'external') return null;
  if (ty.path === VEC) return { kind: 'slice', element: ty.args[0] ?? null };
  if (ty.path === STRING) return primitive('str');
  if (ty.path === 'std::path::PathBuf') return external('std::path::Path');
  return DEREF_TO_ARGUMENT.has(ty.path) ? (ty.args[0] ?? null) : null;
}

/** The type and what it derefs to, in the order in which a method is looked for. */
export function autoderef(ty: MaybeTy): readonly Ty[] {
  const out: Ty[] = [];
  for (let at = ty; at && out.length < 8; at = derefOnce(at)) out.push(at);
  return out;
}

/** What iterating over a value of the type yields. */
export function itemOf(ty: MaybeTy): MaybeTy {
  if (!ty) return null;
  if (ty.kind === 'reference') {
    const inner = ty.to;
    if (!inner) return null;
    const item = itemOf(inner);
    if (inner.kind === 'external' && (inner.path === ITERATOR || inner.path.startsWith('pyo3::'))) return item;
    if (inner.kind === 'slice' || inner.kind === 'array') return reference(inner.element, ty.mutable);
    if (item?.kind === 'tuple') return { kind: 'tuple', elements: item.elements.map((e, i) => reference(e, ty.mutable && i > 0)) };
    return item ? reference(item, ty.mutable) : null;
  }
  if (ty.kind === 'slice' || ty.kind === 'array') return ty.element;
  if (ty.kind !== 'external') return null;
  if (ty.path.startsWith('pyo3::')) return pythonItem(ty);
  if (/^ndarray::ArrayView(Mut)?$/.test(ty.path)) return ty.args[0] ? reference(ty.args[0]) : null;
  if (/^std::collections::(HashMap|BTreeMap)$/.test(ty.path)) return { kind: 'tuple', elements: [ty.args[0] ?? null, ty.args[1] ?? null] };
  if (/^std::sync::mpsc::Receiver$/.test(ty.path) || COLLECTIONS.has(ty.path)) return ty.args[0] ?? null;
  return null;
}

const COLLECTIONS = new Set([
  ITERATOR,
  VEC,
  OPTION,
  'std::ops::Range',
  'std::ops::RangeInclusive',
  'std::collections::VecDeque',
  'std::collections::HashSet',
  'std::collections::BTreeSet',
  'std::collections::BinaryHeap',
  'std::collections::LinkedList',
]);

/** Iterating over a Python container yields Python objects, a dict's pairs of them. */
function pythonItem(ty: Extract<Ty, { kind: 'external' }>): MaybeTy {
  const any = external('pyo3::Bound', external('pyo3::PyAny'));
  const inner = stripRefs(ty.args[0] ?? null);
  const name = ty.path === 'pyo3::Bound' || ty.path === 'pyo3::Borrowed' ? (inner?.kind === 'external' ? inner.path : '') : ty.path;
  if (name === 'pyo3::PyDict') return { kind: 'tuple', elements: [any, any] };
  if (name === 'pyo3::PyIterator' || name === 'pyo3::PyAny') return external(RESULT, any, external('pyo3::PyErr'));
  return any;
}

/** A short name of the type for messages and tables: `Vec`, `File`, `str`; empty where it has none. */
export function shortName(ty: MaybeTy): string {
  const at = stripRefs(ty);
  if (!at) return '';
  if (at.kind === 'external') return at.path.slice(at.path.lastIndexOf(':') + 1);
  if (at.kind === 'item') return at.item.name;
  return at.kind === 'primitive' ? at.name : '';
}
