/** What stands around each expression of a body: asked by rules that must know where a value goes. */
import type { Expr, Statement } from '../../model/rust/ast-expr.ts';
import { eachChild, eachStatementChild } from '../walk.ts';

/** What an expression stands in directly. */
export type Around = { readonly kind: 'expr'; readonly expr: Expr } | { readonly kind: 'statement'; readonly statement: Statement };

export type Parents = ReadonlyMap<Expr, Around>;

const known = new WeakMap<Expr, Parents>();

/** For every expression below a body what it stands in; the body itself has nothing. Nested items are left out. */
export function parentsOf(body: Expr): Parents {
  let parents = known.get(body);
  if (!parents) {
    parents = collect(body);
    known.set(body, parents);
  }
  return parents;
}

function collect(body: Expr): Parents {
  const parents = new Map<Expr, Around>();
  visit(body);
  return parents;

  function visit(expr: Expr): void {
    eachChild(expr, {
      expr: (child) => enter(child, { kind: 'expr', expr }),
      statement: (statement) => {
        eachStatementChild(statement, {
          expr: (child) => enter(child, { kind: 'statement', statement }),
          statement: () => {},
          pattern: () => {},
        });
      },
      pattern: () => {},
    });
  }

  function enter(child: Expr, around: Around): void {
    parents.set(child, around);
    visit(child);
  }
}

/** The expression around another; null at the body and where it stands directly in a statement. */
export function parentExpr(parents: Parents, expr: Expr): Expr | null {
  const around = parents.get(expr);
  return around?.kind === 'expr' ? around.expr : null;
}

/** All expressions around another, the innermost first, through statements and closures. */
export function ancestors(parents: Parents, expr: Expr, owner: ReadonlyMap<Statement, Expr>): readonly Expr[] {
  const out: Expr[] = [];
  for (let at: Expr | undefined = expr; at; ) {
    const around: Around | undefined = parents.get(at);
    at = around?.kind === 'expr' ? around.expr : around ? owner.get(around.statement) : undefined;
    if (at) out.push(at);
  }
  return out;
}

const blocks = new WeakMap<Expr, ReadonlyMap<Statement, Expr>>();

/** The block in which each statement of a body stands. */
export function blocksOf(body: Expr): ReadonlyMap<Statement, Expr> {
  let found = blocks.get(body);
  if (!found) {
    const made = new Map<Statement, Expr>();
    const enter = (expr: Expr): void => {
      if (expr.kind === 'block') for (const statement of expr.statements) made.set(statement, expr);
    };
    for (const expr of [body, ...parentsOf(body).keys()]) enter(expr);
    blocks.set(body, made);
    found = made;
  }
  return found;
}
