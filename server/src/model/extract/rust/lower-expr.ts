/** Lowers expressions; control flow and macro calls have files of their own. */
import type { Expr, LiteralKind } from '../../../model/rust/ast-expr.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import { lowerBlock } from './lower-block.ts';
import { childOf, descend, fieldOf, firstPart, has, isAside, nameOf, parts, spanOr } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { lowerClosure, lowerIf, lowerLetChain, lowerLetCondition, lowerLoop, lowerMatch, lowerJump } from './lower-control.ts';
import { lowerMacro } from './lower-macro.ts';
import { lowerGenericArgs, lowerPath } from './lower-path.ts';
import { lowerType } from './lower-type.ts';

export function lowerExpr(ctx: Lowering, node: NodeId): Expr {
  return descend(ctx, node, exprOf, unknownExpr);
}

export function unknownExpr(ctx: Lowering, node: NodeId): Expr {
  return { kind: 'unknown', span: spanOr(ctx, node, 0) };
}

/** The expression in a field of a node, null where it has none. */
export function optionalExpr(ctx: Lowering, node: NodeId, field: string): Expr | null {
  const child = fieldOf(ctx, node, field);
  return child < 0 ? null : lowerExpr(ctx, child);
}

function exprOf(ctx: Lowering, node: NodeId): Expr {
  const { tree } = ctx;
  const span = tree.span(node);
  const kind = tree.kind(node);
  switch (kind) {
    case 'identifier':
    case 'self':
    case 'super':
    case 'crate':
    case 'scoped_identifier':
    case 'generic_function': {
      const path = lowerPath(ctx, node);
      return path ? { kind: 'path', path: path.path, self: path.self, span } : unknownExpr(ctx, node);
    }
    case 'integer_literal':
    case 'float_literal':
    case 'boolean_literal':
    case 'char_literal':
    case 'string_literal':
    case 'raw_string_literal': {
      const text = tree.textOf(node);
      return { kind: 'literal', literal: literalKind(kind, text), text, span };
    }
    case 'negative_literal':
      return { kind: 'unary', operator: '-', operand: lowerExpr(ctx, firstPart(ctx, node)), span };
    case 'call_expression':
      return call(ctx, node);
    case 'field_expression': {
      const field = fieldOf(ctx, node, 'field');
      return { kind: 'field', base: operandOf(ctx, node), name: nameOf(ctx, field), nameSpan: spanOr(ctx, field, node), span };
    }
    case 'macro_invocation':
      return lowerMacro(ctx, node) ?? unknownExpr(ctx, node);
    case 'index_expression': {
      const [base = -1, index = -1] = parts(ctx, node);
      return { kind: 'index', base: lowerExpr(ctx, base), index: lowerExpr(ctx, index), span };
    }
    case 'unary_expression': {
      const operator = tree.textOf(tree.firstChild(node));
      if (operator !== '*' && operator !== '!' && operator !== '-') return unknownExpr(ctx, node);
      return { kind: 'unary', operator, operand: lowerExpr(ctx, firstPart(ctx, node)), span };
    }
    case 'reference_expression':
      return {
        kind: 'reference',
        mutable: has(ctx, node, 'mutable_specifier'),
        raw: has(ctx, node, 'raw'),
        operand: operandOf(ctx, node),
        span,
      };
    case 'binary_expression':
      return binary(ctx, node);
    case 'assignment_expression':
      return assignment(ctx, node);
    case 'compound_assignment_expr':
      return assign(ctx, node, operatorOf(ctx, node));
    case 'type_cast_expression':
      return { kind: 'cast', operand: operandOf(ctx, node), type: lowerType(ctx, fieldOf(ctx, node, 'type')), span };
    case 'range_expression':
      return range(ctx, node);
    case 'try_expression':
      return { kind: 'try', operand: lowerExpr(ctx, firstPart(ctx, node)), span };
    case 'await_expression':
      return { kind: 'await', operand: lowerExpr(ctx, firstPart(ctx, node)), span };
    case 'parenthesized_expression':
      return lowerExpr(ctx, firstPart(ctx, node));
    case 'unit_expression':
      return { kind: 'tuple', elements: [], span };
    case 'tuple_expression':
      return { kind: 'tuple', elements: elements(ctx, node), span };
    case 'array_expression':
      return array(ctx, node);
    case 'struct_expression':
      return struct(ctx, node);
    case 'expression_with_attribute':
    case 'block_expression_with_attribute':
      return lowerExpr(ctx, fieldOf(ctx, node, 'expression'));
    case 'if_expression':
      return lowerIf(ctx, node);
    case 'let_condition':
      return lowerLetCondition(ctx, node);
    case 'let_chain':
      return lowerLetChain(ctx, node);
    case 'match_expression':
      return lowerMatch(ctx, node);
    case 'loop_expression':
    case 'while_expression':
    case 'for_expression':
      return lowerLoop(ctx, node);
    case 'closure_expression':
      return lowerClosure(ctx, node);
    case 'return_expression':
    case 'become_expression':
    case 'yield_expression':
    case 'break_expression':
    case 'continue_expression':
      return lowerJump(ctx, node);
    case 'block':
    case 'unsafe_block':
    case 'const_block':
    case 'async_block':
    case 'gen_block':
    case 'try_block':
      return lowerBlock(ctx, node) ?? unknownExpr(ctx, node);
    default:
      return unknownExpr(ctx, node);
  }
}

