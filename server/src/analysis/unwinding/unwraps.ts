/** Tells the kinds of `.unwrap()` apart: those that cannot fail, and those that have a reason of their own. */
import type { Expr, LiteralExpr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { calleeOf, libraryName, methodsNamed } from '../callee.ts';
import { bodiesOf } from '../types/local-types.ts';
import { stripRefs } from '../types/local-types-ty.ts';
import { isRawPointer } from '../nullness/create-null-facts.ts';
import { isZero } from '../nullness/flow.ts';
import { findExpr, lastName, unwrapBlock, variable } from '../walk.ts';
import type { Bindings } from './bindings.ts';
import { MAY_HAVE_NONE, hangsOnData, isForeignText } from './foreign-data.ts';
import { alwaysGood, neverFails } from './infallible.ts';
import type { PanicKind } from './panic-facts.ts';

/** By name: how many arguments the method of Option and Result takes. */
export const UNWRAPS: ReadonlyMap<string, number> = new Map([
  ['unwrap', 0],
  ['unwrap_err', 0],
  ['expect', 1],
  ['expect_err', 1],
]);

export interface UnwrapContext {
  readonly fn: FnItem;
  readonly scope: Scope;
  readonly workspace: Workspace;
  readonly bindings: Bindings;
  readonly role: BoundaryFn['role'];
}

/** What a `let` or a parameter says the type of a variable is. */
function declaredType(expr: Expr, context: UnwrapContext): Type | null {
  const name = variable(expr);
  return name === null ? null : (context.bindings.of(name, expr.span.start)?.type ?? null);
}

/** `data.port`, `data.port.as_mut()`, `*data`, `HANDLER.get()` */
function isOwnState(expr: Expr): boolean {
  if (expr.kind === 'method' && expr.args.length === 0 && /^(get|get_mut|as_ref|as_mut)$/.test(expr.name) && isConstant(expr.receiver))
    return true;
  if (expr.kind === 'method')
    return /^(take|as_ref|as_mut|as_deref|as_deref_mut|upgrade)$/.test(expr.name) && isOwnState(unwrapBlock(expr.receiver));
  return expr.kind === 'field' || (expr.kind === 'unary' && expr.operator === '*');
}

/**
 * What a fn of the crate made in a callback of what the library passed, or a channel of the callback's own state that somebody listens
 * to: whether it can fail is not to be seen. What users of the crate implement is another matter.
 */
function isOwnWork(receiver: Expr, { role, scope, workspace }: UnwrapContext): boolean {
  if (role !== 'callback') return false;
  if (receiver.kind === 'method' && receiver.name === 'send' && isOwnState(unwrapBlock(receiver.receiver))) return true;
  const asked =
    receiver.kind === 'call'
      ? calleeOf(receiver.callee, scope, workspace)
      : receiver.kind === 'method' && !MAY_HAVE_NONE.test(receiver.name)
        ? { kind: 'items' as const, items: methodsNamed(receiver.name, workspace) }
        : null;
  const items = asked?.kind === 'items' ? asked.items : [];
  return items.length > 0 && items.every(({ owner }) => owner?.kind !== 'trait' && !owner?.entry.implTrait);
}

/** What kind of panic an `.unwrap()` or `.expect()` is; null where it cannot fail or is no such method. */
export function unwrapKind(expr: MethodExpr, context: UnwrapContext): PanicKind | null {
  if (UNWRAPS.get(expr.name) !== expr.args.length) return null;
  const receiver = context.bindings.value(expr.receiver);
  if (receiver.kind === 'macro') return null;
  const known = receiver.kind === 'method' ? methodKind(receiver, context) : receiver.kind === 'call' ? callKind(receiver, context) : null;
  if (known === 'never') return null;
  if (known) return known;
  if (isNullableParam(receiver, context)) return 'null-unwrap';
  // A type of the workspace has a method of this name: without types it cannot be told apart.
  const own = methodsNamed(expr.name, context.workspace).some((item) => item.module.crate === context.scope.module.crate);
  if (own) return null;
  // What a callback finds in its own user data or static, the one who registered it put there.
  const ownState = context.role === 'callback' && isOwnState(receiver);
  return !ownState && !isOwnWork(receiver, context) && hangsOnData(receiver, context.bindings) ? 'unwrap' : 'opaque-unwrap';
}

const LOCKS: ReadonlySet<string> = new Set(['lock', 'read', 'write', 'try_lock', 'try_read', 'try_write']);
const WAITS: ReadonlySet<string> = new Set(['wait', 'wait_while', 'wait_timeout', 'wait_timeout_while']);

/** `m.lock()`, `cond.wait(guard)` */
export function isLocking(expr: Expr): boolean {
  if (expr.kind !== 'method') return false;
  return expr.args.length === 0 ? LOCKS.has(expr.name) : WAITS.has(expr.name);
}

function methodKind(receiver: MethodExpr, context: UnwrapContext): PanicKind | 'never' | null {
  const { name, args } = receiver;
  if (isLocking(receiver)) return 'lock-unwrap';
  if ((name === 'as_ref' || name === 'as_mut') && args.length === 0) {
    if (isGivenOut(context.bindings.value(receiver.receiver), context)) return 'never';
    return isPointer(receiver.receiver, context) ? 'null-unwrap' : null;
  }
  if (name === 'to_str' && isCStr(receiver.receiver, context)) return 'utf8-unwrap';
  if (name === 'into_string' && findExpr(context.bindings.value(receiver.receiver), (inner) => isCStr(inner, context)))
    return 'utf8-unwrap';
  if (name === 'try_into' && isFixedSlice(context.bindings.value(receiver.receiver))) return 'never';
  if (/^(find|position|find_map|next|nth)$/.test(name) && isEndless(receiver.receiver)) return 'never';
  if (name === 'parse' && isLiteral(receiver.receiver)) return 'literal-unwrap';
  // What a trait only asks for, its impls do.
  const own = methodsNamed(name, context.workspace).filter((item) => item.entry.bodySpan !== null || item.owner?.kind !== 'trait');
  // Nor is a default of a trait that other crates implement what they do.
  const known = own.every(
    (item) => neverFails(item, args.length, context.workspace) && !(item.owner?.entry.visibility === 'pub' && item.owner.kind === 'trait'),
  );
  return own.length > 0 && (known || typedNeverFails(receiver, own, context)) ? 'never' : null;
}

/** The same of those methods alone that the receiver's type has, where it is one of the workspace. */
function typedNeverFails({ receiver, args }: MethodExpr, own: readonly RustItem[], { scope, workspace }: UnwrapContext): boolean {
  if (!own.some((item) => neverFails(item, args.length, workspace))) return false;
  const ty = scope.item ? stripRefs(bodiesOf(workspace)(scope.item)?.typeOf(receiver) ?? null) : null;
  const impls = ty?.kind === 'item' ? workspace.implsOf(ty.item) : [];
  const meant = own.filter(({ owner }) => owner !== null && impls.includes(owner));
  return meant.length > 0 && meant.every((item) => neverFails(item, args.length, workspace));
}

function callKind(receiver: Extract<Expr, { kind: 'call' }>, context: UnwrapContext): PanicKind | 'never' | null {
  const callee = calleeOf(receiver.callee, context.scope, context.workspace);
  if (callee.kind === 'items' && callee.items.length > 0 && callee.items.every((item) => asksForNull(item, context.workspace)))
    return receiver.args.some((arg) => pointsIntoLocal(context.bindings.value(arg))) ? 'never' : 'null-unwrap';
  const name = libraryName(callee) ?? '';
  const first = receiver.args[0] ? context.bindings.value(receiver.args[0]) : null;
  if (name === 'NonNull::new') return 'null-unwrap';
  if (name === 'CString::new') {
    if (first && (isTextWithoutNul(first) || isNumberText(first, context))) return 'never';
    return first && isForeignText(first, context.bindings) ? 'unwrap' : 'nul-unwrap';
  }
  if (name === 'CStr::from_bytes_with_nul') return first && isTextWithOneNul(first) ? 'never' : null;
  if (/^NonZero\w*::new$/.test(name)) return first?.kind === 'literal' && first.literal === 'int' && !isZero(first.text) ? 'never' : null;
  if (/^([iu]64|[iu]128|isize|usize)::try_from$/.test(name) && first && isLength(first)) return 'never';
  if (name === 'Layout::from_size_align' || name === 'Layout::array') return receiver.args.every(isConstant) ? 'never' : null;
  if (/(^|::)from_utf8$/.test(name) && first && findExpr(first, (inner) => isBytesOfCStr(inner, context))) return 'utf8-unwrap';
  if (
    receiver.args.length > 0 &&
    receiver.args.every((arg) => isLiteral(context.bindings.value(arg))) &&
    /^(Regex|Url|Uri|Version|DateTime)::(new|parse|from_str)$/.test(name)
  )
    return 'literal-unwrap';
  return null;
}

/** `buffer.as_ptr()`: never null. */
function pointsIntoLocal(expr: Expr): boolean {
  return expr.kind === 'method' && /^as_(mut_)?ptr$/.test(expr.name) && expr.args.length === 0;
}

/** A fn of the workspace that is nothing but a check for null: `NonNull::new(p).map(Self)`, `if p.is_null() { None } else { Some(…) }`. */
function asksForNull(item: RustItem, workspace: Workspace): boolean {
  const ast = item.kind === 'fn' && item.entry.bodySpan ? workspace.ast(item) : null;
  let value = ast?.kind === 'fn' && ast.body?.statements.length === 0 && ast.body.tail ? unwrapBlock(ast.body.tail) : null;
  if (value?.kind === 'if' && value.else && value.condition.kind === 'method' && value.condition.name === 'is_null')
    return isParam(value.condition.receiver, item, workspace) && alwaysGood(value.else);
  while (value?.kind === 'method' && (value.name === 'map' || value.name === 'as_ref' || value.name === 'as_mut')) {
    if (value.name !== 'map') return isParam(value.receiver, item, workspace);
    value = unwrapBlock(value.receiver);
  }
  const asked = value?.kind === 'call' && value.callee.kind === 'path' ? value.callee.path.segments.slice(-2).map(({ name }) => name) : [];
  return (
    asked.join('::') === 'NonNull::new' && value?.kind === 'call' && value.args[0] !== undefined && isParam(value.args[0], item, workspace)
  );
}

/** A parameter that is a raw pointer, casts looked through. */
function isParam(expr: Expr, item: RustItem, workspace: Workspace): boolean {
  const ast = workspace.ast(item);
  let value = unwrapBlock(expr);
  while (value.kind === 'cast' || (value.kind === 'method' && /^cast(_mut|_const)?$/.test(value.name)))
    value = unwrapBlock(value.kind === 'cast' ? value.operand : value.receiver);
  const name = variable(value);
  const type = ast?.kind === 'fn' ? ast.params.find((param) => param.name !== null && param.name === name)?.type : undefined;
  return type !== undefined && isRawPointer(type, { module: item.module, item }, workspace);
}

/** `CStr::from_ptr(p)`, or a variable that holds it or is declared as `&CStr`. */
export function isCStr(expr: Expr, context: UnwrapContext): boolean {
  const value = context.bindings.value(expr);
  if (value.kind === 'call') return libraryName(calleeOf(value.callee, context.scope, context.workspace)) === 'CStr::from_ptr';
  const type = declaredType(value, context);
  const referent = type?.kind === 'reference' ? type.referent : null;
  return referent?.kind === 'path' && referent.path.segments.at(-1)?.name === 'CStr';
}

/** `Box::into_raw(x)` and its relatives: never null. */
function isGivenOut(expr: Expr, context: UnwrapContext): boolean {
  const name = expr.kind === 'call' ? libraryName(calleeOf(expr.callee, context.scope, context.workspace)) : null;
  return name !== null && /^(Box|Rc|Arc|CString)::(into_raw|leak)$/.test(name);
}

function isBytesOfCStr(expr: Expr, context: UnwrapContext): boolean {
  return expr.kind === 'method' && (expr.name === 'to_bytes' || expr.name === 'to_bytes_with_nul') && isCStr(expr.receiver, context);
}

/** A raw pointer by its declaration or by a cast; not known for anything else. */
export function isPointer(expr: Expr, context: UnwrapContext): boolean {
  const own = declaredType(expr, context);
  if (own !== null && isRawPointer(own, context.scope, context.workspace)) return true;
  const value = context.bindings.value(expr);
  if (value.kind === 'cast') return isRawPointer(value.type, context.scope, context.workspace);
  if (value.kind === 'method')
    return (value.name === 'cast' || value.name === 'add' || value.name === 'cast_mut') && isPointer(value.receiver, context);
  return value !== expr && variable(value) !== null && isPointer(value, context);
}

/** A parameter `Option<&T>`, `Option<Box<T>>` or `Option<extern fn>`: None is what null is on the other side. */
function isNullableParam(expr: Expr, context: UnwrapContext): boolean {
  const name = variable(expr);
  const type = context.fn.params.find((param) => param.name !== null && param.name === name)?.type;
  if (type?.kind !== 'path' || type.path.segments.at(-1)?.name !== 'Option') return false;
  const arg = type.path.segments.at(-1)?.args[0];
  if (arg?.kind !== 'type') return false;
  const inner = arg.type;
  return (
    inner.kind === 'reference' ||
    inner.kind === 'fn' ||
    (inner.kind === 'path' && /^(Box|NonNull|Arc|Rc|Pin)$/.test(inner.path.segments.at(-1)?.name ?? ''))
  );
}

/** `list.len()`: no allocation is longer than `isize::MAX` bytes (reference of `Layout`). */
function isLength(expr: Expr): boolean {
  return expr.kind === 'method' && expr.name === 'len' && expr.args.length === 0;
}

/** `n.to_string()` of a numeric variable: digits only. */
function isNumberText(expr: Expr, context: UnwrapContext): boolean {
  if (expr.kind !== 'method' || expr.name !== 'to_string') return false;
  const type = declaredType(expr.receiver, context);
  return (
    type?.kind === 'path' &&
    /^([iu](8|16|32|64|128|size)|f32|f64|bool|c_u?(char|short|int|long|longlong)|size_t)$/.test(type.path.segments.at(-1)?.name ?? '')
  );
}

function isLiteral(expr: Expr): boolean {
  const value = unwrapBlock(expr);
  return value.kind === 'literal' || (value.kind === 'macro' && /^(env|concat|stringify)$/.test(value.path.segments.at(-1)?.name ?? ''));
}

function isText(expr: Expr): expr is LiteralExpr {
  return expr.kind === 'literal' && (expr.literal === 'string' || expr.literal === 'byte-string');
}

const NUL = /\\0|\\x00|\\u\{0+\}|\0/g;

function isTextWithoutNul(expr: Expr): boolean {
  return isText(expr) && !expr.text.match(NUL);
}

function isTextWithOneNul(expr: Expr): boolean {
  return isText(expr) && expr.text.match(NUL)?.length === 1 && /(\\0|\\x00|\\u\{0+\})"$/.test(expr.text);
}

/** `(0..)`, `(0..).map(f)`: what is looked for is found, or the search goes on. */
function isEndless(expr: Expr): boolean {
  const inner = unwrapBlock(expr);
  if (inner.kind === 'method') return /^(map|filter|step_by|skip|into_iter|by_ref|inspect)$/.test(inner.name) && isEndless(inner.receiver);
  return inner.kind === 'range' && inner.from !== null && inner.to === null;
}

/** `x[0..4]`, `x[i..i + 4]`, `from_raw_parts(p, 4)`: a slice whose length is written. */
function isFixedSlice(expr: Expr): boolean {
  if (expr.kind === 'call')
    return /^from_raw_parts(_mut)?$/.test(lastName(expr.callee) ?? '') && expr.args[1] !== undefined && isConstant(expr.args[1]);
  const slice = expr.kind === 'reference' ? expr.operand : expr;
  if (slice.kind !== 'index' || slice.index.kind !== 'range') return false;
  const { from, to } = slice.index;
  if (!to) return false;
  const number = (bound: Expr | null): boolean => bound === null || isConstant(bound);
  if (number(from) && number(to)) return true;
  return (
    from !== null &&
    to.kind === 'binary' &&
    to.operator === '+' &&
    variable(from) !== null &&
    variable(from) === variable(to.left) &&
    isConstant(to.right)
  );
}

/** A literal, a constant by its name, or the size or alignment of a type. */
function isConstant(expr: Expr): boolean {
  if (expr.kind === 'literal') return true;
  if (expr.kind === 'path') return /^[A-Z][A-Z0-9_]*$/.test(lastName(expr) ?? '');
  if (expr.kind === 'binary') return isConstant(expr.left) && isConstant(expr.right);
  if (expr.kind === 'cast') return isConstant(expr.operand);
  return expr.kind === 'call' && /^(size_of|align_of)$/.test(lastName(expr.callee) ?? '');
}
