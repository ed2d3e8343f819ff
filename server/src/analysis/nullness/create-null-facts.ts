/** Answers questions about null from a forward walk of each fn, made once. */
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { evalExpr, runClosure } from './expressions.ts';
import type { Flow } from './flow.ts';
import type { FnBody, NullFacts, PointerUse, PointerUseKind } from './null-facts.ts';
import type { SeenUse, Source } from './state.ts';
import { emptyState, LEVEL } from './state.ts';

export function createNullFacts(workspace: Workspace): NullFacts {
  const walked = new WeakMap<FnItem, readonly SeenUse[]>();
  const usesIn = (fn: FnBody): readonly SeenUse[] => {
    let found = walked.get(fn.ast);
    if (!found) {
      found = walkFn(fn, workspace);
      walked.set(fn.ast, found);
    }
    return found;
  };
  return {
    uses: (fn) => firstUses(usesIn(fn).filter((use) => use.source.kind === 'param')),
    undecided: (fn) => usesIn(fn).filter((use) => use.source.kind === 'param' && use.level === LEVEL.undecided).length,
    nullableResults: (fn) => firstUses(usesIn(fn).filter((use) => use.source.kind === 'result' && use.kind === 'cstr')),
  };
}

/** Every use of a raw pointer in a fn that no check dominates, as the walk meets them. */
function walkFn(fn: FnBody, workspace: Workspace): readonly SeenUse[] {
  if (!fn.ast.body) return [];
  const { item, scope } = fn;
  const flow: Flow = {
    workspace,
    scope,
    file: item.file,
    text: workspace.text(item.file),
    frames: [],
    compared: new Set(),
    uses: [],
    eval: (expr, state) => evalExpr(flow, expr, state),
    run: (closure, args, state) => {
      runClosure(flow, closure, args, state);
    },
  };
  const state = emptyState();
  for (const param of fn.ast.params) {
    if (!param.name || param.pattern.kind !== 'binding') continue;
    const pointer = isRawPointer(param.type, scope, workspace);
    const source: Source = { kind: pointer ? 'param' : 'plain', name: param.name, span: param.pattern.nameSpan };
    state.env.set(param.name, pointer ? { kind: 'pointer', source, bounded: false, slice: false } : { kind: 'plain', source });
  }
  flow.eval(fn.ast.body, state);
  return flow.uses;
}

/** Whether a written type is a raw pointer, aliases of the workspace seen through. */
export function isRawPointer(type: Type, scope: Scope, workspace: Workspace, depth = 4): boolean {
  if (type.kind === 'pointer') return true;
  if (type.kind !== 'path' || type.self || depth === 0) return false;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind !== 'item' || found.item.kind !== 'type') return false;
  const alias = workspace.ast(found.item);
  return alias?.kind === 'type' && alias.type !== null && isRawPointer(alias.type, scopeOf(found.item), workspace, depth - 1);
}

function scopeOf(item: RustItem): Scope {
  return { module: item.module, item };
}

/** Of every source and kind the first use without any check, or the first with a debug assertion only. */
function firstUses(uses: readonly SeenUse[]): readonly PointerUse[] {
  const first = new Map<Source, Map<PointerUseKind, SeenUse>>();
  for (const use of [...uses].sort((a, b) => a.span.start - b.span.start)) {
    if (use.level === LEVEL.undecided) continue;
    const kinds = first.get(use.source) ?? new Map<PointerUseKind, SeenUse>();
    const before = kinds.get(use.kind);
    if (!before || before.level > use.level) kinds.set(use.kind, use);
    first.set(use.source, kinds);
  }
  return [...first.values()]
    .flatMap((kinds) => [...kinds.values()])
    .sort((a, b) => a.span.start - b.span.start)
    .map(({ kind, source, span, expr, length, level }) => ({
      kind,
      param: source.name,
      paramSpan: source.span,
      span,
      expr,
      length,
      state: level === LEVEL.debug ? 'debug-only' : 'unchecked',
    }));
}
