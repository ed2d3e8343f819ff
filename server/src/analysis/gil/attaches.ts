/** Second attaches: `Python::attach` or `with_gil` on the thread and within the stretch that holds the interpreter already. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Body } from '../types/local-types-body.ts';
import { someExpr, unwrapBlock } from '../walk.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import type { RedundantAttach } from './gil-facts.ts';
import { isPyEntryItem } from './private-helpers.ts';
import { givesToken } from './python-types.ts';
import { walkRegions } from './regions.ts';
import { tokenOf } from './token.ts';

const ATTACH = /^pyo3::Python::(with_gil|attach)$/;

export function redundantAttaches(body: Body, workspace: Workspace, closures: Closures): readonly RedundantAttach[] {
  const root = body.ast.body;
  if (!root) return [];
  const found: RedundantAttach[] = [];
  walkRegions(body, root, closures.runOf, (expr, place) => {
    if (expr.kind !== 'call' || place.mode !== 'attached' || !place.nested || place.closures.some((c) => c.async)) return;
    const target = targetOf(expr, body, workspace);
    const closure = expr.args[0];
    if (target.kind !== 'function' || !ATTACH.test(target.path) || closure?.kind !== 'closure' || expr.args.length !== 1) return;
    const pattern = closure.params[0]?.pattern;
    const inner = place.parents.some((p) => p.kind === 'call' && found.some((f) => f.expr === p));
    if (inner) return;
    found.push({
      span: expr.callee.span,
      expr,
      closureParam: pattern?.kind === 'binding' && !pattern.name.startsWith('_') ? pattern.name : null,
      body: closure.body,
      token: tokenOf(body),
      // The value of `return` is the fn's value as well.
      controlFlow: leaves(closure.body) && !isTail(root, expr) && !(place.parents.at(-1)?.kind === 'return' && place.closures.length === 0),
      tail: isTail(root, expr),
    });
  });
  // With a token in its hands a fn is attached, whoever calls it.
  return found.length > 0 && tokenOf(body) === null && isCalledUnattached(body.item, workspace, closures) ? [] : found;
}

/** How far up the calls are followed. */
const MAX_CALLERS = 3;

/**
 * Whether Rust code calls a fn where the interpreter need not be held: in a trait's method, a future, a thread, a detached region.
 * There the attach is the first one. Tests do not count: they call what Python calls, the way Python does.
 */
export function isCalledUnattached(item: RustItem, workspace: Workspace, closures: Closures, depth = 0): boolean {
  const bodies = bodiesOf(workspace);
  const name = item.name.replace(/^r#/, '');
  const called = new RegExp(`(\\.|::|^|[^\\w.:])${name}\\s*(::\\s*<[^>]*>\\s*)?\\(`);
  for (const file of workspace.filesNaming(name)) {
    if (!called.test(workspace.text(file))) continue;
    for (const caller of workspace.itemsOf(file.path)) {
      if (caller.file !== file || caller.kind !== 'fn' || caller === item || caller.test || !caller.entry.bodySpan) continue;
      if (!called.test(workspace.slice(file, caller.entry.bodySpan))) continue;
      const body = bodies(caller);
      if (body && callsUnattached(body, item, depth)) return true;
    }
  }
  return false;

  function callsUnattached(body: Body, callee: RustItem, at: number): boolean {
    let found = false;
    const { ast } = body;
    const held = (!ast.async && isPyEntryItem(body.item)) || body.bindings.some((b) => b.kind === 'param' && givesToken(b.ty));
    if (!ast.body) return false;
    walkRegions(body, ast.body, closures.runOf, (expr, place) => {
      if (found || (expr.kind !== 'call' && expr.kind !== 'method')) return;
      const target = targetOf(expr, body, workspace);
      if (target.kind !== 'workspace' || target.item !== callee) return;
      const attached = place.mode === 'attached' && (held || place.parents.some((parent) => isAttach(parent, body)));
      found = !attached && (place.mode !== 'attached' || isUnheld(body, at));
    });
    return found;
  }

  /** Who calls a trait's method, a future or a C callback has no token to show; any other fn is as attached as its own callers. */
  function isUnheld({ item, ast }: Body, at: number): boolean {
    if (item.owner?.entry.implTrait || ast.async || ast.abi !== null) return true;
    return at < MAX_CALLERS && isCalledUnattached(item, workspace, closures, at + 1);
  }

  function isAttach(expr: Expr, body: Body): boolean {
    if (expr.kind !== 'call') return false;
    const target = targetOf(expr, body, workspace);
    return target.kind === 'function' && ATTACH.test(target.path);
  }
}

/** Whether a closure's body has a `return` or `?` of its own. */
function leaves(root: Expr): boolean {
  return someExpr(root, (e) => e.kind === 'return' || e.kind === 'try', { closures: false, items: false });
}

/** The fn's value: the tail of its body, through blocks that are nothing else. */
export function isTail(root: Expr, expr: Expr): boolean {
  const inner = unwrapBlock(root);
  if (inner === expr) return true;
  return inner.kind === 'block' && inner.flavor === 'plain' && inner.tail !== null && isTail(inner.tail, expr);
}
