/** Run-once cells that nobody waits for: filled while the module is imported, or where the caller promises that no other thread is there. */
import { sliceSpan } from '../../base/text.ts';
import { Trigger } from '../../model/rust/file-index.ts';
import { pyo3Attribute } from '../../model/surface/attributes.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { targetOf } from '../gil/callees.ts';
import { fillsModule } from '../gil/init-panics.ts';
import type { Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';
import { HERE, someExpr } from '../walk.ts';

/**
 * Whether the cell that a fn fills is full before any other code can ask for it: an import runs on one thread, and what it waits for
 * the others cannot call yet. `cell` is the name of a lazy static, which a module's init may force.
 */
export function isFilledEarly(item: RustItem, cell: string | null, workspace: Workspace): boolean {
  if (item.kind === 'fn' && (isPromised(item, workspace) || isInit(item))) return true;
  const name = cell ?? item.name;
  const forced = new RegExp(`\\bforce\\s*\\(\\s*&\\s*(\\w+::)*${name}\\s*\\)`);
  return workspace.filesNaming(name).some((file) =>
    workspace.itemsOf(file.path).some((fn) => {
      if (fn.kind !== 'fn' || fn === item || !fn.entry.bodySpan || (fn.entry.triggers & (Trigger.PyName | Trigger.PyAttribute)) === 0)
        return false;
      const text = sliceSpan(workspace.text(file), fn.entry.bodySpan);
      return text.includes(name) && isInit(fn) && (cell === null ? calls(fn) : forced.test(text));
    }),
  );

  function isInit(fn: RustItem): boolean {
    if (pyo3Attribute(fn.entry.attributes, 'pymodule')) return true;
    if (pyo3Attribute(fn.entry.attributes, 'pyfunction')) return false;
    const body = bodiesOf(workspace)(fn);
    return body !== null && fillsModule(body);
  }

  /** Not in a closure, which may be called later. */
  function calls(fn: RustItem): boolean {
    const body: Body | null = bodiesOf(workspace)(fn);
    return (
      !!body?.ast.body &&
      someExpr(
        body.ast.body,
        (e) => {
          if (e.kind !== 'call' && e.kind !== 'method') return false;
          const target = targetOf(e, body, workspace);
          return target.kind === 'workspace' && target.item === item;
        },
        HERE,
      )
    );
  }
}

/** `unsafe fn` whose docs ask the caller to keep other threads away. */
function isPromised({ entry, file }: RustItem, workspace: Workspace): boolean {
  if (!entry.unsafe) return false;
  const docs = workspace.text(file).slice(entry.span.start, entry.signatureSpan.start);
  return /#+\s*safety\b[\s\S]*\bthreads?\b/i.test(docs);
}
