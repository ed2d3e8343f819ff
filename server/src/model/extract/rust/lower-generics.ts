/** Lowers generic parameters and where clauses. */
import { exact } from '../../../base/exact.ts';
import type { GenericParam } from '../../../model/rust/ast-type.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { childOf, fieldOf, flatText, nameOf, parts } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { lowerType } from './lower-type.ts';

/** The parameters of an item; predicates of its where clause stand with the parameter that they bound, others are left out. */
export function lowerGenerics(ctx: Lowering, item: NodeId): readonly GenericParam[] {
  const list = fieldOf(ctx, item, 'type_parameters');
  if (list < 0) return [];
  const where = whereBounds(ctx, item);
  const params: GenericParam[] = [];
  for (const part of parts(ctx, list)) {
    const kind = paramKind(ctx.tree.kind(part));
    if (!kind) continue;
    const nameNode = fieldOf(ctx, part, 'name');
    const name = nameOf(ctx, nameNode);
    const type = fieldOf(ctx, part, 'type');
    params.push({
      kind,
      name,
      span: ctx.tree.span(part),
      bounds: [...boundTexts(ctx, fieldOf(ctx, part, 'bounds')), ...(where.get(name) ?? [])],
      type: type < 0 ? null : lowerType(ctx, type),
    });
  }
  return exact(params);
}

function paramKind(kind: string): GenericParam['kind'] | null {
  if (kind === 'type_parameter') return 'type';
  if (kind === 'lifetime_parameter') return 'lifetime';
  return kind === 'const_parameter' ? 'const' : null;
}

function whereBounds(ctx: Lowering, item: NodeId): Map<string, string[]> {
  const bounds = new Map<string, string[]>();
  const clause = childOf(ctx, item, 'where_clause');
  if (clause < 0) return bounds;
  for (const predicate of parts(ctx, clause)) {
    let left = fieldOf(ctx, predicate, 'left');
    // `for<'a> F: Fn(&'a T)` bounds F.
    if (left >= 0 && ctx.tree.kind(left) === 'higher_ranked_trait_bound') left = fieldOf(ctx, left, 'type');
    if (left < 0) continue;
    const name = nameOf(ctx, left);
    bounds.set(name, [...(bounds.get(name) ?? []), ...boundTexts(ctx, fieldOf(ctx, predicate, 'bounds'))]);
  }
  return bounds;
}

function boundTexts(ctx: Lowering, node: NodeId): string[] {
  return node < 0 ? [] : parts(ctx, node).map((part) => flatText(ctx, part));
}
