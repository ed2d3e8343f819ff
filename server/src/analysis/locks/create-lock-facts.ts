/** Answers which locks are kept while Python runs; the workspace's fns are looked through once, at the first question. */
import { pyo3Items } from '../../model/pyo3/crates.ts';
import { Trigger } from '../../model/rust/file-index.ts';
import type { MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { createAttaching } from '../gil/attaching.ts';
import { targetOf } from '../gil/callees.ts';
import type { Closures } from '../gil/closures.ts';
import { createClosures } from '../gil/closures.ts';
import { isPyEntryItem, isUnused } from '../gil/private-helpers.ts';
import { givesToken } from '../gil/python-types.ts';
import type { Place } from '../gil/regions.ts';
import { walkRegions } from '../gil/regions.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Body } from '../types/local-types-body.ts';
import { isExternal, stripRefs } from '../types/local-types-ty.ts';
import { guardsOf } from './guards.ts';
import { lockKey } from './keys.ts';
import type { AttachedLock, HeldLock, LockFacts, LockPlace, Over } from './lock-facts.ts';
import { onceEdits } from './once-edits.ts';
import { createOnces } from './once.ts';
import { createOvers } from './overs.ts';

const LOCKS = /\.\s*(lock|read|write)\s*\(\s*\)/;
const MAX_DEPTH = 6;

interface Held {
  readonly key: string;
  /** `read()` of an `RwLock`: others that read need not wait. */
  readonly reads: boolean;
  readonly lock: Omit<HeldLock, 'waiter'>;
  readonly place: LockPlace;
}

interface Wait {
  readonly key: string;
  readonly text: string;
  readonly call: MethodExpr;
  readonly type: AttachedLock['type'];
  readonly place: LockPlace;
}

interface Known {
  readonly held: ReadonlyMap<RustItem, readonly Held[]>;
  readonly waits: ReadonlyMap<RustItem, readonly Wait[]>;
}

export function createLockFacts(workspace: Workspace): LockFacts {
  const bodies = bodiesOf(workspace);
  const closures: Closures = createClosures(workspace);
  const overs = createOvers(workspace, closures);
  let known: Known | null = null;
  const look = (): Known => {
    known ??= lookThrough();
    return known;
  };
  return {
    onces: createOnces(workspace, createAttaching(workspace, closures), overs),
    onceEdits: (once, item) => onceEdits(once, item, workspace),
    heldAcross(item) {
      const { held, waits } = look();
      return (held.get(item) ?? []).flatMap(({ key, lock, reads }): HeldLock[] => {
        const all = [...waits.values()].flat().filter((wait) => wait.key === key && !(reads && wait.call.name === 'read'));
        const waiter = all.find((wait) => wait.place.item !== item) ?? all[0];
        return waiter ? [{ ...lock, waiter: waiter.place }] : [];
      });
    },
    attachedLocks(item) {
      const { held, waits } = look();
      const holders = [...held.values()].flat();
      const own = held.get(item) ?? [];
      return (waits.get(item) ?? []).flatMap(({ key, text, call, type }): AttachedLock[] => {
        if (own.some((one) => one.key === key)) return [];
        const holder = holders.find((one) => one.key === key && !(one.reads && call.name === 'read'));
        return holder ? [{ lock: text, call, type, holder: holder.place, over: holder.lock.over }] : [];
      });
    },
  };

  function lookThrough(): Known {
    const held = new Map<RustItem, readonly Held[]>();
    const waits = new Map<RustItem, readonly Wait[]>();
    const locking = new Set(pyo3Items(workspace).filter((item) => item.kind === 'fn' && !item.test && hasLock(item)));
    for (const item of locking) {
      const body = bodies(item);
      const own = body ? heldIn(body) : [];
      if (own.length > 0) held.set(item, own);
    }
    if (held.size === 0) return { held, waits };
    const reached = attachedFns(locking);
    for (const item of locking) {
      const body = bodies(item);
      const own = body ? waitsIn(body, reached.has(item)) : [];
      if (own.length > 0) waits.set(item, own);
    }
    return { held, waits };
  }

  function hasLock(item: RustItem): boolean {
    return item.entry.bodySpan !== null && workspace.matches(item.file, item.entry.bodySpan, LOCKS);
  }

  function heldIn(body: Body): readonly Held[] {
    const root = body.ast.body;
    if (!root || body.ast.async) return [];
    return guardsOf(root, body).flatMap((guard): Held[] => {
      const key = lockKey(guard.call, body, workspace);
      if (!key) return [];
      const attached = startsAttached(body) || tokenAround(body, guard.call);
      for (const expr of guard.alive) {
        const found = overs.during(expr, body, attached);
        const over = pick([...found.values()], attached);
        if (!over) continue;
        const span = guard.call.nameSpan;
        return [
          {
            key: key.id,
            reads: guard.call.name === 'read',
            lock: { lock: key.text, guard: guard.name, span, over },
            place: { item: body.item, file: body.item.file, span: over.span },
          },
        ];
      }
      return [];
    });
  }

  /** With the interpreter held, releasing it and running Python count; without it, taking it. */
  function pick(found: readonly Over[], attached: boolean): Over | null {
    const kinds = attached ? ['release', 'python'] : ['attach'];
    return found.filter((over) => kinds.includes(over.kind)).sort((a, b) => a.span.start - b.span.start)[0] ?? null;
  }

  /** Inside of an attach: the token is the parameter of a closure around the place. */
  function tokenAround(body: Body, call: MethodExpr): boolean {
    return body.bindings.some(
      (b) =>
        b.kind === 'closure-param' &&
        isExternal(stripRefs(b.ty), 'pyo3::Python') &&
        b.closure !== null &&
        b.closure.span.start <= call.span.start &&
        call.span.end <= b.closure.span.end,
    );
  }

  function waitsIn(body: Body, reached: boolean): readonly Wait[] {
    const found: Wait[] = [];
    const root = body.ast.body;
    if (!root || body.ast.async) return found;
    walkRegions(body, root, closures.runOf, (expr, place) => {
      if (expr.kind !== 'method' || place.mode !== 'attached' || !(reached || isInAttach(place, expr, body))) return;
      const key = lockKey(expr, body, workspace);
      if (!key) return;
      found.push({
        key: key.id,
        text: key.text,
        call: expr,
        type: key.type,
        place: { item: body.item, file: body.item.file, span: expr.nameSpan },
      });
    });
    return found;
  }

  function isInAttach(place: Place, call: MethodExpr, body: Body): boolean {
    return place.closures.length > 0 && tokenAround(body, call);
  }

  /** Whether a fn is called with the interpreter held: by Python, or by whoever has a token to give. */
  function startsAttached(body: Body): boolean {
    const { item } = body;
    if (item.owner?.entry.implTrait && !isPyEntryItem(item)) return false;
    return isPyEntryItem(item) || body.bindings.some((b) => b.kind === 'param' && givesToken(b.ty));
  }

  /** Which of the fns run with the interpreter held, called from those that Python calls. */
  function attachedFns(wanted: ReadonlySet<RustItem>): ReadonlySet<RustItem> {
    const reached = new Set<RustItem>();
    const seen = new Set<RustItem>();
    const visit = (item: RustItem, depth: number): void => {
      if (seen.has(item) || depth > MAX_DEPTH) return;
      seen.add(item);
      const body = bodies(item);
      if (!body?.ast.body || body.ast.async || item.test || item.name === '__traverse__') return;
      if (wanted.has(item)) reached.add(item);
      walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
        if (place.mode !== 'attached' || (expr.kind !== 'call' && expr.kind !== 'method')) return;
        const target = targetOf(expr, body, workspace);
        if (target.kind === 'workspace') visit(target.item, depth + 1);
      });
    };
    for (const item of pyo3Items(workspace)) {
      if (item.kind !== 'fn' || item.test) continue;
      const triggers = item.entry.triggers | (item.owner?.entry.triggers ?? 0);
      if ((triggers & (Trigger.PyName | Trigger.PyAttribute)) === 0) continue;
      const body = isPyEntryItem(item) ? null : (item.entry.triggers & Trigger.PyName) !== 0 ? bodies(item) : null;
      if (isPyEntryItem(item) || (body && startsAttached(body) && !isUnused(item, workspace))) visit(item, 0);
    }
    return reached;
  }
}
