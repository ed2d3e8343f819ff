/** What code does with the interpreter: takes it, releases it for a time, or runs Python code; in itself and through workspace fns. */
import type { CallExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { ATTACHES } from '../gil/attaching.ts';
import { targetOf } from '../gil/callees.ts';
import type { Target } from '../gil/callees.ts';
import type { Closures } from '../gil/closures.ts';
import type { Place } from '../gil/regions.ts';
import { walkRegions } from '../gil/regions.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Body } from '../types/local-types-body.ts';
import type { Ty } from '../types/local-types-ty.ts';
import type { LockPlace, Over, OverKind } from './lock-facts.ts';

type Found = ReadonlyMap<OverKind, Over>;

export interface Overs {
  /** The first of each kind while an expression runs. An attach counts only where the interpreter is not held. */
  during(root: Expr, body: Body, attached: boolean): Found;
}

/** Methods that run Python code whatever the object is. */
const CALLS = /^(call|call0|call1|call_method|call_method0|call_method1|rich_compare|repr|str|hash|is_truthy|is_true|try_iter)$/;
/** Likewise where the object may be of a class of Python's: native lists and dicts answer these themselves. */
const ON_ANY = /^(getattr|setattr|delattr|get_item|set_item|del_item|contains|eq|ne|lt|le|gt|ge|compare|iter|len)$/;
const ON_TOKEN = /^(import|import_bound|eval|eval_bound|run|run_bound|check_signals)$/;
const MAX_DEPTH = 6;

export function createOvers(workspace: Workspace, closures: Closures): Overs {
  const bodies = bodiesOf(workspace);
  const known = new Map<RustItem, Found>();
  return { during: (root, body, attached) => during(root, body, attached, 0) };

  function during(root: Expr, body: Body, attached: boolean, depth: number): Found {
    const found = new Map<OverKind, Over>();
    walkRegions(body, root, closures.runOf, (expr, place) => {
      if (place.away || (expr.kind !== 'call' && expr.kind !== 'method')) return;
      for (const over of overs(expr, body, place, depth)) {
        if (over.kind === 'attach' && attached && place.mode === 'attached') continue;
        if (!found.has(over.kind)) found.set(over.kind, over);
      }
    });
    return found;
  }

  function overs(call: CallExpr | MethodExpr, body: Body, place: Place, depth: number): readonly Over[] {
    const target = targetOf(call, body, workspace);
    const span = call.kind === 'method' ? call.nameSpan : call.callee.span;
    if (target.kind === 'workspace') {
      const here: LockPlace = { item: body.item, file: body.item.file, span };
      return [...of(target.item, depth + 1).values()].map((over) => {
        const there: LockPlace = { item: target.item, file: target.item.file, span: over.span };
        return { ...over, span: here.span, steps: over.steps.length > 0 ? [there, ...over.steps] : [there] };
      });
    }
    const kind = kindOf(target, place);
    return kind ? [{ kind, what: nameOf(target), span, steps: [] }] : [];
  }

  function of(item: RustItem, depth: number): Found {
    const before = known.get(item);
    if (before) return before;
    const nothing: Found = new Map();
    const body = depth > MAX_DEPTH || item.test ? null : bodies(item);
    if (!body?.ast.body || body.ast.async) return nothing;
    known.set(item, nothing);
    const found = during(body.ast.body, body, false, depth);
    known.set(item, found);
    return found;
  }
}

function kindOf(target: Target, place: Place): OverKind | null {
  if (target.kind === 'function') {
    if (ATTACHES.test(target.path)) return 'attach';
    if (/^pyo3::Python::(allow_threads|detach)$/.test(target.path)) return 'release';
    return /^pyo3::PyModule::(import|import_bound|from_code)$/.test(target.path) ? 'python' : null;
  }
  if (target.kind !== 'method') return null;
  const [first] = target.receiver;
  if (isOf(first, 'pyo3::Python'))
    return /^(allow_threads|detach)$/.test(target.name) ? 'release' : ON_TOKEN.test(target.name) ? 'python' : null;
  // An object that is used in a detached closure is another matter.
  if (place.mode !== 'attached') return null;
  const object = target.receiver.find((ty) => ty.kind === 'external' && /^pyo3::(Bound|Borrowed|Py|PyAny)$/.test(ty.path));
  if (object?.kind !== 'external') return null;
  if (CALLS.test(target.name)) return 'python';
  const inner = object.path === 'pyo3::PyAny' ? object : object.args[0];
  return ON_ANY.test(target.name) && isOf(inner ?? undefined, 'pyo3::PyAny') ? 'python' : null;
}

function isOf(ty: Ty | undefined, path: string): boolean {
  return ty?.kind === 'external' && ty.path === path;
}

function nameOf(target: Target): string {
  if (target.kind === 'function') return target.path.slice(target.path.lastIndexOf(':') + 1);
  return target.kind === 'method' ? target.name : '';
}
