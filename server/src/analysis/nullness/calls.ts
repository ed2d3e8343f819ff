/** What calls, method calls and macros do with pointers: use them, check them, or end the path. */
import type { CallExpr, Expr, MacroExpr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Callee } from '../callee.ts';
import { foreignCall } from '../c-functions/foreign-call.ts';
import { calleeOf, libraryName, stdMacro } from '../callee.ts';
import { collectExprs, someExpr, variable } from '../walk.ts';
import { assume, assumeComparison } from './conditions.ts';
import type { Flow } from './flow.ts';
import { certainSign, doubtfulSign, noteCheck, noteLength, noteUse } from './flow.ts';
import type { Effect } from './helpers.ts';
import { callEffect, macroEffect, mentions, methodEffect, neverReturns } from './helpers.ts';
import * as known from './pointer-calls.ts';
import type { Known, Source, State, Value } from './state.ts';
import { LEVEL, OTHER, knowing, learn, levelOf, sourceOf, unsigned } from './state.ts';

/** Names of fns that often do not return although nothing says so: `luaL_error`, `throw_new`. */
const MAY_LEAVE = /error|throw|raise|fatal|die|abort|fail|panic|exit|bail/i;

export function evalCall(flow: Flow, expr: CallExpr, state: State): Value {
  if (expr.callee.kind === 'closure') {
    flow.run(
      expr.callee,
      expr.args.map((arg) => flow.eval(arg, state)),
      state,
    );
    return OTHER;
  }
  const local = state.env.get(variable(expr.callee) ?? '');
  if (local) return callOfVariable(flow, expr, local, state);
  const callee = calleeOf(expr.callee, flow.scope, flow.workspace);
  const name = libraryName(callee);
  if (name === 'mem::size_of_val' || name === 'mem::align_of_val' || name === 'mem::size_of_val_raw') return OTHER;
  if (callee.kind === 'computed') flow.eval(expr.callee, state);
  const args = expr.args.map((arg) => flow.eval(arg, state));
  if (name !== null) {
    const result = libraryCall(flow, expr, name, args, state);
    if (result) return result;
  }
  workspaceCall(flow, callee, args, state);
  return nullableResult(flow, expr);
}

/** A closure of this fn that is called, or a fn pointer. */
function callOfVariable(flow: Flow, expr: CallExpr, value: Value, state: State): Value {
  const args = expr.args.map((arg) => flow.eval(arg, state));
  if (value.kind === 'closure' && looksAtNull(value.closure.body)) raise(args, LEVEL.undecided, state);
  else if (value.kind === 'closure') flow.run(value.closure, args, state);
  return OTHER;
}

function looksAtNull(body: Expr): boolean {
  return someExpr(body, (expr) => expr.kind === 'method' && (expr.name === 'is_null' || expr.name === 'as_ref' || expr.name === 'as_mut'));
}

/** Calls of the standard library (or of names that nothing in the workspace has); null for those that are not known. */
function libraryCall(flow: Flow, expr: CallExpr, name: string, args: readonly Value[], state: State): Value | null {
  for (const index of known.LENGTHS.get(known.BARE_POINTER_CALLS.get(name) ?? name) ?? [])
    noteLength(flow, args[index], expr.args[index], state);
  const call = known.POINTER_CALLS.get(known.BARE_POINTER_CALLS.get(name) ?? name);
  if (call) {
    const length = call.length >= 0 ? expr.args[call.length] : undefined;
    if (!notEmpty(args[call.length], state)) {
      for (const index of call.pointers)
        noteUse(flow, call.kind, args[index] ?? OTHER, { span: nameSpan(expr.callee), expr, length: length ?? null }, state);
    }
    return OTHER;
  }
  const first = args[0] ?? OTHER;
  if (name === 'NonNull::new') return { kind: 'option', some: factOf(first) };
  if (name === 'ptr::null' || name === 'ptr::null_mut' || name === 'null' || name === 'null_mut') return { kind: 'null' };
  if (name === 'ptr::eq') return { kind: 'bool', yes: [], no: args.some((arg) => arg.kind === 'null') ? args.flatMap(factOf) : [] };
  if (name === 'mem::size_of' || name === 'mem::align_of' || name === 'size_of' || name === 'align_of')
    return { kind: 'number', zero: false };
  if (known.SAME_POINTER_CALLS.has(name)) return first.kind === 'pointer' ? { ...first, slice: name.includes('slice') } : first;
  if (/^(usize|isize|[iu]\d+|TryFrom|From)::(try_)?from$/.test(name)) return converted(first, state);
  if (known.DIVERGING_CALLS.has(name)) state.live = 'no';
  return known.DIVERGING_CALLS.has(name) ? OTHER : null;
}

