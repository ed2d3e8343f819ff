/** Waits, with the interpreter held, for threads that need it themselves: neither goes on. */
import type { CallExpr, ClosureExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Span } from '../../base/text.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { Binding, Body } from '../types/local-types-body.ts';
import { autoderef } from '../types/local-types-ty.ts';
import { collectExprs, findExpr, lastName } from '../walk.ts';
import type { AttachStep, Attaching } from './attaching.ts';
import { isSpawn, scopeOf } from './attaching.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import { walkRegions } from './regions.ts';
import { isParallelChain, isParallelMethod } from './seeds.ts';

/** A wait that cannot end while the interpreter is held. */
export interface DeadJoin {
  /** What waits: `join`, `thread::scope`, `for_each`, `recv`. */
  readonly what: string;
  /** The whole expression, the one that has to run detached. */
  readonly expr: Expr;
  readonly span: Span;
  /** Where the other thread takes the interpreter; the attach itself last. */
  readonly attach: readonly AttachStep[];
}

export interface Joins {
  of(body: Body): readonly DeadJoin[];
}

/** Methods that run rayon's pipeline to its end on other threads. */
const TERMINALS =
  /^(for_each\w*|try_for_each\w*|collect\w*|sum|product|count|reduce\w*|fold\w*|min\w*|max\w*|a(?:ny|ll)|find_\w+|position_\w+|unzip|partition\w*)$/;
const RAYON_BLOCKS = /^rayon::(join|scope|scope_fifo|in_place_scope)$/;
const STEPS = new Set([
  'unwrap',
  'expect',
  'map_err',
  'ok',
  'take',
  'as_mut',
  'as_ref',
  'unwrap_or_else',
  'ok_or_else',
  'ok_or',
  'collect',
]);

