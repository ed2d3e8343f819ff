/** Finds what can panic in a fn's body, outside of everything that catches panics or does not run here. */
import type { BlockExpr, Expr, MatchExpr, Statement } from '../../model/rust/ast-expr.ts';
import type { Span } from '../../base/text.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { calleeOf, libraryName, methodsNamed, stdMacro } from '../callee.ts';
import { hasCfg } from '../nullness/expressions.ts';
import type { Body } from '../types/local-types-body.ts';
import { stripRefs } from '../types/local-types-ty.ts';
import { bodiesOf } from '../types/local-types.ts';
import { eachChild, eachStatementChild, lastName, unwrapBlock, variable } from '../walk.ts';
import { uncheckedDivisor, uncheckedIndex } from './arithmetic.ts';
import { bindingsOf } from './bindings.ts';
import { catches, endsWhereCaught, givesCaught, isCatch, runsArgument } from './boundaries.ts';
import type { Instead } from './deliberate.ts';
import { deliberateUnwrap, deliberateMacro } from './deliberate.ts';
import { freedLayouts } from './freed-layouts.ts';
import { argumentsRun } from './macro-arguments.ts';
import type { OpenCall, PanicBody, PanicSite } from './panic-facts.ts';
import { leaves, matchesNothing, matchesValue, provenUnwraps } from './proven.ts';
import { UNWRAPS, isLocking, unwrapKind } from './unwraps.ts';
import { callsUserData } from './user-data.ts';

const PANIC_MACROS: ReadonlySet<string> = new Set(['panic', 'todo', 'unimplemented', 'unreachable', 'assert', 'assert_eq', 'assert_ne']);
const DEBUG_MACROS: ReadonlySet<string> = new Set(['debug_assert', 'debug_assert_eq', 'debug_assert_ne']);
/** They panic where the stream is closed; `eprintln!` is left out, as programs have no better place to say so. */
const PRINT_MACROS: ReadonlySet<string> = new Set(['print', 'println', 'eprint']);

/** Methods of std that call their closure before they or their iterator are done. */
const RUNS_CLOSURE: ReadonlySet<string> = new Set([
  ...[
    'map',
    'for_each',
    'try_for_each',
    'and_then',
    'unwrap_or_else',
    'map_or',
    'map_or_else',
    'map_err',
    'ok_or_else',
    'or_else',
    'filter',
  ],
  ...['filter_map', 'find', 'find_map', 'any', 'all', 'fold', 'try_fold', 'position', 'flat_map', 'inspect', 'take_while', 'skip_while'],
  ...['map_while', 'scan', 'then', 'is_some_and', 'is_ok_and', 'is_none_or', 'retain', 'sort_by', 'sort_by_key', 'sort_unstable_by'],
  ...['sort_unstable_by_key', 'dedup_by', 'dedup_by_key', 'binary_search_by', 'partition', 'max_by', 'max_by_key', 'min_by', 'min_by_key'],
  ...[
    'with',
    'with_borrow',
    'with_borrow_mut',
    'get_or_insert_with',
    'get_or_init',
    'or_insert_with',
    'call_once',
    'resize_with',
    'reduce',
  ],
]);

/** Fns that run a closure and end the process where it panics, as their names say: the end is certain and meant. */
const ABORTS_UNWINDING = /^(abort_unwind|abort_on_(panic|unwind)|nounwind|no_unwind)$/;

/** Both in source order. */
export interface Panics {
  readonly sites: readonly PanicSite[];
  readonly calls: readonly OpenCall[];
}

export const NO_PANICS: Panics = { sites: [], calls: [] };

