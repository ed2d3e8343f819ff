/** Lowers structs, unions and enums. */
import { exact } from '../../../base/exact.ts';
import type { EnumItem, Field, StructItem, Variant } from '../../../model/rust/ast-item.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { lowerAttributes } from './lower-attributes.ts';
import { brokenHere, childOf, fieldOf, nameOf, parts, spanOr } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { optionalExpr } from './lower-expr.ts';
import { lowerVisibility } from './lower-visibility.ts';
import type { Base } from './lower-item.ts';
import { lowerType } from './lower-type.ts';

/** null where a field is lost. */
export function lowerStruct(ctx: Lowering, node: NodeId, kind: 'struct' | 'union', base: Base): StructItem | null {
  const body = lowerFields(ctx, fieldOf(ctx, node, 'body'));
  return body && { ...base, kind, shape: body.shape, fields: body.fields };
}

/** null where a variant or field is lost. */
export function lowerEnum(ctx: Lowering, node: NodeId, base: Base): EnumItem | null {
  const body = fieldOf(ctx, node, 'body');
  if (body < 0 || brokenHere(ctx, body)) return null;
  const variants: Variant[] = [];
  for (const part of parts(ctx, body)) {
    if (ctx.tree.kind(part) !== 'enum_variant') continue;
    const fields = brokenHere(ctx, part) ? null : lowerFields(ctx, fieldOf(ctx, part, 'body'));
    if (!fields) return null;
    const name = fieldOf(ctx, part, 'name');
    variants.push({
      name: nameOf(ctx, name),
      nameSpan: spanOr(ctx, name, part),
      shape: fields.shape,
      fields: fields.fields,
      discriminant: optionalExpr(ctx, part, 'value'),
      attributes: lowerAttributes(ctx, childOf(ctx, part, 'attributes')).attributes,
      span: ctx.tree.span(part),
    });
  }
  return { ...base, kind: 'enum', variants };
}

function lowerFields(ctx: Lowering, list: NodeId): Pick<StructItem, 'shape' | 'fields'> | null {
  if (list < 0) return { shape: 'unit', fields: [] };
  if (brokenHere(ctx, list)) return null;
  if (ctx.tree.kind(list) === 'ordered_field_declaration_list') return { shape: 'tuple', fields: tupleFields(ctx, list) };
  const fields = namedFields(ctx, list);
  return fields && { shape: 'named', fields };
}

function namedFields(ctx: Lowering, list: NodeId): readonly Field[] | null {
  const fields: Field[] = [];
  let attributes: NodeId = -1;
  for (const part of parts(ctx, list)) {
    if (ctx.tree.kind(part) === 'attributes') attributes = part;
    else {
      if (brokenHere(ctx, part)) return null;
      const name = fieldOf(ctx, part, 'name');
      const visibility = childOf(ctx, part, 'visibility_modifier');
      fields.push(field(ctx, { attributes, visibility, name, type: fieldOf(ctx, part, 'type') }, nameOf(ctx, name)));
      attributes = -1;
    }
  }
  return exact(fields);
}

function tupleFields(ctx: Lowering, list: NodeId): readonly Field[] {
  const fields: Field[] = [];
  let attributes: NodeId = -1;
  let visibility: NodeId = -1;
  for (const part of parts(ctx, list)) {
    const kind = ctx.tree.kind(part);
    if (kind === 'attributes') attributes = part;
    else if (kind === 'visibility_modifier') visibility = part;
    else {
      fields.push(field(ctx, { attributes, visibility, name: part, type: part }, String(fields.length)));
      attributes = -1;
      visibility = -1;
    }
  }
  return exact(fields);
}

interface FieldNodes {
  readonly attributes: NodeId;
  readonly visibility: NodeId;
  /** The type itself where the field has no name. */
  readonly name: NodeId;
  readonly type: NodeId;
}

function field(ctx: Lowering, at: FieldNodes, name: string): Field {
  const first = [at.attributes, at.visibility, at.name].find((node) => node >= 0) ?? at.type;
  return {
    name,
    nameSpan: ctx.tree.span(at.name),
    type: lowerType(ctx, at.type),
    visibility: lowerVisibility(ctx, at.visibility),
    attributes: lowerAttributes(ctx, at.attributes).attributes,
    span: { start: ctx.tree.start(first), end: ctx.tree.end(at.type) },
  };
}
