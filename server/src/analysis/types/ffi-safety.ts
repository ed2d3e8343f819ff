/** The three-valued answer to "may this type cross a C boundary by value", from syntax and resolved names alone. */
import { rustAtLeast } from '../../model/cargo/rust-version.ts';
import type { FfiSafety, UnsafeReason } from '../../model/surface/ffi-safety.types.ts';
import type { Item } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { isUnit } from '../../model/rust/ast-type.ts';
import { isForeignAbi } from '../../model/surface/surface.ts';
import { reprOf } from '../../model/surface/attributes.ts';
import { LAYOUT_WRAPPERS, POINTER_WRAPPERS } from '../../model/surface/type-walk.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { C_LAYOUT_TYPES, RUST_LAYOUT_TYPES, UNSIZED_TYPES, ZERO_SIZED_TYPES, isCAlias, isNonZero } from './std-types.ts';

/** A generic parameter's argument with the scope in which it is written. */
interface Bound {
  readonly type: Type;
  readonly where: Where;
}

/** Where a type is written: its scope, the text for messages, and what its generics stand for. */
interface Where {
  readonly scope: Scope;
  readonly bounds: ReadonlyMap<string, Bound>;
}

const SAFE: FfiSafety = { kind: 'safe' };
const unknown = (reason: string): FfiSafety => ({ kind: 'unknown', reason });
const bad = (reason: UnsafeReason): FfiSafety => ({ kind: 'unsafe', reason, through: [] });

/** Deepest nesting of types that is followed; deeper is unknown. */
const DEPTH = 24;

export interface SafetyOracle {
  /** Answers for a type by value. `text` renders a written type for messages. */
  ofType(type: Type, scope: Scope): FfiSafety;
}