/** Whether a length was looked at before, so that it is not zero here. */
function notEmpty(length: Value | undefined, state: State): boolean {
  const source = length ? sourceOf(length) : null;
  return source !== null && levelOf(state, source) >= LEVEL.undecided;
}

/** Calls whose callee is an item of the workspace, or not known at all. */
function workspaceCall(flow: Flow, callee: Callee, args: readonly Value[], state: State): void {
  args.forEach((arg, index) => {
    if (arg.kind === 'pointer') apply(callEffect(callee, index, flow.workspace), arg.source, state);
    if (arg.kind === 'plain' && known.MAY_CHECK.test(calledName(callee))) learn(state, doubtfulSign(arg));
  });
  if (callee.kind === 'items') {
    if (callee.items.every((item) => neverReturns(item, flow.workspace))) state.live = 'no';
    else if (callee.items.some((item) => item.owner?.kind === 'extern-block' && MAY_LEAVE.test(item.name))) doubt(state);
  } else if (callee.kind === 'computed' || (callee.path[0] !== 'std' && MAY_LEAVE.test(callee.path.at(-1) ?? ''))) doubt(state);
}

function calledName(callee: Callee): string {
  if (callee.kind === 'items') return callee.items[0]?.name ?? '';
  return callee.kind === 'computed' ? '' : (callee.path.at(-1) ?? '');
}

/** A conversion that fails for negative numbers, or cannot meet them. */
function converted(value: Value, state: State): Value {
  learn(state, doubtfulSign(value));
  return unsigned(value);
}

function apply(effect: Effect, source: Source, state: State): void {
  if (effect === 'checks') learn(state, [{ source, level: LEVEL.checked }]);
  if (effect === 'undecided') learn(state, [{ source, level: LEVEL.undecided }]);
}

/** Calls of imported C fns that may return null for an ordinary reason, or whose name says that they make something. */
function nullableResult(flow: Flow, expr: CallExpr): Value {
  const called = foreignCall(expr, flow.scope, flow.workspace);
  if (!called) return OTHER;
  const makes = called.ast?.result?.kind === 'pointer' && known.MAKES.test(called.name);
  if (!called.known?.nullable && !makes) return OTHER;
  const source: Source = { kind: 'result', name: called.name, span: nameSpan(expr.callee) };
  return { kind: 'pointer', source, bounded: false, slice: false };
}

/** The last name of a path, or the whole callee. */
function nameSpan(callee: Expr): Expr['span'] {
  return callee.kind === 'path' ? (callee.path.segments.at(-1)?.span ?? callee.span) : callee.span;
}

function factOf(value: Value): readonly Known[] {
  return value.kind === 'pointer' ? [{ source: value.source, level: LEVEL.checked }] : [];
}

