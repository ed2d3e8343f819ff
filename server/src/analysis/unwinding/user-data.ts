/** Closures and trait objects that a callback gets back from its user data pointer, and where it calls them. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Path, Type } from '../../model/rust/ast-type.ts';
import type { Scope, Workspace } from '../../model/workspace.ts';
import { lastName, someExpr, unwrapBlock, variable } from '../walk.ts';
import type { Bindings } from './bindings.ts';

export interface UserDataContext {
  readonly fn: FnItem;
  readonly scope: Scope;
  readonly workspace: Workspace;
  readonly bindings: Bindings;
}

/** What the Rust side may have put behind a pointer. */
type Callable = 'closure' | 'object';

/** Whether a call or method call runs a closure or trait object that came in as user data. */
export function callsUserData(expr: Expr, context: UserDataContext): boolean {
  if (expr.kind === 'call') {
    const callee = unwrapBlock(expr.callee);
    const held = inside(callee);
    if (held.kind === 'field') return fieldKind(held.base, held.name, context) === 'closure';
    return kindOf(recovered(callee, context), context) === 'closure' || isLookedUp(callee, context);
  }
  return expr.kind === 'method' && kindOf(recovered(expr.receiver, context), context) === 'object';
}

/** What `f.take().unwrap()` and `*f.as_mut()?` take out of an `Option`. */
function inside(expr: Expr): Expr {
  const value = unwrapBlock(expr);
  if (value.kind === 'try' || (value.kind === 'unary' && value.operator === '*')) return inside(value.operand);
  if (value.kind === 'method' && TAKES_OUT.test(value.name)) return inside(value.receiver);
  return value;
}

const TAKES_OUT = /^(take|unwrap|expect|unwrap_unchecked|as_mut|as_ref|as_deref|as_deref_mut|get_mut)$/;

/** A variable whose value was asked for by the type of a closure: `let f = ctx.ex_data(index_of::<F>()).unwrap(); f(x)`. */
function isLookedUp(callee: Expr, context: UserDataContext, depth = 3): boolean {
  const name = variable(callee);
  const binding = name === null ? null : context.bindings.of(name, callee.span.start);
  if (!binding?.value || binding.value.kind === 'closure' || binding.type || depth === 0) return false;
  return someExpr(binding.value, (inner) => {
    const generics =
      inner.kind === 'method' ? inner.generics : inner.kind === 'path' ? inner.path.segments.flatMap((segment) => segment.args) : [];
    return generics.some((arg) => arg.kind === 'type' && kindOf(arg.type, context) === 'closure') || isLookedUp(inner, context, depth - 1);
  });
}

/** The type that an expression was cast to on its way from a raw pointer; null where it does not come from one. */
function recovered(expr: Expr, context: UserDataContext): Type | null {
  const value = unwrapBlock(expr);
  if (value.kind === 'unary' && value.operator === '*') return pointee(value.operand, context) ?? recovered(value.operand, context);
  if (value.kind === 'reference') return recovered(value.operand, context);
  if (value.kind === 'call' && lastName(value.callee) === 'from_raw' && value.args[0]) return pointee(value.args[0], context);
  if (value.kind === 'method') {
    if (value.name === 'as_mut' || value.name === 'as_ref') return pointee(value.receiver, context) ?? recovered(value.receiver, context);
    return TAKES_OUT.test(value.name) ? recovered(value.receiver, context) : null;
  }
  if (value.kind === 'try') return recovered(value.operand, context);
  const name = variable(value);
  const binding = name === null ? null : context.bindings.of(name, value.span.start);
  if (!binding?.value) return null;
  const from = recovered(binding.value, context);
  return from && binding.type?.kind === 'reference' ? binding.type.referent : from;
}

