/** Closures and trait objects that a callback gets back from its user data pointer, and where it calls them. */
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { FnItem, Item } from '../../model/rust/ast-item.ts';
import type { GenericParam, Path, Type } from '../../model/rust/ast-type.ts';
import type { Scope, Workspace } from '../../model/workspace.ts';
import { lastName, someExpr, unwrapBlock, variable, walk } from '../walk.ts';
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
    const held = origin(callee, context);
    if (held.kind === 'field') return fieldKind(held.base, held.name, context) === 'closure';
    return kindOf(recovered(callee, context), context) === 'closure' || isLookedUp(callee, context);
  }
  if (expr.kind !== 'method' || OF_POINTERS.test(expr.name)) return false;
  const held = origin(expr.receiver, context);
  if (held.kind === 'field') return fieldKind(held.base, held.name, context) === 'object';
  const type = recovered(expr.receiver, context);
  return kindOf(type, context) === 'object' || isUserImpl(type, expr.name, context);
}

/** Methods of boxes, options and cells, which are not what a trait object does. */
const OF_POINTERS =
  /^(as_(any(_mut)?|ref|mut|ptr|mut_ptr|deref|deref_mut)|deref|deref_mut|clone|borrow|borrow_mut|lock|get|get_mut|is_some|is_none|take|replace|unwrap\w*|expect|map|into_inner|into_raw)$/;

/** Where a variable's value comes from: `if let Some(f) = state.f.as_mut()`, `let f = &state.f`. */
function origin(expr: Expr, context: UserDataContext, depth = 4): Expr {
  const value = inside(expr);
  if (value.kind === 'reference') return origin(value.operand, context, depth);
  const name = variable(value);
  const binding = name === null || depth === 0 ? null : context.bindings.of(name, value.span.start);
  const from = binding?.value ? origin(binding.value, context, depth - 1) : null;
  return from?.kind === 'field' ? from : value;
}

/** Of a tuple, or of an alias for one whose parameters stand for the type's arguments. */
function elementType(type: Type | null, index: number, context: UserDataContext): Type | null {
  if (type?.kind === 'tuple') return type.elements[index] ?? null;
  const alias = type?.kind === 'path' && !type.self ? itemOf(type, context) : null;
  if (type?.kind !== 'path' || alias?.kind !== 'type' || alias.type?.kind !== 'tuple') return null;
  const element = alias.type.elements[index] ?? null;
  const inner = element ? innermost(element) : null;
  const name = inner?.kind === 'path' && inner.path.segments.length === 1 ? inner.path.segments[0]?.name : undefined;
  const generic = alias.generics.filter((param) => param.kind === 'type').findIndex((param) => param.name === name);
  return generic < 0 ? element : argumentType(type, generic);
}

/** A method of a trait that a type parameter stands for: whoever uses the crate implements it. */
function isUserImpl(type: Type | null, method: string, context: UserDataContext): boolean {
  const generic = type ? genericOf(innermost(type), context) : null;
  return (generic?.bounds ?? []).some((bound) => {
    const path = /^[\w:]+/.exec(bound)?.[0].split('::') ?? [];
    const found = context.workspace.resolve(path, context.scope, 'type');
    const ast = found.kind === 'item' && found.item.entry.visibility === 'pub' ? context.workspace.ast(found.item) : null;
    return ast?.kind === 'trait' && !ast.unsafe && ast.members.some((member) => member.kind === 'fn' && member.name === method);
  });
}

/** `T` of `Option<Box<T>>` and `&mut T`. */
function innermost(type: Type, depth = 4): Type {
  if (depth === 0) return type;
  if (type.kind === 'reference') return innermost(type.referent, depth - 1);
  if (type.kind === 'pointer') return innermost(type.pointee, depth - 1);
  const last = type.kind === 'path' && !type.self ? type.path.segments.at(-1) : undefined;
  const inner = last && HOLDERS.test(last.name) ? last.args[0] : undefined;
  return inner?.kind === 'type' ? innermost(inner.type, depth - 1) : type;
}

const HOLDERS = /^(Box|Arc|Rc|Option)$/;

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
  const part = name === null ? null : context.bindings.part(name, value.span.start);
  if (part) return elementType(recovered(part.tuple, context), part.index, context);
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
    return type.bounds.some((bound) => isOwnTrait(bound, context)) ? null : 'object';
  }
  if (type.kind === 'reference') return kindOf(type.referent, context, depth - 1);
  if (type.kind === 'pointer') return kindOf(type.pointee, context, depth - 1);
  if (type.kind !== 'path' || type.self) return null;
  const last = type.path.segments.at(-1);
  const inner = last?.args[0];
  if (last && HOLDERS.test(last.name)) return inner?.kind === 'type' ? kindOf(inner.type, context, depth - 1) : null;
  const generic = genericOf(type, context);
  if (generic) return generic.bounds.some((bound) => isFnBound(bound, context)) ? 'closure' : null;
  const alias = itemOf(type, context);
  return alias?.kind === 'type' ? kindOf(alias.type, context, depth - 1) : null;
}

