/** Lowers written Rust types to shapes. */
import type { GenericArg, Type } from '../model/rust/ast-type.ts';
import type { Item } from '../model/rust/ast-item.ts';
import { scopeOf } from '../model/resolve/workspace.ts';
import type { Resolution, RustItem } from '../model/workspace.ts';
import { constValue, integerLiteral, namedConst, pathNames } from './rust-const.ts';
import type { Bindings, Fat, Lowering, Pointee, Where } from './rust-lowering.types.ts';
import { UNSIZED_STD, cShape, isDeclarations, primitiveShape, stdShape } from './rust-std.ts';
import { wrapperShape } from './rust-wrappers.ts';
import type { FnShape, Shape } from './shape.ts';
import { VOID, unknownShape } from './shape.ts';

type PathType = Extract<Type, { kind: 'path' }>;

export function shapeIn(type: Type, at: Where, lowering: Lowering): Shape {
  if (at.depth === 0) return unknownShape('nested too deeply');
  const where = { ...at, depth: at.depth - 1 };
  switch (type.kind) {
    case 'pointer':
      return pointerTo(lowering.pointee(type.pointee, where), !type.mutable, true);
    case 'reference':
      return pointerTo(lowering.pointee(type.referent, where), !type.mutable, false);
    case 'fn':
      return { kind: 'pointer', pointee: null, const: true, nullable: false, fn: fnShape(type, where, lowering) };
    case 'array': {
      const length = constValue(type.length, where.scope, lowering.workspace, where.bindings.consts);
      if (length === null || length < 0n || length > BigInt(Number.MAX_SAFE_INTEGER))
        return unknownShape('the length of an array is not known');
      return { kind: 'array', element: lowering.shape(type.element, where), length: Number(length) };
    }
    case 'tuple':
      return type.elements.length === 0 ? { kind: 'unit' } : unknownShape('the layout of a tuple is not defined');
    case 'never':
      return { kind: 'never' };
    case 'path':
      return pathShape(type, where, lowering);
    case 'slice':
    case 'dyn':
      return unknownShape('the type has no size');
    default:
      return unknownShape('the type cannot be read');
  }
}

/** A thin pointer, or one of two words. */
export function pointerTo(pointee: Pointee, isConst: boolean, nullable: boolean): Shape {
  if (pointee.kind === 'unknown') return pointee;
  if (pointee.fat) return { kind: 'fat-pointer', to: pointee.fat, nullable };
  return { kind: 'pointer', pointee: pointee.shape, const: isConst, nullable, fn: null };
}

function fnShape(type: Extract<Type, { kind: 'fn' }>, where: Where, lowering: Lowering): FnShape {
  return {
    abi: type.abi ?? 'Rust',
    params: type.params.map((param) => lowering.shape(param.type, where)),
    result: type.result ? returned(lowering.shape(type.result, where)) : VOID,
    variadic: type.variadic,
  };
}

function returned(shape: Shape): Shape {
  return shape.kind === 'unit' ? VOID : shape;
}

function pathShape(type: PathType, where: Where, lowering: Lowering): Shape {
  if (type.self) return unknownShape('an associated type');
  const found = lowering.workspace.resolve(type.path, where.scope, 'type');
  switch (found.kind) {
    case 'primitive':
      return primitiveShape(found.name);
    case 'generic':
      return where.bindings.types.get(found.name)?.shape ?? unknownShape(`${found.name} is a type parameter`);
    case 'external':
      return externalShape(found.path, type, where, lowering);
    case 'item':
      return found.variant === null ? itemShape(found.item, type, where, lowering) : unknownShape('an enum variant is no type');
    default:
      return unknownShape(reasonOf(found));
  }
}

function reasonOf(found: Resolution): string {
  if (found.kind === 'ambiguous') return 'the type is defined several times under different conditions';
  return found.kind === 'unknown' ? found.reason : 'the path names no type';
}

function externalShape(path: readonly string[], type: PathType, where: Where, lowering: Lowering): Shape {
  const c = cShape(path);
  if (c) return c;
  const name = path[path.length - 1] ?? '';
  const std = path[0] === 'std' ? (stdShape(name) ?? wrapperShape(name, typeArgs(type), where, lowering)) : null;
  if (std) return std;
  const external = lowering.externals.get(path.join('::'));
  return external ? lowering.shape(external, where) : unknownShape(`the layout of ${path.join('::')} is not known`);
}

function itemShape(item: RustItem, type: PathType, where: Where, lowering: Lowering): Shape {
  const ast = lowering.workspace.ast(item);
  if (!ast) return unknownShape(`${item.name} cannot be parsed`);
  if (item.inUnknownMacro) return unknownShape(`${item.name} is written in a macro call`);
  const bindings = bind(ast, type, where, lowering);
  if (bindings === null) return unknownShape(`a parameter of ${item.name} is not known`);
  if (ast.kind === 'type') {
    if (!ast.type) return { kind: 'opaque', name: item.name };
    return lowering.shape(ast.type, { scope: scopeOf(item), bindings, depth: where.depth });
  }
  if (ast.kind === 'struct' || ast.kind === 'union' || ast.kind === 'enum') return lowering.refer(item, bindings);
  return unknownShape(`${item.name} is no type with a size`);
}

