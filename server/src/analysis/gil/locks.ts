/** Locks that some fn keeps for long, across blocking work. Those that are kept while Python runs are among the lock facts. */
import { pyo3Items } from '../../model/pyo3/crates.ts';
import type { Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, SourceFile, Workspace } from '../../model/workspace.ts';
import type { Span } from '../../base/text.ts';
import { guardsOf } from '../locks/guards.ts';
import { lockKey } from '../locks/keys.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Body } from '../types/local-types-body.ts';
import { collectExprs } from '../walk.ts';
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

export function createLocks(workspace: Workspace): Locks {
  const bodies = bodiesOf(workspace);
  let holders: Map<string, Holder> | null = null;
  return {
    holder(call, body) {
      const key = lockKey(call, body, workspace);
      if (!key) return null;
      holders ??= collect();
      return holders.get(key.id) ?? null;
    },
  };

  function collect(): Map<string, Holder> {
    const found = new Map<string, Holder>();
    for (const item of pyo3Items(workspace)) {
      if (item.kind !== 'fn' || item.test || !item.entry.bodySpan) continue;
      if (!/\.(lock|read|write)\(\)/.test(workspace.slice(item.file, item.entry.bodySpan))) continue;
      const body = bodies(item);
      if (body?.ast.body) inBody(body.ast.body, body, found);
    }
    return found;
  }

  function inBody(root: Expr, body: Body, found: Map<string, Holder>): void {
    for (const guard of guardsOf(root, body)) {
      const key = lockKey(guard.call, body, workspace);
      if (!key || found.has(key.id)) continue;
      const long = guard.alive.flatMap((expr) => collectExprs(expr, (e) => isLong(e, body), { items: false }))[0];
      if (long) found.set(key.id, { item: body.item, file: body.item.file, span: long.span });
    }
  }

  function isLong(expr: Expr, body: Body): boolean {
    if (expr.kind !== 'call' && expr.kind !== 'method') return false;
    const target = targetOf(expr, body, workspace);
    if (target.kind === 'function') return functionSeed(target.path)?.class === 'blocking';
    if (target.kind !== 'method') return false;
    return methodSeed(target.receiver, target.name)?.class === 'blocking';
  }
}