export function createSafetyOracle(workspace: Workspace, textOf: (type: Type, scope: Scope) => string): SafetyOracle {
  const open = new Set<RustItem>();

  function check(type: Type, where: Where, depth: number): FfiSafety {
    if (depth === 0) return unknown('nested too deeply');
    switch (type.kind) {
      case 'pointer':
        return pointee(type.pointee, where, type, depth - 1);
      case 'reference':
        return pointee(type.referent, where, type, depth - 1);
      case 'fn':
        return isForeignAbi(type.abi) ? SAFE : bad({ kind: 'rust-fn-pointer', text: textOf(type, where.scope) });
      case 'array':
        return check(type.element, where, depth - 1);
      case 'tuple':
        return isUnit(type) ? SAFE : bad({ kind: 'tuple', text: textOf(type, where.scope) });
      case 'slice':
        return bad({ kind: 'unsized', text: textOf(type, where.scope) });
      case 'dyn':
      case 'impl':
        return bad({ kind: 'dyn-or-impl', text: textOf(type, where.scope) });
      case 'never':
        return SAFE;
      case 'path':
        return checkPath(type, where, depth);
      default:
        return unknown('the type cannot be read');
    }
  }

  /** A pointer is safe whatever it points to, unless it carries a length or a vtable. */
  function pointee(type: Type, where: Where, whole: Type, depth: number): FfiSafety {
    const fat = (what: 'str' | 'slice' | 'dyn'): FfiSafety => bad({ kind: 'fat-pointer', what, text: textOf(whole, where.scope) });
    if (depth <= 0) return unknown('nested too deeply');
    if (type.kind === 'slice') return fat('slice');
    if (type.kind === 'dyn') return fat('dyn');
    if (type.kind !== 'path') return SAFE;
    if (type.self) return unknown('an associated type');
    const found = workspace.resolve(type.path, where.scope, 'type');
    if (found.kind === 'primitive') return found.name === 'str' ? fat('str') : SAFE;
    if (found.kind === 'external') {
      if (found.path[0] !== 'std')
        return isCAlias(found.path) || found.path[0] === 'libc' ? SAFE : unknown(`${found.path.join('::')} is of another crate`);
      const name = last(found.path);
      return UNSIZED_TYPES.has(name) ? fat('slice') : SAFE;
    }
    if (found.kind === 'generic') {
      const bound = where.bounds.get(found.name);
      return bound ? pointee(bound.type, bound.where, whole, depth - 1) : unknown(`${found.name} is a type parameter`);
    }
    if (found.kind !== 'item')
      return found.kind === 'ambiguous' ? unknown('several definitions') : unknown(found.kind === 'unknown' ? found.reason : 'not a type');
    const ast = workspace.ast(found.item);
    if (ast?.kind === 'type') return ast.type ? pointee(ast.type, inside(found.item, ast, type, where), whole, depth - 1) : SAFE;
    if (ast?.kind === 'trait') return fat('dyn');
    return tailUnsized(ast) ? unknown('the pointee may be unsized') : SAFE;
  }

  function checkPath(type: Extract<Type, { kind: 'path' }>, where: Where, depth: number): FfiSafety {
    if (type.self) return unknown('an associated type');
    const found = workspace.resolve(type.path, where.scope, 'type');
    switch (found.kind) {
      case 'primitive':
        return primitive(found.name, where);
      case 'generic': {
        const bound = where.bounds.get(found.name);
        return bound ? check(bound.type, bound.where, depth - 1) : unknown(`${found.name} is a type parameter`);
      }
      case 'external':
        return external(found.path, type, where, depth);
      case 'item':
        return found.variant === null ? ofItem(found.item, type, where, depth) : unknown('an enum variant');
      case 'ambiguous':
        return unknown('several definitions under different conditions');
      case 'module':
        return unknown('a module');
      default:
        return unknown(found.reason);
    }
  }

  function primitive(name: string, where: Where): FfiSafety {
    if (name === 'char') return bad({ kind: 'char' });
    if (name === 'str') return bad({ kind: 'unsized', text: 'str' });
    if (name === 'f16' || name === 'f128') return unknown(`${name} has no settled C ABI`);
    if (name === 'i128' || name === 'u128') {
      // The ABI matches C's __int128 since Rust 1.77 and the lint accepts it since 1.89.
      return rustAtLeast(where.scope.module.crate.package, 89) ? SAFE : unknown(`${name} before Rust 1.89`);
    }
    return SAFE;
  }

  function external(path: readonly string[], type: Extract<Type, { kind: 'path' }>, where: Where, depth: number): FfiSafety {
    const name = last(path);
    if (name === 'c_void' && (path[0] === 'std' || path[0] === 'libc')) return bad({ kind: 'void-by-value' });
    if (isCAlias(path)) return SAFE;
    if (path[0] !== 'std') return unknown(`${path.join('::')} is of another crate`);
    const args = typeArgs(type);
    const first = args[0];
    if (C_LAYOUT_TYPES.has(name)) return SAFE;
    if (ZERO_SIZED_TYPES.has(name)) return SAFE;
    if (POINTER_WRAPPERS.has(name)) return first ? pointee(first, where, type, depth - 1) : unknown(`${name} of nothing`);
    if (LAYOUT_WRAPPERS.has(name) || name === 'Pin') return first ? check(first, where, depth - 1) : unknown(`${name} of nothing`);
    if (name === 'Option') return first ? option(first, type, where, depth) : unknown('Option of nothing');
    if (name === 'Result') return result(args, type, where, depth);
    if (UNSIZED_TYPES.has(name)) return bad({ kind: 'unsized', text: textOf(type, where.scope) });
    if (RUST_LAYOUT_TYPES.has(name)) return bad({ kind: 'rust-type', text: textOf(type, where.scope), canonical: path.join('::') });
    return unknown(`${path.join('::')} is not known here`);
  }

  function option(payload: Type, whole: Type, where: Where, depth: number): FfiSafety {
    const niche = hasNiche(payload, where, depth - 1);
    if (niche === 'yes') return check(payload, where, depth - 1);
    if (niche === 'unknown') return unknown('Option of a type that is not known');
    if (payload.kind === 'fn') return check(payload, where, depth - 1);
    const inner = check(payload, where, depth - 1);
    if (inner.kind === 'unsafe' && inner.reason.kind === 'fat-pointer') return inner;
    return bad({ kind: 'option', text: textOf(whole, where.scope) });
  }

  function result(args: readonly Type[], whole: Type, where: Where, depth: number): FfiSafety {
    const [ok, error] = args;
    if (ok && error && (isUnit(error) || isUnit(ok))) {
      const other = isUnit(error) ? ok : error;
      const niche = hasNiche(other, where, depth - 1);
      if (niche === 'yes') return check(other, where, depth - 1);
      if (niche === 'unknown') return unknown('Result of a type that is not known');
    }
    return bad({ kind: 'rust-type', text: textOf(whole, where.scope), canonical: 'std::result::Result' });
  }

  /** Whether null (or zero) is a value that the type never has: std's "null pointer optimization" (Option docs, "Representation"). */
  function hasNiche(type: Type, where: Where, depth: number): 'yes' | 'no' | 'unknown' {
    if (depth <= 0) return 'unknown';
    if (type.kind === 'reference') return 'yes';
    if (type.kind === 'fn') return isForeignAbi(type.abi) ? 'yes' : 'no';
    if (type.kind !== 'path') return type.kind === 'unknown' || type.kind === 'macro' ? 'unknown' : 'no';
    if (type.self) return 'unknown';
    const found = workspace.resolve(type.path, where.scope, 'type');
    if (found.kind === 'primitive') return 'no';
    if (found.kind === 'generic') {
      const bound = where.bounds.get(found.name);
      return bound ? hasNiche(bound.type, bound.where, depth - 1) : 'unknown';
    }
    if (found.kind === 'external') {
      if (isCAlias(found.path)) return found.path[0] === 'libc' && !/^c_|_t$/.test(last(found.path)) ? 'unknown' : 'no';
      if (found.path[0] !== 'std') return 'unknown';
      const name = last(found.path);
      const arg = typeArgs(type)[0];
      if (name === 'Box' || name === 'NonNull' || isNonZero(name)) return 'yes';
      if ((name === 'Pin' || name === 'ManuallyDrop') && arg) return hasNiche(arg, where, depth - 1);
      return RUST_LAYOUT_TYPES.has(name) || name === 'UnsafeCell' || name === 'Cell' || name === 'MaybeUninit' || name === 'Option'
        ? 'no'
        : 'unknown';
    }
    if (found.kind !== 'item') return 'unknown';
    const ast = workspace.ast(found.item);
    if (found.item.inUnknownMacro || !ast) return 'unknown';
    const inner = inside(found.item, ast, type, where);
    if (ast.kind === 'type') return ast.type ? hasNiche(ast.type, inner, depth - 1) : 'unknown';
    if (ast.kind === 'struct' && reprOf(ast.attributes).transparent) {
      const verdicts = ast.fields.map((f) => hasNiche(f.type, inner, depth - 1));
      return verdicts.includes('yes') ? 'yes' : verdicts.includes('unknown') ? 'unknown' : 'no';
    }
    return ast.kind === 'struct' || ast.kind === 'enum' || ast.kind === 'union' ? 'no' : 'unknown';
  }

  function ofItem(item: RustItem, type: Extract<Type, { kind: 'path' }>, where: Where, depth: number): FfiSafety {
    const ast = workspace.ast(item);
    if (!ast) return unknown(`${item.name} cannot be parsed`);
    if (item.inUnknownMacro) return unknown(`${item.name} is written in a macro call`);
    const inner = inside(item, ast, type, where);
    if (ast.kind === 'type') return ast.type ? check(ast.type, inner, depth - 1) : unknown(`${item.name} is an extern type`);
    if (ast.kind !== 'struct' && ast.kind !== 'union' && ast.kind !== 'enum') return unknown(`${item.name} is no type`);
    const repr = reprOf(ast.attributes);
    if (repr.simd) return unknown('a SIMD type');
    if (ast.kind === 'enum') return enumSafety(item, repr.c || repr.int !== null || repr.transparent, ast.variants.length);
    if (!repr.c && !repr.transparent) return bad({ kind: 'no-repr', item });
    if (open.has(item)) return SAFE;
    open.add(item);
    try {
      let doubt: FfiSafety | null = null;
      for (const field of ast.fields) {
        const answer = check(field.type, inner, depth - 1);
        if (answer.kind === 'unsafe' && answer.reason.kind === 'unsized') return unknown('an unsized field');
        if (answer.kind === 'unsafe') return { ...answer, through: [field.name, ...answer.through] };
        if (answer.kind === 'unknown') doubt = answer;
      }
      return doubt ?? SAFE;
    } finally {
      open.delete(item);
    }
  }

  function enumSafety(item: RustItem, defined: boolean, variants: number): FfiSafety {
    // An enum without variants is never a value: it stands for an opaque type.
    if (variants === 0) return unknown('an enum without variants');
    return defined ? SAFE : bad({ kind: 'no-repr', item });
  }

  function inside(item: RustItem, ast: Item, type: Extract<Type, { kind: 'path' }>, where: Where): Where {
    const args = typeArgs(type);
    const bounds = new Map<string, Bound>();
    ast.generics
      .filter((g) => g.kind === 'type')
      .forEach((g, i) => {
        const arg = args[i];
        if (arg) bounds.set(g.name, { type: arg, where });
      });
    return { scope: { module: item.module, item }, bounds };
  }

  return { ofType: (type, scope) => check(type, { scope, bounds: new Map() }, DEPTH) };
}

function tailUnsized(ast: Item | null): boolean {
  const tail = ast?.kind === 'struct' ? ast.fields[ast.fields.length - 1]?.type : undefined;
  return (
    tail !== undefined &&
    (tail.kind === 'slice' ||
      tail.kind === 'dyn' ||
      (tail.kind === 'path' && tail.path.segments.length === 1 && tail.path.segments[0]?.name === 'str'))
  );
}

function typeArgs(type: Extract<Type, { kind: 'path' }>): readonly Type[] {
  return (type.path.segments[type.path.segments.length - 1]?.args ?? []).flatMap((a) => (a.kind === 'type' ? [a.type] : []));
}

function last(path: readonly string[]): string {
  return path[path.length - 1] ?? '';
}