export function createJoins(workspace: Workspace, closures: Closures, attaching: Attaching): Joins {
  const bodies = bodiesOf(workspace);
  return { of };

  function of(body: Body): readonly DeadJoin[] {
    const found: DeadJoin[] = [];
    if (!body.ast.body) return found;
    walkRegions(body, body.ast.body, closures.runOf, (expr, place) => {
      if (place.mode !== 'attached' || (expr.kind !== 'call' && expr.kind !== 'method')) return;
      const join = deadAt(expr, body);
      if (join && !found.some((other) => contains(other.expr, join.expr))) found.push(join);
    });
    return found;
  }

  function deadAt(call: CallExpr | MethodExpr, body: Body): DeadJoin | null {
    const target = targetOf(call, body, workspace);
    if (target.kind === 'function' && call.kind === 'call') {
      if (target.path === 'std::thread::scope') return made('thread::scope', call, call.callee.span, inScope(call, body));
      if (RAYON_BLOCKS.test(target.path)) return made(target.path, call, call.callee.span, inArguments(call, body) ?? inScope(call, body));
      return null;
    }
    if (call.kind !== 'method' || target.kind !== 'method') return null;
    const types = target.receiver.flatMap((ty) => (ty.kind === 'external' ? [ty.path] : []));
    if (call.name === 'join' && types.includes('std::thread::JoinHandle'))
      return made('join', call, call.nameSpan, spawnedFor(call.receiver, body));
    if (call.name === 'join' && types.includes('std::thread::ScopedJoinHandle')) return null;
    if (call.name === 'install' && types.includes('rayon::ThreadPool'))
      return made('install', call, call.nameSpan, inArguments(call, body));
    if (
      /^(recv|recv_timeout|iter)$/.test(call.name) &&
      types.some((path) => /^(std::sync::mpsc|crossbeam_channel|flume)::Receiver$/.test(path))
    )
      return call.name === 'recv' ? made('recv', call, call.nameSpan, senderOf(call.receiver, body)) : null;
    if (call.name === 'join' && types.length === 0) {
      const closure = spawnedFor(call.receiver, body);
      return closure ? made('join', call, call.nameSpan, closure) : null;
    }
    return TERMINALS.test(call.name) && isParallelChain(call.receiver) && usesRayon(body)
      ? made(call.name, call, call.nameSpan, inChain(call, body))
      : null;
  }

  function made(what: string, expr: Expr, span: Span, attach: readonly AttachStep[] | null): DeadJoin | null {
    return attach && { what, expr, span, attach };
  }

  /** The closures given to the calls of a parallel chain run on the pool's threads. */
  function inChain(call: MethodExpr, body: Body): readonly AttachStep[] | null {
    for (let at: Expr = call; at.kind === 'method'; at = at.receiver) {
      const found = inArguments(at, body);
      if (found) return found;
      if (isParallelMethod(at.name)) return null;
    }
    return null;
  }

  function inArguments(call: CallExpr | MethodExpr, body: Body): readonly AttachStep[] | null {
    for (const arg of call.args) {
      const closure = arg.kind === 'closure' ? arg : closureOf(arg, body);
      const found = closure ? attaching.within(closure.body, body) : fnOf(arg, body);
      if (found) return found;
    }
    return null;
  }

  /** A fn given by its name. */
  function fnOf(arg: Expr, body: Body): readonly AttachStep[] | null {
    if (arg.kind !== 'path' || body.bindingOf(arg)) return null;
    const target = targetOf({ kind: 'call', callee: arg, args: [], span: arg.span }, body, workspace);
    return target.kind === 'workspace' ? attaching.by(target.item) : null;
  }

  /** Threads that a `thread::scope` starts: it waits for all of them. */
  function inScope(scope: CallExpr, body: Body): readonly AttachStep[] | null {
    for (const at of collectExprs(scope, (e) => e.kind === 'method' && /^spawn(_fifo)?$/.test(e.name))) {
      if (at.kind !== 'method' || scopeOf(at, body, workspace) !== scope) continue;
      const found = inArguments(at, body);
      if (found) return found;
    }
    return null;
  }

  /** What the thread behind a handle attaches for; the handle may be a variable, an element of a collection, a field, or a fn's result. */
  function spawnedFor(handle: Expr, body: Body, depth = 0): readonly AttachStep[] | null {
    if (depth > 6) return null;
    let at = handle;
    for (;;) {
      if (at.kind === 'try' || at.kind === 'reference' || at.kind === 'unary') at = at.operand;
      else if (at.kind === 'method' && STEPS.has(at.name)) at = at.receiver;
      else break;
    }
    if (at.kind === 'call' || at.kind === 'method') {
      if (isSpawn(at, body, workspace)) return inArguments(at, body);
      const target = targetOf(at, body, workspace);
      if (target.kind === 'workspace') return fromResult(target.item, depth + 1);
      if (at.kind !== 'method') return null;
      const inner = at.name === 'map' && at.args[0]?.kind === 'closure' ? spawnedFor(resultOf(at.args[0].body), body, depth + 1) : null;
      return inner ?? (/^(drain|into_iter|iter_mut|pop)$/.test(at.name) ? spawnedFor(at.receiver, body, depth + 1) : null);
    }
    if (at.kind === 'field') return fromField(at, body, depth + 1);
    const binding = body.bindingOf(at);
    if (!binding)
      return at.kind === 'macro' ? firstOf(at.args ?? [], body, depth) : at.kind === 'array' ? firstOf(at.elements, body, depth) : null;
    return (binding.source ? spawnedFor(binding.source, body, depth + 1) : null) ?? pushedInto(binding, body, depth);
  }

  function firstOf(elements: readonly Expr[], body: Body, depth: number): readonly AttachStep[] | null {
    for (const element of elements) {
      const found = spawnedFor(element, body, depth + 1);
      if (found) return found;
    }
    return null;
  }

  /** `handles.push(thread::spawn(…))` */
  function pushedInto(binding: Binding, body: Body, depth: number): readonly AttachStep[] | null {
    const root = body.ast.body;
    if (!root) return null;
    for (const push of collectExprs(root, (e) => e.kind === 'method' && /^push(_back)?$/.test(e.name))) {
      if (push.kind !== 'method' || body.bindingOf(push.receiver) !== binding) continue;
      const found = firstOf(push.args, body, depth);
      if (found) return found;
    }
    return null;
  }

  /** A helper that gives back the handle of the thread that it starts. */
  function fromResult(item: RustItem, depth: number): readonly AttachStep[] | null {
    const body = bodies(item);
    const value = body?.ast.body ? resultOf(body.ast.body) : null;
    return body && value ? spawnedFor(unwrapped(value), body, depth) : null;
  }

  /** A field that the type's own fns fill with a handle. */
  function fromField(field: Extract<Expr, { kind: 'field' }>, body: Body, depth: number): readonly AttachStep[] | null {
    const owner = autoderef(body.typeOf(field.base)).find((ty) => ty.kind === 'item');
    if (owner?.kind !== 'item') return null;
    for (const fn of workspace.implsOf(owner.item).flatMap((impl) => impl.members)) {
      const other = fn.kind === 'fn' ? bodies(fn) : null;
      if (!other?.ast.body) continue;
      const value = findExpr(other.ast.body, (e) => filling(e, field.name) !== null);
      const filled = value && filling(value, field.name);
      const found = filled ? spawnedFor(unwrapped(filled), other, depth + 1) : null;
      if (found) return found;
    }
    return null;
  }

  /** The thread that sends what is received here, where it takes the interpreter before it does. */
  function senderOf(receiver: Expr, body: Body): readonly AttachStep[] | null {
    const binding = body.bindingOf(receiver);
    const channel = binding?.source;
    if (
      !channel ||
      !body.ast.body ||
      !/^(channel|sync_channel|unbounded|bounded)$/.test(channel.kind === 'call' ? (lastName(channel.callee) ?? '') : '')
    )
      return null;
    const senders = body.bindings.filter((b) => b.source === channel && b !== binding);
    for (const spawn of collectExprs(body.ast.body, (e) => e.kind === 'call' || e.kind === 'method')) {
      if ((spawn.kind !== 'call' && spawn.kind !== 'method') || !isSpawn(spawn, body, workspace)) continue;
      for (const arg of spawn.args) {
        if (arg.kind !== 'closure') continue;
        const send = findExpr(arg, (e) => e.kind === 'method' && e.name === 'send' && senders.includes(originOf(e.receiver, body) ?? NONE));
        const attach = send && attaching.within(arg.body, body);
        if (send && attach?.[0] && attach[0].span.start < send.span.end) return attach;
      }
    }
    return null;
  }
}

