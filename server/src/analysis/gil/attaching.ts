/** Which code takes the interpreter when it runs: an attach in it, or in the workspace fns that it calls. */
import type { CallExpr, ClosureExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, SourceFile, Workspace } from '../../model/workspace.ts';
import type { Span } from '../../base/text.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Body } from '../types/local-types-body.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import type { Place } from './regions.ts';
import { walkRegions } from './regions.ts';

/** One step on the way to an attach; the attach itself comes last. */
export interface AttachStep {
  readonly item: RustItem;
  readonly file: SourceFile;
  readonly span: Span;
}

export interface Attaching {
  /** The steps to the first attach that running the expression (a closure's body, a block) brings about; null where none is known. */
  within(root: Expr, body: Body): readonly AttachStep[] | null;
  /** Likewise of a call of the fn. */
  by(item: RustItem): readonly AttachStep[] | null;
}

export const ATTACHES = /^pyo3::Python::(with_gil|attach|with_gil_unchecked|attach_unchecked|acquire_gil)$/;
const MAX_DEPTH = 6;

export function createAttaching(workspace: Workspace, closures: Closures): Attaching {
  const bodies = bodiesOf(workspace);
  const known = new Map<RustItem, readonly AttachStep[] | null>();
  return { within: (root, body) => within(root, body, 0), by: (item) => by(item, 0) };

  function within(root: Expr, body: Body, depth: number): readonly AttachStep[] | null {
    let found: readonly AttachStep[] | null = null;
    walkRegions(body, root, closures.runOf, (expr, place) => {
      if (found || place.away || (expr.kind !== 'call' && expr.kind !== 'method')) return;
      const target = targetOf(expr, body, workspace);
      const here: AttachStep = { item: body.item, file: body.item.file, span: expr.kind === 'method' ? expr.nameSpan : expr.callee.span };
      if (target.kind === 'function' && ATTACHES.test(target.path)) found = [here];
      else if (target.kind === 'workspace') {
        const deeper = by(target.item, depth + 1);
        if (deeper) found = [here, ...deeper];
      }
    });
    return found;
  }

  function by(item: RustItem, depth: number): readonly AttachStep[] | null {
    const before = known.get(item);
    if (before !== undefined) return before;
    if (depth > MAX_DEPTH) return null;
    const body = bodies(item);
    if (!body?.ast.body || body.ast.async || item.test) return null;
    known.set(item, null);
    const found = within(body.ast.body, body, depth);
    known.set(item, found);
    return found;
  }
}

const SPAWNS = /^(std::thread::spawn|rayon::spawn|rayon::spawn_fifo|tokio::task::spawn_blocking|std::thread::Builder::spawn)$/;

/** Whether a call starts a thread (or hands to a pool) the closure that is its argument. */
export function isSpawn(call: CallExpr | MethodExpr, body: Body, workspace: Workspace): boolean {
  const target = targetOf(call, body, workspace);
  if (target.kind === 'function') return SPAWNS.test(target.path);
  if (target.kind !== 'method' || !/^spawn(_blocking|_fifo|_scoped)?$/.test(target.name)) return false;
  const first = target.receiver[0];
  if (first?.kind === 'external')
    return /^(std::thread::(Builder|Scope)|tokio::runtime::(Runtime|Handle)|rayon::(ThreadPool|Scope))$/.test(first.path);
  // The parameter of `thread::scope(|s| …)`, whose type nobody writes.
  return scopeOf(call, body, workspace) !== null;
}

/** The `thread::scope` or `rayon::scope` call whose closure's parameter the method is called on. */
export function scopeOf(call: CallExpr | MethodExpr, body: Body, workspace: Workspace): CallExpr | null {
  if (call.kind !== 'method') return null;
  const binding = body.bindingOf(call.receiver);
  if (binding?.kind !== 'closure-param' || !binding.closure || !body.ast.body) return null;
  let found: CallExpr | null = null;
  walkRegions(
    body,
    body.ast.body,
    () => 'inline',
    (expr) => {
      if (expr.kind !== 'call' || found || !binding.closure || !expr.args.includes(binding.closure)) return;
      const target = targetOf(expr, body, workspace);
      if (target.kind === 'function' && /^(std::thread::scope|rayon::(in_place_)?scope(_fifo)?)$/.test(target.path)) found = expr;
    },
  );
  return found;
}

/** The closure of a thread in which a place stands; null where it is on the fn's own thread, or that is not known. */
export function threadAround(place: Place, body: Body, workspace: Workspace): ClosureExpr | null {
  for (let i = place.parents.length - 1; i >= 0; i--) {
    const call = place.parents[i];
    if (call?.kind !== 'call' && call?.kind !== 'method') continue;
    const closure = call.args.find((arg) => arg.kind === 'closure' && place.closures.includes(arg));
    if (closure?.kind === 'closure' && isSpawn(call, body, workspace)) return closure;
  }
  return null;
}