/** What a raw pointer expression points to, by its last cast or declaration. `_` is looked through no further. */
function pointee(expr: Expr, context: UserDataContext): Type | null {
  const value = unwrapBlock(expr);
  if (value.kind === 'cast') return value.type.kind === 'pointer' ? value.type.pointee : null;
  if (value.kind === 'method') {
    const generic = value.generics[0];
    if (value.name === 'cast' && generic?.kind === 'type') return generic.type;
    return /^(cast|cast_mut|cast_const)$/.test(value.name) ? pointee(value.receiver, context) : null;
  }
  const name = variable(value);
  const binding = name === null ? null : context.bindings.of(name, value.span.start);
  if (!binding) return null;
  if (binding.type?.kind === 'pointer') return binding.type.pointee;
  return binding.value ? pointee(binding.value, context) : null;
}

function kindOf(type: Type | null, context: UserDataContext, depth = 4): Callable | null {
  if (!type || depth === 0) return null;
  if (type.kind === 'dyn') {
    if (type.bounds.some((bound) => isFnTrait(bound.segments.at(-1)?.name ?? '')) || /\bFn(Mut|Once)?\b/.test(type.text)) return 'closure';
    return type.bounds.some((bound) => isUnsafeTrait(bound, context)) ? null : 'object';
  }
  if (type.kind === 'reference') return kindOf(type.referent, context, depth - 1);
  if (type.kind !== 'path' || type.self) return null;
  const last = type.path.segments.at(-1);
  const inner = last?.args[0];
  if (last && /^(Box|Arc|Rc|Option)$/.test(last.name)) return inner?.kind === 'type' ? kindOf(inner.type, context, depth - 1) : null;
  const generic = context.fn.generics.find(
    (param) => param.kind === 'type' && type.path.segments.length === 1 && param.name === last?.name,
  );
  if (generic) return generic.bounds.some((bound) => /\bFn(Mut|Once)?\b/.test(bound)) ? 'closure' : null;
  const found = context.workspace.resolve(type.path, context.scope, 'type');
  const alias = found.kind === 'item' && found.item.kind === 'type' ? context.workspace.ast(found.item) : null;
  return alias?.kind === 'type' ? kindOf(alias.type, context, depth - 1) : null;
}

/** Whoever implements an `unsafe trait` has promised what it asks for; that its methods do not panic is such a promise. */
function isUnsafeTrait(path: Path, context: UserDataContext): boolean {
  const found = context.workspace.resolve(path, context.scope, 'type');
  const ast = found.kind === 'item' ? context.workspace.ast(found.item) : null;
  return ast?.kind === 'trait' && ast.unsafe;
}

function isFnTrait(name: string): boolean {
  return name === 'Fn' || name === 'FnMut' || name === 'FnOnce';
}

/** `(state.callback)(…)` where `state` came in as user data and the workspace's struct says that the field is a closure. */
function fieldKind(base: Expr, field: string, context: UserDataContext): Callable | null {
  const type = recovered(base, context);
  if (type?.kind !== 'path' || type.self) return null;
  const found = context.workspace.resolve(type.path, context.scope, 'type');
  const ast = found.kind === 'item' ? context.workspace.ast(found.item) : null;
  if (ast?.kind !== 'struct') return null;
  const declared = ast.fields.find((member) => member.name === field)?.type;
  if (declared?.kind === 'path' && declared.path.segments.length === 1) {
    const generic = ast.generics.find((param) => param.kind === 'type' && param.name === declared.path.segments[0]?.name);
    if (generic)
      return generic.bounds.some((bound) => /\bFn(Mut|Once)?\b/.test(bound))
        ? 'closure'
        : argumentKind(type, ast.generics.indexOf(generic), context);
  }
  return declared ? kindOf(declared, context) : null;
}

/** The field's type is a parameter of the struct: what the cast says it is. */
function argumentKind(type: Extract<Type, { kind: 'path' }>, index: number, context: UserDataContext): Callable | null {
  const args = type.path.segments.at(-1)?.args ?? [];
  const arg = args[index];
  return arg?.kind === 'type' ? kindOf(arg.type, context) : null;
}
