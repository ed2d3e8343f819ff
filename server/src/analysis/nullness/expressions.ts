/** Walks the expressions and statements of a fn forward, in the order in which they run. */
import type { Attribute } from '../../model/rust/attribute.ts';
import type { BlockExpr, ClosureExpr, Expr, IfExpr, LoopExpr, MatchExpr, Statement } from '../../model/rust/ast-expr.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { eachChild, lastName, variable, walk } from '../walk.ts';
import { evalCall, evalMacro, evalMethod } from './calls.ts';
import { branch, compare, logicalValue } from './conditions.ts';
import type { Flow } from './flow.ts';
import { bind, bindCounted, isZero, matchPattern, noteUse } from './flow.ts';
import type { State, Value } from './state.ts';
import { OTHER, become, clone, join, joinValues, knowing, learn, unsigned } from './state.ts';

const COMPARISONS: ReadonlySet<string> = new Set(['==', '!=', '<', '>', '<=', '>=']);

export function evalExpr(flow: Flow, expr: Expr, state: State): Value {
  switch (expr.kind) {
    case 'path':
      return pathValue(expr, state);
    case 'literal':
      return expr.literal === 'int' ? { kind: 'number', zero: isZero(expr.text) } : OTHER;
    case 'call':
      return evalCall(flow, expr, state);
    case 'method':
      return evalMethod(flow, expr, state);
    case 'macro':
      return evalMacro(flow, expr, state);
    case 'closure':
      flow.run(expr, [], state);
      return { kind: 'closure', closure: expr };
    case 'block':
      return evalBlock(flow, expr, state);
    case 'if':
      return evalIf(flow, expr, state);
    case 'match':
      return evalMatch(flow, expr, state);
    case 'loop':
      return evalLoop(flow, expr, state);
    case 'let':
      return logicalValue(flow, expr, state);
    case 'unary':
      if (expr.operator === '!') return logicalValue(flow, expr, state);
      if (expr.operator === '*') return deref(flow, expr.operand, expr, state);
      flow.eval(expr.operand, state);
      return OTHER;
    case 'binary':
      if (expr.operator === '&&' || expr.operator === '||') return logicalValue(flow, expr, state);
      if (COMPARISONS.has(expr.operator)) return compare(flow, expr.operator, expr.left, expr.right, state);
      return arithmetic(expr.operator, flow.eval(expr.left, state), flow.eval(expr.right, state));
    case 'cast': {
      const value = flow.eval(expr.operand, state);
      if (expr.type.kind === 'pointer' && value.kind === 'number' && value.zero) return { kind: 'null' };
      return value.kind === 'plain' && value.signed ? castNumber(value, expr.type) : value;
    }
    case 'reference':
      return reference(flow, expr, state);
    case 'try': {
      const value = flow.eval(expr.operand, state);
      if (value.kind === 'option') learn(state, value.some);
      return value.kind === 'plain' ? value : OTHER;
    }
    case 'assign':
      return assign(flow, expr, state);
    case 'tuple':
      return { kind: 'tuple', elements: expr.elements.map((element) => flow.eval(element, state)) };
    case 'return':
    case 'break':
    case 'continue':
      return leave(flow, expr, state);
    default:
      eachChild(expr, {
        expr: (child) => flow.eval(child, state),
        statement: (child) => evalStatement(flow, child, state),
        pattern: () => {},
      });
      return OTHER;
  }
}

function pathValue(expr: Expr, state: State): Value {
  const local = state.env.get(variable(expr) ?? '');
  if (local) return local;
  const name = lastName(expr) ?? '';
  if (name === 'NULL') return { kind: 'null' };
  return /^[A-Z][A-Z0-9_]*$/.test(name) ? { kind: 'number', zero: false } : OTHER;
}

/** `*p`: a use of p; what comes out is no longer the pointer. */
function deref(flow: Flow, operand: Expr, whole: Expr, state: State): Value {
  const value = flow.eval(operand, state);
  noteUse(flow, 'deref', value, { span: whole.span, expr: whole }, state);
  return OTHER;
}

/** A signed parameter as another integer: a negative one is huge where the type is unsigned and no narrower than what counts memory. */
function castNumber(value: Extract<Value, { kind: 'plain' }>, type: Type): Value {
  const name = type.kind === 'path' ? (type.path.segments.at(-1)?.name ?? '') : '';
  if (/^(usize|u64|u128|size_t|uintptr_t|c_ulong|c_ulonglong)$/.test(name)) return { ...value, signed: 'cast' };
  return /^(isize|i64|i128|ssize_t|ptrdiff_t|c_long|c_longlong)$/.test(name) ? value : unsigned(value);
}

