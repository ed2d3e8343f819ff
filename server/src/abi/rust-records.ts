/** Definitions of Rust structs, unions and enums with what their layout depends on; unknown where Rust defines none. */
import type { EnumItem, Field, StructItem, Variant } from '../model/rust/ast-item.ts';
import type { Attribute } from '../model/rust/attribute.ts';
import { cfgOf, evaluate } from '../model/rust/cfg.ts';
import { isRewritten } from '../model/surface/attributes.ts';
import { scopeOf } from '../model/resolve/workspace.ts';
import type { RustItem } from '../model/workspace.ts';
import { constValue } from './rust-const.ts';
import type { Bindings, Lowering, Where } from './rust-lowering.types.ts';
import { TYPE_DEPTH } from './rust-lowering.types.ts';
import type { RustRepr } from './rust-repr.ts';
import { rustRepr } from './rust-repr.ts';
import { primitiveShape } from './rust-std.ts';
import type { FieldDef, TypeDef, UnknownShape, VariantDef } from './shape.ts';
import { field, unknownShape } from './shape.ts';

export function rustDef(item: RustItem, bindings: Bindings, lowering: Lowering): TypeDef | UnknownShape {
  const ast = lowering.workspace.ast(item);
  if (ast?.kind !== 'struct' && ast?.kind !== 'union' && ast?.kind !== 'enum') return unknownShape(`${item.name} cannot be read as a type`);
  if (item.inUnknownMacro) return unknownShape(`${item.name} is written in a macro call`);
  if (isRewritten(ast.attributes.filter((one) => !isPreludeAttribute(one))))
    return unknownShape(`an attribute macro may rewrite ${item.name}`);
  const repr = rustRepr(ast.attributes, lowering.known);
  if (repr.kind === 'unknown') return unknownShape(`${item.name}: ${repr.reason}`);
  const where: Where = { scope: scopeOf(item), bindings, depth: TYPE_DEPTH };
  return ast.kind === 'enum' ? enumDef(ast, repr, where, lowering) : recordDef(ast, repr, where, lowering);
}

/** A built-in attribute by its path, as macros write it: `::core::prelude::v1::derive`. */
function isPreludeAttribute({ path }: Attribute): boolean {
  return /^(?:::)?(?:core|std)::prelude::\w+::(?:derive|test|cfg_eval)$/.test(path);
}

function recordDef(ast: StructItem, repr: RustRepr, where: Where, lowering: Lowering): TypeDef | UnknownShape {
  const { name, kind } = ast;
  if (!repr.c && !repr.transparent) return unknownShape(`the layout of ${name} is not defined: it is not repr(C)`);
  if (repr.transparent && kind === 'union') return unknownShape('the layout of a transparent union is not modelled');
  const fields = fieldDefs(ast.fields, where, lowering);
  if ('kind' in fields) return fields;
  const { packed, align, transparent } = repr;
  return { kind, name, language: 'rust', fields, packed, align, pack: null, transparent };
}

function fieldDefs(all: readonly Field[], where: Where, lowering: Lowering): readonly FieldDef[] | UnknownShape {
  const present = compiled(all, lowering);
  if ('kind' in present) return present;
  return present.map((one) => field(one.name, lowering.shape(one.type, where)));
}

interface Conditional {
  readonly name: string;
  readonly attributes: readonly Attribute[];
}

/** Those that the configuration keeps. */
function compiled<T extends Conditional>(all: readonly T[], lowering: Lowering): readonly T[] | UnknownShape {
  const kept: T[] = [];
  for (const one of all) {
    const holds = evaluate(cfgOf(one.attributes), lowering.known);
    if (holds === null) return unknownShape(`whether ${one.name} is there depends on a configuration that is not known`);
    if (holds) kept.push(one);
  }
  return kept;
}

function enumDef(ast: EnumItem, repr: RustRepr, where: Where, lowering: Lowering): TypeDef | UnknownShape {
  const { name } = ast;
  if (repr.transparent) return unknownShape('the layout of a transparent enum is not modelled');
  if (!repr.c && repr.int === null) return unknownShape(`the layout of ${name} is not defined: it has no repr`);
  const present = compiled(ast.variants, lowering);
  if ('kind' in present) return present;
  if (present.length === 0) return unknownShape(`${name} has no variants`);
  const variants: VariantDef[] = [];
  let next: bigint | null = 0n;
  for (const variant of present) {
    const fields = fieldDefs(variant.fields, where, lowering);
    if ('kind' in fields) return fields;
    const value = discriminant(variant, next, where, lowering);
    variants.push({ name: variant.name, value, fields });
    next = value === null ? null : value + 1n;
  }
  const underlying = repr.int === null ? null : primitiveShape(repr.int);
  return { kind: 'enum', name, language: 'rust', c: repr.c, underlying, packed: false, align: repr.align, variants };
}

function discriminant(variant: Variant, implicit: bigint | null, where: Where, { workspace }: Lowering): bigint | null {
  return variant.discriminant ? constValue(variant.discriminant, where.scope, workspace, where.bindings.consts) : implicit;
}