/** Calls are only looked for where `wanted` says so: the types of receivers have to be inferred for them. */
export function panicsIn(fn: PanicBody, workspace: Workspace, wanted: 'sites' | 'calls'): Panics {
  const body = fn.ast.body;
  if (!body || (fn.role === 'callback' && isStub(body))) return NO_PANICS;
  const { ast, scope } = fn;
  const context = { fn: ast, scope, workspace, bindings: bindingsOf(ast), role: fn.role };
  const freed = freedLayouts(body, context.bindings);
  const sites: PanicSite[] = [];
  const calls: OpenCall[] = [];
  const text = (at: Span): string => workspace.slice(fn.item.file, at);
  const proven = provenUnwraps(body, text);
  /** Types are only inferred where an index or a division asks for them. */
  const types = (): Body | null => bodiesOf(workspace)(fn.item);
  const entered = new Set<Expr>();
  /** `panic!` that is all that happens to a null pointer. */
  const panicsOnNull = new Set<Expr>();
  // A guard that aborts when it is dropped makes the panic's end certain and known.
  let guarded = false;
  /** What is visited stands in the place of a value that is not there: `Err(e) => …`, `unwrap_or_else(|| …)`, the `else` of a `let`. */
  let instead: Instead = null;
  visit(body);
  return { sites: sites.sort((a, b) => a.span.start - b.span.start), calls: calls.sort((a, b) => a.span.start - b.span.start) };

  function add(site: PanicSite): void {
    if (!guarded) sites.push(site);
  }

  function visit(expr: Expr): void {
    switch (expr.kind) {
      case 'closure':
        return;
      case 'block':
        if (expr.flavor === 'const' || expr.flavor === 'async' || expr.flavor === 'async-move') return;
        inOrder(expr.statements, expr.tail);
        return;
      case 'if':
        if (isDebugCfg(expr.condition)) {
          if (expr.else) visit(expr.else);
          return;
        }
        if (saysNull(expr.condition)) panicsOnNull.add(onlyExpr(expr.then) ?? expr.then);
        if (expr.else && expr.condition.kind === 'let' && matchesValue(expr.condition.pattern)) {
          visit(expr.condition);
          visit(expr.then);
          visitInstead(expr.else, expr.condition.value);
          return;
        }
        break;
      case 'match':
        visit(expr.scrutinee);
        for (const arm of expr.arms) {
          if (arm.guard) visit(arm.guard);
          if (matchesNothing(arm.pattern) || isOther(arm, expr)) visitInstead(arm.body, expr.scrutinee);
          else visit(arm.body);
        }
        return;
      case 'macro':
        macro(expr);
        return;
      case 'call':
        call(expr);
        return;
      case 'method':
        method(expr);
        return;
      case 'index':
        index(expr);
        break;
      case 'binary':
      case 'assign':
        division(expr);
        break;
      default:
        break;
    }
    children(expr);
  }

  function visitInstead(expr: Expr, asked: Expr): void {
    standingIn(asked, () => visit(expr));
  }

  function standingIn(asked: Expr, run: () => void): void {
    const before = instead;
    const value = context.bindings.value(asked);
    instead = isLocking(value) ? 'lock' : isOwnStatic(value) ? 'state' : 'value';
    run();
    instead = before;
  }

  /** `STATE.as_mut()`, `CELL.get()`, `STATE` of a static of the workspace. */
  function isOwnStatic(value: Expr): boolean {
    let base = value;
    while (base.kind === 'method' || base.kind === 'unary' || base.kind === 'reference')
      base = unwrapBlock(base.kind === 'method' ? base.receiver : base.operand);
    const found = base.kind === 'path' ? calleeOf(base, scope, workspace) : null;
    return found?.kind === 'items' && found.items.length > 0 && found.items.every((item) => item.kind === 'static');
  }

  /** What follows `if let Some(x) = asked { …; return … }` stands in the place of what was asked for. */
  function inOrder(nodes: readonly Statement[], tail: Expr | null): void {
    const [node, ...rest] = nodes;
    if (!node) {
      if (tail) visit(tail);
      return;
    }
    statement(node);
    const asked = node.kind === 'expr' ? leavesWith(node.expr) : null;
    if (asked) standingIn(asked, () => inOrder(rest, tail));
    else inOrder(rest, tail);
  }

  function index(expr: Extract<Expr, { kind: 'index' }>): void {
    const inferred = expr.index.kind === 'literal' ? null : types();
    const what = inferred ? uncheckedIndex(expr, inferred, text) : null;
    if (what !== null) add({ kind: 'index', what, span: expr.index.span, expr, deliberate: null });
  }

  function division(expr: Extract<Expr, { kind: 'binary' | 'assign' }>): void {
    const inferred = /^[/%]=?$/.test(expr.operator) && expr.right.kind !== 'literal' ? types() : null;
    const what = inferred ? uncheckedDivisor(expr.right, inferred, text) : null;
    if (what !== null) add({ kind: 'division', what, span: expr.right.span, expr, deliberate: null });
  }

  function children(expr: Expr): void {
    eachChild(expr, { expr: visit, statement, pattern: () => {} });
  }

  function statement(node: Statement): void {
    if (node.kind === 'item' || hasCfg(node.attributes, 'test') || hasCfg(node.attributes, 'debug_assertions')) return;
    if (node.kind === 'let' && node.value && node.else && matchesValue(node.pattern)) {
      visit(node.value);
      visitInstead(node.else, node.value);
      return;
    }
    eachStatementChild(node, { expr: visit, statement, pattern: () => {} });
    if (node.kind === 'let' && isAbortGuard(node, () => workspace.text(fn.item.file))) guarded = true;
  }

  function macro(expr: Extract<Expr, { kind: 'macro' }>): void {
    const name = stdMacro(expr.path, scope, workspace);
    if (name === null) {
      // What another macro makes of its arguments is mostly not known: it may well catch.
      for (const arg of argumentsRun(expr, scope, workspace)) visit(arg);
      return;
    }
    const kind = PANIC_MACROS.has(name) ? 'macro' : DEBUG_MACROS.has(name) ? 'debug-assert' : null;
    const assertsNull =
      kind === 'macro' &&
      ((name.startsWith('assert') && isNullAssert(name, expr.args ?? [])) || (name === 'panic' && panicsOnNull.has(expr)));
    if (kind) {
      const span = expr.path.segments.at(-1)?.span ?? expr.path.span;
      const deliberate = kind === 'macro' ? deliberateMacro(name, expr, instead, context) : null;
      add({ kind: assertsNull ? 'null-assert' : kind, what: `${name}!`, span, expr, deliberate });
    }
    if (PRINT_MACROS.has(name)) add({ kind: 'print', what: `${name}!`, span: expr.path.span, expr, deliberate: null });
    children(expr);
  }

  function call(expr: Extract<Expr, { kind: 'call' }>): void {
    const callee = expr.callee;
    if (fn.role === 'callback' && callsUserData(expr, context)) {
      add({ kind: 'closure-call', what: variable(callee) ?? 'closure', span: callee.span, expr, deliberate: null });
    }
    const local = context.bindings.value(callee);
    if (local.kind === 'closure') run(local);
    children(expr);
    if (isCatch(expr, scope, workspace)) return;
    const called = calleeOf(callee, scope, workspace);
    if (/^(panic::)?resume_unwind$/.test(libraryName(called) ?? '')) {
      add({ kind: 'rethrow', what: 'resume_unwind', span: callee.span, expr, deliberate: null });
    }
    openCall(called.kind === 'items' && called.items.length === 1 ? (called.items[0] ?? null) : null, callee.span);
    if (ABORTS_UNWINDING.test(lastName(callee) ?? '')) return;
    expr.args.forEach((arg, index) => {
      const closure = context.bindings.value(arg);
      if (closure.kind === 'closure' && called.kind === 'items' && called.items.every((item) => runsArgument(item, index, workspace)))
        run(closure);
    });
  }

  function method(expr: Extract<Expr, { kind: 'method' }>): void {
    if (fn.role === 'callback' && callsUserData(expr, context)) {
      add({ kind: 'closure-call', what: expr.name, span: expr.nameSpan, expr, deliberate: null });
    }
    children(expr);
    const asked = UNWRAPS.has(expr.name) ? context.bindings.value(expr.receiver) : null;
    if (asked && (isCatch(asked, scope, workspace) || givesCaught(asked, scope, workspace))) {
      if (!expr.name.endsWith('_err') && !endsWhereCaught(asked, scope, workspace))
        add({ kind: 'rethrow', what: expr.name, span: expr.nameSpan, expr, deliberate: null });
      return;
    }
    openMethod(expr);
    if (UNWRAPS.has(expr.name) && !proven.has(expr) && !freed.has(expr)) {
      const kind = unwrapKind(expr, context);
      const deliberate =
        kind === 'unwrap' || kind === 'utf8-unwrap' ? deliberateUnwrap(expr, context.bindings.value(expr.receiver), context) : null;
      if (kind) add({ kind, what: expr.name, span: expr.nameSpan, expr, deliberate });
    }
    if (!RUNS_CLOSURE.has(expr.name) || methodsNamed(expr.name, workspace).some((item) => catches(item, workspace))) return;
    for (const arg of expr.args) if (arg.kind === 'closure') run(arg, expr.name === 'unwrap_or_else' ? expr.receiver : null);
  }

  function openCall(callee: RustItem | null, span: Span): void {
    if (wanted === 'calls' && callee?.kind === 'fn' && callee.entry.bodySpan && !guarded && !catches(callee, workspace))
      calls.push({ callee, span });
  }

  /** A method of a workspace type, where the receiver's type tells which. */
  function openMethod(expr: Extract<Expr, { kind: 'method' }>): void {
    if (wanted !== 'calls' || methodsNamed(expr.name, workspace).length === 0) return;
    const ty = stripRefs(types()?.typeOf(expr.receiver) ?? null);
    openCall(ty?.kind === 'item' ? workspace.member(ty.item, expr.name) : null, expr.nameSpan);
  }

  /** A closure that is called in this fn, once; `missing` is what it stands in for. */
  function run(closure: Extract<Expr, { kind: 'closure' }>, missing: Expr | null = null): void {
    if (closure.async || entered.has(closure)) return;
    entered.add(closure);
    if (missing) visitInstead(closure.body, missing);
    else visit(closure.body);
  }
}

