/** Loops and iterator chains that compute over what the caller handed in: work that grows with the data. */
import type { Expr, LoopExpr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { Span } from '../../base/text.ts';
import type { Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';
import { ITERATOR, isExternal, isFloat, isInt, isStringLike, stripRefs } from '../types/local-types-ty.ts';
import { findExpr, someExpr, walk } from '../walk.ts';
import { targetOf } from './callees.ts';
import { growsWithInput, rootsOf } from './data.ts';

/** One loop or one driven iterator chain. */
export interface Iteration {
  readonly expr: Expr;
  /** What decides how often it runs: the collection or bound; null for `loop`. */
  readonly over: Expr | null;
  /** What runs each time: the loop's body, or the chain itself with its closures. */
  readonly each: readonly Expr[];
  /** Where to point: the loop's head or the chain's start. */
  readonly span: Span;
}

/** Methods that drive an iterator to its end. */
const DRIVERS = new Set(
  'sum product fold for_each collect count max min max_by min_by max_by_key min_by_key any all position find find_map try_fold try_for_each reduce unzip partition last'.split(
    ' ',
  ),
);
const BOUNDED = new Set(['take', 'nth']);
const CHEAP_FLOAT = new Set([
  'to_string',
  'partial_cmp',
  'total_cmp',
  'is_nan',
  'is_finite',
  'is_infinite',
  'to_bits',
  'clone',
  'into',
  'to_owned',
]);

const STRING_WORK = new Set([
  'parse',
  'to_lowercase',
  'to_uppercase',
  'replace',
  'to_string',
  'trim',
  'push_str',
  'repeat',
  'sum',
  'product',
]);

/** The iteration that an expression is, null for all others. */
export function iterationOf(expr: Expr, body: Body): Iteration | null {
  if (expr.kind === 'loop') return loopIteration(expr);
  if (expr.kind !== 'method' || !DRIVERS.has(expr.name)) return null;
  if (!isExternal(stripRefs(body.typeOf(expr.receiver)), ITERATOR)) {
    const range = stripRefs(body.typeOf(expr.receiver));
    if (range?.kind !== 'external' || !/^std::ops::Range/.test(range.path)) return null;
  }
  const links = chainOf(expr);
  const source = links.at(-1)?.receiver ?? expr.receiver;
  const bounded = links.some((link) => BOUNDED.has(link.name) && (link.args[0] === undefined || rootsOf(link.args[0], body).size === 0));
  const first = links.at(-1) ?? expr;
  return {
    expr,
    over: bounded ? null : source,
    each: links.flatMap((link) => link.args.filter((arg) => arg.kind === 'closure' || arg.kind === 'path')),
    span: { start: source.span.start, end: first.nameSpan.end },
  };
}

/** The links of a chain, from the driver back to the first adaptor. */
function chainOf(driver: MethodExpr): readonly MethodExpr[] {
  const links: MethodExpr[] = [];
  let at: Expr = driver;
  while (at.kind === 'method') {
    links.push(at);
    at = at.receiver;
  }
  return links;
}

function loopIteration(loop: LoopExpr): Iteration {
  const head = loop.iterable ?? loop.condition;
  const over = loop.flavor === 'for' ? loop.iterable : loop.flavor === 'while' ? loop.condition : null;
  return {
    expr: loop,
    over,
    each: [loop.body],
    span: { start: loop.span.start, end: head ? head.span.end : loop.span.start + 'loop'.length },
  };
}

export interface Loops {
  /** Why an iteration is work worth releasing the interpreter for; null where it is cheap, bounded, or not known. */
  heavy(iteration: Iteration, body: Body): string | null;
}

const MAX_DEPTH = 3;

export function createLoops(workspace: Workspace): Loops {
  const bodies = bodiesOf(workspace);
  const computing = new Map<RustItem, boolean>();
  return { heavy };

  function heavy(iteration: Iteration, body: Body): string | null {
    if (!onData(iteration, body)) return null;
    const name = overName(iteration);
    if (nests(iteration, body)) return name ? `nested loops over \`${name}\`` : 'nested loops';
    if (iteration.expr.kind === 'loop' && iteration.expr.flavor === 'loop') return null;
    if (!computes(iteration, body)) return null;
    if (iteration.expr.kind === 'loop' && iteration.expr.flavor === 'while') return 'a `while` loop';
    return name ? `a loop over \`${name}\`` : 'a loop over its input';
  }

  function onData(iteration: Iteration, body: Body): boolean {
    if (iteration.expr.kind === 'loop' && iteration.expr.flavor === 'loop') return false;
    return iteration.over !== null && isOpenEnded(iteration.over, body) && !splitsLine(iteration, body);
  }

  /** `header.split(';')`: a text that is split at a sign is a line, not a document. */
  function splitsLine(iteration: Iteration, body: Body): boolean {
    const chain = iteration.expr.kind === 'loop' ? iteration.over : iteration.expr;
    let at = chain;
    while (at?.kind === 'method') {
      if (/^r?split(n|_terminator|_once)?$/.test(at.name) && isStringLike(body.typeOf(at.receiver))) return true;
      at = at.receiver;
    }
    return false;
  }

  /** The amount of work follows the input: not a literal range, not an array whose length is in its type. */
  function isOpenEnded(over: Expr, body: Body): boolean {
    if (findExpr(over, (e) => hasFixedSize(e, body))) return false;
    // `2..` ends where a condition says so.
    if (over.kind === 'range') return over.to === null || growsWithInput(over.to, body);
    return rootsOf(over, body).size > 0;
  }

  function nests(outer: Iteration, body: Body): boolean {
    return outer.each.some((part) =>
      someExpr(part, (e) => {
        const inner = iterationOf(e, body);
        return inner !== null && inner.over !== null && isOpenEnded(inner.over, body) && someExpr(inner.expr, (x) => isWork(x, body));
      }),
    );
  }

  /** Arithmetic or the making of strings; a nest that only searches and compares is over before it pays to release. */
  function isWork(expr: Expr, body: Body): boolean {
    if (expr.kind === 'binary' || expr.kind === 'assign') return /^[-+*/%^&|]=?$|^<<=?$|^>>=?$/.test(expr.operator);
    if (expr.kind === 'method')
      return (
        STRING_WORK.has(expr.name) || (isFloat(body.typeOf(expr.receiver)) && !CHEAP_FLOAT.has(expr.name)) || callsComputing(expr, body, 0)
      );
    return expr.kind === 'call' && callsComputing(expr, body, 0);
  }

  function computes(iteration: Iteration, body: Body): boolean {
    if (iteration.expr.kind === 'method' && /^(sum|product)$/.test(iteration.expr.name)) {
      const iter = stripRefs(body.typeOf(iteration.expr.receiver));
      if (iter?.kind === 'external' && isFloat(iter.args[0] ?? null)) return true;
    }
    return iteration.each.some((part) => hasFloatMaths(part, body) || callsComputing(part, body, 0));
  }

  function hasFloatMaths(root: Expr, body: Body): boolean {
    return someExpr(root, (e) => {
      if (e.kind === 'binary' && /^[-+*/%]$/.test(e.operator)) return isFloat(body.typeOf(e.left)) || isFloat(body.typeOf(e.right));
      if (e.kind === 'assign' && /^[-+*/%]=$/.test(e.operator)) return isFloat(body.typeOf(e.left)) || isFloat(body.typeOf(e.right));
      return e.kind === 'method' && isFloat(body.typeOf(e.receiver)) && !CHEAP_FLOAT.has(e.name);
    });
  }

  function callsComputing(root: Expr, body: Body, depth: number): boolean {
    if (root.kind === 'path') return isComputingPath(root, body, depth);
    return someExpr(root, (e) => {
      if (e.kind !== 'call' && e.kind !== 'method') return false;
      const target = targetOf(e, body, workspace);
      return (
        (target.kind === 'workspace' && isComputing(target.item, depth)) ||
        e.args.some((arg) => arg.kind === 'path' && isComputingPath(arg, body, depth))
      );
    });
  }

  /** A fn given by name: `map(score)`. */
  function isComputingPath(expr: Extract<Expr, { kind: 'path' }>, body: Body, depth: number): boolean {
    if (expr.self || body.bindingOf(expr)) return false;
    const found = workspace.resolve(expr.path, body.scope, 'value');
    return found.kind === 'item' && found.item.kind === 'fn' && isComputing(found.item, depth);
  }

  /** A fn that loops or does maths on numbers; conversions, constructors and accessors are none. */
  function isComputing(item: RustItem, depth: number): boolean {
    const known = computing.get(item);
    if (known !== undefined) return known;
    if (depth > MAX_DEPTH) return false;
    computing.set(item, false);
    const body = bodies(item);
    const root = body?.ast.body;
    const result =
      root !== null &&
      root !== undefined &&
      body !== null &&
      (loops(root, body) || hasFloatMaths(root, body) || callsComputing(root, body, depth + 1));
    computing.set(item, result);
    return result;
  }

  function loops(root: Expr, body: Body): boolean {
    let found = false;
    walk(root, {
      enterExpr(e) {
        const inner = found ? null : iterationOf(e, body);
        if (inner?.over && isOpenEnded(inner.over, body) && someExpr(inner.expr, (x) => isMaths(x, body))) found = true;
        return !found;
      },
    });
    return found;
  }

  function isMaths(expr: Expr, body: Body): boolean {
    if (expr.kind !== 'binary' && expr.kind !== 'assign') return false;
    if (!/^[-+*/%^&|]=?$|^<<=?$|^>>=?$/.test(expr.operator)) return false;
    return [expr.left, expr.right].some((side) => isInt(body.typeOf(side)) || isFloat(body.typeOf(side)));
  }
}

/** Arrays, and the matrices and vectors whose dimensions are in their names. */
const FIXED =
  /^nalgebra::(\w+::)*((Row)?(Matrix|Vector|Point|Rotation|Isometry)[1-6](x[1-6])?|S(Matrix|Vector)|\w*Quaternion|Unit\w+)$|^glam::\w/;

function hasFixedSize(expr: Expr, body: Body): boolean {
  const ty = stripRefs(body.typeOf(expr));
  return ty?.kind === 'array' || (ty?.kind === 'external' && FIXED.test(ty.path));
}

/** The name of what is looped over, where it has a short one. */
function overName(iteration: Iteration): string | null {
  const over = iteration.over;
  if (!over) return null;
  const found = findExpr(
    over,
    (e) =>
      (e.kind === 'path' && e.path.segments.length === 1 && /^(?!self$)[a-z_]/.test(e.path.segments[0]?.name ?? '')) || e.kind === 'field',
  );
  if (found?.kind === 'field') return found.name;
  return found?.kind === 'path' ? (found.path.segments[0]?.name ?? null) : null;
}
