/** Answers questions about null from a forward walk of each fn, made once. */
import type { ClosureExpr } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { tyOfWritten } from '../types/local-types-written.ts';
import { evalExpr, runClosure } from './expressions.ts';
import type { Flow } from './flow.ts';
import type { FnBody, LateCheck, NullFacts, PointerUse, PointerUseKind, SignedLength } from './null-facts.ts';
import type { SeenLateCheck, SeenLength, SeenUse, Source } from './state.ts';
import { emptyState, LEVEL } from './state.ts';

export function createNullFacts(workspace: Workspace): NullFacts {
  const walked = new WeakMap<FnItem, Seen>();
  const seenIn = (fn: FnBody): Seen => {
    let found = walked.get(fn.ast);
    if (!found) {
      found = walkFn(fn, workspace);
      walked.set(fn.ast, found);
    }
    return found;
  };
  return {
    uses: (fn) => firstUses(seenIn(fn).uses.filter((use) => use.source.kind === 'param')),
    undecided: (fn) => seenIn(fn).uses.filter((use) => use.source.kind === 'param' && use.level === LEVEL.undecided).length,
    nullableResults: (fn) => firstUses(seenIn(fn).uses.filter((use) => use.source.kind === 'result')),
    lateChecks: (fn) => firstLateChecks(seenIn(fn).late),
    signedLengths: (fn) => firstLengths(seenIn(fn).lengths),
  };
}

/** What the walk over one fn meets. */
type Seen = Pick<Flow, 'uses' | 'late' | 'lengths'>;

/** Every use of a raw pointer in a fn that no check dominates, and the like. */
function walkFn(fn: FnBody, workspace: Workspace): Seen {
  if (!fn.ast.body) return { uses: [], late: [], lengths: [] };
  const { item, scope } = fn;
  const running = new Set<ClosureExpr>();
  const flow: Flow = {
    workspace,
    scope,
    file: item.file,
    text: (at) => workspace.slice(item.file, at),
    frames: [],
    compared: new Set(),
    uses: [],
    late: [],
    lengths: [],
    eval: (expr, state) => evalExpr(flow, expr, state),
    run: (closure, args, state) => {
      // No closure can call itself: the name meant one that it shadows (`let cmp = move |a, b| cmp(b, a)`).
      if (running.has(closure)) return;
      running.add(closure);
      runClosure(flow, closure, args, state);
      running.delete(closure);
    },
  };
  const state = emptyState();
  for (const param of fn.ast.params) {
    if (!param.name || param.pattern.kind !== 'binding') continue;
    const pointer = isRawPointer(param.type, scope, workspace);
    const own: Source = { kind: pointer ? 'param' : 'plain', name: param.name, span: param.pattern.nameSpan };
    const signed = !pointer && isSigned(param.type, scope, workspace);
    const source: Source = signed ? { ...own, sign: { ...own } } : own;
    if (pointer) state.env.set(param.name, { kind: 'pointer', source, bounded: false, slice: false });
    else state.env.set(param.name, { kind: 'plain', source, ...(signed ? { signed: 'signed' } : {}) });
  }
  flow.eval(fn.ast.body, state);
  return flow;
}

const SIGNED = /^(i(8|16|32|64|128|size)|c_(short|int|long|longlong)|ssize_t|ptrdiff_t|intptr_t|int(8|16|32|64)_t|off_t|off64_t)$/;

/** Whether a written type is a signed integer, aliases of the workspace seen through. */
function isSigned(type: Type, scope: Scope, workspace: Workspace): boolean {
  const ty = tyOfWritten(type, scope, workspace);
  if (ty?.kind === 'primitive') return SIGNED.test(ty.name);
  return ty?.kind === 'external' && /^(std|libc)::/.test(ty.path) && SIGNED.test(ty.path.slice(ty.path.lastIndexOf(':') + 1));
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

/** For every pointer the first check that comes too late. */
function firstLateChecks(late: readonly SeenLateCheck[]): readonly LateCheck[] {
  const first = new Map<Source, SeenLateCheck>();
  for (const check of [...late].sort((a, b) => a.span.start - b.span.start))
    if (!first.has(check.use.source)) first.set(check.use.source, check);
  return [...first.values()].map(({ use, span }) => ({
    name: use.source.name,
    origin: use.source.kind === 'result' ? 'result' : 'param',
    use: use.span,
    kind: use.kind,
    check: span,
  }));
}

function firstLengths(lengths: readonly SeenLength[]): readonly SignedLength[] {
  const first = new Map<Source, SeenLength>();
  for (const length of [...lengths].sort((a, b) => a.expr.span.start - b.expr.span.start))
    if (!first.has(length.source)) first.set(length.source, length);
  return [...first.values()].map(({ source, expr }) => ({ param: source.name, paramSpan: source.span, expr }));
}