/** What was asked for by an `if let Some(x) = asked { … }` that surely leaves the fn; null for everything else. */
function leavesWith(expr: Expr): Expr | null {
  if (expr.kind !== 'if' || expr.else || expr.condition.kind !== 'let') return null;
  return matchesValue(expr.condition.pattern) && leaves(expr.then) ? expr.condition.value : null;
}

/** `_ => …` behind arms that name numbers or constants: none of those that were promised. */
function isOther({ pattern, guard }: MatchExpr['arms'][number], { arms }: MatchExpr): boolean {
  return (
    guard === null &&
    (pattern.kind === 'wildcard' || pattern.kind === 'binding') &&
    arms.length > 1 &&
    arms.every((arm) => arm.pattern === pattern || /^(path|literal|or|range)$/.test(arm.pattern.kind))
  );
}

/** The one expression that a block consists of. */
function onlyExpr(body: BlockExpr): Expr | null {
  const only = body.statements[0];
  if (body.tail) return body.statements.length === 0 ? unwrapBlock(body) : null;
  return only?.kind === 'expr' && body.statements.length === 1 ? only.expr : null;
}

/** A body that is nothing but `panic!` or `unreachable!`: its author means that nobody calls it. */
function isStub(body: BlockExpr): boolean {
  const inner = onlyExpr(body);
  return inner?.kind === 'macro' && /^(panic|unreachable)$/.test(inner.path.segments.at(-1)?.name ?? '');
}

