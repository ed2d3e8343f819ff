/** Walks expressions, statements and patterns of the plain AST in source order; what all analyses of bodies build on. */

import type { BlockExpr, Expr, Pattern, Statement } from '../model/rust/ast-expr.ts';
import type { Item } from '../model/rust/ast-item.ts';

/** Called for what stands directly in a node, in source order. */
export interface Children {
  expr(child: Expr): void;
  statement(child: Statement): void;
  pattern(child: Pattern): void;
}

/**
 * What to do on the way. A `false` from an enter function leaves out the children of that node;
 * its leave function is called all the same.
 */
export interface Visitor {
  enterExpr?(expr: Expr): unknown;
  leaveExpr?(expr: Expr): void;
  enterStatement?(statement: Statement): unknown;
  leaveStatement?(statement: Statement): void;
  enterPattern?(pattern: Pattern): unknown;
}

/** Where a walk stops. Both are entered unless said otherwise. */
export interface WalkOptions {
  /** `false`: bodies of closures are left out (the closure itself is still visited). */
  readonly closures?: boolean;
  /** `false`: nested items are left out (their statements are still visited). */
  readonly items?: boolean;
}

/** For code that runs where it is written: neither closures nor nested items. */
export const HERE: WalkOptions = { closures: false, items: false };

/** The direct children of an expression. Macro arguments count, as far as they are known; types do not. */
export function eachChild(expr: Expr, on: Children): void {
  switch (expr.kind) {
    case 'path':
    case 'literal':
    case 'continue':
    case 'unknown':
      return;
    case 'call':
      on.expr(expr.callee);
      for (const arg of expr.args) on.expr(arg);
      return;
    case 'method':
      on.expr(expr.receiver);
      for (const arg of expr.args) on.expr(arg);
      return;
    case 'field':
      on.expr(expr.base);
      return;
    case 'macro':
      for (const arg of expr.args ?? []) on.expr(arg);
      return;
    case 'closure':
      for (const param of expr.params) on.pattern(param.pattern);
      on.expr(expr.body);
      return;
    case 'block':
      for (const statement of expr.statements) on.statement(statement);
      if (expr.tail) on.expr(expr.tail);
      return;
    case 'if':
      on.expr(expr.condition);
      on.expr(expr.then);
      if (expr.else) on.expr(expr.else);
      return;
    case 'let':
      on.pattern(expr.pattern);
      on.expr(expr.value);
      return;
    case 'match':
      on.expr(expr.scrutinee);
      for (const arm of expr.arms) {
        on.pattern(arm.pattern);
        if (arm.guard) on.expr(arm.guard);
        on.expr(arm.body);
      }
      return;
    case 'loop':
      if (expr.pattern) on.pattern(expr.pattern);
      if (expr.condition) on.expr(expr.condition);
      if (expr.iterable) on.expr(expr.iterable);
      on.expr(expr.body);
      return;
    case 'index':
      on.expr(expr.base);
      on.expr(expr.index);
      return;
    case 'unary':
    case 'reference':
    case 'cast':
    case 'try':
    case 'await':
      on.expr(expr.operand);
      return;
    case 'binary':
    case 'assign':
      on.expr(expr.left);
      on.expr(expr.right);
      return;
    case 'range':
      if (expr.from) on.expr(expr.from);
      if (expr.to) on.expr(expr.to);
      return;
    case 'return':
    case 'break':
    case 'yield':
      if (expr.value) on.expr(expr.value);
      return;
    case 'tuple':
    case 'array':
      for (const element of expr.elements) on.expr(element);
      return;
    case 'repeat':
      on.expr(expr.element);
      on.expr(expr.length);
      return;
    case 'struct':
      for (const field of expr.fields) on.expr(field.value);
      if (expr.base) on.expr(expr.base);
      return;
  }
}

/** The direct children of a statement; those of a nested item are not among them (see `eachBody`). */
export function eachStatementChild(statement: Statement, on: Children): void {
  if (statement.kind === 'expr') on.expr(statement.expr);
  if (statement.kind !== 'let') return;
  on.pattern(statement.pattern);
  if (statement.value) on.expr(statement.value);
  if (statement.else) on.expr(statement.else);
}

