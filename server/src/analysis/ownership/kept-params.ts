/** Whether a fn keeps a parameter beyond its own end: in a static, behind a pointer, in a collection, in a thread. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import { collectExprs, variable } from '../walk.ts';
import type { Body } from '../types/local-types-body.ts';
import { escapeOf } from './escapes.ts';
import { parentsOf } from './parents.ts';

/** Methods that put an argument into what they are called on. */
const STORES = /^(?:store|swap|replace|set|get_or_init|push|push_back|insert|send|compare_exchange|fetch_update)$/;
/** Functions that run a closure later. */
const DEFERS = /^(?:spawn|spawn_blocking)$/;

/** The place at which the parameter is kept; null where none is seen. */
export function keptAt(body: Body, name: string): Expr | null {
  const root = body.ast.body;
  if (!root) return null;
  const parents = parentsOf(root);
  for (const use of collectExprs(root, (one) => variable(one) === name, { items: false })) {
    const { way } = escapeOf(use, body);
    if (way.kind === 'assign' && !isLocal(way.left, body)) return use;
    if (way.kind === 'used' && way.by?.kind === 'method' && STORES.test(way.by.name) && way.by.receiver !== use) return use;
    if (runsLater(use, parents)) return use;
  }
  return null;
}

function isLocal(left: Expr, body: Body): boolean {
  const name = variable(left);
  return name !== null && body.binds(name);
}

/** In a closure that is handed to a thread. */
function runsLater(use: Expr, parents: ReturnType<typeof parentsOf>): boolean {
  let inClosure = false;
  for (let at: Expr = use; ; ) {
    const around = parents.get(at);
    if (around?.kind !== 'expr') return false;
    const { expr } = around;
    if (inClosure && expr.kind === 'method') return DEFERS.test(expr.name);
    if (inClosure && expr.kind === 'call') return expr.callee.kind === 'path' && DEFERS.test(expr.callee.path.segments.at(-1)?.name ?? '');
    inClosure = expr.kind === 'closure';
    at = expr;
  }
}
