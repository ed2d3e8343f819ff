/** The guards of a fn, and the code that runs while each lives. */
import type { Expr, MethodExpr, Pattern } from '../../model/rust/ast-expr.ts';
import type { Body } from '../types/local-types-body.ts';
import { stripRefs } from '../types/local-types-ty.ts';
import { bindings, collectExprs, someExpr, variable } from '../walk.ts';
import { acquired } from './keys.ts';

export interface Guard {
  readonly name: string;
  readonly call: MethodExpr;
  /** What runs while it lives, in order; the expression that gives it away ends the list. */
  readonly alive: readonly Expr[];
}

/** Guards that a `let`, an `if let` or a `match` keeps; a temporary's life ends with its statement. */
export function guardsOf(root: Expr, body: Body): readonly Guard[] {
  const found: Guard[] = [];
  for (const at of collectExprs(root, (e) => e.kind === 'block' || e.kind === 'if' || e.kind === 'match', { items: false })) {
    if (at.kind === 'block') {
      at.statements.forEach((statement, i) => {
        if (statement.kind !== 'let' || !statement.value) return;
        const rest = at.statements
          .slice(i + 1)
          .flatMap((s) => (s.kind === 'let' ? [s.value, s.else] : s.kind === 'expr' ? [s.expr] : []))
          .flatMap((e) => (e ? [e] : []));
        add(statement.pattern, statement.value, [...rest, ...(at.tail ? [at.tail] : [])]);
      });
    } else if (at.kind === 'if' && at.condition.kind === 'let') add(at.condition.pattern, at.condition.value, [at.then]);
    else if (at.kind === 'match') for (const arm of at.arms) add(arm.pattern, at.scrutinee, [arm.body]);
  }
  return found;

  function add(pattern: Pattern, value: Expr, rest: readonly Expr[]): void {
    const call = acquired(value);
    const name = call && bindings(pattern).find((b) => isGuard(b.name, value, body))?.name;
    if (call && name) found.push({ name, call, alive: until(rest, name) });
  }
}

/** A copy out of the guard (`*x.lock()`, `x.lock().len()`) is none. */
function isGuard(name: string, source: Expr, body: Body): boolean {
  return body.bindings.some((b) => {
    const ty = stripRefs(b.ty);
    return b.name === name && b.source === source && ty?.kind === 'external' && /^std::sync::(MutexGuard|RwLock\w+Guard)$/.test(ty.path);
  });
}

/** The expressions before the guard is dropped or given away, wherever in one of them that may be. */
function until(rest: readonly Expr[], name: string): readonly Expr[] {
  const end = rest.findIndex((expr) => givesAway(expr, name));
  return end < 0 ? rest : rest.slice(0, end);
}

function givesAway(root: Expr, name: string): boolean {
  return someExpr(root, (e) => {
    if (e.kind === 'call' || e.kind === 'method') return e.args.some((arg) => variable(arg) === name);
    return (
      (e.kind === 'assign' && (variable(e.left) === name || variable(e.right) === name)) ||
      (e.kind === 'return' && e.value !== null && variable(e.value) === name)
    );
  });
}
