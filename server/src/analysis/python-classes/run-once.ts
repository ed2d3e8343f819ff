/** Callback objects that an event loop runs once and drops: nobody keeps them for long enough to be part of a cycle. */
import { pyo3Attribute } from '../../model/surface/attributes.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { ancestors, blocksOf, parentsOf } from '../ownership/parents.ts';
import { bodiesOf } from '../types/local-types.ts';
import { stripRefs } from '../types/local-types-ty.ts';
import { collectExprs, lastName, someExpr } from '../walk.ts';

/** asyncio's ways to have something called soon: the loop forgets the handle when it has run. */
const SOON = /^call_soon(_threadsafe)?$/;

/** A private class with nothing but `__call__`, every instance of which is made in the arguments of such a call. */
export function isRunOnce(item: RustItem, workspace: Workspace): boolean {
  const ast = workspace.ast(item);
  if (ast?.kind !== 'struct' || ast.visibility === 'pub') return false;
  const impls = workspace.implsOf(item);
  const methods = impls.filter(({ entry }) => pyo3Attribute(entry.attributes, 'pymethods') !== null).flatMap(({ members }) => members);
  if (methods.length === 0 || methods.some(({ name }) => name !== '__call__')) return false;
  let made = 0;
  for (const file of workspace.filesNaming(item.name)) {
    for (const fn of workspace.itemsOf(file.path)) {
      if (fn.kind !== 'fn' || !fn.entry.bodySpan || !workspace.slice(file, fn.entry.bodySpan).includes(item.name)) continue;
      const body = bodiesOf(workspace)(fn);
      const root = body?.ast.body;
      if (!body || !root) return false;
      const makes = collectExprs(root, (e) => {
        const ty = e.kind === 'struct' || e.kind === 'call' ? stripRefs(body.typeOf(e)) : null;
        return ty?.kind === 'item' && ty.item === item;
      });
      // Named in another way: it cannot be followed.
      if (makes.length === 0) return false;
      made += makes.length;
      const soon = (at: (typeof makes)[number]): boolean =>
        ancestors(parentsOf(root), at, blocksOf(root)).some(
          (around) =>
            (around.kind === 'call' && SOON.test(lastName(around.callee) ?? '')) ||
            (around.kind === 'method' &&
              (SOON.test(around.name) || someExpr(around, (e) => e.kind === 'literal' && SOON.test(e.text.replaceAll('"', ''))))),
        );
      if (!makes.every(soon)) return false;
    }
  }
  return made > 0;
}