function operandOf(ctx: Lowering, node: NodeId): Expr {
  return lowerExpr(ctx, fieldOf(ctx, node, 'value'));
}

function leftOf(ctx: Lowering, node: NodeId): Expr {
  return lowerExpr(ctx, fieldOf(ctx, node, 'left'));
}

function rightOf(ctx: Lowering, node: NodeId): Expr {
  return lowerExpr(ctx, fieldOf(ctx, node, 'right'));
}

function operatorOf(ctx: Lowering, node: NodeId): string {
  return ctx.tree.textOf(fieldOf(ctx, node, 'operator'));
}

/** The expressions of a list: attributes and comments among them are left out. */
function elements(ctx: Lowering, node: NodeId): Expr[] {
  return parts(ctx, node)
    .filter((part) => !isAside(ctx.tree.kind(part)))
    .map((part) => lowerExpr(ctx, part));
}

function literalKind(kind: string, text: string): LiteralKind {
  switch (kind) {
    case 'integer_literal':
      return 'int';
    case 'float_literal':
      return 'float';
    case 'boolean_literal':
      return 'bool';
    case 'char_literal':
      return text.startsWith('b') ? 'byte' : 'char';
    default:
      if (text.startsWith('b')) return 'byte-string';
      return text.startsWith('c') ? 'c-string' : 'string';
  }
}

function call(ctx: Lowering, node: NodeId): Expr {
  const { tree } = ctx;
  const span = tree.span(node);
  const list = fieldOf(ctx, node, 'arguments');
  if (list < 0 || tree.hasError(list)) {
    // A broken list has lost arguments: the call is not what it seems.
    for (let child = list < 0 ? -1 : tree.firstChild(list); child >= 0; child = tree.nextSibling(child)) {
      if (tree.broken(child)) return unknownExpr(ctx, node);
    }
  }
  const args = list < 0 ? [] : elements(ctx, list);
  const callee = fieldOf(ctx, node, 'function');
  const generic = callee >= 0 && tree.kind(callee) === 'generic_function';
  const target = generic ? fieldOf(ctx, callee, 'function') : callee;
  if (target < 0 || tree.kind(target) !== 'field_expression') return { kind: 'call', callee: lowerExpr(ctx, callee), args, span };
  const field = fieldOf(ctx, target, 'field');
  return {
    kind: 'method',
    receiver: operandOf(ctx, target),
    name: nameOf(ctx, field),
    nameSpan: spanOr(ctx, field, target),
    generics: generic ? lowerGenericArgs(ctx, fieldOf(ctx, callee, 'type_arguments')) : [],
    args,
    span,
  };
}

function assignment(ctx: Lowering, node: NodeId): Expr {
  const { tree } = ctx;
  const span = tree.span(node);
  const left = fieldOf(ctx, node, 'left');
  const equals = childOf(ctx, node, '=');
  // The grammar reads `..=x` as an assignment to `..`.
  if (tree.kind(left) === 'range_expression' && tree.end(left) - tree.start(left) === 2 && tree.start(equals) === tree.end(left)) {
    return { kind: 'range', from: null, to: rightOf(ctx, node), inclusive: true, span };
  }
  return assign(ctx, node, '=');
}

/** `a = b = c` assigns to `b` first; the grammar groups it the other way round. */
function assign(ctx: Lowering, node: NodeId, operator: string): Expr {
  const { tree } = ctx;
  const span = tree.span(node);
  const target = fieldOf(ctx, node, 'left');
  const left = lowerExpr(ctx, target);
  const right = rightOf(ctx, node);
  const grouped = tree.kind(target) === 'assignment_expression' || tree.kind(target) === 'compound_assignment_expr';
  if (!grouped || left.kind !== 'assign') return { kind: 'assign', operator, left, right, span };
  const inner: Expr = { kind: 'assign', operator, left: left.right, right, span: { start: left.right.span.start, end: span.end } };
  return { kind: 'assign', operator: left.operator, left: left.left, right: inner, span };
}