/** The parameter of the callback that a type names. */
function genericOf(type: Type, { fn }: UserDataContext): GenericParam | null {
  const only = type.kind === 'path' && !type.self && type.path.segments.length === 1 ? type.path.segments[0]?.name : undefined;
  return fn.generics.find((param) => param.kind === 'type' && param.name === only) ?? null;
}

/** `FnMut(i32)`, or a trait of the workspace that asks for it: `trait Objective: Fn(&[f64]) -> f64 {}`. */
function isFnBound(bound: string, { workspace, scope }: UserDataContext): boolean {
  if (FN_TRAIT.test(bound)) return true;
  const found = workspace.resolve(/^[\w:]+/.exec(bound)?.[0].split('::') ?? [], scope, 'type');
  if (found.kind !== 'item' || found.item.kind !== 'trait') return false;
  const [header] = workspace.slice(found.item.file, found.item.entry.signatureSpan).split('{', 1);
  return /:[^:]/.test(header ?? '') && FN_TRAIT.test(header ?? '');
}

const FN_TRAIT = /\bFn(Mut|Once)?\s*\(/;

/**
 * Whoever implements an `unsafe trait` has promised what it asks for; that its methods do not panic is such a promise. A private trait
 * nobody else implements.
 */
function isOwnTrait(path: Path, context: UserDataContext): boolean {
  const found = context.workspace.resolve(path, context.scope, 'type');
  const ast = found.kind === 'item' ? context.workspace.ast(found.item) : null;
  return ast?.kind === 'trait' && (ast.unsafe || ast.visibility === 'private');
}

function isFnTrait(name: string): boolean {
  return name === 'Fn' || name === 'FnMut' || name === 'FnOnce';
}

/** `(state.callback)(…)` where `state` came in as user data and the workspace's struct says that the field is a closure. */
function fieldKind(base: Expr, field: string, context: UserDataContext): Callable | null {
  let type = recovered(base, context);
  if (/^\d+$/.test(field)) {
    const element = elementType(type, Number(field), context);
    if (element) return kindOf(element, context);
  }
  if (type?.kind !== 'path' || type.self) return null;
  let ast = itemOf(type, context);
  if (ast?.kind === 'type' && ast.type?.kind === 'path') {
    type = ast.type;
    ast = itemOf(type, context);
  }
  if (type.kind !== 'path' || ast?.kind !== 'struct') return null;
  const declared = ast.fields.find((member) => member.name === field)?.type;
  if (declared?.kind === 'path' && declared.path.segments.length === 1) {
    const generic = ast.generics.find((param) => param.kind === 'type' && param.name === declared.path.segments[0]?.name);
    if (generic) {
      // Lifetimes need not be written where the type is named.
      const index = ast.generics.filter((param) => param.kind === 'type').indexOf(generic);
      return generic.bounds.some((bound) => isFnBound(bound, context)) ? 'closure' : kindOf(argumentType(type, index), context);
    }
  }
  return declared ? kindOf(declared, context) : null;
}

function itemOf(type: Extract<Type, { kind: 'path' }>, context: UserDataContext): Item | null {
  const { workspace, scope } = context;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind === 'item') return workspace.ast(found.item);
  const [only, ...others] = type.path.segments;
  return only && others.length === 0 && !type.path.global ? localAlias(only.name, context) : null;
}

/** `type Payload<F> = (F, usize);` in the body of the fn, or of a fn around it. */
function localAlias(name: string, { fn, scope, workspace }: UserDataContext): Item | null {
  const { item } = scope;
  const outer = item
    ? workspace.itemsOf(item.file.path).filter(({ kind, entry, file }) => {
        const body = kind === 'fn' && file === item.file ? entry.bodySpan : null;
        return body && body.start < item.entry.span.start && item.entry.span.end <= body.end;
      })
    : [];
  const bodies = outer.flatMap((one) => {
    const ast = workspace.ast(one);
    return ast?.kind === 'fn' && ast.body ? [ast.body] : [];
  });
  const found: Item[] = [];
  for (const body of fn.body ? [...bodies, fn.body] : bodies)
    walk(
      body,
      {
        enterStatement: (one) => {
          if (one.kind === 'item' && one.item.kind === 'type' && one.item.name === name) found.push(one.item);
        },
      },
      { items: false },
    );
  return found.at(-1) ?? null;
}

/** The field's type is a parameter of the struct: what the cast says it is. */
function argumentType(type: Extract<Type, { kind: 'path' }>, index: number): Type | null {
  const args = type.path.segments.at(-1)?.args.filter((arg) => arg.kind === 'type') ?? [];
  const arg = args[index];
  return arg?.kind === 'type' ? arg.type : null;
}
