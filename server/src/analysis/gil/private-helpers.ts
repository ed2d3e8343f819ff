/** Which fns belong to Python's side: entry points, and private fns that nothing but entry points calls. */
import type { PyEntry } from '../../model/surface/surface.ts';
import { pyo3Attribute } from '../../model/surface/attributes.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';
import { lastName } from '../walk.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import { namedIn, rootsOf } from './data.ts';
import { isChecked } from './panic-guards.ts';
import { indexRoots } from './panic-origins.ts';
import { walkRegions } from './regions.ts';

/** Whether PyO3 makes Python call an item. */
export function isPyEntryItem(item: RustItem): boolean {
  const attributes = item.entry.attributes;
  if (['pyfunction', 'pyfn', 'pymodule', 'pymodule_init'].some((name) => pyo3Attribute(attributes, name))) return true;
  return item.owner !== null && pyo3Attribute(item.owner.entry.attributes, 'pymethods') !== null;
}

/** The integer parameters of private helpers that no caller hands on from Python. */
const COMPUTED = new WeakMap<RustItem, ReadonlySet<string>>();

/** Whether callers of a private helper compute a number themselves: the shape of an array that goes with it, a length. */
export function isComputed(item: RustItem, param: string): boolean {
  return COMPUTED.get(item)?.has(param) ?? false;
}

/** Free private fns among these items; every place in the workspace that has the name must stand in an entry point of the same file. */
export function privateHelpers(items: readonly RustItem[], workspace: Workspace, closures: Closures): readonly PyEntry[] {
  const bodies = bodiesOf(workspace);
  const entries = items.filter((item) => item.kind === 'fn' && isPyEntryItem(item));
  if (entries.length === 0) return [];
  return items.flatMap((item): PyEntry[] => {
    if (item.kind !== 'fn' || item.test || item.owner || item.entry.visibility !== 'private' || isPyEntryItem(item) || item.file.origin)
      return [];
    const given = new Set<number>();
    const callers = entries.filter((entry) => calls(entry, item, given));
    if (callers.length === 0 || namedElsewhere(item, entries, workspace)) return [];
    const body = bodies(item);
    if (!body) return [];
    COMPUTED.set(item, new Set(body.ast.params.flatMap(({ name }, i) => (name === null || given.has(i) ? [] : [name]))));
    return [{ kind: 'function', item, ast: body.ast, scope: body.scope, className: null }];
  });

  /** Whether an entry point hands data of Python's on to a fn; the numbers among it, by their places, go to `given`. */
  function calls(entry: RustItem, item: RustItem, given: Set<number>): boolean {
    const body = bodies(entry);
    let found = false;
    if (!body?.ast.body) return false;
    const context = { body, workspace, isToken: () => false, isComputed: () => false };
    walkRegions(body, body.ast.body, closures.runOf, (e, place) => {
      if (e.kind === 'method' && rootsOf(e.receiver, body).size > 0 && e.args.some((arg) => isFnValue(arg, item, body))) found = true;
      if (e.kind !== 'call') return;
      const target = targetOf(e, body, workspace);
      if (target.kind !== 'workspace' || target.item !== item) return;
      for (const [i, arg] of e.args.entries()) {
        // What the caller looked at before is not handed on as it came.
        const roots = rootsOf(arg, body);
        if (roots.size === 0 || isChecked(e, new Set([...namedIn(arg, body), ...roots]), body, place)) continue;
        found = true;
        if (indexRoots(arg, context).size > 0) given.add(i);
      }
    });
    return found;
  }

  /** `terms.iter().map(convert)` */
  function isFnValue(value: Expr, item: RustItem, body: Body): boolean {
    if (value.kind !== 'path' || lastName(value) !== item.name || body.bindingOf(value)) return false;
    const meant = workspace.resolve(
      value.path.segments.map(({ name }) => name),
      body.scope,
      'value',
    );
    return meant.kind === 'item' && meant.item === item;
  }
}

/** Of the entry points that calls of one macro make, those of the first call. */
export function distinctEntries(entries: readonly PyEntry[], workspace: Workspace): readonly PyEntry[] {
  const first = new Map<string, string>();
  return entries.filter(({ item }) => {
    const call = item.file.origin?.call;
    if (!call) return true;
    const source = workspace.files.get(call.file);
    const name = source ? (/^\s*([\w:]+)\s*!/.exec(workspace.slice(source, call.span))?.[1] ?? '') : '';
    const place = `${call.file}:${call.span.start}`;
    if (!first.has(name)) first.set(name, place);
    return name === '' || first.get(name) === place;
  });
}

/** Whether nothing can call a fn: it is not for other crates, and no place in the workspace names it. */
export function isUnused(item: RustItem, workspace: Workspace): boolean {
  return item.entry.visibility !== 'pub' && !item.owner?.entry.implTrait && !namedElsewhere(item, [], workspace);
}

function namedElsewhere(item: RustItem, callers: readonly RustItem[], workspace: Workspace): boolean {
  const inside = [item, ...callers].map((i) => i.entry.span);
  for (const file of workspace.filesNaming(item.name)) {
    const text = workspace.text(file);
    if (!text.includes(item.name)) continue;
    for (const hit of text.matchAll(new RegExp(`\\b${item.name}\\b`, 'g'))) {
      if (file !== item.file || !inside.some((span) => span.start <= hit.index && hit.index < span.end)) return true;
    }
  }
  return false;
}
