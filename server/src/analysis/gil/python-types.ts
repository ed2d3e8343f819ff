/** Which types are Python's: they need the interpreter, carry a token, or merely own a reference. */
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { stripRefs } from '../types/local-types-ty.ts';
import { tyOfWritten } from '../types/local-types-written.ts';

/**
 * `token`: `Python<'py>`; `value`: needs the interpreter for anything (`Bound`, `PyRef`, GIL refs, numpy borrows);
 * `owned`: `Py<T>`, which may be moved and dropped detached; `no`: plain Rust; `unknown`: the type is not known.
 */
export type Pythonness = 'token' | 'value' | 'owned' | 'no' | 'unknown';

/** PyO3's types that are plain data or may be used from any thread. */
const PLAIN = new Set([
  'pyo3::PyErr',
  'pyo3::PyResult',
  'pyo3::PyBackedStr',
  'pyo3::PyBackedBytes',
  'pyo3::GILOnceCell',
  'pyo3::PyOnceLock',
  'pyo3::GILProtected',
  'pyo3::PyClassInitializer',
  'pyo3::CompareOp',
  'pyo3::PyTraverseError',
  'pyo3::PyVisit',
  'pyo3::PyErrArguments',
  'pyo3::PyRecursionError',
]);
const RANK: readonly Pythonness[] = ['no', 'unknown', 'owned', 'value', 'token'];

function stronger(a: Pythonness, b: Pythonness): Pythonness {
  return RANK.indexOf(a) >= RANK.indexOf(b) ? a : b;
}

export interface PythonTypes {
  of(ty: MaybeTy): Pythonness;
}

export function createPythonTypes(workspace: Workspace): PythonTypes {
  const items = new Map<RustItem, Pythonness>();
  return { of };

  function of(ty: MaybeTy): Pythonness {
    const at = stripRefs(ty);
    if (!at) return 'unknown';
    switch (at.kind) {
      case 'external': {
        if (at.path === 'pyo3::Python') return 'token';
        if (at.path === 'pyo3::Py') return 'owned';
        if (/^pyo3::(Py[A-Z]\w*|Bound|Borrowed)$/.test(at.path)) return PLAIN.has(at.path) ? 'no' : 'value';
        if (at.path.startsWith('numpy::Py')) return 'value';
        if (at.path.startsWith('pyo3::')) return 'no';
        return all(at.args);
      }
      case 'item':
        return ofItem(at.item);
      case 'slice':
      case 'array':
        return at.element ? of(at.element) : 'no';
      case 'tuple':
        return all(at.elements);
      default:
        return 'no';
    }
  }

  /** Arguments that are not known do not make a container Python's. */
  function all(types: readonly MaybeTy[]): Pythonness {
    let result: Pythonness = 'no';
    for (const ty of types) if (ty) result = stronger(result, of(ty));
    return result === 'token' ? 'value' : result;
  }

  /** A struct is as much Python's as its fields are; one that contains itself adds nothing. */
  function ofItem(item: RustItem): Pythonness {
    const known = items.get(item);
    if (known) return known;
    items.set(item, 'no');
    const ast = workspace.ast(item);
    const fields = ast?.kind === 'struct' ? ast.fields : ast?.kind === 'enum' ? ast.variants.flatMap((v) => v.fields) : [];
    let result: Pythonness = 'no';
    for (const field of fields) {
      const ty = tyOfWritten(field.type, { module: item.module, item }, workspace);
      if (ty) result = stronger(result, of(ty));
    }
    if (result === 'token') result = 'value';
    items.set(item, result);
    return result;
  }
}

/** A parameter that proves that the fn runs attached and can give a token: `Python`, `Bound`, `PyRef`, a GIL ref. */
export function givesToken(ty: MaybeTy): boolean {
  const at = stripRefs(ty);
  if (at?.kind !== 'external') return false;
  if (at.path === 'pyo3::Python' || at.path === 'pyo3::Bound' || at.path === 'pyo3::Borrowed') return true;
  if (/^pyo3::Py[A-Z]\w*$/.test(at.path))
    return ty?.kind === 'reference' ? !PLAIN.has(at.path) : at.path === 'pyo3::PyRef' || at.path === 'pyo3::PyRefMut';
  return false;
}
