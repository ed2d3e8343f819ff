/** What a call inside an inferred body runs: a fn of the workspace, a function of another crate, or a method of a known type. */
import type { CallExpr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { workspaceMethod } from '../types/local-types-calls.ts';
import { meaning } from '../types/local-types-names.ts';
import type { Ty } from '../types/local-types-ty.ts';
import { autoderef } from '../types/local-types-ty.ts';

export type Target =
  | {
      readonly kind: 'workspace';
      readonly item: RustItem /** Whether the first of the call's arguments is the receiver. */;
      readonly selfInArgs: boolean;
    }
  | { readonly kind: 'function'; readonly path: string }
  | { readonly kind: 'method'; readonly receiver: readonly Ty[]; readonly name: string }
  | { readonly kind: 'unknown' };

const UNKNOWN: Target = { kind: 'unknown' };

export function targetOf(call: CallExpr | MethodExpr, body: Body, workspace: Workspace): Target {
  if (call.kind === 'method') {
    const receiver = body.typeOf(call.receiver);
    const item = workspaceMethod(receiver, call.name, workspace);
    const run = item ?? body.callee(call);
    if (run) return { kind: 'workspace', item: run, selfInArgs: false };
    return { kind: 'method', receiver: autoderef(receiver), name: call.name };
  }
  if (call.callee.kind !== 'path' || body.bindingOf(call.callee)) return UNKNOWN;
  const run = body.callee(call);
  if (run) return { kind: 'workspace', item: run, selfInArgs: takesSelf(run, workspace) };
  if (call.callee.self) return UNKNOWN;
  const found = meaning(call.callee.path, body.scope, workspace, 'value');
  if (found?.kind === 'external') return { kind: 'function', path: found.path };
  if (found?.kind === 'item' && found.item.kind === 'fn')
    return { kind: 'workspace', item: found.item, selfInArgs: takesSelf(found.item, workspace) };
  return UNKNOWN;
}

function takesSelf(item: RustItem, workspace: Workspace): boolean {
  const ast = workspace.ast(item);
  return ast?.kind === 'fn' && ast.self !== null;
}
