/** Finds the work that a fn does while it holds the interpreter, in itself and through the workspace fns that it calls. */
import type { Span } from '../../base/text.ts';
import { sliceSpan } from '../../base/text.ts';
import type { CallExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, SourceFile, Workspace } from '../../model/workspace.ts';
import type { Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';
import { isInt } from '../types/local-types-ty.ts';
import { someExpr } from '../walk.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import { RELEASE_METHOD } from './closures.ts';
import { awaitsNothing, conditionsOf, givenParams, isForGood, isNone, isOnFailure } from './conditions.ts';
import { rootsOf } from './data.ts';
import type { WorkClass, WorkSeed } from './gil-facts.ts';
import type { Loops } from './loops.ts';
import type { Locks } from './locks.ts';
import { iterationOf } from './loops.ts';
import { isPyEntryItem } from './private-helpers.ts';
import { givesToken } from './python-types.ts';
import type { PythonUse } from './python-use.ts';
import type { Place } from './regions.ts';
import { walkRegions } from './regions.ts';
import type { Seed } from './seeds.ts';
import { deviceOf, functionSeed, isParallelMethod, isSocket, methodSeed, readsArgument } from './seeds.ts';

type Step = WorkSeed['chain'][number];

/** What a workspace fn does when it is called attached: of each class the first work, and what comes first under other conditions. */
interface Summary {
  readonly class: WorkClass;
  readonly what: string;
  readonly chain: readonly Step[];
  /** Of computation: the parameters, `self` among them, whose data decides how much it is. */
  readonly on: ReadonlySet<string>;
  /** The parameters of which `None` keeps it from being done at all. */
  readonly given: ReadonlySet<string>;
}

const NOTHING: readonly Summary[] = [];
const MAX_DEPTH = 6;
/** How far away a computation may be: what decides its size is lost on longer ways. */
const MAX_COMPUTE_CHAIN = 3;

export interface Work {
  /** The work that a fn does attached; its callees' work stands at the calls that lead to it. */
  of(item: RustItem): readonly WorkSeed[];
}

export function createWork(workspace: Workspace, python: PythonUse, closures: Closures, loops: Loops, locks: Locks): Work {
  const bodies = bodiesOf(workspace);
  const summaries = new Map<RustItem, readonly Summary[]>();
  const results = new Map<RustItem, readonly WorkSeed[]>();
  return { of };

  function of(item: RustItem): readonly WorkSeed[] {
    let found = results.get(item);
    if (!found) {
      const body = bodies(item);
      found = body ? collapse(collect(body, 0), body) : [];
      results.set(item, found);
    }
    return found;
  }

  function collect(body: Body, depth: number): WorkSeed[] {
    const seeds: WorkSeed[] = [];
    if (!body.ast.body) return seeds;
    walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
      if (place.mode !== 'attached') return;
      if (expr.kind === 'call' || expr.kind === 'method') seeds.push(...ofCall(expr, body, place, depth));
      const iteration = iterationOf(expr, body);
      if (!iteration) return;
      const what = loops.heavy(iteration, body);
      if (!what || inside(place, seeds)) return;
      const around = place.parents.find((p) => iterationOf(p, body) && python.touched(p, body));
      const touches = python.touched(expr, body);
      if (touches !== null || around) return;
      seeds.push(seed('compute', what, expr, iteration.span, [], body, place, { send: true, lazy: false }));
    });
    const recursion = recursiveCalls(body);
    if (recursion[1] && recursion[0]) {
      const first = recursion[0];
      const how = { touchesPython: null, perItem: null, also: [], send: true, lazy: true };
      if (python.touched(first, body) === null)
        seeds.push({ class: 'compute', what: 'its recursion', expr: first, span: first.callee.span, chain: [], ...how });
    }
    // What runs first comes first: the receiver of a chain before its later links.
    return seeds.sort((a, b) => a.span.start - b.span.start);
  }

  /** Calls of the fn itself on a number that is computed from its input: `fib(n - 1) + fib(n - 2)`. */
  function recursiveCalls(body: Body): readonly CallExpr[] {
    const found: CallExpr[] = [];
    if (!body.ast.body) return found;
    walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
      if (
        expr.kind !== 'call' ||
        place.mode !== 'attached' ||
        expr.callee.kind !== 'path' ||
        expr.callee.path.segments.at(-1)?.name !== body.item.name
      )
        return;
      const target = targetOf(expr, body, workspace);
      const shrinks = expr.args.some((arg) => arg.kind === 'binary' && isInt(body.typeOf(arg)) && rootsOf(arg, body).size > 0);
      if (target.kind === 'workspace' && target.item === body.item && shrinks) found.push(expr);
    });
    return found;
  }

  /** A loop inside of a loop that is reported already. */
  function inside(place: Place, seeds: readonly WorkSeed[]): boolean {
    return seeds.some((s) => s.class === 'compute' && place.parents.includes(s.expr));
  }

  function ofCall(call: CallExpr | MethodExpr, body: Body, place: Place, depth: number): readonly WorkSeed[] {
    const target = targetOf(call, body, workspace);
    if (isOnFailure(place) || place.parents.some((parent) => endsProcess(parent, body))) return [];
    if (target.kind === 'workspace') return ofWorkspaceCall(call, target.item, body, place, depth);
    const found =
      target.kind === 'function'
        ? ofFunction(call, target.path, body)
        : target.kind === 'method'
          ? methodSeed(target.receiver, target.name)
          : null;
    if (found && target.kind === 'method' && target.receiver.some(isSocket) && expectsNoWait(body)) return [];
    if (found && (awaitsNothing(call) || isForGood(call, place))) return [];
    if (found && (!found.onData || fedWithData(call, body))) {
      if (found.class === 'compute' && python.touched(call, body) !== null) return [];
      return [seed(found.class, found.what, call, nameSpan(call), [], body, place, found)];
    }
    const holder = call.kind === 'method' ? locks.holder(call, body) : null;
    if (holder)
      return [
        seed('lock', `${call.kind === 'method' ? call.name : ''}()`, call, nameSpan(call), [holder], body, place, {
          send: false,
          lazy: true,
        }),
      ];
    if (call.kind === 'method' && target.kind === 'method' && isParallelMethod(call.name) && usesRayon(body)) {
      const whole = chainEnd(call, place.parents);
      if (python.touched(whole, body) === null)
        return [seed('compute', `rayon's ${call.name}`, whole, call.nameSpan, [], body, place, { send: true, lazy: false })];
    }
    return [];
  }

  function ofFunction(call: CallExpr | MethodExpr, path: string, body: Body): Seed | null {
    if (readsArgument(path)) {
      const device = call.args.map((arg) => deviceOf(body.typeOf(arg))).find((d) => d !== null);
      if (device) return { class: 'blocking', what: path, send: path.startsWith('std::'), lazy: false, onData: false };
      if (path !== 'serde_json::from_reader') return null;
    }
    if (path.startsWith('std::fs::') && call.args[0] && isPseudoFile(call.args[0], body)) return null;
    return functionSeed(path);
  }

  /** Files that the kernel makes up as they are read: `/proc/self/fd/3`. */
  function isPseudoFile(path: Expr, body: Body): boolean {
    return /^&?\s*(format!\s*\(\s*)?"\/(proc|sys)\//.test(workspace.slice(body.item.file, path.span));
  }

  function fedWithData(call: CallExpr | MethodExpr, body: Body): boolean {
    return call.args.some((arg) => rootsOf(arg, body).size > 0);
  }

  /** `exit(runtime.block_on(…))`: the main function of a program, which ends with it. */
  function endsProcess(expr: Expr, body: Body): boolean {
    if (expr.kind !== 'call' || expr.callee.kind !== 'path' || expr.callee.path.segments.at(-1)?.name !== 'exit') return false;
    const target = targetOf(expr, body, workspace);
    return target.kind === 'function' && target.path === 'std::process::exit';
  }

  /** `Err(err) if err.kind() == ErrorKind::WouldBlock`, or a file that makes its sockets so: they were told not to block. */
  function expectsNoWait(body: Body): boolean {
    const text = workspace.text(body.item.file);
    return /\bset_nonblocking\s*\(\s*true\s*\)/.test(text) || /\bWouldBlock\b/.test(sliceSpan(text, body.item.entry.span));
  }

  function usesRayon(body: Body): boolean {
    return body.item.module.crate.package?.dependencies.some((d) => d.package === 'rayon') ?? false;
  }

  function ofWorkspaceCall(call: CallExpr | MethodExpr, item: RustItem, body: Body, place: Place, depth: number): readonly WorkSeed[] {
    if (depth >= MAX_DEPTH || isOwnContext(item) || closures.isReleasing(item)) return [];
    const touches = python.touched(call, body);
    const done = summaryOf(item, depth + 1).filter(
      (s) => !(s.class === 'compute' && (touches !== null || s.chain.length > MAX_COMPUTE_CHAIN)) && feeds(call, item, s, body),
    );
    return done
      .filter((s, i) => done.findIndex((other) => other.class === s.class) === i)
      .map((s) => seed(s.class, s.what, call, nameSpan(call), s.chain, body, place, { send: false, lazy: false }));
  }

  /**
   * Whether input of the caller reaches one of the parameters on which the callee's work depends.
   * A constant decides nothing about how much there is to compute, but may well be the flag that makes a fn block.
   */
  function feeds(call: CallExpr | MethodExpr, item: RustItem, { on, given, class: cls }: Summary, body: Body): boolean {
    if (on.size === 0) return true;
    const ast = bodies(item)?.ast;
    const args = call.kind === 'method' ? [call.receiver, ...call.args] : call.args;
    const names = [...(ast?.self ? ['self'] : []), ...(ast?.params.map((p) => p.name ?? '') ?? [])];
    const decides = (arg: Expr): boolean =>
      rootsOf(arg, body).size > 0 || (cls !== 'compute' && someExpr(arg, (e) => isConstant(e) || isReassigned(e, body)));
    if (args.some((arg, i) => given.has(names[i] ?? '') && isNone(arg))) return false;
    return args.some((arg, i) => on.has(names[i] ?? '') && decides(arg));
  }

  /** Entry points and fns with a token are looked at by themselves: what they do is reported there. */
  function isOwnContext(item: RustItem): boolean {
    if (isPyEntryItem(item)) return true;
    return bodies(item)?.bindings.some((b) => b.kind === 'param' && givesToken(b.ty)) ?? true;
  }

  function summaryOf(item: RustItem, depth: number): readonly Summary[] {
    const known = summaries.get(item);
    if (known) return known;
    const body = bodies(item);
    if (!body || item.test || body.ast.async) return NOTHING;
    summaries.set(item, NOTHING);
    const out: Summary[] = [];
    for (const s of collapse(collect(body, depth), body)) {
      // What follows work that is done in any case says nothing more.
      if (out.some((o) => o.class === s.class && o.on.size === 0)) continue;
      const here: Step = { item, file: item.file, span: s.span };
      out.push({
        class: s.class,
        what: s.what,
        chain: [here, ...s.chain],
        on: inputsOf(s.class === 'compute' ? [s.expr] : conditionsOf(s.expr, body), body),
        given: givenParams(s.expr, body),
      });
    }
    summaries.set(item, out);
    return out;
  }

  function seed(
    cls: WorkClass,
    what: string,
    expr: Expr,
    span: Span,
    chain: readonly { readonly item: RustItem; readonly file: SourceFile; readonly span: Span }[],
    body: Body,
    place: Place,
    how: { readonly send: boolean; readonly lazy: boolean },
  ): WorkSeed {
    const loop = place.parents.find((p) => iterationOf(p, body) !== null && python.touched(p, body) !== null);
    const perItem = loop ? python.touched(loop, body) : null;
    return {
      class: cls,
      what,
      expr,
      span,
      chain,
      touchesPython: python.touched(expr, body),
      perItem,
      also: [],
      send: how.send,
      lazy: how.lazy,
    };
  }

  /** One cause, one finding: work on a value that other work made, calls inside a reported call, and further loops join the first. */
  function collapse(found: readonly WorkSeed[], body: Body): readonly WorkSeed[] {
    const kept: WorkSeed[] = [];
    for (const s of found) {
      const first = kept.find((k) => k.class === s.class && (s.class === 'compute' || related(k, s, body)));
      if (!first) {
        if (s.class === 'compute' && found.some((other) => other.class === 'blocking' && contains(s.expr, other.expr))) continue;
        kept.push(s);
        continue;
      }
      const sameCall = first.expr === s.expr;
      kept[kept.indexOf(first)] = { ...first, also: sameCall ? first.also : [...first.also, { what: s.what, span: s.span }] };
    }
    return kept;
  }

  /** Whether the later work happens on what the earlier one gave, or one call stands inside the other. */
  function related(first: WorkSeed, later: WorkSeed, body: Body): boolean {
    if (contains(first.expr, later.expr) || contains(later.expr, first.expr)) return true;
    if (later.expr.kind !== 'method')
      return later.expr.kind === 'call' && later.expr.args.some((arg) => comesFrom(arg, first.expr, body, 0));
    return comesFrom(later.expr.receiver, first.expr, body, 0);
  }

  function comesFrom(value: Expr, origin: Expr, body: Body, depth: number): boolean {
    if (contains(value, origin)) return true;
    if (depth > 8) return false;
    let at: Expr = value;
    for (;;) {
      if (at.kind === 'method') at = at.receiver;
      else if (at.kind === 'reference' || at.kind === 'try' || at.kind === 'unary') at = at.operand;
      else if (at.kind === 'call' && at.args[0]) at = at.args[0];
      else if (at.kind === 'field') at = at.base;
      else break;
      if (contains(at, origin)) return true;
    }
    const source = body.bindingOf(at)?.source;
    return source ? comesFrom(source, origin, body, depth + 1) : false;
  }
}