/**
 * `2..*n` ends at `*n`, `..-x + 1` at `-x + 1`; the grammar takes the sign for an operator on an open range.
 * No range stands to the left of an operator without parentheses, which bind weaker than all of them (Rust reference, expression precedence).
 */
function binary(ctx: Lowering, node: NodeId): Expr {
  const { tree } = ctx;
  const span = tree.span(node);
  const operator = operatorOf(ctx, node);
  const left = leftOf(ctx, node);
  const right = rightOf(ctx, node);
  if (left.kind !== 'range' || tree.kind(fieldOf(ctx, node, 'left')) === 'parenthesized_expression')
    return { kind: 'binary', operator, left, right, span };
  const from = left.to?.span.start ?? tree.start(childOf(ctx, node, operator));
  const end: Expr | null = left.to
    ? { kind: 'binary', operator, left: left.to, right, span: { start: from, end: span.end } }
    : signed(operator, right, from, fieldOf(ctx, node, 'right'), tree);
  return end ? { ...left, to: end, span } : { kind: 'binary', operator, left, right, span };
}

/** `*x`, `-x` or `&x` of the first operand of what follows the sign: `-a * b` is `(-a) * b`. Null for other operators. */
function signed(operator: string, operand: Expr, start: number, node: NodeId, tree: Lowering['tree']): Expr | null {
  if (operator !== '*' && operator !== '-' && operator !== '&') return null;
  const span = { start, end: operand.span.end };
  const bare = tree.kind(node) !== 'parenthesized_expression';
  if (bare && (operand.kind === 'binary' || operand.kind === 'cast')) {
    const inner = operand.kind === 'binary' ? operand.left : operand.operand;
    const first = signed(operator, inner, start, tree.firstChild(node), tree);
    if (!first) return null;
    return operand.kind === 'binary' ? { ...operand, left: first, span } : { ...operand, operand: first, span };
  }
  if (operator === '&') return { kind: 'reference', mutable: false, raw: false, operand, span };
  return { kind: 'unary', operator, operand, span };
}

function range(ctx: Lowering, node: NodeId): Expr {
  const { tree } = ctx;
  let from: Expr | null = null;
  let to: Expr | null = null;
  let operator = '';
  for (let child = tree.firstChild(node); child >= 0; child = tree.nextSibling(child)) {
    const kind = tree.kind(child);
    if (kind === '..' || kind === '..=' || kind === '...') operator = kind;
    else if (tree.named(child) && !isAside(kind)) {
      if (operator === '') from = lowerExpr(ctx, child);
      else to = lowerExpr(ctx, child);
    }
  }
  return { kind: 'range', from, to, inclusive: operator === '..=' || operator === '...', span: tree.span(node) };
}

function array(ctx: Lowering, node: NodeId): Expr {
  const span = ctx.tree.span(node);
  const length = fieldOf(ctx, node, 'length');
  if (length < 0) return { kind: 'array', elements: elements(ctx, node), span };
  return { kind: 'repeat', element: lowerExpr(ctx, firstPart(ctx, node)), length: lowerExpr(ctx, length), span };
}

function struct(ctx: Lowering, node: NodeId): Expr {
  const { tree } = ctx;
  const path = lowerPath(ctx, fieldOf(ctx, node, 'name'));
  const body = fieldOf(ctx, node, 'body');
  if (!path || body < 0) return unknownExpr(ctx, node);
  const fields: { name: string; value: Expr }[] = [];
  let base: Expr | null = null;
  for (let part = tree.firstChild(body); part >= 0; part = tree.nextSibling(part)) {
    if (tree.broken(part)) return unknownExpr(ctx, node);
    const kind = tree.kind(part);
    if (kind === 'base_field_initializer') base = lowerExpr(ctx, firstPart(ctx, part));
    else if (kind === 'field_initializer') {
      fields.push({ name: nameOf(ctx, fieldOf(ctx, part, 'field')), value: operandOf(ctx, part) });
    } else if (kind === 'shorthand_field_initializer') {
      const name = firstPart(ctx, part);
      fields.push({ name: nameOf(ctx, name), value: lowerExpr(ctx, name) });
    }
  }
  return { kind: 'struct', path: path.path, fields, base, span: tree.span(node) };
}
