/** Which expressions make a value that owns its text or elements, and which pointers lead into such a value. */
import type { Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Path, Type } from '../../model/rust/ast-type.ts';
import type { Scope, Workspace } from '../../model/workspace.ts';
import { calleeOf, stdMacro } from '../callee.ts';
import type { Body } from '../types/local-types-body.ts';
import type { MaybeTy } from '../types/local-types-ty.ts';
import { lastName, someExpr, variable } from '../walk.ts';

export type Owner = 'CString' | 'String' | 'Vec' | 'Box' | 'array' | 'OsString' | 'PathBuf';

/** By the type's one spelling; std docs of each. */
const OWNERS: Readonly<Record<string, Owner>> = {
  'std::ffi::CString': 'CString',
  'std::string::String': 'String',
  'std::vec::Vec': 'Vec',
  'std::boxed::Box': 'Box',
  'std::ffi::OsString': 'OsString',
  'std::path::PathBuf': 'PathBuf',
};

/** Methods that unwrap a Result or Option, or look at it on the way: the value inside stays the same. */
const UNWRAPS = /^(unwrap|expect|unwrap_or_default|unwrap_or_else|unwrap_or|ok|ok_or|ok_or_else|map_err|or_else)$/;

/** Methods that lend the value's buffer under another type. */
const LENDS =
  /^(as_str|as_bytes|as_slice|as_mut_slice|as_mut_str|as_c_str|as_bytes_mut|as_bytes_with_nul|to_bytes|to_bytes_with_nul|as_ref|as_mut|deref|deref_mut|borrow|borrow_mut|as_os_str|as_path|as_encoded_bytes)$/;

/** A path's last two names where they are those of the standard library, through imports: `CString::new`, `Box::from_raw`. */
export function stdCallee(expr: Expr, scope: Scope, workspace: Workspace): string | null {
  if (expr.kind !== 'path' || expr.self) return null;
  const callee = calleeOf(expr, scope, workspace);
  if (callee.kind !== 'external') return null;
  return callee.path[0] === 'std' || callee.path[0] === 'libc' ? callee.path.slice(-2).join('::') : null;
}

/** The name of a method as a path's last two names, or of a call's callee; null where that is not the standard library's. */
export function stdCall(expr: Expr, scope: Scope, workspace: Workspace): string | null {
  return expr.kind === 'call' ? stdCallee(expr.callee, scope, workspace) : null;
}

function ownerOfTy(ty: MaybeTy): Owner | null {
  if (ty?.kind === 'array') return 'array';
  return ty?.kind === 'external' && Object.hasOwn(OWNERS, ty.path) ? (OWNERS[ty.path] ?? null) : null;
}

/** The std owner that a written type names, references left out; null for all else. */
export function ownerOfType(type: Type, scope: Scope, workspace: Workspace): Owner | null {
  if (type.kind === 'array') return 'array';
  if (type.kind !== 'path' || type.self) return null;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind !== 'external') return null;
  const path = found.path.join('::');
  return Object.hasOwn(OWNERS, path) ? (OWNERS[path] ?? null) : null;
}

/**
 * The kind of owner that an expression is the value of, whether it stands for itself or inside of a Result or Option.
 * Null for references, for types that are not the standard library's, and for what is not known.
 */
export function ownerOf(expr: Expr, body: Body, workspace: Workspace, depth = 6): Owner | null {
  if (depth === 0) return null;
  const next = (inner: Expr): Owner | null => ownerOf(inner, body, workspace, depth - 1);
  switch (expr.kind) {
    case 'path': {
      const binding = body.bindingOf(expr);
      if (!binding || binding.kind === 'closure-param' || binding.kind === 'loop' || binding.kind === 'self') return null;
      if (binding.ty) return ownerOfTy(binding.ty) ?? ownerInside(binding.ty);
      // Of a pattern over a place the binding may well be a reference into it.
      return binding.source && (binding.kind === 'let' || isMade(binding.source)) ? next(binding.source) : null;
    }
    case 'call': {
      const name = stdCall(expr, body.scope, workspace);
      const made = name ? /^(CString|String|Vec|Box|OsString|PathBuf)::(\w+)$/.exec(name) : null;
      if (made && !/^(from_raw|leak|into_raw|into_boxed|as_)/.test(made[2] ?? '')) return made[1] as Owner;
      return ownerOfTy(body.typeOf(expr));
    }
    case 'macro': {
      const name = stdMacro(expr.path, body.scope, workspace);
      return name === 'format' ? 'String' : name === 'vec' ? 'Vec' : null;
    }
    case 'try':
      return next(expr.operand);
    case 'array':
    case 'repeat':
      return 'array';
    case 'method':
      return ownerOfMethod(expr, body, workspace, depth);
    case 'block':
      return expr.tail && (expr.flavor === 'plain' || expr.flavor === 'unsafe') ? next(expr.tail) : null;
    case 'match':
      return firstOwner(expr.arms.map((arm) => arm.body));
    case 'if':
      return firstOwner(expr.else ? [expr.then, expr.else] : []);
    default:
      return null;
  }

  function firstOwner(branches: readonly Expr[]): Owner | null {
    for (const branch of branches) {
      const owner = next(branch);
      if (owner) return owner;
    }
    return null;
  }
}

