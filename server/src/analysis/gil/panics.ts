/** Panics that some input of a fn brings about: PyO3 turns them into `PanicException`, which `except Exception` does not catch. */
import type { CallExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { Body, Binding } from '../types/local-types-body.ts';
import { autoderef, isExternal, isInt, isStringLike, stripRefs } from '../types/local-types-ty.ts';
import { variable } from '../walk.ts';
import { targetOf } from './callees.ts';
import type { Closures } from './closures.ts';
import type { DataPanic } from './gil-facts.ts';
import { dataOrigin, indexRoots, refusableRoots } from './panic-origins.ts';
import { isForVariantsToCome, isOtherBuild } from './panic-excuses.ts';
import { isChecked } from './panic-guards.ts';
import { namedIn, rootsOf } from './data.ts';
import { isPyEntryItem } from './private-helpers.ts';
import type { Place } from './regions.ts';
import { walkRegions } from './regions.ts';

/** Macros that always panic when they are reached. */
const PANICS = new Set(['panic', 'todo', 'unimplemented']);
const ASSERTS = new Set(['assert', 'assert_eq', 'assert_ne']);

export interface PanicContext {
  readonly body: Body;
  readonly workspace: Workspace;
  /** What needs the interpreter is no input by itself. */
  isToken(binding: Binding): boolean;
  /** A number that whoever calls a private helper computes: a length or the shape of the very data that goes with it. */
  isComputed(binding: Binding): boolean;
}

export function dataPanics(context: PanicContext, closures: Closures): readonly DataPanic[] {
  const { body } = context;
  const root = body.ast.body;
  const found: DataPanic[] = [];
  const cut = new Set<Binding>();
  if (!root) return found;
  walkRegions(body, root, closures.runOf, (expr, place) => {
    if (place.mode === 'elsewhere' || place.caught) return;
    const panic = panicOf(expr, place, context);
    if (!panic || isChecked(panic.before ?? expr, rootsFor(expr, panic, context), body, place, panic.strict)) return;
    // What is cut off or indexed first panics first.
    if (panic.cut && cut.has(panic.cut)) return;
    if (panic.cut) cut.add(panic.cut);
    found.push(panic.data);
  });
  return found;
}

interface Candidate {
  readonly data: DataPanic;
  /** The values of which a check beforehand excuses the panic; null where nothing does. */
  readonly roots: ReadonlySet<Binding> | null;
  /** Where a check must stand before, if not before the panic. */
  readonly before?: Expr;
  /** The parameter of which a fixed part is taken, or that is an index: what comes after its first use got past it. */
  readonly cut?: Binding;
  /** Whether conditions that only unpack a value are no checks. */
  readonly strict?: boolean;
}

function rootsFor(expr: Expr, candidate: Candidate, context: PanicContext): ReadonlySet<Binding> {
  return candidate.roots ?? (expr.kind === 'macro' ? new Set() : inputs(rootsOf(expr, context.body), context));
}

function inputs(roots: ReadonlySet<Binding>, context: PanicContext): ReadonlySet<Binding> {
  return new Set([...roots].filter((b) => b.kind === 'param' && !context.isToken(b) && !context.isComputed(b)));
}

function panicOf(expr: Expr, place: Place, context: PanicContext): Candidate | null {
  switch (expr.kind) {
    case 'method':
      return expr.name === 'unwrap' || expr.name === 'expect' ? unwrapped(expr, context) : null;
    case 'macro':
      return macroPanic(expr, place, context);
    case 'index':
      return indexed(expr, context);
    case 'binary':
      return expr.operator === '/' || expr.operator === '%' ? divided(expr, expr.left, expr.right, expr.operator, place, context) : null;
    case 'assign':
      return expr.operator === '/=' || expr.operator === '%='
        ? divided(expr, expr.left, expr.right, expr.operator.slice(0, 1), place, context)
        : null;
    case 'call':
      return duration(expr, context);
    default:
      return null;
  }
}

/** Messages of `expect` that say why it cannot fail. */
const PROVED =
  /\b(qed|always|infallible|impossible|unreachable|guarantee\w*|validated|(cannot|can't|can not) fail|checked (above|before)|logic(al)? error)\b/i;

function unwrapped(expr: MethodExpr, context: PanicContext): Candidate | null {
  const [message] = expr.args;
  if (expr.name === 'expect' && message?.kind === 'literal' && PROVED.test(message.text)) return null;
  const origin = dataOrigin(expr.receiver, context);
  if (!origin) return null;
  return {
    data: { what: `\`${expr.name}\``, span: expr.nameSpan, expr, reason: origin.reason },
    roots: origin.roots,
    strict: origin.strict === true,
  };
}

function macroPanic(expr: Extract<Expr, { kind: 'macro' }>, place: Place, context: PanicContext): Candidate | null {
  const name = expr.path.segments.at(-1)?.name ?? '';
  const span = expr.path.span;
  if (PANICS.has(name)) {
    if (insideConstCheck(place) || isOtherBuild(expr, place, context)) return null;
    if (name === 'panic' && isForVariantsToCome(expr, place, context)) return null;
    return {
      data: { what: `\`${name}!\``, span, expr, reason: 'Python code can get there' },
      roots: new Set(),
    };
  }
  if (name === 'unreachable') {
    const match = place.parents.findLast((p) => p.kind === 'match');
    const roots = match?.kind === 'match' ? inputs(rootsOf(match.scrutinee, context.body), context) : new Set<Binding>();
    const open =
      match?.kind === 'match' && (isStringLike(context.body.typeOf(match.scrutinee)) || isInt(context.body.typeOf(match.scrutinee)));
    const param = [...roots][0];
    return open && param
      ? { data: { what: '`unreachable!`', span, expr, reason: `it depends on parameter \`${param.name}\`` }, roots, before: match }
      : null;
  }
  if (!ASSERTS.has(name)) return null;
  const asserted = (expr.args ?? []).slice(0, name === 'assert' ? 1 : 2);
  const [param] = asserted.flatMap((arg) => [...inputs(refusableRoots(arg, context), context)]);
  const named = new Set(asserted.flatMap((arg) => [...namedIn(arg, context.body)]).filter((b) => b.kind !== 'param'));
  return param ? { data: { what: `\`${name}!\``, span, expr, reason: `it depends on parameter \`${param.name}\`` }, roots: named } : null;
}

/** `if cfg!(debug_assertions)` and the like. */
function insideConstCheck(place: Place): boolean {
  return place.parents.some((p) => p.kind === 'if' && p.condition.kind === 'macro');
}

function indexed(expr: Extract<Expr, { kind: 'index' }>, context: PanicContext): Candidate | null {
  const { body } = context;
  const base = autoderef(body.typeOf(expr.base));
  const known = base.some(
    (t) =>
      t.kind === 'slice' ||
      t.kind === 'array' ||
      (t.kind === 'primitive' && t.name === 'str') ||
      isExternal(t, 'std::collections::VecDeque') ||
      isExternal(t, 'std::collections::HashMap') ||
      isExternal(t, 'std::collections::BTreeMap'),
  );
  if (!known) return null;
  const roots = indexRoots(expr.index, context);
  const param = [...roots][0];
  if (!param) return fixedPart(expr, context);
  // A table that is made for this very size: `let mut best = vec![0; n + 1]; best[n]`.
  const made = rootsOf(expr.base, body);
  if ([...roots].some((r) => made.has(r))) return null;
  const what = expr.index.kind === 'range' ? 'slicing' : 'indexing';
  const binding = variable(expr.index) === null ? null : body.bindingOf(expr.index);
  const found: Candidate = { data: { what, span: expr.span, expr, reason: `it depends on parameter \`${param.name}\`` }, roots };
  return binding?.kind === 'param' ? { ...found, cut: binding } : found;
}

/** `data[0]`, `data[..8]`: a part of a parameter that may be shorter. */
function fixedPart(expr: Extract<Expr, { kind: 'index' }>, context: PanicContext): Candidate | null {
  const { body } = context;
  const param = body.bindingOf(expr.base);
  const sized = autoderef(body.typeOf(expr.base)).some((t) => t.kind === 'slice' || (t.kind === 'primitive' && t.name === 'str'));
  if (param?.kind !== 'param' || !sized || !isPyEntryItem(body.item)) return null;
  if (autoderef(body.typeOf(expr.base)).some((t) => t.kind === 'array')) return null;
  const parts = expr.index.kind === 'range' ? [expr.index.from, expr.index.to] : [expr.index];
  const written = parts.flatMap((part) => part ?? []);
  if (written.every((part) => part.kind === 'literal' && part.text === '0') && expr.index.kind === 'range') return null;
  if (written.some((part) => namedIn(part, body).size > 0 || part.kind === 'method')) return null;
  const what = expr.index.kind === 'range' ? 'slicing' : 'indexing';
  return {
    data: { what, span: expr.span, expr, reason: `parameter \`${param.name}\` may be shorter` },
    roots: new Set([param]),
    cut: param,
  };
}

function divided(expr: Expr, left: Expr, right: Expr, operator: string, place: Place, context: PanicContext): Candidate | null {
  const { body } = context;
  // `series / n` may be anybody's operator.
  if (!isInt(body.typeOf(right)) || !(isInt(body.typeOf(left)) || (left.kind === 'literal' && left.literal === 'int'))) return null;
  const roots = indexRoots(right, context);
  const param = [...roots][0];
  // `x / (n + 1)` and `x / n.max(1)` have a divisor that was thought about.
  if (!param || right.kind === 'binary' || right.kind === 'method') return null;
  // The body of `for i in 0..n` does not run for zero.
  if (
    place.parents.some(
      (p) => p.kind === 'loop' && p.iterable?.kind === 'range' && p.iterable.to && overlaps(indexRoots(p.iterable.to, context), roots),
    )
  )
    return null;
  return {
    data: {
      what: operator === '/' ? 'integer division' : 'integer remainder',
      span: expr.span,
      expr,
      reason: `parameter \`${param.name}\` may be zero`,
    },
    roots,
  };
}

function overlaps(some: ReadonlySet<Binding>, others: ReadonlySet<Binding>): boolean {
  return [...some].some((one) => others.has(one));
}

function duration(expr: CallExpr, context: PanicContext): Candidate | null {
  const target = targetOf(expr, context.body, context.workspace);
  if (target.kind !== 'function' || !/^std::time::Duration::from_secs_f(32|64)$/.test(target.path)) return null;
  // `seconds.max(0.0)` was thought about.
  if (expr.args.some((arg) => arg.kind === 'method' && /^(max|clamp|abs)$/.test(arg.name))) return null;
  const roots = new Set(expr.args.flatMap((arg) => [...inputs(rootsOf(arg, context.body), context)]));
  const param = [...roots][0];
  if (!param || !stripRefs(param.ty)) return null;
  return {
    data: {
      what: `\`Duration::${target.path.slice(target.path.lastIndexOf(':') + 1)}\``,
      span: expr.callee.span,
      expr,
      reason: `parameter \`${param.name}\` may be negative`,
    },
    roots,
  };
}
