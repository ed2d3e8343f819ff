/** The types of calls: declared results of workspace fns, the tables for std and PyO3, constructors by Rust's habit. */
import type { CallExpr, ClosureExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { GenericArg, Path, Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import type { Holes } from './local-types-signature.ts';
import { instantiate, signature } from './local-types-signature.ts';
import { FUNCTIONS, METHODS } from './local-types-std.ts';
import { meaning } from './local-types-names.ts';
import { defaultResult } from './local-types-projection.ts';
import type { MaybeTy, Ty } from './local-types-ty.ts';
import { ITERATOR, OPTION, RESULT, autoderef, external, isExternal, isFloat, isInt, itemOf, pointer, primitive } from './local-types-ty.ts';
import { tyOfWritten } from './local-types-written.ts';

/** What the pass over a body offers to the calls in it. */
export interface CallTypes {
  readonly workspace: Workspace;
  readonly scope: Scope;
  infer(expr: Expr, expected?: MaybeTy): MaybeTy;
  inferClosure(expr: ClosureExpr, params: readonly MaybeTy[], source: Expr | null, expected: MaybeTy): MaybeTy;
  written(type: Type): MaybeTy;
  /** The type of a method call's receiver. */
  receiver(expr: MethodExpr, expected: MaybeTy): MaybeTy;
}

const NOTHING: MaybeTy = null;

/** The fn that a method call runs, where the receiver's type is one of the workspace; null elsewhere. */
export function workspaceMethod(receiver: MaybeTy, name: string, workspace: Workspace): RustItem | null {
  for (const ty of autoderef(receiver)) {
    if (ty.kind !== 'item') continue;
    const member = workspace.member(ty.item, name);
    if (member?.kind === 'fn') return member;
  }
  return null;
}

export function callType(expr: CallExpr, expected: MaybeTy, on: CallTypes): MaybeTy {
  if (expr.callee.kind !== 'path' || expr.callee.self) {
    on.infer(expr.callee);
    for (const arg of expr.args) on.infer(arg);
    return null;
  }
  const local = on.infer(expr.callee);
  const segments = expr.callee.path.segments;
  const found = local && local.kind !== 'item' ? null : meaning(expr.callee.path, on.scope, on.workspace, 'value');
  if (found?.kind === 'item') {
    for (const arg of expr.args) on.infer(arg);
    if (found.item.kind === 'fn') return fnResult(found.item, on.workspace);
    return found.variant || found.item.kind === 'struct' ? { kind: 'item', item: found.item, args: [] } : null;
  }
  const path = found?.kind === 'external' ? found.path : '';
  const text = Object.hasOwn(FUNCTIONS, path) ? FUNCTIONS[path] : undefined;
  if (text) return viaSignature(text, null, expr.args, null, turbofish(segments.at(-1)?.args ?? [], on) ?? NOTHING, expected, on);
  for (const arg of expr.args) on.infer(arg);
  if (found === null) return selfMade(expr.callee.path, on) ?? defaultResult(expr.callee.path, on.scope, on.workspace);
  const constructed = constructorOf(path);
  if (!constructed) return null;
  const generics = (segments.at(-2)?.args ?? []).flatMap((a) => (a.kind === 'type' ? [on.written(a.type)] : []));
  const known = isExternal(expected, constructed) ? expected.args : [];
  return external(constructed, ...(generics.length > 0 ? generics : known));
}

/** `T::from(x)`, `T::default()` of a workspace type: whichever impl is meant, the traits give a `T`. */
function selfMade(path: Path, on: CallTypes): MaybeTy {
  const name = path.segments.at(-1)?.name;
  if (path.segments.length < 2 || (name !== 'from' && name !== 'default')) return null;
  const owner = { ...path, segments: path.segments.slice(0, -1) };
  const type = meaning(owner, on.scope, on.workspace, 'type');
  if (type?.kind !== 'item' || type.variant !== null || (type.item.kind !== 'struct' && type.item.kind !== 'enum')) return null;
  return { kind: 'item', item: type.item, args: [] };
}

/** `reqwest::blocking::Client::new` makes a `reqwest::blocking::Client`, `PyValueError::new_err` a `PyErr`. */
function constructorOf(path: string): string | null {
  if (/^pyo3::exceptions::Py\w+::new_err$/.test(path)) return 'pyo3::PyErr';
  const at = /^(.*::[A-Z]\w*)::(new|default|with_capacity|builder)$/.exec(path);
  if (!at) return null;
  const type = at[1] ?? '';
  return at[2] === 'builder' ? `${type}Builder` : type;
}

function fnResult(item: RustItem, workspace: Workspace): MaybeTy {
  const ast = workspace.ast(item);
  if (ast?.kind !== 'fn' || ast.async || !ast.result) return null;
  return tyOfWritten(ast.result, { module: item.module, item }, workspace);
}

export function methodCall(expr: MethodExpr, expected: MaybeTy, on: CallTypes): MaybeTy {
  const receiver = on.receiver(expr, passThrough(expr.name) ? wrapped(expr.name, expected) : NOTHING);
  const given = turbofish(expr.generics, on);
  for (const self of autoderef(receiver)) {
    const table = METHODS[tableKey(self)];
    const text = table && Object.hasOwn(table, expr.name) ? table[expr.name] : undefined;
    if (text) return viaSignature(text, self, expr.args, expr.receiver, given, expected, on);
    if (self.kind !== 'item') continue;
    const member = on.workspace.member(self.item, expr.name);
    if (member?.kind !== 'fn') continue;
    for (const arg of expr.args) on.infer(arg);
    return fnResult(member, on.workspace);
  }
  const args = expr.args.map((arg) => (arg.kind === 'closure' ? on.inferClosure(arg, [], expr.receiver, null) : on.infer(arg)));
  const raw = rawPointer(expr, receiver, given);
  if (raw) return raw;
  return fallback(expr, receiver, args, expected);
}

/** Methods of raw pointers that give a pointer of the same kind. */
const MOVES = /^(cast_mut|cast_const|(wrapping_)?(byte_)?(add|sub|offset))$/;

/** What the methods that make raw pointers point to: of pointers, buffers, `NonNull` and `MaybeUninit`. */
function rawPointer(expr: MethodExpr, receiver: MaybeTy, given: MaybeTy): MaybeTy {
  if (receiver?.kind === 'opaque' && receiver.pointer) {
    if (expr.name === 'cast') return pointer(given);
    return MOVES.test(expr.name) ? receiver : null;
  }
  if (!/^(as_ptr|as_mut_ptr|get)$/.test(expr.name) || expr.args.length > 0) return null;
  for (const self of autoderef(receiver)) {
    if (self.kind === 'slice') return expr.name === 'get' ? null : pointer(self.element);
    if (self.kind === 'primitive') return self.name === 'str' ? pointer(primitive('u8')) : null;
    if (self.kind !== 'external') continue;
    if (/^std::ffi::C(Str|String)$/.test(self.path)) return pointer(external('std::ffi::c_char'));
    if (/^std::(ptr::NonNull|mem::MaybeUninit|cell::UnsafeCell|cell::Cell)$/.test(self.path)) {
      // `Cell::get` copies the value, `UnsafeCell::get` gives a pointer to it.
      return expr.name === 'get' && !self.path.endsWith('::UnsafeCell') ? null : pointer(self.args[0] ?? null);
    }
  }
  return null;
}

/** `parse().unwrap()` passes the expected type on to `parse`. */
function passThrough(name: string): boolean {
  return ['unwrap', 'expect', 'unwrap_or', 'unwrap_or_default', 'unwrap_or_else', 'map_err', 'ok_or', 'ok_or_else'].includes(name);
}

function wrapped(name: string, expected: MaybeTy): MaybeTy {
  if (!expected) return null;
  if (name === 'map_err') return expected;
  if (name.startsWith('ok_or')) return external(OPTION, isExternal(expected, RESULT) ? (expected.args[0] ?? null) : null);
  return external(RESULT, expected, null);
}

/** Numbers keep their type through their maths; iterator adaptors with an unknown item stay iterators; clones are the same. */
function fallback(expr: MethodExpr, receiver: MaybeTy, args: readonly MaybeTy[], expected: MaybeTy): MaybeTy {
  const chain = autoderef(receiver);
  const self = chain.at(-1) ?? null;
  if (self && (isFloat(self) || isInt(self))) return self;
  if (expr.name === 'clone' || expr.name === 'to_owned') return receiver?.kind === 'reference' ? receiver.to : receiver;
  if (expr.name === 'into_iter' || expr.name === 'iter') return receiver ? external(ITERATOR, itemOf(receiver)) : null;
  if (expr.name === 'as_ref' || expr.name === 'as_mut' || expr.name === 'borrow') return receiver;
  if (expr.name === 'into' || expr.name === 'try_into') return expected;
  const python = chain.find((t) => t.kind === 'external' && /^(pyo3|numpy)::/.test(t.path) && t.path !== 'pyo3::PyErr');
  if (python && args.length === 0 && expr.name === 'py') return external('pyo3::Python');
  return null;
}

function tableKey(ty: Ty): string {
  if (ty.kind === 'slice' || ty.kind === 'array') return 'slice';
  if (ty.kind === 'external') {
    const inner = ty.path === 'pyo3::Bound' || ty.path === 'pyo3::Borrowed' ? ty.args[0] : ty;
    if (
      inner?.kind === 'external' &&
      Object.hasOwn(METHODS, inner.path) &&
      /^pyo3::Py[A-Z]/.test(inner.path) &&
      inner.path !== 'pyo3::PyErr'
    )
      return inner.path;
    return tableOf(ty.path);
  }
  if (ty.kind === 'primitive') return isFloat(ty) ? 'float' : isInt(ty) ? 'int' : ty.name;
  return '';
}

/** Native types and GIL refs (`&PyList`) answer like `Bound`, numpy's arrays like each other. */
function tableOf(path: string): string {
  if (path === 'pyo3::Python' || path === 'pyo3::Py' || path === 'pyo3::PyErr') return path;
  if (/^pyo3::Py[A-Z]/.test(path) && path !== 'pyo3::PyRef' && path !== 'pyo3::PyRefMut') return 'pyo3::Bound';
  return path.startsWith('numpy::Py') ? 'numpy::PyReadonlyArray' : path;
}

function turbofish(args: readonly GenericArg[], on: CallTypes): MaybeTy {
  const first = args.find((a) => a.kind === 'type');
  return first?.kind === 'type' ? on.written(first.type) : null;
}

function viaSignature(
  text: string,
  self: Ty | null,
  args: readonly Expr[],
  source: Expr | null,
  given: MaybeTy,
  expected: MaybeTy,
  on: CallTypes,
): MaybeTy {
  const { params, result } = signature(text);
  const holes: { -readonly [K in keyof Holes]: Holes[K] } = {
    self,
    firstArg: null,
    closure: null,
    turbofish: given ?? turbofishFrom(text, expected),
  };
  args.forEach((arg, i) => {
    if (arg.kind === 'closure') {
      const types = params.map((term) => instantiate(term, holes));
      const wanted = text.endsWith('=> $c') ? expected : null;
      holes.closure = on.inferClosure(arg, types, source, wanted);
    } else {
      const type = on.infer(arg, /\$a\b/.test(text) && i === 0 && !self ? insideOf(text, expected) : null);
      if (i === 0) holes.firstArg = type;
      if (holes.closure === null) holes.closure = fnNamed(arg, on);
    }
  });
  return instantiate(result, holes);
}

/** `Some(x)` and `Ok(x)` expect of x what is expected of them. */
function insideOf(text: string, expected: MaybeTy): MaybeTy {
  if (!/^(Option|Result)<\$a/.test(text)) return null;
  return isExternal(expected, OPTION) || isExternal(expected, RESULT) ? (expected.args[0] ?? null) : null;
}

/** What `$t` is where nothing is written: the expected type, or its argument where the result wraps it. */
function turbofishFrom(text: string, expected: MaybeTy): MaybeTy {
  if (/=?\s*\$t$/.test(text)) return expected;
  return isExpectedWrapper(text, expected) ? (expected.args[0] ?? null) : null;
}

function isExpectedWrapper(text: string, expected: MaybeTy): expected is Extract<Ty, { kind: 'external' }> {
  return /^Result<\$t/.test(text) && isExternal(expected, RESULT);
}

/** A fn given by its name instead of a closure: `map(parse_line)`. */
function fnNamed(arg: Expr, on: CallTypes): MaybeTy {
  if (arg.kind !== 'path' || arg.self) return null;
  const found = meaning(arg.path, on.scope, on.workspace, 'value');
  return found?.kind === 'item' && found.item.kind === 'fn' ? fnResult(found.item, on.workspace) : null;
}
