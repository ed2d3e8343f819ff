/** Lowers blocks and their statements. */
import { exact } from '../../../base/exact.ts';
import type { BlockExpr, Expr, Statement } from '../../../model/rust/ast-expr.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { lowerAttributes } from './lower-attributes.ts';
import { brokenHere, childOf, fieldOf, firstPart, has, isAside } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { labelOf } from './lower-control.ts';
import { lowerExpr, optionalExpr, unknownExpr } from './lower-expr.ts';
import { isItemKind, lowerItem } from './lower-item.ts';
import { lowerMarkedPattern } from './lower-pattern.ts';
import { lowerType } from './lower-type.ts';

/** A block of any flavor, null where the node is none. The span starts at the keyword or label that belongs to it. */
export function lowerBlock(ctx: Lowering, node: NodeId): BlockExpr | null {
  if (node < 0) return null;
  const { tree } = ctx;
  const span = tree.span(node);
  const flavor = flavorOf(ctx, node);
  if (!flavor) return null;
  const inner = flavor === 'plain' ? node : childOf(ctx, node, 'block');
  if (inner < 0) return null;
  const { statements, tail } = bodyOf(ctx, inner);
  return { kind: 'block', flavor, label: labelOf(ctx, inner), statements, tail, span };
}

/** A `gen` block counts as `async`: its body runs later and elsewhere. */
function flavorOf(ctx: Lowering, node: NodeId): BlockExpr['flavor'] | null {
  switch (ctx.tree.kind(node)) {
    case 'block':
      return 'plain';
    case 'unsafe_block':
      return 'unsafe';
    case 'const_block':
      return 'const';
    case 'try_block':
      return 'try';
    case 'async_block':
    case 'gen_block':
      return has(ctx, node, 'move') ? 'async-move' : 'async';
    default:
      return null;
  }
}

function bodyOf(ctx: Lowering, block: NodeId): Pick<BlockExpr, 'statements' | 'tail'> {
  const { tree } = ctx;
  const statements: Statement[] = [];
  // The last expression without a semicolon so far: the tail, unless something follows.
  let tail: Statement | null = null;
  for (let child = tree.firstChild(block); child >= 0; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (!tree.broken(child) && (!tree.named(child) || isAside(kind))) continue;
    if (kind === 'empty_statement') {
      // The semicolon of a macro call.
      if (tail) statements.push(tail);
      tail = null;
      continue;
    }
    if (tail) statements.push(tail);
    tail = null;
    const statement = statementOf(ctx, child, kind);
    const ends = kind === 'expression_statement' && has(ctx, child, ';');
    if (statement.kind === 'expr' && !ends) tail = statement;
    else statements.push(statement);
  }
  return { statements: exact(statements), tail: tail?.kind === 'expr' ? tail.expr : null };
}

function statementOf(ctx: Lowering, node: NodeId, kind: string): Statement {
  const { tree } = ctx;
  const span = tree.span(node);
  if (brokenHere(ctx, node) && (kind === 'let_declaration' || kind === 'expression_statement' || kind === 'ERROR')) {
    return { kind: 'expr', expr: unknownExpr(ctx, node), attributes: [], span };
  }
  if (kind === 'let_declaration') return letStatement(ctx, node);
  if (kind === 'macro_invocation_item') {
    const attributes = lowerAttributes(ctx, fieldOf(ctx, node, 'attributes')).attributes;
    return { kind: 'expr', expr: lowerExpr(ctx, fieldOf(ctx, node, 'invocation')), attributes, span };
  }
  if (isItemKind(kind)) {
    const item = lowerItem(ctx, node);
    return { kind: 'item', item, span: item.span };
  }
  return exprStatement(ctx, kind === 'expression_statement' ? firstPart(ctx, node) : node, node);
}

function letStatement(ctx: Lowering, node: NodeId): Statement {
  const type = fieldOf(ctx, node, 'type');
  return {
    kind: 'let',
    pattern: lowerMarkedPattern(ctx, node, fieldOf(ctx, node, 'pattern')),
    type: type < 0 ? null : lowerType(ctx, type),
    value: optionalExpr(ctx, node, 'value'),
    else: lowerBlock(ctx, fieldOf(ctx, node, 'alternative')),
    attributes: lowerAttributes(ctx, fieldOf(ctx, node, 'attributes')).attributes,
    span: ctx.tree.span(node),
  };
}

function exprStatement(ctx: Lowering, node: NodeId, owner: NodeId): Statement {
  const span = ctx.tree.span(owner);
  const kind = node < 0 ? '' : ctx.tree.kind(node);
  const marked = kind === 'expression_with_attribute' || kind === 'block_expression_with_attribute';
  const attributes = marked ? lowerAttributes(ctx, fieldOf(ctx, node, 'attributes')).attributes : [];
  const expr: Expr = lowerExpr(ctx, marked ? fieldOf(ctx, node, 'expression') : node);
  return { kind: 'expr', expr, attributes, span };
}