/** The patterns that stand directly in a pattern, and the expressions of literals and ranges. */
export function eachPatternChild(pattern: Pattern, on: Pick<Children, 'pattern' | 'expr'>): void {
  switch (pattern.kind) {
    case 'binding':
      if (pattern.sub) on.pattern(pattern.sub);
      return;
    case 'tuple-struct':
    case 'tuple':
    case 'slice':
      for (const element of pattern.elements) on.pattern(element);
      return;
    case 'struct':
      for (const field of pattern.fields) on.pattern(field.pattern);
      return;
    case 'reference':
      on.pattern(pattern.pattern);
      return;
    case 'or':
      for (const alternative of pattern.alternatives) on.pattern(alternative);
      return;
    case 'literal':
      on.expr(pattern.value);
      return;
    case 'range':
      if (pattern.from) on.expr(pattern.from);
      if (pattern.to) on.expr(pattern.to);
      return;
    default:
      return;
  }
}

/** Every body in an item: of a fn, a constant, and of all members of an impl, trait or extern block. */
export function eachBody(item: Item, on: (body: Expr) => void): void {
  if (item.kind === 'fn' && item.body) on(item.body);
  else if ((item.kind === 'const' || item.kind === 'static') && item.value) on(item.value);
  else if (item.kind === 'impl' || item.kind === 'trait') for (const member of item.members) eachBody(member, on);
}

/** Visits an expression and everything below it, in source order. */
export function walk(root: Expr, visitor: Visitor, options: WalkOptions = {}): void {
  const on: Children = { expr, statement, pattern };
  expr(root);

  function expr(node: Expr): void {
    const enter = visitor.enterExpr?.(node) !== false;
    if (enter && (node.kind !== 'closure' || options.closures !== false)) eachChild(node, on);
    visitor.leaveExpr?.(node);
  }

  function statement(node: Statement): void {
    if (visitor.enterStatement?.(node) !== false) {
      if (node.kind !== 'item') eachStatementChild(node, on);
      else if (options.items !== false) eachBody(node.item, expr);
    }
    visitor.leaveStatement?.(node);
  }

  function pattern(node: Pattern): void {
    if (visitor.enterPattern?.(node) !== false) eachPatternChild(node, on);
  }
}

/** The first expression, in source order and parents first, for which the test holds; null where none does. */
export function findExpr(root: Expr, test: (expr: Expr) => boolean, options: WalkOptions = {}): Expr | null {
  let found: Expr | null = null;
  const enterExpr = (expr: Expr): boolean => {
    if (found === null && test(expr)) found = expr;
    return found === null;
  };
  walk(root, { enterExpr, enterStatement: () => found === null }, options);
  return found;
}

export function someExpr(root: Expr, test: (expr: Expr) => boolean, options: WalkOptions = {}): boolean {
  return findExpr(root, test, options) !== null;
}

/** All expressions for which the test holds, in source order, parents first. */
export function collectExprs(root: Expr, test: (expr: Expr) => boolean, options: WalkOptions = {}): readonly Expr[] {
  const found: Expr[] = [];
  const enterExpr = (expr: Expr): void => {
    if (test(expr)) found.push(expr);
  };
  walk(root, { enterExpr }, options);
  return found;
}

/** The names that a pattern binds, in source order. */
export function bindings(pattern: Pattern): readonly Extract<Pattern, { kind: 'binding' }>[] {
  const found: Extract<Pattern, { kind: 'binding' }>[] = [];
  visit(pattern);
  return found;

  function visit(node: Pattern): void {
    if (node.kind === 'binding') found.push(node);
    eachPatternChild(node, { pattern: visit, expr: () => {} });
  }
}

/** The variable that an expression is: a path of one segment without generics; null for everything else. */
export function variable(expr: Expr): string | null {
  if (expr.kind !== 'path' || expr.self || expr.path.global || expr.path.segments.length !== 1) return null;
  return expr.path.segments[0]?.name ?? null;
}

/** The last segment's name of a path expression, null for other expressions. */
export function lastName(expr: Expr): string | null {
  return expr.kind === 'path' ? (expr.path.segments.at(-1)?.name ?? null) : null;
}

/** A block's only content where it is nothing but one expression (`{ x }`, `unsafe { x }`), through nested ones; else the expression. */
export function unwrapBlock(expr: Expr): Expr {
  let inner = expr;
  while (inner.kind === 'block' && inner.statements.length === 0 && inner.tail && isTransparent(inner)) inner = inner.tail;
  return inner;
}

function isTransparent(block: BlockExpr): boolean {
  return block.flavor === 'plain' || block.flavor === 'unsafe';
}
