/** From written types to canonical ones: aliases followed, well-known external aliases opened. */
import type { GenericArg, Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { meaning } from './local-types-names.ts';
import type { MaybeTy, Ty } from './local-types-ty.ts';
import { RESULT, external, pointer } from './local-types-ty.ts';

/** What the type parameters of an alias stand for. */
type Arguments = ReadonlyMap<string, MaybeTy>;

const NO_ARGUMENTS: Arguments = new Map();
const MAX_ALIAS_DEPTH = 6;

/** The canonical form of a written type; null where its name is not known. */
export function tyOfWritten(type: Type, scope: Scope, workspace: Workspace): MaybeTy {
  return convert(type, scope, workspace, NO_ARGUMENTS, 0);
}

function convert(type: Type, scope: Scope, workspace: Workspace, given: Arguments, depth: number): MaybeTy {
  const inner = (t: Type): MaybeTy => convert(t, scope, workspace, given, depth);
  switch (type.kind) {
    case 'path': {
      if (type.self) return null;
      const last = type.path.segments.at(-1);
      const args = typeArgs(last?.args ?? [], inner);
      const only = type.path.segments.length === 1 ? (last?.name ?? '') : '';
      if (given.has(only)) return given.get(only) ?? null;
      const found = meaning(type.path, scope, workspace, 'type');
      if (!found) return null;
      if (found.kind === 'external') return openExternal(found.path, args);
      if (found.kind === 'item') return found.variant ? null : openItem(found.item, args, workspace, depth);
      return { kind: found.kind, name: found.name };
    }
    case 'reference':
      return { kind: 'reference', mutable: type.mutable, to: inner(type.referent) };
    case 'slice':
    case 'array':
      return { kind: type.kind, element: inner(type.element) };
    case 'tuple':
      return { kind: 'tuple', elements: type.elements.map(inner) };
    case 'pointer':
      return pointer(inner(type.pointee));
    case 'fn':
      return { kind: 'opaque', bounds: [], pointer: false };
    case 'dyn':
    case 'impl':
      return opaque(type, scope, workspace, inner);
    default:
      return null;
  }
}

function typeArgs(args: readonly GenericArg[], inner: (t: Type) => MaybeTy): readonly MaybeTy[] {
  return args.flatMap((arg) => (arg.kind === 'type' ? [inner(arg.type)] : []));
}

/** `impl Iterator<Item = T>` is an iterator; of other traits only the names count. */
function opaque(type: Extract<Type, { kind: 'dyn' | 'impl' }>, scope: Scope, workspace: Workspace, inner: (t: Type) => MaybeTy): Ty {
  const bounds: string[] = [];
  for (const bound of type.bounds) {
    const found = meaning(bound, scope, workspace, 'type');
    bounds.push(found?.kind === 'external' ? found.path : (bound.segments.at(-1)?.name ?? ''));
    if (found?.kind === 'external' && /::(Iterator|IntoIterator|DoubleEndedIterator|ExactSizeIterator)$/.test(found.path)) {
      const item = bound.segments.at(-1)?.args.find((a) => a.kind === 'binding' && a.name === 'Item');
      return external('std::iter::Iterator', item?.kind === 'binding' ? inner(item.type) : null);
    }
  }
  return { kind: 'opaque', bounds, pointer: false };
}

/** Aliases of PyO3, std and anyhow for what they are. */
function openExternal(path: string, args: readonly MaybeTy[]): Ty {
  switch (path) {
    case 'pyo3::PyResult':
      return external(RESULT, args[0] ?? null, external('pyo3::PyErr'));
    case 'pyo3::PyObject':
      return external('pyo3::Py', external('pyo3::PyAny'));
    case 'std::io::Result':
      return external(RESULT, args[0] ?? null, external('std::io::Error'));
    case 'anyhow::Result':
      return external(RESULT, args[0] ?? null, args[1] ?? external('anyhow::Error'));
    case 'serde_json::Result':
      return external(RESULT, args[0] ?? null, external('serde_json::Error'));
    default:
      return external(path, ...args);
  }
}

function openItem(item: RustItem, args: readonly MaybeTy[], workspace: Workspace, depth: number): MaybeTy {
  if (item.kind !== 'type') return { kind: 'item', item, args };
  const alias = depth < MAX_ALIAS_DEPTH ? workspace.ast(item) : null;
  if (alias?.kind !== 'type' || !alias.type) return null;
  const names = alias.generics.filter((g) => g.kind === 'type').map((g) => g.name);
  const given = new Map(names.map((name, i) => [name, args[i] ?? null]));
  return convert(alias.type, { module: item.module, item }, workspace, given, depth + 1);
}