/** Whether an assertion asks of nothing but null. */
function isNullAssert(name: string, args: readonly Expr[]): boolean {
  const [left, right] = args;
  if (name === 'assert') return left !== undefined && asksNull(left);
  const isNull = (expr: Expr | undefined): boolean => expr?.kind === 'call' && /^null(_mut)?$/.test(lastName(expr.callee) ?? '');
  return name === 'assert_ne' ? isNull(left) || isNull(right) : left?.kind === 'method' && left.name === 'is_null';
}

/** `p.is_null()`, `p == ptr::null()` */
function saysNull(condition: Expr): boolean {
  if (condition.kind === 'method') return condition.name === 'is_null';
  return condition.kind === 'binary' && condition.operator === '==' && isNullAssert('assert_ne', [condition.left, condition.right]);
}

function asksNull(condition: Expr): boolean {
  if (condition.kind === 'binary' && condition.operator === '&&') return asksNull(condition.left) && asksNull(condition.right);
  const asked = condition.kind === 'unary' && condition.operator === '!' ? condition.operand : condition;
  return asked.kind === 'method' && asked !== condition && asked.name === 'is_null';
}

/** `if cfg!(debug_assertions)`, `if cfg!(test)` */
function isDebugCfg(condition: Expr): boolean {
  if (condition.kind !== 'macro' || condition.path.segments.at(-1)?.name !== 'cfg') return false;
  const name = condition.args?.length === 1 && condition.args[0] ? variable(condition.args[0]) : null;
  return name === 'debug_assertions' || name === 'test';
}

/** `let _guard = AbortOnDrop;`, `let bomb = Bomb::new()`: told by name, unless the type's `Drop` stands in the file and ends nothing. */
function isAbortGuard(statement: Extract<Statement, { kind: 'let' }>, text: () => string): boolean {
  const names: string[] = [];
  if (statement.pattern.kind === 'binding') names.push(statement.pattern.name);
  const value = statement.value;
  if (value?.kind === 'path') names.push(lastName(value) ?? '');
  if (value?.kind === 'struct') names.push(value.path.segments.at(-1)?.name ?? '');
  if (value?.kind === 'call' && value.callee.kind === 'path') names.push(...value.callee.path.segments.map((segment) => segment.name));
  if (!names.some((name) => /abort_?on|abort_?guard|abort_?if|bomb|panic_?guard|^abort$/i.test(name))) return false;
  const drop = names
    .map((name) => new RegExp(`\\bDrop\\s+for\\s+${name}\\b[^{]*\\{[^{]*\\{([^{}]*)\\}`).exec(text())?.[1])
    .find((body) => body !== undefined);
  return drop === undefined || /abort|exit|panic|terminate|!\(/.test(drop);
}