/** What the item's parameters stand for at a use; null where an argument is missing. Inside of the item itself `Self` passes its own on. */
function bind(ast: Item, type: PathType, where: Where, lowering: Lowering): Bindings | null {
  const parameters = ast.generics.filter((one) => one.kind !== 'lifetime');
  const last = type.path.segments[type.path.segments.length - 1];
  if (last?.name === 'Self') return where.bindings;
  const args = (last?.args ?? []).filter((arg) => arg.kind === 'type' || arg.kind === 'const');
  const types = new Map<string, { readonly shape: Shape; readonly pointee: Pointee }>();
  const consts = new Map<string, bigint>();
  for (const [i, parameter] of parameters.entries()) {
    const arg = args[i];
    if (!arg) return null;
    if (parameter.kind === 'const') {
      const value = constArg(arg, where, lowering);
      if (value === null) return null;
      consts.set(parameter.name, value);
    } else {
      if (arg.kind !== 'type') return null;
      types.set(parameter.name, { shape: lowering.shape(arg.type, where), pointee: lowering.pointee(arg.type, where) });
    }
  }
  return { types, consts };
}

/** A const argument: a literal, the name of a constant, which reads as a type, or one of these in braces. */
function constArg(arg: GenericArg, { scope, bindings }: Where, { workspace }: Lowering): bigint | null {
  if (arg.kind === 'type') {
    if (arg.type.kind !== 'path' || arg.type.self) return null;
    return namedConst(pathNames(arg.type.path), scope, workspace, bindings.consts);
  }
  if (arg.kind !== 'const') return null;
  const text = arg.text.replace(/^\{\s*|\s*\}$/g, '');
  if (/^[\p{L}_][\p{L}\p{N}_:]*$/u.test(text)) return namedConst(text.split('::'), scope, workspace, bindings.consts);
  return text.startsWith('-') ? negative(integerLiteral(text.slice(1))) : integerLiteral(text);
}

function negative(value: bigint | null): bigint | null {
  return value === null ? null : -value;
}

export function typeArgs(type: PathType): readonly Type[] {
  return (type.path.segments[type.path.segments.length - 1]?.args ?? []).flatMap((arg) => (arg.kind === 'type' ? [arg.type] : []));
}

/** What a pointer to the type carries, and the shape behind it. */
export function pointeeIn(type: Type, at: Where, lowering: Lowering): Pointee {
  if (at.depth === 0) return unknownShape('nested too deeply');
  const where = { ...at, depth: at.depth - 1 };
  if (type.kind === 'slice') return fat('slice');
  if (type.kind === 'dyn') return fat('dyn');
  if (type.kind === 'infer' || type.kind === 'macro' || type.kind === 'unknown') return unknownShape('the type cannot be read');
  if (type.kind !== 'path') return thin(lowering.shape(type, where));
  if (type.self) return unknownShape('an associated type');
  const found = lowering.workspace.resolve(type.path, where.scope, 'type');
  switch (found.kind) {
    case 'primitive':
      return found.name === 'str' ? fat('str') : thin(primitiveShape(found.name));
    case 'generic':
      return where.bindings.types.get(found.name)?.pointee ?? unknownShape(`${found.name} is a type parameter`);
    case 'external':
      return externalPointee(found.path, type, where, lowering);
    case 'item':
      return itemPointee(found.item, type, where, lowering);
    default:
      return unknownShape(reasonOf(found));
  }
}

function thin(shape: Shape): Pointee {
  return { kind: 'pointee', fat: null, shape };
}

function fat(to: Exclude<Fat, null>): Pointee {
  return { kind: 'pointee', fat: to, shape: null };
}

function externalPointee(path: readonly string[], type: PathType, where: Where, lowering: Lowering): Pointee {
  const name = path[path.length - 1] ?? '';
  if (path[0] === 'std') return UNSIZED_STD.has(name) ? fat('slice') : thin(externalShape(path, type, where, lowering));
  const shape = externalShape(path, type, where, lowering);
  return shape.kind !== 'unknown' || isDeclarations(path) ? thin(shape) : shape;
}

function itemPointee(item: RustItem, type: PathType, where: Where, lowering: Lowering): Pointee {
  const ast = lowering.workspace.ast(item);
  if (ast?.kind === 'trait') return fat('dyn');
  if (ast?.kind === 'type' && ast.type) {
    const bindings = bind(ast, type, where, lowering);
    if (bindings === null) return unknownShape(`a parameter of ${item.name} is not known`);
    return lowering.pointee(ast.type, { scope: scopeOf(item), bindings, depth: where.depth });
  }
  const tail = ast?.kind === 'struct' ? ast.fields[ast.fields.length - 1] : undefined;
  const shape = itemShape(item, type, where, lowering);
  if (!ast || !tail) return ast ? thin(shape) : unknownShape(`${item.name} cannot be parsed`);
  const bindings = bind(ast, type, where, lowering);
  if (bindings === null) return unknownShape(`a parameter of ${item.name} is not known`);
  return tailPointee(tail.type, { scope: scopeOf(item), bindings, depth: where.depth }, lowering, shape);
}

/** A struct has no size where its last field has none. Pointers end the question, and so do names that only arguments could make unsized. */
function tailPointee(tail: Type, where: Where, lowering: Lowering, whole: Shape): Pointee {
  if (tail.kind !== 'slice' && tail.kind !== 'dyn' && tail.kind !== 'path') return thin(whole);
  const behind = lowering.pointee(tail, where);
  // A field of a type that is not known here is taken to have a size, as nearly all fields do; its record says unknown anyway by value.
  return behind.kind === 'pointee' && behind.fat ? behind : thin(whole);
}
