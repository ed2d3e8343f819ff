/** How a PyO3 method borrows its object until it returns, and whom that shuts out while other threads run. */
import { pyo3Attribute } from '../model/surface/attributes.ts';
import type { FnItem } from '../model/rust/ast-item.ts';
import type { PyEntry } from '../model/surface/surface.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { classOptions, pyo3Options, pymethods } from './pyo3-classes.ts';

/** A borrow that another thread's call can meet. */
export type SelfBorrow =
  | { readonly kind: 'exclusive' }
  /** `other` needs the object mutably: a method, or a field that Python may set. */
  | { readonly kind: 'shared'; readonly other: string };

/** Null where nothing is borrowed, no other thread may call, or all calls share the borrow. */
export function selfBorrow(entry: PyEntry, workspace: Workspace): SelfBorrow | null {
  const borrow = entry.kind === 'method' && !entry.item.test ? borrowOf(entry.ast) : null;
  if (!borrow) return null;
  const type = workspace.resolve(['Self'], entry.scope, 'type');
  const item = type.kind === 'item' ? type.item : null;
  if (!item || !pyo3Attribute(item.entry.attributes, 'pyclass')) return null;
  if (classOptions(item).some(({ name }) => name === 'frozen' || name === 'unsendable')) return null;
  if (borrow === 'exclusive') return { kind: 'exclusive' };
  const other = mutator(item, workspace);
  return other === null ? null : { kind: 'shared', other };
}

function borrowOf(ast: FnItem): SelfBorrow['kind'] | null {
  if (ast.attributes.some(({ path }) => /^(new|staticmethod|classmethod|classattr)$/.test(path))) return null;
  if (ast.self) return ast.self.type !== null || ast.self.kind === 'value' ? null : ast.self.kind === 'ref-mut' ? 'exclusive' : 'shared';
  const type = ast.params[0]?.type;
  const name = type?.kind === 'path' ? type.path.segments.at(-1)?.name : null;
  return name === 'PyRefMut' ? 'exclusive' : name === 'PyRef' ? 'shared' : null;
}

/** What needs the object mutably: a method, or a field that Python may set; null where nothing does. */
function mutator(item: RustItem, workspace: Workspace): string | null {
  for (const method of pymethods(item, workspace).flatMap(({ members }) => members)) {
    const ast = method.kind === 'fn' ? workspace.ast(method) : null;
    if (ast?.kind === 'fn' && isMutable(ast) && !/^__(clear|traverse)__$/.test(method.name)) return method.name;
  }
  const ast = workspace.ast(item);
  if (ast?.kind !== 'struct') return null;
  const all = classOptions(item).some(({ name }) => name === 'set_all');
  return ast.fields.find((field) => all || pyo3Options(field.attributes, 'pyo3').some(({ name }) => name === 'set'))?.name ?? null;
}

function isMutable({ self, params }: FnItem): boolean {
  if (self) return self.kind === 'ref-mut' && self.type === null;
  const type = params[0]?.type;
  return type?.kind === 'path' && type.path.segments.at(-1)?.name === 'PyRefMut';
}