export function evalMethod(flow: Flow, expr: MethodExpr, state: State): Value {
  const receiver = flow.eval(expr.receiver, state);
  if (receiver.kind === 'pointer') return pointerMethod(flow, expr, receiver, state);
  if (receiver.kind === 'bool') return boolMethod(flow, expr, receiver, state);
  if (receiver.kind === 'option') return optionMethod(flow, expr, receiver.some, state);
  if (receiver.kind === 'plain' && /^is_(negative|positive)$/.test(expr.name)) {
    const sign = certainSign(receiver);
    return expr.name === 'is_negative' ? { kind: 'bool', yes: [], no: sign } : { kind: 'bool', yes: sign, no: [] };
  }
  const args = expr.args.map((arg) => flow.eval(arg, state));
  if (receiver.kind === 'null') return receiver;
  if (known.DEREF_METHODS.get(expr.name) === 1 && args[0]) {
    if (!notEmpty(args[1], state)) noteUse(flow, 'deref', args[0], { span: expr.nameSpan, expr }, state);
    return OTHER;
  }
  args.forEach((arg, index) => {
    if (arg.kind === 'pointer') apply(methodEffect(expr.name, index, flow.workspace), arg.source, state);
  });
  if (MAY_LEAVE.test(expr.name)) doubt(state);
  noteLength(flow, args[known.LENGTH_METHODS.get(expr.name) ?? -1], expr.args[known.LENGTH_METHODS.get(expr.name) ?? -1], state);
  if (receiver.kind === 'plain' && /^(try_into|to_usize)$/.test(expr.name)) return converted(receiver, state);
  const same =
    receiver.kind === 'plain' && /^(try_into|into|unwrap|expect|unwrap_or|unwrap_or_default|clone|to_usize|min)$/.test(expr.name);
  if (!same) return OTHER;
  return expr.name === 'min' && receiver.signed === 'cast' ? unsigned(receiver) : receiver;
}

function pointerMethod(flow: Flow, expr: MethodExpr, pointer: Extract<Value, { kind: 'pointer' }>, state: State): Value {
  const fact: readonly Known[] = factOf(pointer);
  const args = expr.args.map((arg) => flow.eval(arg, state));
  if (expr.name === 'is_null') {
    noteCheck(flow, pointer.source, expr.nameSpan, state);
    return { kind: 'bool', yes: [], no: fact };
  }
  noteLength(flow, args[known.LENGTH_METHODS.get(expr.name) ?? -1], expr.args[known.LENGTH_METHODS.get(expr.name) ?? -1], state);
  const pointers = known.DEREF_METHODS.get(expr.name);
  if (pointers !== undefined) {
    const at = { span: expr.nameSpan, expr };
    if (notEmpty(args[pointers === 1 || expr.name === 'write_bytes' ? 1 : -1], state)) return OTHER;
    noteUse(flow, 'deref', pointer, at, state);
    if (pointers === 1) noteUse(flow, 'deref', args[0] ?? OTHER, at, state);
    return OTHER;
  }
  if (known.OPTION_METHODS.has(expr.name)) return { kind: 'option', some: fact };
  if (known.SAME_POINTER_METHODS.has(expr.name)) return pointer;
  if (known.OFFSET_METHODS.has(expr.name))
    return { ...pointer, bounded: pointer.bounded || expr.args.some((arg) => isBounded(flow, arg, state)) };
  if (known.HARMLESS_METHODS.has(expr.name)) return OTHER;
  // A method of an extension trait, or of the number that the address is: it may well have looked.
  learn(state, [{ source: pointer.source, level: LEVEL.undecided }]);
  return OTHER;
}

/** Whether an offset depends on something that the fn compares or counts. */
function isBounded(flow: Flow, offset: Expr, state: State): boolean {
  return collectExprs(offset, (inner) => inner.kind === 'path').some((path) => {
    const value = state.env.get(variable(path) ?? '');
    return value?.kind === 'plain' && flow.compared.has(value.source);
  });
}

function boolMethod(flow: Flow, expr: MethodExpr, value: Extract<Value, { kind: 'bool' }>, state: State): Value {
  if (expr.name === 'then') for (const arg of expr.args) flow.eval(arg, knowing(state, value.yes));
  else for (const arg of expr.args) flow.eval(arg, state);
  return expr.name === 'then' || expr.name === 'then_some' ? { kind: 'option', some: value.yes } : OTHER;
}

/** Methods of `Option` and `Result` whose closure runs where there is a value. */
const RUNS_ON_VALUE: ReadonlySet<string> = new Set([
  'map',
  'and_then',
  'filter',
  'inspect',
  'is_some_and',
  'is_ok_and',
  'map_or',
  'map_or_else',
]);

