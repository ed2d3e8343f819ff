/** Whether what is unwrapped hangs on what the caller passes, as far as the fn's own text shows it. */
import type { Expr, MacroExpr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { lastName, someExpr, unwrapBlock, variable } from '../walk.ts';
import type { Bindings } from './bindings.ts';
import { CONVERSIONS } from './deliberate.ts';

/** How many steps an origin is followed; what is further away counts as data. */
const DEPTH = 12;

/** Methods that give the same value in another form. */
const SAME: ReadonlySet<string> = new Set([
  ...['as_ref', 'as_mut', 'as_deref', 'as_deref_mut', 'as_str', 'as_bytes', 'borrow', 'borrow_mut', 'clone', 'cloned', 'copied', 'deref'],
  ...['take', 'replace', 'ok', 'err', 'iter', 'into_iter', 'into', 'into_bytes', 'to_owned', 'to_string', 'to_vec', 'trim'],
]);

function isSame(method: string): boolean {
  return SAME.has(method) || /^(unwrap|expect)/.test(method);
}

/** Methods of std that find nothing, overflow, or ask another thread or the system. */
export const MAY_HAVE_NONE =
  /^(get|get_mut|get_key_value|first\w*|last\w*|next\w*|pop\w*|front\w*|back\w*|peek\w*|nth|find\w*|r?position|min\w*|max\w*|reduce|remove\w*|strip_\w+|r?split\w*|checked_\w+|to_digit|file_name|file_stem|parent|extension|send|recv\w*|join|spawn|open|create|read\w*|write\w*|flush|canonicalize|to_socket_addrs|downcast|upgrade)$/;

/**
 * True for parameters and their parts, for elements, lookups and conversions, and for calls that get something of the caller's by value
 * or shared reference. False for calls that get nothing but a context by `&mut`, and for what such calls gave.
 */
export function hangsOnData(expr: Expr, bindings: Bindings, depth = DEPTH): boolean {
  const inner = unwrapBlock(expr);
  if (depth === 0) return true;
  if (inner.kind === 'reference' || inner.kind === 'try' || inner.kind === 'cast') return hangsOnData(inner.operand, bindings, depth - 1);
  if (inner.kind === 'unary') return hangsOnData(inner.operand, bindings, depth - 1);
  if (inner.kind === 'field') return hangsOnData(inner.base, bindings, depth - 1);
  if (inner.kind === 'literal') return false;
  if (inner.kind === 'call') {
    return CONVERSIONS.test(lastName(inner.callee) ?? '') || inner.args.some((arg) => mentionsData(arg, bindings, depth - 1));
  }
  if (inner.kind === 'method') {
    if (inner.name === 'unwrap_or') return hangsWithDefault(inner, bindings, depth - 1);
    if (isSame(inner.name)) return hangsOnData(inner.receiver, bindings, depth - 1);
    if (CONVERSIONS.test(inner.name) && isFormat(inner.receiver)) return hangsOnData(inner.receiver, bindings, depth - 1);
    if (CONVERSIONS.test(inner.name) || MAY_HAVE_NONE.test(inner.name)) return true;
    return inner.args.some((arg) => mentionsData(arg, bindings, depth - 1));
  }
  if (isFormat(inner)) {
    const [, ...args] = inner.args ?? [];
    const hangs = (name: string): boolean => nameHangs(name, inner.span.start, bindings, depth);
    return inlineNames(inner).some(hangs) || args.some((arg) => hangsOnData(arg, bindings, depth - 1));
  }
  if (inner.kind === 'array') return inner.elements.some((element) => hangsOnData(element, bindings, depth - 1));
  // A constant or variant of an enum.
  if (inner.kind === 'path' && inner.path.segments.length > 1) return false;
  const name = variable(inner);
  return name === null || nameHangs(name, inner.span.start, bindings, depth);
}

function nameHangs(name: string, at: number, bindings: Bindings, depth: number): boolean {
  const value = bindings.of(name, at)?.value ?? bindings.iterated(name, at);
  return value ? hangsOnData(value, bindings, depth - 1) : !/^[A-Z]/.test(name);
}

/** `list.get(n).copied().unwrap_or(x)` is one of the list or `x`, whatever `n` is. */
function hangsWithDefault({ receiver, args }: MethodExpr, bindings: Bindings, depth: number): boolean {
  let from = receiver;
  while (from.kind === 'method' && isSame(from.name)) from = from.receiver;
  const chosen = from.kind === 'method' && /^(get|first|last|nth)$/.test(from.name) ? from.receiver : receiver;
  return [chosen, ...args].some((one) => hangsOnData(one, bindings, depth));
}

function isFormat(expr: Expr): expr is MacroExpr {
  return expr.kind === 'macro' && expr.path.segments.at(-1)?.name === 'format';
}

/** The variables that stand in the braces of a format string. */
function inlineNames({ args }: MacroExpr): readonly string[] {
  const format = args?.[0];
  return format?.kind === 'literal' ? [...format.text.matchAll(/(?<!\{)\{([a-z_]\w*)[^{}]*\}/g)].map(([, name]) => name ?? '') : [];
}

/** Whether an argument mentions something of the caller's; what goes in by `&mut` is a context to work in. */
function mentionsData(arg: Expr, bindings: Bindings, depth: number): boolean {
  if (arg.kind === 'reference' && arg.mutable) return false;
  if (arg.kind === 'closure') return false;
  const callees = new Set<Expr>();
  return someExpr(arg, (inner) => {
    if (inner.kind === 'call') callees.add(inner.callee);
    return variable(inner) !== null && !callees.has(inner) && hangsOnData(inner, bindings, depth);
  });
}

/** Whether a text may hold a NUL for what its origin says: a literal with one, bytes, text from memory of the caller, a parameter. */
export function isForeignText(expr: Expr, bindings: Bindings, depth = DEPTH): boolean {
  const inner = bindings.value(expr);
  if (depth === 0) return false;
  if (inner.kind === 'literal') return inner.literal === 'string' || inner.literal === 'byte-string';
  if (inner.kind === 'array' || inner.kind === 'repeat' || inner.kind === 'index') return true;
  if (inner.kind === 'macro') return inner.path.segments.at(-1)?.name === 'vec' || writesForeignText(inner, bindings);
  if (inner.kind === 'reference' || inner.kind === 'try' || inner.kind === 'unary')
    return isForeignText(inner.operand, bindings, depth - 1);
  if (inner.kind === 'method') {
    return isSame(inner.name) && isForeignText(inner.receiver, bindings, depth - 1);
  }
  if (inner.kind === 'call') return /^(from_utf8|from_utf16|from_raw_parts|read)/.test(lastName(inner.callee) ?? '');
  const name = variable(inner);
  const binding = name === null ? null : bindings.of(name, inner.span.start);
  if (!binding) return false;
  return binding.value ? isForeignText(binding.value, bindings, depth - 1) : binding.type !== null;
}

/** `format!("{name}")` with a parameter that is text: what its caller puts into it may hold a NUL. Numbers cannot. */
function writesForeignText(macro: Expr, bindings: Bindings): boolean {
  if (!isFormat(macro)) return false;
  const [, ...args] = macro.args ?? [];
  const written = args.map((arg) => variable(arg.kind === 'reference' ? arg.operand : arg));
  return [...inlineNames(macro), ...written].some((name) => {
    const binding = name === null ? null : bindings.of(name, macro.span.start);
    return binding !== null && binding.value === null && isText(binding.type);
  });
}

function isText(type: Type | null): boolean {
  if (type?.kind === 'reference') return isText(type.referent);
  return type?.kind === 'path' && /^(String|str|Cow|Path|PathBuf)$/.test(type.path.segments.at(-1)?.name ?? '');
}
