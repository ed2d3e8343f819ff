/** Walks a fn's body knowing for each expression whether it runs attached, detached, or somewhere else altogether. */
import type { CallExpr, ClosureExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { Body } from '../types/local-types-body.ts';
import { eachChild, eachStatementChild } from '../walk.ts';

/** `elsewhere`: another thread, a future, a closure that is kept; what runs there is not known to hold this fn's interpreter. */
export type Mode = 'attached' | 'detached' | 'elsewhere';

/** How a closure argument is run by the call that it is given to; `pool`: on other threads, while this one waits. */
export type Run = 'inline' | 'pool' | 'release' | 'attach' | 'catch' | 'elsewhere';

export interface Place {
  readonly mode: Mode;
  /** Still on the caller's thread and within its attached stretch: a new attach here is a second one. */
  readonly nested: boolean;
  /** Within `catch_unwind`. */
  readonly caught: boolean;
  /** What it stands in, outermost first. */
  readonly parents: readonly Expr[];
  /** The closures whose bodies it stands in, outermost first. */
  readonly closures: readonly ClosureExpr[];
  /** It stands in code that runs elsewhere, even where that takes the interpreter itself. */
  readonly away: boolean;
  /** The closure for whose time the interpreter is released; null where it is not. */
  readonly release: ClosureExpr | null;
}

export type RunOf = (call: CallExpr | MethodExpr, argument: number, body: Body) => Run;

/** Visits every expression of a body once, in source order; closures in the mode in which they are run. */
export function walkRegions(body: Body, root: Expr, runOf: RunOf, visit: (expr: Expr, place: Place) => void): void {
  const parents: Expr[] = [];
  const closures: ClosureExpr[] = [];
  /** Closures bound to a variable, walked where the variable is called or handed on. */
  const walked = new Set<ClosureExpr>();
  let release: ClosureExpr | null = null;
  let away = 0;

  go(root, 'attached', true, false);

  function go(expr: Expr, mode: Mode, nested: boolean, caught: boolean): void {
    visit(expr, {
      mode,
      nested,
      caught,
      parents: [...parents],
      closures: [...closures],
      away: away > 0,
      release: mode === 'detached' ? release : null,
    });
    parents.push(expr);
    try {
      inside(expr, mode, nested, caught);
    } finally {
      parents.pop();
    }
  }

  function inside(expr: Expr, mode: Mode, nested: boolean, caught: boolean): void {
    const child = (e: Expr): void => go(e, mode, nested, caught);
    if (expr.kind === 'closure') {
      into(expr, 'elsewhere', false, caught);
      return;
    }
    if (expr.kind === 'call') {
      const closure = closureOf(expr.callee);
      if (closure) into(closure, mode, nested, caught);
      else child(expr.callee);
      args(expr, mode, nested, caught);
      return;
    }
    if (expr.kind === 'method') {
      child(expr.receiver);
      args(expr, mode, nested, caught);
      return;
    }
    if (expr.kind === 'block' && (expr.flavor === 'async' || expr.flavor === 'async-move')) {
      const on = elsewhere(caught);
      away++;
      try {
        eachChild(expr, { ...on, statement: (s) => eachStatementChild(s, on) });
      } finally {
        away--;
      }
      return;
    }
    eachChild(expr, {
      expr: child,
      statement(at) {
        if (at.kind === 'let' && at.value?.kind === 'closure') return;
        eachStatementChild(at, { expr: child, statement: () => {}, pattern: () => {} });
      },
      pattern: () => {},
    });
  }

  function elsewhere(caught: boolean): Parameters<typeof eachChild>[1] {
    return { expr: (e) => go(e, 'elsewhere', false, caught), statement: () => {}, pattern: () => {} };
  }

  function args(call: CallExpr | MethodExpr, mode: Mode, nested: boolean, caught: boolean): void {
    call.args.forEach((arg, i) => {
      const closure = closureOf(arg);
      if (!closure) {
        go(arg, mode, nested, caught);
        return;
      }
      const run = mode === 'elsewhere' ? elsewhereRun(runOf(call, i, body)) : runOf(call, i, body);
      if (run === 'inline' || run === 'catch') into(closure, mode, nested, caught || run === 'catch');
      else if (run === 'pool') into(closure, mode, false, caught);
      else if (run === 'attach') into(closure, 'attached', mode === 'attached' && nested, caught);
      else if (run === 'release') {
        const outer = release;
        release = closure;
        into(closure, 'detached', false, caught);
        release = outer;
      } else into(closure, 'elsewhere', false, caught);
    });
  }

  /** A closure that runs inline elsewhere is elsewhere; only an attach changes that. */
  function elsewhereRun(run: Run): Run {
    return run === 'attach' ? 'attach' : 'elsewhere';
  }

  /** The closure that an expression is, or the one that its variable was bound to; wrappers like `AssertUnwindSafe` are looked through. */
  function closureOf(expr: Expr): ClosureExpr | null {
    if (expr.kind === 'closure') return expr;
    if (expr.kind === 'reference') return closureOf(expr.operand);
    if (
      expr.kind === 'call' &&
      expr.args.length === 1 &&
      expr.callee.kind === 'path' &&
      /^(AssertUnwindSafe|Box)$/.test(wrapperName(expr.callee))
    ) {
      return expr.args[0] ? closureOf(expr.args[0]) : null;
    }
    const source = body.bindingOf(expr)?.source;
    return source?.kind === 'closure' ? source : null;
  }

  function into(closure: ClosureExpr, mode: Mode, nested: boolean, caught: boolean): void {
    if (walked.has(closure)) return;
    walked.add(closure);
    closures.push(closure);
    if (mode === 'elsewhere') away++;
    try {
      go(closure.body, mode, nested, caught);
    } finally {
      closures.pop();
      if (mode === 'elsewhere') away--;
    }
  }
}

function wrapperName(callee: Extract<Expr, { kind: 'path' }>): string {
  const names = callee.path.segments.map((s) => s.name);
  return names.at(-1) === 'new' ? (names.at(-2) ?? '') : (names.at(-1) ?? '');
}
