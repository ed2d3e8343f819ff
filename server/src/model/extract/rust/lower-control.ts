/** Lowers control flow: conditions, matches, loops, closures and jumps. */
import type { ClosureExpr, Expr, MatchArm } from '../../../model/rust/ast-expr.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { lowerAttributes } from './lower-attributes.ts';
import { lowerBlock } from './lower-block.ts';
import { brokenHere, childOf, fieldOf, firstPart, has, isComment, parts } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { lowerExpr, optionalExpr, unknownExpr } from './lower-expr.ts';
import { lowerMarkedPattern, lowerMatchPattern, lowerPattern } from './lower-pattern.ts';
import { lowerType } from './lower-type.ts';

/** The label of a loop, block or jump with its quote: `'outer`. */
export function labelOf(ctx: Lowering, node: NodeId): string | null {
  const label = childOf(ctx, node, 'label');
  return label < 0 ? null : ctx.tree.textOf(label);
}

export function lowerIf(ctx: Lowering, node: NodeId): Expr {
  const { tree } = ctx;
  const then = lowerBlock(ctx, fieldOf(ctx, node, 'consequence'));
  if (!then) return unknownExpr(ctx, node);
  const clause = fieldOf(ctx, node, 'alternative');
  return {
    kind: 'if',
    condition: lowerExpr(ctx, fieldOf(ctx, node, 'condition')),
    then,
    else: clause < 0 ? null : lowerExpr(ctx, firstPart(ctx, clause)),
    span: tree.span(node),
  };
}

export function lowerLetCondition(ctx: Lowering, node: NodeId): Expr {
  const pattern = lowerPattern(ctx, fieldOf(ctx, node, 'pattern'));
  return { kind: 'let', pattern, value: lowerExpr(ctx, fieldOf(ctx, node, 'value')), span: ctx.tree.span(node) };
}

/** `a && let P = b && c` is `(a && let P = b) && c`. */
export function lowerLetChain(ctx: Lowering, node: NodeId): Expr {
  let chain: Expr | null = null;
  for (const part of parts(ctx, node)) {
    const right = lowerExpr(ctx, part);
    chain = chain ? { kind: 'binary', operator: '&&', left: chain, right, span: { start: chain.span.start, end: right.span.end } } : right;
  }
  return chain ?? unknownExpr(ctx, node);
}

export function lowerMatch(ctx: Lowering, node: NodeId): Expr {
  const { tree } = ctx;
  const body = fieldOf(ctx, node, 'body');
  if (body < 0 || brokenHere(ctx, body)) return unknownExpr(ctx, node);
  const arms: MatchArm[] = [];
  for (const part of parts(ctx, body)) {
    if (tree.kind(part) !== 'match_arm') continue;
    if (brokenHere(ctx, part)) return unknownExpr(ctx, node);
    const { pattern, guard } = lowerMatchPattern(ctx, fieldOf(ctx, part, 'pattern'));
    arms.push({
      pattern,
      guard: guard < 0 ? null : lowerExpr(ctx, guard),
      body: lowerExpr(ctx, fieldOf(ctx, part, 'value')),
      attributes: lowerAttributes(ctx, childOf(ctx, part, 'attributes')).attributes,
      span: tree.span(part),
    });
  }
  return { kind: 'match', scrutinee: lowerExpr(ctx, fieldOf(ctx, node, 'value')), arms, span: tree.span(node) };
}

export function lowerLoop(ctx: Lowering, node: NodeId): Expr {
  const kind = ctx.tree.kind(node);
  const body = lowerBlock(ctx, fieldOf(ctx, node, 'body'));
  if (!body) return unknownExpr(ctx, node);
  const isFor = kind === 'for_expression';
  return {
    kind: 'loop',
    flavor: isFor ? 'for' : kind === 'while_expression' ? 'while' : 'loop',
    label: labelOf(ctx, node),
    condition: optionalExpr(ctx, node, 'condition'),
    pattern: isFor ? lowerPattern(ctx, fieldOf(ctx, node, 'pattern')) : null,
    iterable: isFor ? lowerExpr(ctx, fieldOf(ctx, node, 'value')) : null,
    body,
    span: ctx.tree.span(node),
  };
}

export function lowerClosure(ctx: Lowering, node: NodeId): Expr {
  const { tree } = ctx;
  const list = fieldOf(ctx, node, 'parameters');
  if (list < 0 || brokenHere(ctx, list)) return unknownExpr(ctx, node);
  const params: ClosureExpr['params'][number][] = [];
  for (let child = tree.firstChild(list); child >= 0; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (kind === 'parameter') {
      const pattern = lowerMarkedPattern(ctx, child, fieldOf(ctx, child, 'pattern'));
      params.push({ pattern, type: lowerType(ctx, fieldOf(ctx, child, 'type')) });
    } else if (kind === '_' || (tree.named(child) && !isComment(kind))) {
      params.push({ pattern: lowerPattern(ctx, child), type: null });
    }
  }
  const result = fieldOf(ctx, node, 'return_type');
  return {
    kind: 'closure',
    move: has(ctx, node, 'move'),
    async: has(ctx, node, 'async'),
    params,
    result: result < 0 ? null : lowerType(ctx, result),
    body: lowerExpr(ctx, fieldOf(ctx, node, 'body')),
    span: tree.span(node),
  };
}

export function lowerJump(ctx: Lowering, node: NodeId): Expr {
  const span = ctx.tree.span(node);
  const operand = firstPart(ctx, node);
  const value = operand < 0 ? null : lowerExpr(ctx, operand);
  switch (ctx.tree.kind(node)) {
    case 'break_expression':
      return { kind: 'break', label: labelOf(ctx, node), value, span };
    case 'continue_expression':
      return { kind: 'continue', label: labelOf(ctx, node), span };
    case 'yield_expression':
      return { kind: 'yield', value, span };
    default:
      // `become f()` leaves the fn with the call's value, as `return` does.
      return { kind: 'return', value, span };
  }
}
