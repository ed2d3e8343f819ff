/** Locks that some fn keeps for long: across blocking work, or while it takes or releases the interpreter. */
import type { Expr, MethodExpr, Statement } from '../../model/rust/ast-expr.ts';
import type { RustItem, SourceFile, Workspace } from '../../model/workspace.ts';
import type { Span } from '../../base/text.ts';
import { sliceSpan } from '../../base/text.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Body } from '../types/local-types-body.ts';
import { meaning } from '../types/local-types-names.ts';
import { autoderef, stripRefs } from '../types/local-types-ty.ts';
import { bindings, collectExprs, someExpr, variable } from '../walk.ts';
import { targetOf } from './callees.ts';
import { functionSeed, methodSeed } from './seeds.ts';

/** Where a lock is held across what takes long. */
export interface Holder {
  readonly item: RustItem;
  readonly file: SourceFile;
  readonly span: Span;
}

export interface Locks {
  /** Who holds for long what this call would wait for; null for short critical sections and locks that are not known. */
  holder(call: MethodExpr, body: Body): Holder | null;
}

const LOCK_TYPES = /^(std::sync|parking_lot)::(Mutex|RwLock)$/;
const LOCK_METHODS = /^(lock|read|write)$/;
const INTERPRETER = /^pyo3::Python::(with_gil|attach|allow_threads|detach)$/;

export function createLocks(workspace: Workspace): Locks {
  const bodies = bodiesOf(workspace);
  let holders: Map<string, Holder> | null = null;
  return {
    holder(call, body) {
      const key = lockKey(call, body);
      if (!key) return null;
      holders ??= collect();
      return holders.get(key) ?? null;
    },
  };

  /** A static or a field of a workspace type: what two fns can mean by the same name. */
  function lockKey(call: Expr, body: Body): string | null {
    if (call.kind !== 'method' || !LOCK_METHODS.test(call.name) || call.args.length > 0) return null;
    if (!autoderef(body.typeOf(call.receiver)).some((t) => t.kind === 'external' && LOCK_TYPES.test(t.path))) return null;
    let at = call.receiver;
    while (at.kind === 'reference' || at.kind === 'unary') at = at.operand;
    if (at.kind === 'field') {
      const owner = autoderef(body.typeOf(at.base)).find((t) => t.kind === 'item');
      return owner?.kind === 'item' ? `${owner.item.id}.${at.name}` : null;
    }
    if (at.kind !== 'path' || body.bindingOf(at)) return null;
    const found = meaning(at.path, body.scope, workspace, 'value');
    return found?.kind === 'item' && found.item.kind === 'static' ? String(found.item.id) : null;
  }

  function collect(): Map<string, Holder> {
    const found = new Map<string, Holder>();
    for (const item of workspace.items) {
      if (item.kind !== 'fn' || item.test || !item.entry.bodySpan) continue;
      if (!/\.(lock|read|write)\(\)/.test(sliceSpan(workspace.text(item.file), item.entry.bodySpan))) continue;
      const body = bodies(item);
      if (body?.ast.body) inBody(body.ast.body, body, found);
    }
    return found;
  }

  function inBody(root: Expr, body: Body, found: Map<string, Holder>): void {
    for (const block of collectExprs(root, (e) => e.kind === 'block')) {
      if (block.kind !== 'block') continue;
      block.statements.forEach((statement, i) => {
        if (statement.kind !== 'let' || !statement.value) return;
        const taken = acquired(statement.value);
        const key = taken && lockKey(taken, body);
        const name = bindings(statement.pattern)[0]?.name;
        if (!key || !name || !isGuard(name, body) || found.has(key)) return;
        const rest: readonly (Statement | Expr)[] = [...block.statements.slice(i + 1), ...(block.tail ? [block.tail] : [])];
        const span = firstLong(rest, name, body);
        if (span) found.set(key, { item: body.item, file: body.item.file, span });
      });
    }
  }

  /** A copy out of the guard (`*x.lock()`, `x.lock().len()`) is none. */
  function isGuard(name: string, body: Body): boolean {
    return body.bindings.some((b) => {
      const ty = stripRefs(b.ty);
      return b.name === name && ty?.kind === 'external' && /^std::sync::(MutexGuard|RwLock\w+Guard)$/.test(ty.path);
    });
  }

  function firstLong(rest: readonly (Statement | Expr)[], name: string, body: Body): Span | null {
    for (const part of rest) {
      const expr = part.kind === 'let' ? part.value : part.kind === 'expr' ? part.expr : part.kind === 'item' ? null : part;
      if (!expr) continue;
      if (drops(expr, name)) return null;
      const long = collectExprs(expr, (e) => isLong(e, body), { items: false })[0];
      if (long) return long.span;
    }
    return null;
  }

  function drops(expr: Expr, name: string): boolean {
    return someExpr(
      expr,
      (e) =>
        e.kind === 'call' &&
        e.callee.kind === 'path' &&
        e.callee.path.segments.at(-1)?.name === 'drop' &&
        e.args.some((a) => variable(a) === name),
    );
  }

  function isLong(expr: Expr, body: Body): boolean {
    if (expr.kind !== 'call' && expr.kind !== 'method') return false;
    const target = targetOf(expr, body, workspace);
    if (target.kind === 'function') return INTERPRETER.test(target.path) || functionSeed(target.path)?.class === 'blocking';
    if (target.kind !== 'method') return false;
    const first = target.receiver[0];
    if (first?.kind === 'external' && first.path === 'pyo3::Python' && /^(allow_threads|detach)$/.test(target.name)) return true;
    return methodSeed(target.receiver, target.name)?.class === 'blocking';
  }
}

/** The `lock()` call whose guard a `let` keeps: `x.lock().unwrap()`, `x.lock()?`. */
function acquired(value: Expr): MethodExpr | null {
  let at = value;
  for (;;) {
    if (at.kind === 'try') at = at.operand;
    else if (at.kind === 'method' && /^(unwrap|expect|map_err|unwrap_or_else)$/.test(at.name)) at = at.receiver;
    else return at.kind === 'method' && LOCK_METHODS.test(at.name) ? at : null;
  }
}
