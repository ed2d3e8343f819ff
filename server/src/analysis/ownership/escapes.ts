/** Where the value of an expression goes: kept in a variable, stored, returned, out of its block, or used up on the spot. */
import type { Expr, Pattern, Statement } from '../../model/rust/ast-expr.ts';
import type { Body } from '../types/local-types-body.ts';
import { bindings } from '../walk.ts';
import { isWrapper } from './owners.ts';
import { blocksOf, parentsOf } from './parents.ts';

export type Way =
  /** `let p = …;` */
  | { readonly kind: 'let'; readonly statement: Extract<Statement, { kind: 'let' }> }
  /** `x = …`, `(*out).field = …` */
  | { readonly kind: 'assign'; readonly left: Expr }
  /** The fn's result, by `return` or as its last expression. */
  | { readonly kind: 'return' }
  /** The result of a closure. */
  | { readonly kind: 'closure' }
  /** An argument, a receiver, an operand: gone at the end of the statement. */
  | { readonly kind: 'used'; readonly by: Expr | null };

export interface Escape {
  readonly way: Way;
  /** Blocks and arms that the value leaves as their result, the innermost first; the fn's body is one where it is returned. */
  readonly leaves: readonly Expr[];
  /** Patterns whose variables end where the value leaves: of arms, `if let` and closures. */
  readonly patterns: readonly Pattern[];
  /** On its way the value leaves a branch (`if`, `match` arm, loop, closure), at whose end temporaries are dropped. */
  readonly leavesBranch: boolean;
  /** Only casts, wrappers and references are around it, so that it is evaluated wherever the statement is. */
  readonly plain: boolean;
}

/** Methods of pointers that give the same pointer, or one into the same buffer. */
const SAME = /^(cast|cast_mut|cast_const|add|sub|offset|wrapping_add|wrapping_sub|byte_add|byte_offset)$/;

/**
 * Follows a pointer outwards through casts, wrapping calls (`Some(p)`), struct literals, tuples, blocks and branches.
 * Reference, "Temporary scopes": bodies of `if` and arms of `match` end the life of their temporaries, plain blocks do not before 2024.
 */
export function escapeOf(expr: Expr, body: Body): Escape {
  const root = body.ast.body;
  const leaves: Expr[] = [];
  const patterns: Pattern[] = [];
  let leavesBranch = false;
  let plain = true;
  const end = (way: Way): Escape => ({ way, leaves, patterns, leavesBranch, plain });
  if (!root) return end({ kind: 'used', by: null });
  const parents = parentsOf(root);
  const owners = blocksOf(root);
  for (let at: Expr = expr; ; ) {
    if (at === root) return end({ kind: 'return' });
    const around = parents.get(at);
    if (!around) return end({ kind: 'used', by: null });
    if (around.kind === 'statement') {
      const { statement } = around;
      if (statement.kind === 'let' && statement.value === at) return end({ kind: 'let', statement });
      return end({ kind: 'used', by: null });
    }
    const parent = around.expr;
    switch (parent.kind) {
      case 'cast':
        break;
      case 'method':
        if (parent.receiver !== at || !SAME.test(parent.name)) return end({ kind: 'used', by: parent });
        break;
      case 'call':
        if (parent.callee === at || !isWrapper(parent.callee)) return end({ kind: 'used', by: parent });
        break;
      case 'tuple':
      case 'array':
      case 'struct':
        break;
      case 'reference':
        return end({ kind: 'used', by: parent });
      case 'block':
        if (parent.tail !== at || (parent.flavor !== 'plain' && parent.flavor !== 'unsafe')) return end({ kind: 'used', by: parent });
        leaves.push(parent);
        if (parent !== root) plain = false;
        break;
      case 'if':
        if (parent.condition === at) return end({ kind: 'used', by: parent });
        if (parent.then === at) collectLets(parent.condition, patterns);
        leavesBranch = true;
        plain = false;
        break;
      case 'match': {
        const arm = parent.arms.find((one) => one.body === at);
        if (!arm) return end({ kind: 'used', by: parent });
        patterns.push(arm.pattern);
        leavesBranch = true;
        plain = false;
        break;
      }
      case 'closure':
        for (const param of parent.params) patterns.push(param.pattern);
        return end({ kind: 'closure' });
      case 'return':
        return end(returned(parent, leaves, patterns));
      case 'assign':
        if (parent.right !== at || parent.operator !== '=') return end({ kind: 'used', by: parent });
        return end({ kind: 'assign', left: parent.left });
      default:
        return end({ kind: 'used', by: parent });
    }
    at = parent;
  }

  /** `return` leaves every block up to the fn or closure. */
  function returned(from: Expr, left: Expr[], bound: Pattern[]): Way {
    for (let at: Expr | undefined = from; at; ) {
      const around = parents.get(at);
      const outer: Expr | undefined = around?.kind === 'expr' ? around.expr : around ? owners.get(around.statement) : undefined;
      if (!outer) return { kind: 'return' };
      if (outer.kind === 'block') left.push(outer);
      if (outer.kind === 'match') {
        const arm = outer.arms.find((one) => one.body === at);
        if (arm) bound.push(arm.pattern);
      }
      if (outer.kind === 'if' && outer.then === at) collectLets(outer.condition, bound);
      if (outer.kind === 'closure') {
        for (const param of outer.params) bound.push(param.pattern);
        return { kind: 'closure' };
      }
      at = outer;
    }
    return { kind: 'return' };
  }
}

function collectLets(condition: Expr, into: Pattern[]): void {
  if (condition.kind === 'let') into.push(condition.pattern);
  if (condition.kind === 'binary') {
    collectLets(condition.left, into);
    collectLets(condition.right, into);
  }
}

/** Whether a variable of this name ends where a value leaves: it is declared in a block or pattern that is left, or is a parameter. */
export function diesWith(name: string, outcome: Escape, body: Body): boolean {
  const binds = (pattern: Pattern): boolean => bindings(pattern).some((one) => one.name === name);
  for (const block of outcome.leaves) {
    if (block.kind === 'block' && block.statements.some((at) => at.kind === 'let' && binds(at.pattern))) return true;
  }
  if (outcome.patterns.some(binds)) return true;
  return outcome.way.kind === 'return' && body.ast.params.some((param) => binds(param.pattern));
}
