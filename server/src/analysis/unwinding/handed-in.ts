/** Whether a panic behind calls hangs on what the foreign caller hands in: numbers, texts and memory, not the state of Rust's own objects. */
import type { Span } from '../../base/text.ts';
import type { CallExpr, Expr, MethodExpr, Pattern } from '../../model/rust/ast-expr.ts';
import { reprOf } from '../../model/surface/attributes.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { bodiesOf } from '../types/local-types.ts';
import { bindings, collectExprs, eachChild, findExpr, someExpr, variable } from '../walk.ts';
import type { PanicSite } from './panic-facts.ts';
import { leaves } from './proven.ts';

/** A call in a fn: where its callee is named. */
export interface CallStep {
  readonly item: RustItem;
  readonly span: Span;
}

/** Which parameters of a fn hold what a foreign caller handed in: by name, and `self`. */
type HandedIn = ReadonlySet<string>;

/**
 * False where a step cannot be followed, or where what panics hangs on nothing that came along the way. A panic that nothing around it
 * makes depend on anything happens in any case: true.
 */
export function hangsOnHandedIn(
  steps: readonly CallStep[],
  end: { readonly item: RustItem; readonly site: PanicSite },
  workspace: Workspace,
): boolean {
  const bodies = bodiesOf(workspace);
  let known: { readonly item: RustItem; readonly names: HandedIn } | null = null;
  for (const [i, { item, span }] of steps.entries()) {
    const body = bodies(item);
    if (!body) return false;
    known ??= { item, names: ofBoundary(body) };
    if (known.item !== item) return false;
    const next = (steps[i + 1] ?? end).item;
    // A closure that is handed in and stands in the same fn sees what that sees.
    if (next === item) continue;
    const call = callAt(body, span);
    const callee = bodies(next);
    if (!call || !callee || calledName(call) !== next.name) return false;
    known = { item: next, names: passedOn(call, callee, origins(body, known.names)) };
  }
  const body = bodies(end.item);
  if (!body?.ast.body || known?.item !== end.item) return false;
  const handedIn = origins(body, known.names);
  const causes = causesOf(end.site, body);
  return causes === null || causes.some(handedIn);
}

function ofBoundary(body: Body): HandedIn {
  return new Set(body.bindings.filter(({ kind, ty }) => kind === 'param' && !isState(ty)).map(({ name }) => name));
}

function callAt(body: Body, span: Span): CallExpr | MethodExpr | null {
  const found = body.ast.body && findExpr(body.ast.body, (expr) => nameOf(expr)?.start === span.start);
  return found?.kind === 'call' || found?.kind === 'method' ? found : null;
}

function nameOf(expr: Expr): Span | null {
  return expr.kind === 'method' ? expr.nameSpan : expr.kind === 'call' ? expr.callee.span : null;
}

function calledName(call: CallExpr | MethodExpr): string {
  if (call.kind === 'method') return call.name;
  return call.callee.kind === 'path' ? (call.callee.path.segments.at(-1)?.name ?? '') : '';
}

function passedOn(call: CallExpr | MethodExpr, to: Body, handedIn: (expr: Expr) => boolean): HandedIn {
  const { self, params } = to.ast;
  const args = call.kind === 'method' && self ? [call.receiver, ...call.args] : call.args;
  const names = [...(self ? [['self']] : []), ...params.map(({ pattern }) => bindings(pattern).map(({ name }) => name))];
  return new Set(args.flatMap((arg, i) => (handedIn(arg) ? (names[i] ?? []) : [])));
}

/** Asks of expressions in a body whether their values come from the parameters that were handed in. */
function origins(body: Body, names: HandedIn): (expr: Expr) => boolean {
  const assigned = new Map<string, Expr[]>();
  for (const expr of body.ast.body ? collectExprs(body.ast.body, ({ kind }) => kind === 'assign') : []) {
    const name = expr.kind === 'assign' ? variable(expr.left) : null;
    if (name !== null && expr.kind === 'assign') assigned.set(name, [...(assigned.get(name) ?? []), expr.right]);
  }
  const verdicts = new Map<Expr, boolean>();
  /** Where the value is used in the end: what was looked at until then counts. */
  let at = 0;
  return (expr) => {
    verdicts.clear();
    at = expr.span.start;
    return isHandedIn(expr);
  };

  function isHandedIn(expr: Expr): boolean {
    let verdict = verdicts.get(expr);
    if (verdict === undefined) {
      // What hangs on itself, as a counter does, brings nothing new.
      verdicts.set(expr, false);
      verdict = decide(expr);
      verdicts.set(expr, verdict);
    }
    return verdict;
  }

  /** What an object of Rust's own gives for a key: whether it has one hangs on the key, what it is does not. */
  function isFound(expr: Expr): boolean {
    let root = expr;
    while (root.kind === 'method' || root.kind === 'try' || root.kind === 'reference')
      root = root.kind === 'method' ? root.receiver : root.operand;
    return expr.kind === 'method' && !isHandedIn(root);
  }

  function decide(expr: Expr): boolean {
    switch (expr.kind) {
      case 'path': {
        const binding = body.bindingOf(expr);
        const name = variable(expr);
        if (!binding || name === null || isLookedAt(name, Math.max(at, expr.span.start), body)) return false;
        if (binding.kind === 'param' || binding.kind === 'self') return names.has(name);
        if (binding.source && isFound(binding.source) && isState(body.typeOf(expr), true)) return false;
        return (binding.source !== null && isHandedIn(binding.source)) || (assigned.get(name) ?? []).some(isHandedIn);
      }
      case 'field':
        return isHandedIn(expr.base) && !isFound(expr.base) && !isState(body.typeOf(expr) ?? body.typeOf(expr.base));
      case 'unary':
        return isHandedIn(expr.operand) && (expr.operator !== '*' || !isState(body.typeOf(expr)));
      case 'call':
        return expr.args.some(isHandedIn);
      case 'block':
        return expr.tail !== null && isHandedIn(expr.tail);
      case 'if':
        return isHandedIn(expr.then) || (expr.else !== null && isHandedIn(expr.else));
      case 'match':
        return expr.arms.some((arm) => isHandedIn(arm.body));
      case 'closure':
        return false;
      default: {
        const children: Expr[] = [];
        eachChild(expr, { expr: (child) => children.push(child), statement: () => {}, pattern: () => {} });
        return children.some(isHandedIn);
      }
    }
  }
}

