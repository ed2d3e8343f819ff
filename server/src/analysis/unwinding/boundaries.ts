/** Which fns and macros stop panics: `catch_unwind` itself, and the workspace's own wrappers around it. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { calleeOf, libraryName, macroOf } from '../callee.ts';
import { someExpr, unwrapBlock, variable } from '../walk.ts';
import { leaves, matchesNothing } from './proven.ts';

/** How many calls deep `catch_unwind` is looked for. */
const DEPTH = 3;

/** Whether a workspace fn or macro catches panics of the closure or code that it is given. */
export function catches(item: RustItem, workspace: Workspace, depth: number = DEPTH): boolean {
  if (depth === 0) return false;
  if (item.kind === 'macro-rules') return macroCatches(item, workspace, depth);
  const ast = workspace.ast(item);
  if (ast?.kind !== 'fn' || !ast.body) return false;
  const scope: Scope = { module: item.module, item };
  return someExpr(ast.body, (expr) => isCatch(expr, scope, workspace) || leadsTo(expr, scope, workspace, depth));
}

/** A call of `catch_unwind`, the fn of the standard library or the method of futures. */
export function isCatch(expr: Expr, scope: Scope, workspace: Workspace): boolean {
  if (expr.kind === 'method') return expr.name === 'catch_unwind';
  if (expr.kind !== 'call') return false;
  const callee = calleeOf(expr.callee, scope, workspace);
  return (callee.kind === 'external' || callee.kind === 'written') && callee.path.at(-1) === 'catch_unwind';
}

function leadsTo(expr: Expr, scope: Scope, workspace: Workspace, depth: number): boolean {
  const callee =
    expr.kind === 'call' ? calleeOf(expr.callee, scope, workspace) : expr.kind === 'macro' ? macroOf(expr.path, scope, workspace) : null;
  return callee?.kind === 'items' && callee.items.some((called) => catches(called, workspace, depth - 1));
}

/** A call of a workspace fn that runs a closure in `catch_unwind` itself and tells by an `Option` or `Result` that it panicked. */
export function givesCaught(expr: Expr, scope: Scope, workspace: Workspace): boolean {
  if (expr.kind !== 'call' || !expr.args.some((arg) => arg.kind === 'closure')) return false;
  const callee = calleeOf(expr.callee, scope, workspace);
  const [item] = callee.kind === 'items' && callee.items.length === 1 ? callee.items : [];
  const ast = item ? workspace.ast(item) : null;
  if (!item || ast?.kind !== 'fn' || !ast.body || ast.result?.kind !== 'path') return false;
  const inner: Scope = { module: item.module, item };
  const found = workspace.resolve(ast.result.path, inner, 'type');
  return (
    found.kind === 'external' &&
    /^(Option|Result)$/.test(found.path.at(-1) ?? '') &&
    someExpr(ast.body, (one) => isCatch(one, inner, workspace), { closures: false, items: false })
  );
}

/** Whether such a fn ends the process itself where a panic was caught, so that it gives nothing but what the closure gave. */
export function endsWhereCaught(expr: Expr, scope: Scope, workspace: Workspace): boolean {
  const callee = expr.kind === 'call' ? calleeOf(expr.callee, scope, workspace) : null;
  const [item] = callee?.kind === 'items' && callee.items.length === 1 ? callee.items : [];
  const ast = item ? workspace.ast(item) : null;
  if (!item || ast?.kind !== 'fn' || !ast.body) return false;
  const inner: Scope = { module: item.module, item };
  const ends = (one: Expr): boolean =>
    one.kind === 'call' && /^process::(exit|abort)$/.test(libraryName(calleeOf(one.callee, inner, workspace)) ?? '');
  return someExpr(
    ast.body,
    (one) =>
      one.kind === 'match' &&
      isCatch(unwrapBlock(one.scrutinee), inner, workspace) &&
      one.arms.every(({ pattern, body }) => !matchesNothing(pattern) || (leaves(body) && someExpr(body, ends))),
    { closures: false, items: false },
  );
}

/** A macro's definition is a text: the names that it calls are looked up where it stands. */
function macroCatches(item: RustItem, workspace: Workspace, depth: number): boolean {
  const text = workspace.slice(item.file, item.entry.span);
  if (/\bcatch_unwind\b/.test(text)) return true;
  const scope: Scope = { module: item.module, item: null };
  for (const [, path, bang] of text.matchAll(/((?:[A-Za-z_]\w*\s*::\s*)*[A-Za-z_]\w*)\s*([!(])/g)) {
    const names = (path ?? '').split(/\s*::\s*/);
    const found = workspace.resolve(names[0] === '' ? names.slice(1) : names, scope, bang === '!' ? 'macro' : 'value');
    if (found.kind === 'item' && found.item !== item && catches(found.item, workspace, depth - 1)) return true;
  }
  return false;
}

/** Whether a workspace fn calls the closure that it gets as argument number `index` on the spot, panics passing through. */
export function runsArgument(item: RustItem, index: number, workspace: Workspace): boolean {
  const ast = workspace.ast(item);
  const name = ast?.kind === 'fn' ? ast.params[index]?.name : null;
  if (ast?.kind !== 'fn' || !ast.body || !name || catches(item, workspace)) return false;
  const calls = (expr: Expr): boolean => expr.kind === 'call' && variable(expr.callee) === name;
  return someExpr(ast.body, calls, { closures: false, items: false });
}