const NONE: Binding = { name: '', kind: 'let', ty: null, source: null, closure: null };

/** The variable that a value comes from, through clones: `let tx2 = tx.clone()`. */
function originOf(expr: Expr, body: Body): Binding | null {
  let binding = body.bindingOf(expr);
  for (let i = 0; i < 4 && binding?.source?.kind === 'method' && binding.source.name === 'clone'; i++)
    binding = body.bindingOf(binding.source.receiver) ?? binding;
  return binding;
}

function closureOf(arg: Expr, body: Body): ClosureExpr | null {
  const source = body.bindingOf(arg)?.source;
  return source?.kind === 'closure' ? source : null;
}

function usesRayon(body: Body): boolean {
  return body.item.module.crate.package?.dependencies.some((d) => d.package === 'rayon') ?? false;
}

/** The value of a block, through blocks that are nothing else. */
function resultOf(expr: Expr): Expr {
  return expr.kind === 'block' && expr.tail ? resultOf(expr.tail) : expr;
}

/** `Some(x)`, `Ok(x)`, `Self { … }` is looked through by whoever asks for the field. */
function unwrapped(expr: Expr): Expr {
  return expr.kind === 'call' && expr.args[0] && /^(Some|Ok)$/.test(lastName(expr.callee) ?? '') ? unwrapped(expr.args[0]) : expr;
}

/** What an expression puts into a field of a name: `Worker { handle: … }`, `self.handle = …`. */
function filling(expr: Expr, name: string): Expr | null {
  if (expr.kind === 'struct') return expr.fields.find((field) => field.name === name)?.value ?? null;
  return expr.kind === 'assign' && expr.operator === '=' && expr.left.kind === 'field' && expr.left.name === name ? expr.right : null;
}

function contains(outer: Expr, inner: Expr): boolean {
  return outer.span.start <= inner.span.start && inner.span.end <= outer.span.end;
}
