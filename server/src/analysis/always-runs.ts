/** Whether an expression is evaluated on every path through a body: nothing before it branches around it or leaves. */
import type { BlockExpr, Expr, Statement } from '../model/rust/ast-expr.ts';
import type { Children } from './walk.ts';
import { eachChild, lastName, someExpr } from './walk.ts';

/** `over`: evaluated, and what follows is too. `stuck`: what follows may not be reached. */
type Progress = 'found' | 'over' | 'stuck';

/** Macros of std after which the next statement runs. */
const GOES_ON =
  /^(print|println|eprint|eprintln|format|write|writeln|format_args|vec|concat|stringify|cfg|env|line|file|debug_assert(_eq|_ne)?|trace|debug|info|warn|error|addr_of|addr_of_mut|matches)$/;

/** False in doubt. Calls are taken to return, but those of `exit` and `abort`; a closure counts only as argument of `catch_unwind`. */
export function alwaysRuns(body: BlockExpr, target: Expr): boolean {
  return visit(body) === 'found';

  function visit(expr: Expr): Progress {
    switch (expr.kind) {
      case 'return':
      case 'break':
      case 'continue':
      case 'try':
      case 'yield':
      case 'await':
        return first([() => children(expr), () => 'stuck']);
      case 'closure':
      case 'unknown':
        return mentions(expr) ? 'stuck' : 'over';
      case 'block':
        if (expr.flavor !== 'plain' && expr.flavor !== 'unsafe') return mentions(expr) ? 'stuck' : 'over';
        return children(expr);
      case 'if':
        return first([() => visit(expr.condition), () => maybe(expr.then), () => (expr.else ? maybe(expr.else) : 'over')]);
      case 'match':
        return first([
          () => visit(expr.scrutinee),
          ...expr.arms.flatMap((arm) => [() => (arm.guard ? maybe(arm.guard) : 'over') as Progress, () => maybe(arm.body)]),
        ]);
      case 'loop':
        return first([
          () => (expr.condition ? visit(expr.condition) : 'over'),
          () => (expr.iterable ? visit(expr.iterable) : 'over'),
          () => (expr.flavor === 'loop' ? visit(expr.body) : maybe(expr.body)),
        ]);
      case 'binary':
        if (expr.operator !== '&&' && expr.operator !== '||') return children(expr);
        return first([() => visit(expr.left), () => maybe(expr.right)]);
      case 'macro':
        return GOES_ON.test(expr.path.segments.at(-1)?.name ?? '') ? children(expr) : 'stuck';
      case 'call':
        return call(expr);
      default:
        return children(expr);
    }
  }

  function call(expr: Extract<Expr, { kind: 'call' }>): Progress {
    const name = lastName(expr.callee) ?? '';
    const runs = name === 'catch_unwind' || name === 'AssertUnwindSafe';
    const args = expr.args.map((arg) => () => visit(runs && arg.kind === 'closure' ? arg.body : arg));
    return first([() => visit(expr.callee), ...args, () => self(expr), () => (/^(exit|_exit|abort)$/.test(name) ? 'stuck' : 'over')]);
  }

  /** The children in source order, then the expression itself. */
  function children(expr: Expr): Progress {
    const steps: (() => Progress)[] = [];
    const on: Children = {
      expr: (child) => steps.push(() => visit(child)),
      statement: (child) => steps.push(() => statement(child)),
      pattern: () => {},
    };
    eachChild(expr, on);
    return first([...steps, () => self(expr)]);
  }

  function statement(node: Statement): Progress {
    if (node.kind === 'item') return 'over';
    // Compiled only at times.
    if (node.attributes.some((attribute) => attribute.path === 'cfg')) return 'stuck';
    if (node.kind === 'expr') return visit(node.expr);
    return first([() => (node.value ? visit(node.value) : 'over'), () => (node.else ? 'stuck' : 'over')]);
  }

  function self(expr: Expr): Progress {
    return expr === target ? 'found' : 'over';
  }

  /** What runs only at times: if the target is in it, or it leaves, nothing certain follows. */
  function maybe(expr: Expr): Progress {
    return mentions(expr) || visit(expr) !== 'over' ? 'stuck' : 'over';
  }

  function mentions(expr: Expr): boolean {
    return someExpr(expr, (inner) => inner === target);
  }

  function first(steps: readonly (() => Progress)[]): Progress {
    for (const step of steps) {
      const progress = step();
      if (progress !== 'over') return progress;
    }
    return 'over';
  }
}