/** What decides how much work it is: of a loop what it runs over, of a call its arguments, of a branch its condition. */
function inputsOf(deciding: readonly Expr[], body: Body): ReadonlySet<string> {
  const over = deciding.map((expr) => iterationOf(expr, body)?.over ?? expr);
  return new Set(over.flatMap((expr) => [...rootsOf(expr, body)].map((b) => b.name)));
}

/** A variable that is given another value somewhere: what it holds may be the caller's. */
function isReassigned(expr: Expr, body: Body): boolean {
  const binding = body.bindingOf(expr);
  return (
    binding?.kind === 'let' &&
    body.ast.body !== null &&
    someExpr(body.ast.body, (e) => e.kind === 'assign' && body.bindingOf(e.left) === binding)
  );
}

function isConstant(expr: Expr): boolean {
  return expr.kind === 'literal' || (expr.kind === 'path' && /^[A-Z]/.test(expr.path.segments.at(-1)?.name ?? ''));
}

function contains(outer: Expr, inner: Expr): boolean {
  return outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}

/** The name of the function or method that is called. */
export function nameSpan(call: CallExpr | MethodExpr): Span {
  if (call.kind === 'method') return call.nameSpan;
  return call.callee.span;
}

/** The outermost call of the method chain that goes on from a call, before error handling. */
function chainEnd(call: Expr, parents: readonly Expr[]): Expr {
  let at = call;
  for (let i = parents.length - 1; i >= 0; i--) {
    const parent = parents[i];
    if (parent?.kind !== 'method' || parent.receiver !== at || RELEASE_METHOD.test(parent.name)) break;
    if (
      /^(unwrap|expect|map_err|ok|ok_or|ok_or_else|unwrap_or|unwrap_or_else|unwrap_or_default|into_pyobject|into_py|into_pyarray)$/.test(
        parent.name,
      )
    )
      break;
    at = parent;
  }
  return at;
}