/** `Option<CString>`, `Result<String, _>`. */
function ownerInside(ty: MaybeTy): Owner | null {
  if (ty?.kind !== 'external' || !/^std::(option::Option|result::Result)$/.test(ty.path)) return null;
  return ownerOfTy(ty.args[0] ?? null);
}

function ownerOfMethod(expr: MethodExpr, body: Body, workspace: Workspace, depth: number): Owner | null {
  if (UNWRAPS.test(expr.name)) {
    const inner = ownerOf(expr.receiver, body, workspace, depth - 1);
    return inner === 'Box' || inner === 'array' ? null : inner;
  }
  const known = ownerOfTy(body.typeOf(expr));
  if (known) return known;
  if (expr.name === 'to_string' && expr.args.length === 0) return 'String';
  if (expr.name === 'collect') {
    const target = expr.generics[0];
    return target?.kind === 'type' ? ownerOfType(target.type, body.scope, workspace) : null;
  }
  if (expr.name === 'into_bytes' || expr.name === 'into_bytes_with_nul') {
    const from = ownerOf(expr.receiver, body, workspace, depth - 1);
    return from === 'String' || from === 'CString' ? 'Vec' : null;
  }
  return null;
}

/** Whether an expression makes a new value, so that it is a temporary where nothing names it. */
export function isMade(expr: Expr): boolean {
  switch (expr.kind) {
    case 'call':
    case 'macro':
      return true;
    case 'method':
      return UNWRAPS.test(expr.name) ? isMade(expr.receiver) : !LENDS.test(expr.name);
    case 'try':
      return isMade(expr.operand);
    default:
      return false;
  }
}

/** A pointer into the buffer of a value, as far as its expression shows. */
export interface PointerInto {
  /** The `as_ptr` or `as_mut_ptr` call. */
  readonly call: MethodExpr;
  /** The value itself, behind lending methods and references. */
  readonly base: Expr;
}

/** What `x.as_ptr()`, with lending methods in between, points into; null for everything else. */
export function pointerInto(expr: Expr): PointerInto | null {
  if (expr.kind !== 'method' || expr.args.length > 0 || (expr.name !== 'as_ptr' && expr.name !== 'as_mut_ptr')) return null;
  return { call: expr, base: lender(expr.receiver) };
}

function lender(expr: Expr): Expr {
  if (expr.kind === 'method' && expr.args.length === 0 && LENDS.test(expr.name)) return lender(expr.receiver);
  if (expr.kind === 'reference' && !expr.raw) return lender(expr.operand);
  if (expr.kind === 'index' && expr.index.kind === 'range') return lender(expr.base);
  return expr;
}

/** An expression without the casts around it, `unsafe` blocks of nothing else included. */
export function uncast(expr: Expr): Expr {
  if (expr.kind === 'cast') return uncast(expr.operand);
  if (expr.kind === 'method' && /^cast(_mut|_const)?$/.test(expr.name) && expr.args.length === 0) return uncast(expr.receiver);
  if (expr.kind === 'block' && expr.statements.length === 0 && expr.tail && (expr.flavor === 'unsafe' || expr.flavor === 'plain'))
    return uncast(expr.tail);
  return expr;
}

/** The value that a variable was given, through casts and further variables; the expression itself where it is none. */
export function givenValue(expr: Expr, body: Body, depth = 4): Expr {
  const inner = uncast(expr);
  const binding = variable(inner) === null ? null : body.bindingOf(inner);
  if (depth === 0 || binding?.kind !== 'let' || !binding.source || isReassigned(binding.name, body)) return inner;
  return givenValue(binding.source, body, depth - 1);
}

/** Whether a variable of this name is assigned anywhere in the fn. */
export function isReassigned(name: string, body: Body): boolean {
  return body.ast.body !== null && someExpr(body.ast.body, (expr) => expr.kind === 'assign' && variable(expr.left) === name);
}

/** `Type::method` of a path expression, as written. */
export function writtenName(path: Path): string {
  return path.segments
    .slice(-2)
    .map((segment) => segment.name)
    .join('::');
}

/** Whether a call merely wraps its argument in an Option or Result. Other capitalised names may be C functions. */
export function isWrapper(callee: Expr): boolean {
  return /^(Some|Ok|Err)$/.test(lastName(callee) ?? '');
}
