/** Tells panics that their author means, with a reason written down, from those that just happen to bad data. */
import type { Expr, MacroExpr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { lastName, someExpr, unwrapBlock, variable } from '../walk.ts';
import type { Bindings } from './bindings.ts';
import type { Deliberate } from './panic-facts.ts';

export interface DeliberateContext {
  readonly role: BoundaryFn['role'];
  readonly bindings: Bindings;
}

/** What was asked for where a panic stands in its place: a lock, a static of the crate, anything else, or nothing. */
export type Instead = 'lock' | 'state' | 'value' | null;

/** Words of a message that claims that the panic cannot happen. */
const NEVER =
  /\b(bug|fatal|never|always|infallible|impossible|invariants?|unreachable|guarantee\w*|ensured|checked|already|just|(can|could)(not|'t| not) (fail|happen|be (none|empty|null|missing|reached)))\b/i;
/** Words of a message that says what has to hold: the style that the standard library's documentation asks for. */
const PRECONDITION = /\b(should|must|needs?|requires?|required|has to|have to|expects?)\b/i;
/** Words of a message that says why it is better to stop here. */
const EXPLAINS = /\b(because|otherwise|so (we )?(stop|abort|bail|exit|give up)\b|this (will not|won't|cannot|can't) work)/i;
/** Words of a message that tells what went wrong. */
const ERROR =
  /\b(fail\w*|errors?|invalid|not|no|non|none|null|nil|nul|zero|cannot|can't|couldn't|could|unable|bad|bogus|malformed|illegal|wrong|missing|un(supported|known|expected|able)|overflow\w*|underflow\w*|too|out of|corrupt\w*|empty|exceed\w*|mismatch\w*|division|divide\w*)\b/i;
/** `non-null function pointer`, `nonempty list`: words that say what holds. */
const NOT_NOTHING = /\bnon-?(null|nil|empty|zero|negative)\b/gi;
/** The first word of a message that names what is being done, so what failed. */
const ACTION =
  /^(creat(e|ing)|open(ing)?|read(ing)?|writ(e|ing)|pars(e|ing)|spawn(ing)?|get(ting)?|load(ing)?|build(ing)?|start(ing)?|init\w*|allocat(e|ing)|convert(ing)?|encod(e|ing)|decod(e|ing)|(de)?serializ(e|ing)|compil(e|ing)|connect(ing)?|send(ing)?|lock(ing)?|fetch(ing)?|mak(e|ing))\b/i;

/** Calls and methods that fail for data that they do not like. */
export const CONVERSIONS =
  /^(from_utf8|from_utf16|to_str|into_string|from_str|parse|try_from\w*|try_into|from_bytes_with_nul|from_bytes_until_nul|from_slice|from_value|decode\w*)$/;

/** Numbers that become something narrower: what a library passes fits by its own documentation. */
const OF_NUMBERS = /^(try_from|try_into|from_size_align|from_bits|from_repr|from_[ui](8|16|32|64|128|size))$/;

/**
 * Whether a panicking macro is there on purpose: `unreachable!`, an assertion whose message says what must hold,
 * and any assertion of a callback, whose arguments come from a library that promised them. `instead` of a value that is not there,
 * a `panic!` of a callback is such an assertion; instead of a lock it hangs on a panic elsewhere, in any fn, and instead of a static
 * of the crate on the order of calls: where nothing was set up, nothing can be done.
 */
export function deliberateMacro(name: string, expr: MacroExpr, instead: Instead, context: DeliberateContext): Deliberate {
  if (name === 'unreachable') return 'invariant';
  if (name === 'panic')
    return NEVER.test(textOf(expr.args?.[0]) ?? '')
      ? 'invariant'
      : instead === 'lock' || instead === 'state' || (instead && context.role === 'callback')
        ? 'precondition'
        : null;
  if (!name.startsWith('assert')) return null;
  const said = claim(textOf(expr.args?.[name === 'assert' ? 1 : 2]) ?? '');
  const constant = expr.args !== null && isConstantCondition(expr.args, context.bindings);
  return said ?? (constant || context.role === 'callback' || expr.args === null ? 'precondition' : null);
}

/** An assertion about variables that all come from constants: it holds at each call, or at none. */
function isConstantCondition(args: readonly Expr[], bindings: Bindings): boolean {
  const mentions = (arg: Expr): boolean => someExpr(arg, (inner) => /^[a-z_]/.test(variable(inner) ?? '') && variable(inner) !== 'self');
  const isBound = (arg: Expr): boolean =>
    someExpr(arg, (inner) => variable(inner) !== null && bindings.of(variable(inner) ?? '', inner.span.start) !== null);
  return args.some((arg) => mentions(arg) && isBound(arg)) && !args.some((arg) => dependsOnData(arg, bindings));
}

/**
 * Whether an `expect` says why it cannot fail, or a library promised its callback what is unwrapped: a number that has a name, a text.
 * `receiver` is what is unwrapped, variables looked through.
 */
export function deliberateUnwrap(expr: MethodExpr, receiver: Expr, context: DeliberateContext): Deliberate {
  if (context.role === 'callback' && (OF_NUMBERS.test(calledName(receiver)) || isIdentifierText(receiver, context.bindings)))
    return 'invariant';
  if (!expr.name.startsWith('expect')) return null;
  const message = textOf(expr.args[0]) ?? '';
  if (!isConversion(receiver)) return claim(message);
  if (NEVER.test(message)) return 'invariant';
  if (context.role === 'callback') return 'precondition';
  return message !== '' && !dependsOnData(receiver, context.bindings) ? 'precondition' : null;
}

/** What libraries write in ASCII: keys, kinds and addresses, unlike messages, file names and what users typed. */
const IDENTIFIER =
  /(^|_)(key|id|ident|identifier|type|kind|uri|url|interface|class|arch|mime|encoding|charset|locale|protocol|scheme|signature)_?$/i;

/** `CStr::from_ptr(key).to_str()`, by the name of the pointer. */
function isIdentifierText(receiver: Expr, bindings: Bindings): boolean {
  const from = receiver.kind === 'method' && receiver.name === 'to_str' ? bindings.value(receiver.receiver) : null;
  if (from?.kind !== 'call' || lastName(from.callee) !== 'from_ptr' || !from.args[0]) return false;
  const pointer = unwrapBlock(from.args[0]);
  return IDENTIFIER.test(pointer.kind === 'field' ? pointer.name : (variable(pointer) ?? ''));
}

/** Whether a message says what holds, not what went wrong. A single word says neither. */
function claim(message: string): Deliberate {
  if (NEVER.test(message)) return 'invariant';
  if (PRECONDITION.test(message) || EXPLAINS.test(message)) return 'precondition';
  return /\w\W+\w/.test(message) && !ERROR.test(message.replace(NOT_NOTHING, '')) && !ACTION.test(message) ? 'precondition' : null;
}

/** The text of a string literal, null for other expressions. */
function textOf(expr: Expr | undefined): string | null {
  if (expr?.kind !== 'literal' || expr.literal !== 'string') return null;
  return expr.text.replace(/^\w*#*"|"#*$/g, '');
}

/** The last name of what a call or method call calls. */
function calledName(expr: Expr): string {
  return expr.kind === 'method' ? expr.name : expr.kind === 'call' ? (lastName(expr.callee) ?? '') : '';
}

function isConversion(receiver: Expr): boolean {
  if (receiver.kind === 'method') return CONVERSIONS.test(receiver.name);
  if (receiver.kind !== 'call' || receiver.callee.kind !== 'path') return false;
  const [type, name] = receiver.callee.path.segments.slice(-2).map((segment) => segment.name);
  return CONVERSIONS.test(lastName(receiver.callee) ?? '') || (type === 'CString' && name === 'new');
}

/** Whether an expression mentions a variable that is not known to come from constants and calls without arguments. */
function dependsOnData(expr: Expr, bindings: Bindings, depth = 6): boolean {
  const callees = new Set<Expr>();
  return someExpr(expr, (inner) => {
    if (inner.kind === 'call') callees.add(inner.callee);
    const name = variable(inner);
    if (name === null || callees.has(inner) || !/^[a-z_]/.test(name)) return false;
    const value = bindings.of(name, inner.span.start)?.value;
    return !value || depth === 0 || dependsOnData(value, bindings, depth - 1);
  });
}