function optionMethod(flow: Flow, expr: MethodExpr, some: readonly Known[], state: State): Value {
  expr.args.forEach((arg, index) => {
    const onValue = RUNS_ON_VALUE.has(expr.name) && index === expr.args.length - 1;
    flow.eval(arg, onValue ? knowing(state, some) : state);
  });
  switch (expr.name) {
    case 'is_some':
    case 'is_ok':
    case 'is_some_and':
    case 'is_ok_and':
      return { kind: 'bool', yes: some, no: [] };
    case 'is_none':
    case 'is_err':
      return { kind: 'bool', yes: [], no: some };
    case 'unwrap':
    case 'expect':
    case 'unwrap_unchecked':
      learn(state, some);
      return OTHER;
    case 'map_or':
    case 'map_or_else':
    case 'unwrap_or':
    case 'unwrap_or_else':
    case 'unwrap_or_default':
    case 'or':
    case 'or_else':
      return OTHER;
    default:
      return { kind: 'option', some };
  }
}

export function evalMacro(flow: Flow, expr: MacroExpr, state: State): Value {
  const name = stdMacro(expr.path, flow.scope, flow.workspace);
  if (name === null) return otherMacro(flow, expr, state);
  const args = expr.args ?? [];
  const level = name.startsWith('debug_') ? 'debug' : 'checked';
  switch (name) {
    case 'panic':
    case 'todo':
    case 'unimplemented':
    case 'unreachable':
      for (const arg of args) flow.eval(arg, state);
      state.live = 'no';
      return OTHER;
    case 'assert':
    case 'debug_assert':
      if (args[0]) assume(flow, args[0], state, level);
      else raiseMentioned(flow, expr, LEVEL.undecided, state);
      return OTHER;
    case 'assert_eq':
    case 'debug_assert_eq':
    case 'assert_ne':
    case 'debug_assert_ne':
      if (expr.args) assumeComparison(flow, name.endsWith('_eq') ? '==' : '!=', args, state, level);
      else raiseMentioned(flow, expr, LEVEL.undecided, state);
      return OTHER;
    case 'matches':
      raiseMentioned(flow, expr, LEVEL.undecided, state);
      return OTHER;
    case 'addr_of':
    case 'addr_of_mut':
      return args[0] ? flow.eval({ kind: 'reference', mutable: false, raw: true, operand: args[0], span: expr.span }, state) : OTHER;
    case 'dbg':
      return args.map((arg) => flow.eval(arg, state))[0] ?? OTHER;
    case 'vec': {
      const values = args.map((arg) => flow.eval(arg, state));
      if (flow.text(expr.tokens).includes(';')) noteLength(flow, values[1], args[1], state);
      return OTHER;
    }
    default:
      for (const arg of args) flow.eval(arg, state);
      return OTHER;
  }
}

/** A macro of the workspace or of another crate: its arguments run, as far as they are known, after what it checks. */
function otherMacro(flow: Flow, expr: MacroExpr, state: State): Value {
  const effect = macroEffect(expr.path, flow.scope, flow.workspace);
  if (effect.checks === 'checks') raiseMentioned(flow, expr, LEVEL.checked, state);
  if (effect.checks === 'undecided') raiseMentioned(flow, expr, LEVEL.undecided, state);
  for (const arg of expr.args ?? []) flow.eval(arg, state);
  if (effect.leaves) doubt(state);
  return OTHER;
}

/** Raises what is known of all pointers that a macro's tokens mention. */
function raiseMentioned(flow: Flow, expr: MacroExpr, level: Known['level'], state: State): void {
  const tokens = flow.text(expr.tokens);
  for (const [name, value] of state.env) {
    if (value.kind === 'pointer' && mentions(tokens, name)) learn(state, [{ source: value.source, level }]);
    if (value.kind === 'plain' && value.source.sign && mentions(tokens, name)) learn(state, doubtfulSign(value));
  }
}

function raise(values: readonly Value[], level: Known['level'], state: State): void {
  for (const value of values) if (value.kind === 'pointer') learn(state, [{ source: value.source, level }]);
}

function doubt(state: State): void {
  if (state.live === 'yes') state.live = 'maybe';
}