/** Whether a variable stood in a condition before: around a place, or in one that leaves the fn. That it is not null says nothing of its value. */
function isLookedAt(name: string, at: number, { ast }: Body): boolean {
  const mentions = (expr: Expr): boolean => variable(expr) === name;
  const asks = (condition: Expr): boolean =>
    someExpr(condition, mentions) &&
    !someExpr(condition, (one) => one.kind === 'method' && one.name === 'is_null' && someExpr(one, mentions));
  return (
    ast.body !== null &&
    someExpr(ast.body, (expr) => {
      if (expr.kind !== 'if' || at < expr.condition.span.end || !asks(expr.condition)) return false;
      return at < expr.span.end || leaves(expr.then);
    })
  );
}

/** What decides whether a panic happens: what is unwrapped or asserted, else the conditions around it; null where there are none. */
function causesOf({ expr }: PanicSite, body: Body): readonly Expr[] | null {
  if (expr.kind === 'method') return isLayout(expr.receiver) || isCutToLength(expr.receiver, body) ? [] : [expr.receiver];
  if (expr.kind !== 'macro') return [];
  const name = expr.path.segments.at(-1)?.name ?? '';
  if (name.startsWith('assert')) return (expr.args ?? []).slice(0, name === 'assert' ? 1 : 2);
  const conditions = body.ast.body ? conditionsAround(expr, body.ast.body) : [];
  return conditions.length > 0 ? conditions : null;
}

/** Sizes of allocations: that they are too much for an `isize` is as good as memory that runs out. */
function isLayout(receiver: Expr): boolean {
  return receiver.kind === 'call' && receiver.callee.kind === 'path' && receiver.callee.path.segments.at(-2)?.name === 'Layout';
}

/** `part.try_into()` of a part that was cut to a length: what is cut off is as long as asked, or the cutting panics. */
function isCutToLength(receiver: Expr, body: Body): boolean {
  if (receiver.kind !== 'method' || receiver.name !== 'try_into') return false;
  const part = body.bindingOf(receiver.receiver)?.source ?? receiver.receiver;
  return part.kind === 'index' || (part.kind === 'method' && /^(split_\w+|r?chunks_exact\w*|take)$/.test(part.name));
}

/** Conditions of `if`, `while` and `match`, and receivers of calls that run a closure, in which an expression stands. */
function conditionsAround(inner: Expr, body: Expr): readonly Expr[] {
  const around = collectExprs(body, ({ span }) => span.start <= inner.span.start && inner.span.end <= span.end);
  return around.flatMap((expr, i) => {
    const next = around[i + 1];
    if (expr.kind === 'if') return next === expr.condition ? [] : [expr.condition];
    if (expr.kind === 'match')
      return next === expr.scrutinee || isExhausting(expr.arms.map(({ pattern }) => pattern)) ? [] : [expr.scrutinee];
    if (expr.kind === 'loop') return [expr.condition, expr.iterable].flatMap((one) => (one && one !== next ? [one] : []));
    return expr.kind === 'method' && next?.kind === 'closure' ? [expr.receiver] : [];
  });
}

/** A match of one arm decides nothing. */
function isExhausting(patterns: readonly Pattern[]): boolean {
  return patterns.length < 2;
}

/** Types of other crates that hold what C gives. */
const OF_C = /^(?:libc|std::ffi|std::os::raw|core::ffi|windows_sys|winapi)::/;

/**
 * Whether a value is an object that only Rust fills, or one of which nothing is known: what it holds is kept in order by its own fns.
 * With `lenient`, only what is known to be one.
 */
function isState(ty: MaybeTy, lenient = false): boolean {
  if (ty === null) return !lenient;
  switch (ty.kind) {
    case 'primitive':
      return false;
    case 'reference':
      return isState(ty.to, lenient);
    case 'slice':
    case 'array':
      return isState(ty.element, lenient);
    case 'tuple':
      return ty.elements.some((element) => isState(element, lenient));
    case 'external':
      if (OF_C.test(ty.path)) return false;
      return ty.path.startsWith('std::') ? ty.args.some((arg) => isState(arg, true)) : !lenient;
    case 'item': {
      if (ty.item.kind !== 'struct') return false;
      const { c, transparent } = reprOf(ty.item.entry.attributes);
      return ty.item.entry.visibility !== 'pub' || !(c || transparent);
    }
    default:
      return ty.kind === 'opaque' && ty.pointer ? isState(ty.to ?? null, lenient) : !lenient;
  }
}
