/** Run-once cells that nobody waits for: filled while the module is imported, by an event loop alone, or where no other thread may be. */
import { Trigger } from '../../model/rust/file-index.ts';
import { pyo3Attribute } from '../../model/surface/attributes.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { targetOf } from '../gil/callees.ts';
import { fillsModule } from '../gil/init-panics.ts';
import type { Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';
import { isRunOnce } from '../python-classes/run-once.ts';
import { HERE, someExpr } from '../walk.ts';

/**
 * Whether the cell that a fn fills is full before any other code can ask for it: an import runs on one thread, and what it waits for
 * the others cannot call yet. `cell` is the name of a lazy static, which a module's init may force.
 */
export function isFilledEarly(item: RustItem, cell: string | null, workspace: Workspace): boolean {
  if (item.kind === 'fn' && (isPromised(item, workspace) || isInit(item) || isOfLoop())) return true;
  const name = cell ?? item.name;
  const forced = new RegExp(`\\bforce\\s*\\(\\s*&\\s*(\\w+::)*${name}\\s*\\)`);
  return workspace.filesNaming(name).some((file) =>
    workspace.itemsOf(file.path).some((fn) => {
      if (fn.kind !== 'fn' || fn === item || !fn.entry.bodySpan || (fn.entry.triggers & (Trigger.PyName | Trigger.PyAttribute)) === 0)
        return false;
      const text = workspace.slice(file, fn.entry.bodySpan);
      return text.includes(name) && isInit(fn) && (cell === null ? calls(fn) : forced.test(text));
    }),
  );

  function isInit(fn: RustItem): boolean {
    if (pyo3Attribute(fn.entry.attributes, 'pymodule')) return true;
    if (pyo3Attribute(fn.entry.attributes, 'pyfunction')) return false;
    const body = bodiesOf(workspace)(fn);
    return body !== null && fillsModule(body);
  }

  /** A private fn that nothing but callbacks of an event loop calls: they run on the loop's thread, one after the other. */
  function isOfLoop(): boolean {
    if (item.entry.visibility !== 'private') return false;
    const named = workspace.filesNaming(item.name).flatMap((file) =>
      workspace.itemsOf(file.path).filter((fn) => {
        const { bodySpan } = fn.entry;
        return (
          fn.kind === 'fn' && fn !== item && bodySpan !== null && new RegExp(`\\b${item.name}\\b`).test(workspace.slice(file, bodySpan))
        );
      }),
    );
    return named.length > 0 && named.every((fn) => !leavesThread(fn) && calls(fn, { items: false }) && isOfCallback(fn));
  }

  function leavesThread({ file, entry }: RustItem): boolean {
    return /\bspawn/.test(workspace.slice(file, entry.span));
  }

  function isOfCallback({ owner, file }: RustItem): boolean {
    if (owner?.kind !== 'impl') return false;
    const held = workspace.itemsOf(file.path).find((one) => one.kind === 'struct' && workspace.implsOf(one).includes(owner));
    return held !== undefined && isRunOnce(held, workspace);
  }

  /** Not in a closure, which may be called later, unless the options say so. */
  function calls(fn: RustItem, options = HERE): boolean {
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
        options,
      )
    );
  }
}

/** `unsafe fn` whose docs ask the caller to keep other threads away. */
function isPromised({ entry, file }: RustItem, workspace: Workspace): boolean {
  if (!entry.unsafe) return false;
  const docs = workspace.slice(file, { start: entry.span.start, end: entry.signatureSpan.start });
  return /#+\s*safety\b[\s\S]*\bthreads?\b/i.test(docs);
}
