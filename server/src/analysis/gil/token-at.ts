/** The token that an edit can use at a place, with the parameter that it needs. */
import type { TextEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { isExternal, stripRefs } from '../types/local-types-ty.ts';
import { walk } from '../walk.ts';
import { addTokenParam } from './token-param.ts';
import { tokenOf } from './token.ts';

export interface Token {
  readonly text: string;
  readonly edits: readonly TextEdit[];
  readonly safe: boolean;
}

/** The nearest token: that of an attach around the place, a parameter's, or a new parameter. */
export function tokenAt(body: Body, at: Span, workspace: Workspace): Token | null {
  const around = body.bindings.filter(
    (b) =>
      b.kind === 'closure-param' &&
      isExternal(stripRefs(b.ty), 'pyo3::Python') &&
      b.closure !== null &&
      b.closure.span.start <= at.start &&
      at.end <= b.closure.span.end,
  );
  const inner = around.at(-1)?.name ?? null;
  if (inner) return { text: inner, edits: [], safe: true };
  const known = tokenOf(body);
  if (known && !isGone(known, at, body))
    return { text: known, edits: [], safe: known === 'py' && body.bindings.filter((b) => b.name === 'py').length === 1 };
  const added = addTokenParam(body, workspace);
  return added && { text: 'py', edits: [added.edit], safe: added.safe };
}

/** Whether `items.py()` comes too late: an owned `items` was given away before, as by `for item in items`. */
function isGone(token: string, at: Span, body: Body): boolean {
  const root = body.ast.body;
  const value = body.bindings.find((b) => b.kind === 'param' && token === `${b.name}.py()`);
  if (!root || !value || value.ty?.kind === 'reference') return false;
  const borrowed = new Set<Expr>();
  let gone = false;
  walk(root, {
    enterExpr(expr) {
      if (expr.kind === 'method') borrowed.add(expr.receiver);
      if (expr.kind === 'reference') borrowed.add(expr.operand);
      if (expr.kind === 'field' || expr.kind === 'index') borrowed.add(expr.base);
      if (expr.kind === 'macro') for (const arg of expr.args ?? []) borrowed.add(arg);
      if (expr.kind === 'path' && expr.span.end <= at.start && !borrowed.has(expr) && body.bindingOf(expr) === value) gone = true;
      if (expr.kind === 'method' && /^into_/.test(expr.name) && expr.span.end <= at.start && body.bindingOf(expr.receiver) === value)
        gone = true;
    },
  });
  return gone;
}
