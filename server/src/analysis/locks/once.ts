/** Std's and once_cell's run-once cells whose initializer needs the interpreter: who waits for it holds the interpreter. */
import type { Span } from '../../base/text.ts';
import type { Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { ValueItem } from '../../model/rust/ast-item.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import type { Attaching } from '../gil/attaching.ts';
import { ATTACHES } from '../gil/attaching.ts';
import { targetOf } from '../gil/callees.ts';
import type { Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';
import { meaning } from '../types/local-types-names.ts';
import { autoderef } from '../types/local-types-ty.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { collectExprs, lastName, someExpr, variable } from '../walk.ts';
import { localStatics } from './local-statics.ts';
import { isFilledEarly } from './filled-early.ts';
import type { LockPlace, OnceInit } from './lock-facts.ts';
import type { Overs } from './overs.ts';

const CELLS = /^(std::sync::(OnceLock|Once)|once_cell::(sync|race)::Once(Cell|Box))$/;
const INITS = /^(get_or_init|get_or_try_init|call_once|call_once_force)$/;
const LAZY = /^(std::sync::LazyLock|once_cell::sync::Lazy)::new$/;

export function createOnces(workspace: Workspace, attaching: Attaching, overs: Overs): (item: RustItem) => readonly OnceInit[] {
  const bodies = bodiesOf(workspace);
  return (item) => {
    if (item.test) return [];
    if (item.kind === 'fn') return inFn(item);
    if (item.kind === 'static') return inStatic(item);
    return item.kind === 'macro-call' ? inLazyStatic(item) : [];
  };

  function inFn(item: RustItem): readonly OnceInit[] {
    const bodySpan = item.entry.bodySpan;
    if (!bodySpan || !/\b(get_or_(try_)?init|call_once(_force)?|LazyLock|Lazy)\b/.test(workspace.slice(item.file, bodySpan))) return [];
    const body = bodies(item);
    if (!body?.ast.body) return [];
    const locals = localStatics(body);
    const calls = collectExprs(body.ast.body, (e) => e.kind === 'method' && INITS.test(e.name)).flatMap((call): readonly OnceInit[] =>
      call.kind === 'method' ? ofCall(call, body, locals) : [],
    );
    const waiting = locals.filter(({ name }) => !isForcedDetached(body, name));
    const lazies = waiting.flatMap((local) => ofLazy(local.value, local.name, { module: item.module, item }, item));
    const found = [...calls, ...lazies];
    return found.length > 0 && isFilledEarly(item, null, workspace) ? [] : found;
  }

  function ofCall(call: MethodExpr, body: Body, locals: readonly ValueItem[]): readonly OnceInit[] {
    let at = call.receiver;
    while (at.kind === 'reference' || at.kind === 'unary') at = at.operand;
    // A cell that only this fn knows is waited for by nobody.
    if (at.kind === 'path' && body.bindingOf(at)?.kind === 'let') return [];
    const name = variable(at);
    const local = locals.find((one) => one.name === name);
    const ty = local?.type ? tyOfWritten(local.type, body.scope, workspace) : body.typeOf(at);
    const cell = autoderef(ty).find((t) => t.kind === 'external' && CELLS.test(t.path));
    const init = call.args[0];
    if (cell?.kind !== 'external' || !init) return [];
    const needs = init.kind === 'closure' ? ofCode(init.body, body) : ofNamed(init, body);
    if (!needs) return [];
    const written = workspace.slice(body.item.file, at.span);
    return [{ what: cell.path.slice(cell.path.lastIndexOf(':') + 1), cell: written, span: call.nameSpan, call, ...needs }];
  }

  function ofCode(root: Expr, body: Body): Pick<OnceInit, 'does' | 'steps'> | null {
    const here = (span: Span): LockPlace => ({ item: body.item, file: body.item.file, span });
    const attach = attaching.within(root, body);
    const found = overs.during(root, body, true);
    const over = found.get('python') ?? found.get('release');
    if (attach) return { does: 'takes the interpreter', steps: attach };
    return over
      ? { does: over.kind === 'python' ? 'runs Python' : 'releases the interpreter', steps: [here(over.span), ...over.steps] }
      : null;
  }

  function ofNamed(init: Expr, body: Body): Pick<OnceInit, 'does' | 'steps'> | null {
    if (init.kind !== 'path' || body.bindingOf(init)) return null;
    const target = targetOf({ kind: 'call', callee: init, args: [], span: init.span }, body, workspace);
    const steps = target.kind === 'workspace' ? attaching.by(target.item) : null;
    return steps && { does: 'takes the interpreter', steps };
  }

  function inStatic(item: RustItem): readonly OnceInit[] {
    if (!/\bLazy(Lock)?\b/.test(workspace.slice(item.file, item.entry.span))) return [];
    const ast = workspace.ast(item);
    const found = ast?.kind === 'static' ? ofLazy(ast.value, ast.name, { module: item.module, item }, item) : [];
    return found.length > 0 && isFilledEarly(item, item.name, workspace) ? [] : found;
  }

  function ofLazy(value: Expr | null, name: string, scope: Scope, item: RustItem): readonly OnceInit[] {
    if (value?.kind !== 'call' || value.callee.kind !== 'path') return [];
    const called = meaning(value.callee.path, scope, workspace, 'value');
    if (called?.kind !== 'external' || !LAZY.test(called.path)) return [];
    for (const at of collectExprs(value, (e) => e.kind === 'call' || e.kind === 'path')) {
      const path =
        at.kind === 'call'
          ? at.callee.kind === 'path'
            ? at.callee.path
            : null
          : at.kind === 'path' && value.args.includes(at)
            ? at.path
            : null;
      const found = path && meaning(path, scope, workspace, 'value');
      const here: LockPlace = { item, file: item.file, span: at.span };
      const deeper = found?.kind === 'item' && found.item.kind === 'fn' ? attaching.by(found.item) : null;
      if (!deeper && !(found?.kind === 'external' && ATTACHES.test(found.path))) continue;
      const what = called.path.includes('LazyLock') ? 'LazyLock' : 'Lazy';
      const span = value.callee.span;
      return [{ what, cell: name, span, call: null, does: 'takes the interpreter', steps: [here, ...(deeper ?? [])] }];
    }
    return [];
  }

  /** The tokens of the macro are not parsed: only an attach that is written out in them is seen. */
  function inLazyStatic(item: RustItem): readonly OnceInit[] {
    const { bodySpan, name, nameSpan } = item.entry;
    if (!bodySpan || !/^(lazy_static::)?lazy_static$/.test(name)) return [];
    const hit = /\bPython::(with_gil|attach)\s*\(/.exec(workspace.slice(item.file, bodySpan));
    if (!hit) return [];
    const start = bodySpan.start + hit.index;
    const steps = [{ item, file: item.file, span: { start, end: start + 'Python::'.length + (hit[1] ?? '').length } }];
    return [{ what: 'lazy_static!', cell: name, span: nameSpan, call: null, does: 'takes the interpreter', steps }];
  }
}

/** `py.detach(|| LazyLock::force(&CELL))`: who fills the cell so lets others run meanwhile. */
function isForcedDetached({ ast }: Body, name: string): boolean {
  const forces = (one: Expr): boolean =>
    one.kind === 'call' &&
    lastName(one.callee) === 'force' &&
    one.args.some((arg) => arg.kind === 'reference' && variable(arg.operand) === name);
  const detaches = (one: Expr): boolean =>
    one.kind === 'method' && /^(detach|allow_threads)$/.test(one.name) && one.args.some((arg) => someExpr(arg, forces));
  return ast.body !== null && someExpr(ast.body, detaches);
}