/** Sums and products: not zero as long as their first variable is not, which is near enough for lengths. */
function arithmetic(operator: string, left: Value, right: Value): Value {
  const value = left.kind === 'plain' ? left : right.kind === 'plain' ? right : OTHER;
  // Only a multiple of a huge number is surely no length.
  return operator === '*' && value.kind === 'plain' && value.signed === 'cast' ? value : unsigned(value);
}

function reference(flow: Flow, expr: Extract<Expr, { kind: 'reference' }>, state: State): Value {
  if (expr.raw) {
    place(flow, expr.operand, state);
    return OTHER;
  }
  const value = flow.eval(expr.operand, state);
  const name = variable(expr.operand);
  // Whoever gets `&mut p` may set p.
  if (expr.mutable && name !== null && value.kind === 'pointer') state.env.set(name, OTHER);
  return value.kind === 'bool' || value.kind === 'option' ? value : OTHER;
}

/** A place whose address is taken without making a reference: its last dereference reads nothing. */
function place(flow: Flow, expr: Expr, state: State): void {
  if (expr.kind === 'unary' && expr.operator === '*') flow.eval(expr.operand, state);
  else if (expr.kind === 'field') place(flow, expr.base, state);
  else if (expr.kind === 'index') {
    place(flow, expr.base, state);
    flow.eval(expr.index, state);
  } else flow.eval(expr, state);
}

function assign(flow: Flow, expr: Extract<Expr, { kind: 'assign' }>, state: State): Value {
  const value = flow.eval(expr.right, state);
  const name = variable(expr.left);
  if (name === null) flow.eval(expr.left, state);
  else if (name !== '_') {
    const plain: Value = { kind: 'plain', source: { kind: 'plain', name, span: expr.left.span } };
    state.env.set(name, expr.operator === '=' && value.kind !== 'other' ? value : plain);
  }
  return OTHER;
}

function leave(flow: Flow, expr: Extract<Expr, { kind: 'return' | 'break' | 'continue' }>, state: State): Value {
  if (expr.kind !== 'continue' && expr.value) flow.eval(expr.value, state);
  if (expr.kind === 'break') {
    const frame = flow.frames.findLast((open) => (expr.label === null ? open.isLoop : open.label === expr.label));
    frame?.breaks.push(clone(state));
  }
  state.live = 'no';
  return OTHER;
}

export function evalBlock(flow: Flow, block: BlockExpr, state: State): Value {
  // What runs later, or elsewhere, tells nothing of what follows here.
  if (block.flavor === 'async' || block.flavor === 'async-move' || block.flavor === 'const') {
    evalContent(flow, block, clone(state));
    return OTHER;
  }
  if (block.label === null) return evalContent(flow, block, state);
  const breaks: State[] = [];
  flow.frames.push({ label: block.label, isLoop: false, breaks });
  const value = evalContent(flow, block, state);
  flow.frames.pop();
  for (const left of breaks) become(state, join(state, left));
  return breaks.length > 0 ? OTHER : value;
}

function evalContent(flow: Flow, block: BlockExpr, state: State): Value {
  const outer = new Map(state.env);
  const declared = new Set<string>();
  for (const statement of block.statements) {
    evalStatement(flow, statement, state);
    if (statement.kind === 'let') walkBindings(statement, declared);
  }
  const value = block.tail ? flow.eval(block.tail, state) : OTHER;
  for (const name of declared) {
    const before = outer.get(name);
    if (before) state.env.set(name, before);
    else state.env.delete(name);
  }
  return value;
}

function walkBindings(statement: Extract<Statement, { kind: 'let' }>, into: Set<string>): void {
  const note = (pattern: { readonly kind: string; readonly name?: string }): void => {
    if (pattern.kind === 'binding' && pattern.name) into.add(pattern.name);
  };
  walk(
    { kind: 'let', pattern: statement.pattern, value: { kind: 'unknown', span: statement.span }, span: statement.span },
    { enterPattern: note },
  );
}

function evalStatement(flow: Flow, statement: Statement, state: State): void {
  if (statement.kind === 'item') return;
  if (hasCfg(statement.attributes, 'test')) return;
  // What only debug builds run proves nothing for release builds.
  const here = hasCfg(statement.attributes, 'debug_assertions') ? clone(state) : state;
  if (statement.kind === 'expr') {
    flow.eval(statement.expr, here);
    return;
  }
  const value = statement.value ? flow.eval(statement.value, here) : OTHER;
  const match = matchPattern(statement.pattern, value);
  if (statement.else) {
    const otherwise = knowing(here, match.no);
    flow.eval(statement.else, otherwise);
  }
  learn(here, match.yes);
  bind(statement.pattern, value, here);
}

