/** What a lock is, so that two fns can mean the same one: a static, or a field of a workspace type. */
import type { Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { pyo3Attribute } from '../../model/surface/attributes.ts';
import type { Body } from '../types/local-types-body.ts';
import { meaning } from '../types/local-types-names.ts';
import { autoderef } from '../types/local-types-ty.ts';

export interface LockKey {
  readonly id: string;
  /** As written in the call. */
  readonly text: string;
  readonly type: 'Mutex' | 'RwLock' | null;
}

const LOCK_TYPES = /^(std::sync|parking_lot)::(Mutex|RwLock)$/;
const LOCK_METHODS = /^(lock|read|write)$/;

/** The lock that a call waits for; null where it is no lock, or one that only this fn knows. */
export function lockKey(call: Expr, body: Body, workspace: Workspace): LockKey | null {
  if (call.kind !== 'method' || !LOCK_METHODS.test(call.name) || call.args.length > 0) return null;
  const types = autoderef(body.typeOf(call.receiver));
  const lock = types.find((t) => t.kind === 'external' && LOCK_TYPES.test(t.path));
  if (lock?.kind !== 'external') return null;
  const type = lock.path === 'std::sync::Mutex' ? 'Mutex' : lock.path === 'std::sync::RwLock' ? 'RwLock' : null;
  let at = call.receiver;
  while (at.kind === 'reference' || at.kind === 'unary') at = at.operand;
  const text = workspace.slice(body.item.file, at.span).replace(/\s+/g, '');
  if (at.kind === 'field') {
    const owner = autoderef(body.typeOf(at.base)).find((t) => t.kind === 'item');
    if (owner?.kind !== 'item' || isUnsendable(owner.item)) return null;
    const shared = types.some((t) => t.kind === 'external' && t.path === 'std::sync::Arc');
    if (!shared && isExclusive(at.base, body)) return null;
    return { id: `${owner.item.id}.${at.name}`, text, type };
  }
  if (at.kind !== 'path' || body.bindingOf(at)) return null;
  const found = meaning(at.path, body.scope, workspace, 'value');
  return found?.kind === 'item' && found.item.kind === 'static' ? { id: String(found.item.id), text, type } : null;
}

/** `self` of a `&mut self` method: nobody else can get at the object meanwhile; for calls of Python, PyO3 sees to that. */
function isExclusive(base: Expr, body: Body): boolean {
  return body.bindingOf(base)?.kind === 'self' && body.ast.self?.kind === 'ref-mut';
}

/** Objects of such a class stay on one thread. */
function isUnsendable(item: RustItem): boolean {
  return pyo3Attribute(item.entry.attributes, 'pyclass')?.args?.some((arg) => arg.name === 'unsendable') ?? false;
}

/** The `lock()` call whose guard an expression gives: `x.lock().unwrap()`, `x.lock()?`. */
export function acquired(value: Expr): MethodExpr | null {
  let at = value;
  for (;;) {
    if (at.kind === 'try') at = at.operand;
    else if (at.kind === 'method' && /^(unwrap|expect|map_err|unwrap_or_else|ok)$/.test(at.name)) at = at.receiver;
    else return at.kind === 'method' && LOCK_METHODS.test(at.name) ? at : null;
  }
}
