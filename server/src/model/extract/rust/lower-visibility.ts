/** Lowers visibility modifiers. */
import type { Visibility } from '../../../model/rust/ast-item.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { has } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';

/** Of a `visibility_modifier` node; private for -1. */
export function lowerVisibility(ctx: Lowering, node: NodeId): Visibility {
  if (node < 0) return 'private';
  return has(ctx, node, 'pub') && !has(ctx, node, '(') ? 'pub' : 'restricted';
}