/** Whether a statement is compiled only under a plain `#[cfg(name)]`. */
export function hasCfg(attributes: readonly Attribute[], name: string): boolean {
  return attributes.some((attribute) => attribute.path === 'cfg' && attribute.text?.trim() === name);
}

function evalIf(flow: Flow, expr: IfExpr, state: State): Value {
  const { yes, no } = branch(flow, expr.condition, state);
  const then = evalBlock(flow, expr.then, yes);
  const otherwise = expr.else ? flow.eval(expr.else, no) : OTHER;
  become(state, join(restored(yes, state), restored(no, state)));
  if (yes.live === 'no') return otherwise;
  return no.live === 'no' ? then : joinValues(then, otherwise);
}

/** Drops the names that a condition or arm bound. */
function restored(branchState: State, outer: State): State {
  for (const name of [...branchState.env.keys()]) if (!outer.env.has(name)) branchState.env.delete(name);
  return branchState;
}

function evalMatch(flow: Flow, expr: MatchExpr, state: State): Value {
  const scrutinee = flow.eval(expr.scrutinee, state);
  let rest = clone(state);
  let joined: State | null = null;
  let value: Value | null = null;
  for (const arm of expr.arms) {
    const match = matchPattern(arm.pattern, scrutinee);
    let here = knowing(rest, match.yes);
    bind(arm.pattern, scrutinee, here);
    let missed = knowing(rest, match.no);
    if (arm.guard) {
      const guard = branch(flow, arm.guard, here);
      here = guard.yes;
      const irrefutable = arm.pattern.kind === 'wildcard' || (arm.pattern.kind === 'binding' && !arm.pattern.sub);
      missed = irrefutable ? restored(guard.no, state) : rest;
    }
    rest = missed;
    const result = flow.eval(arm.body, here);
    const lives = here.live !== 'no';
    const after = shadowed(arm.pattern, restored(here, state), state);
    if (lives) value = value === null ? result : joinValues(value, result);
    joined = joined === null ? after : join(joined, after);
  }
  become(state, joined ?? { ...clone(state), live: 'no' });
  return value ?? OTHER;
}

/** Gives back the outer meaning of names that an arm's pattern hid. */
function shadowed(pattern: MatchExpr['arms'][number]['pattern'], after: State, outer: State): State {
  const names = new Set<string>();
  walk(
    { kind: 'let', pattern, value: { kind: 'unknown', span: pattern.span }, span: pattern.span },
    {
      enterPattern: (inner) => {
        if (inner.kind === 'binding') names.add(inner.name);
      },
    },
  );
  for (const name of names) {
    const before = outer.env.get(name);
    if (before) after.env.set(name, before);
  }
  return after;
}

function evalLoop(flow: Flow, loop: LoopExpr, state: State): Value {
  const breaks: State[] = [];
  if (loop.iterable) flow.eval(loop.iterable, state);
  const { yes: body, no: past } = loop.condition ? branch(flow, loop.condition, state) : { yes: clone(state), no: clone(state) };
  // A counted loop may not run at all, and in later rounds a moved pointer is another one.
  if (loop.flavor !== 'loop') forgetMoved(loop.body, body);
  if (loop.pattern) bindCounted(flow, loop.pattern, OTHER, body);
  flow.frames.push({ label: loop.label, isLoop: true, breaks });
  evalBlock(flow, loop.body, body);
  flow.frames.pop();
  let after: State = { ...(loop.flavor === 'loop' ? clone(state) : past), live: loop.flavor === 'loop' ? 'no' : past.live };
  for (const left of breaks) after = join(after, left);
  after = clone(after);
  forgetMoved(loop.body, after);
  become(state, restored(after, state));
  return OTHER;
}

/** Forgets the pointers that a loop's body sets. */
function forgetMoved(body: BlockExpr, state: State): void {
  for (const name of assignedIn(body)) if (state.env.get(name)?.kind === 'pointer') state.env.set(name, OTHER);
}

function assignedIn(body: BlockExpr): ReadonlySet<string> {
  const names = new Set<string>();
  walk(body, {
    enterExpr: (expr) => {
      const target = expr.kind === 'assign' ? expr.left : expr.kind === 'reference' && expr.mutable ? expr.operand : null;
      const name = target ? variable(target) : null;
      if (name !== null) names.add(name);
    },
  });
  return names;
}

/** Walks a closure's body as if it were called here; nothing of it holds afterwards. */
export function runClosure(flow: Flow, closure: ClosureExpr, args: readonly Value[], state: State): void {
  const inner = clone(state);
  closure.params.forEach((param, i) => {
    bindCounted(flow, param.pattern, args[i] ?? OTHER, inner);
  });
  const frames = flow.frames.splice(0);
  flow.eval(closure.body, inner);
  flow.frames.push(...frames);
}
