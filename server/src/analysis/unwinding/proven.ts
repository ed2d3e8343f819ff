/** Unwraps that a condition before them makes good: `if x.is_some() { x.unwrap() }` and its relatives. */
import type { Written } from './arithmetic.ts';
import type { BlockExpr, ClosureExpr, Expr, MethodExpr, Pattern, Statement } from '../../model/rust/ast-expr.ts';
import { eachChild, eachStatementChild, lastName, unwrapBlock } from '../walk.ts';
import { UNWRAPS } from './unwraps.ts';

/** `some x`, `err x`, `filled x`, `has x k`, with texts as written. */
type Facts = ReadonlySet<string>;

interface Told {
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

const NOTHING: Told = { yes: [], no: [] };

/**
 * All unwraps of a body that cannot fail because of a condition or an assignment around or before them.
 * Texts are compared; what else may change a place is not followed.
 */
export function provenUnwraps(body: BlockExpr, text: Written): ReadonlySet<Expr> {
  const proven = new Set<Expr>();
  visitBlock(body, new Set());
  return proven;

  function of(expr: Expr): string {
    return text(unwrapBlock(expr).span)
      .replace(/\s+/g, '')
      .replace(/\.as_(ref|mut|deref|deref_mut)\(\)/g, '');
  }

  function visitBlock(block: BlockExpr, before: Facts): void {
    let facts = before;
    for (const statement of block.statements) facts = visitStatement(statement, facts);
    if (block.tail) visit(block.tail, facts);
  }

  function visitStatement(statement: Statement, facts: Facts): Facts {
    const expr = statement.kind === 'expr' ? statement.expr : null;
    eachStatementChild(statement, { expr: (child) => visit(child, facts), statement: () => {}, pattern: () => {} });
    if (statement.kind === 'let' && statement.else && statement.value && matchesValue(statement.pattern))
      return add(facts, [`some ${of(statement.value)}`]);
    if (expr?.kind === 'if') {
      const told = tell(expr.condition);
      if (leaves(expr.then)) return add(facts, told.no);
      if (expr.else && leaves(expr.else)) return add(facts, told.yes);
      // `if x.is_none() { x = Some(y); }`
      const last = expr.then.statements.at(-1);
      const filled = !expr.else && !expr.then.tail && last?.kind === 'expr' ? assigned(last.expr) : null;
      if (filled !== null && told.no.includes(filled)) return add(facts, [filled]);
    }
    const filled = expr ? assigned(expr) : null;
    if (filled !== null) return add(facts, [filled]);
    if (expr?.kind === 'assign') return new Set([...facts].filter((fact) => fact !== filledAs(expr.left)));
    if (expr?.kind === 'macro' && lastName({ kind: 'path', path: expr.path, self: null, span: expr.span }) === 'assert' && expr.args?.[0]) {
      return add(facts, tell(expr.args[0]).yes);
    }
    return facts;
  }

  /** `some x` of the assignment `x = Some(y)`. */
  function assigned(expr: Expr): string | null {
    if (expr.kind !== 'assign' || expr.operator !== '=' || expr.right.kind !== 'call') return null;
    return /^(Some|Ok)$/.test(lastName(expr.right.callee) ?? '') ? filledAs(expr.left) : null;
  }

  /** A method looks through a reference by itself: `*x = Some(y); x.as_ref().unwrap()`. */
  function filledAs(target: Expr): string {
    return `some ${of(target).replace(/^\*/, '')}`;
  }

  function visit(expr: Expr, facts: Facts): void {
    if (expr.kind === 'block') {
      visitBlock(expr, facts);
      return;
    }
    if (expr.kind === 'if') {
      const told = tell(expr.condition);
      visit(expr.condition, facts);
      visitBlock(expr.then, add(facts, told.yes));
      if (expr.else) visit(expr.else, add(facts, told.no));
      return;
    }
    if (expr.kind === 'match') {
      visit(expr.scrutinee, facts);
      for (const arm of expr.arms) {
        if (arm.guard) visit(arm.guard, facts);
        visit(arm.body, arm.guard ? add(facts, tell(arm.guard).yes) : facts);
      }
      return;
    }
    if (expr.kind === 'loop' && expr.condition) {
      visit(expr.condition, facts);
      visitBlock(expr.body, add(facts, tell(expr.condition).yes));
      return;
    }
    if (expr.kind === 'binary' && (expr.operator === '&&' || expr.operator === '||')) {
      const told = tell(expr.left);
      visit(expr.left, facts);
      visit(expr.right, add(facts, expr.operator === '&&' ? told.yes : told.no));
      return;
    }
    if (expr.kind === 'method') {
      if (UNWRAPS.has(expr.name) && isProven(expr, facts)) proven.add(expr);
      const kept = filtered(expr);
      for (const arg of kept ? expr.args : []) if (arg.kind === 'closure') visit(arg.body, add(facts, kept?.(arg) ?? []));
    }
    eachChild(expr, { expr: (child) => visit(child, facts), statement: (child) => void visitStatement(child, facts), pattern: () => {} });
  }

  /** What `x.filter(f).map(g)` tells about the parameter of `g`: what `f` asked of its own. */
  function filtered(expr: MethodExpr): ((closure: ClosureExpr) => readonly string[]) | null {
    let from = expr.receiver;
    while (from.kind === 'method' && KEEPS_ELEMENTS.test(from.name)) from = from.receiver;
    const test = from.kind === 'method' && from.name === 'filter' ? from.args[0] : undefined;
    if (test === undefined) return null;
    return (closure) => {
      const param = closure.params.length === 1 ? closure.params[0]?.pattern : undefined;
      if (param?.kind !== 'binding') return [];
      const name = test.kind === 'path' ? lastName(test) : null;
      if (name !== null) return asked(name, param.name);
      const tested = test.kind === 'closure' ? test.params[0]?.pattern : undefined;
      const own = tested?.kind === 'reference' ? tested.pattern : tested;
      if (test.kind !== 'closure' || own?.kind !== 'binding') return [];
      const body = unwrapBlock(test.body);
      const ends = new RegExp(` \\*?${own.name}$`);
      return tell(body).yes.flatMap((fact) => (ends.test(fact) ? [fact.replace(ends, ` ${param.name}`)] : []));
    };
  }

  function isProven(expr: MethodExpr, facts: Facts): boolean {
    const wanted = expr.name.endsWith('_err') ? 'err' : 'some';
    let base = unwrapBlock(expr.receiver);
    const form = base.kind === 'method' && wanted === 'some' ? /^(?:as|to|into|get)_(\w+?)(?:_mut|_ref)?$/.exec(base.name)?.[1] : undefined;
    if (form && base.kind === 'method' && facts.has(`is_${form} ${of(base.receiver)}`)) return true;
    for (;;) {
      if (facts.has(`${wanted} ${of(base)}`)) return true;
      if (base.kind === 'reference') base = unwrapBlock(base.operand);
      else if (base.kind !== 'method') return fromBounded(base, facts);
      else if (SAME_OPTION.has(base.name)) base = unwrapBlock(base.receiver);
      else return fromFilled(base, facts) || fromBounded(base, facts);
    }
  }

  /** `u8::try_from(n)`, `n.try_into()` where `n` was compared before: the bounds are not reckoned. */
  function fromBounded(base: Expr, facts: Facts): boolean {
    const value =
      base.kind === 'method' && base.name === 'try_into'
        ? base.receiver
        : base.kind === 'call' && lastName(base.callee) === 'try_from'
          ? base.args[0]
          : undefined;
    return value !== undefined && facts.has(`bounded ${of(value)}`);
  }

  function fromFilled(base: MethodExpr, facts: Facts): boolean {
    const key = base.args[0];
    if (key && /^(get|get_mut|remove)$/.test(base.name) && facts.has(`has ${of(base.receiver)} ${of(key)}`)) return true;
    const held =
      base.receiver.kind === 'method' && /^(iter|iter_mut|into_iter|chars|bytes|lines)$/.test(base.receiver.name)
        ? base.receiver.receiver
        : base.receiver;
    return TAKES_FROM_FILLED.has(base.name) && facts.has(`filled ${of(held)}`);
  }

  function tell(condition: Expr): Told {
    const expr = unwrapBlock(condition);
    if (expr.kind === 'unary' && expr.operator === '!') {
      const inner = tell(expr.operand);
      return { yes: inner.no, no: inner.yes };
    }
    if (expr.kind === 'binary') return tellBinary(expr.operator, expr.left, expr.right);
    if (expr.kind === 'let') {
      const some = [`some ${of(stripReference(expr.value))}`];
      return matchesValue(expr.pattern) ? { yes: some, no: [] } : matchesNothing(expr.pattern) ? { yes: [], no: some } : NOTHING;
    }
    return expr.kind === 'method' ? tellMethod(expr) : NOTHING;
  }

  function tellBinary(operator: string, left: Expr, right: Expr): Told {
    if (operator === '&&') return { yes: [...tell(left).yes, ...tell(right).yes], no: [] };
    if (operator === '||') return { yes: [], no: [...tell(left).no, ...tell(right).no] };
    if (/^[<>]=?$/.test(operator)) {
      const bounded = [left, right].flatMap(withoutStep).map((side) => `bounded ${of(side)}`);
      if (left.kind !== 'method' || left.name !== 'len') return { yes: bounded, no: bounded };
    }
    if (left.kind !== 'method' || left.name !== 'len' || right.kind !== 'literal') return NOTHING;
    const filled = [`filled ${of(left.receiver)}`];
    if (operator === '==' || operator === '<' || operator === '<=') return { yes: [], no: filled };
    return operator === '>' || operator === '!=' || operator === '>=' ? { yes: filled, no: [] } : NOTHING;
  }

  /** `CELL.get()` gives something once `CELL.set(…)` said that it put it there. */
  function setCell(expr: Expr): readonly string[] {
    const inner = unwrapBlock(expr);
    return inner.kind === 'method' && inner.name === 'set' && inner.args.length === 1 ? [`some ${of(inner.receiver)}.get()`] : [];
  }

  function tellMethod(expr: MethodExpr): Told {
    const x = of(expr.receiver);
    switch (expr.name) {
      case 'is_some':
      case 'is_some_and':
        return { yes: [`some ${x}`], no: [] };
      case 'is_none':
        return { yes: [], no: [`some ${x}`] };
      case 'is_ok':
        return { yes: [`some ${x}`, ...setCell(expr.receiver)], no: [`err ${x}`] };
      case 'is_err':
        return { yes: [`err ${x}`], no: [`some ${x}`] };
      case 'is_empty':
        return { yes: [], no: [`filled ${x}`] };
      case 'contains_key':
        return expr.args[0] ? { yes: [`has ${x} ${of(expr.args[0])}`], no: [] } : NOTHING;
      default:
        return { yes: asked(expr.name, x), no: [] };
    }
  }
}

/** What a yes of a method without arguments says of its receiver: `is_object` makes `as_object` good. */
function asked(name: string, receiver: string): readonly string[] {
  if (name === 'is_some' || name === 'is_ok') return [`some ${receiver}`];
  return /^is_\w+$/.test(name) ? [`${name} ${receiver}`] : [];
}

/** Methods of iterators that give the same elements. */
const KEEPS_ELEMENTS = /^(inspect|rev|skip|take|step_by|fuse|peekable|chain|cloned|copied)$/;

/** Methods that give an Option or Result of the same state. */
const SAME_OPTION: ReadonlySet<string> = new Set([
  'as_ref',
  'as_mut',
  'as_deref',
  'as_deref_mut',
  'take',
  'clone',
  'cloned',
  'copied',
  'ok',
  'err',
  'map',
]);

const TAKES_FROM_FILLED: ReadonlySet<string> = new Set([
  ...['first', 'last', 'first_mut', 'last_mut', 'pop', 'pop_front', 'pop_back', 'front', 'back', 'peek', 'next', 'next_back', 'min', 'max'],
]);

/** An expression, and `n` of `n + 1`: what bounds one bounds the other. */
function withoutStep(expr: Expr): readonly Expr[] {
  const inner = unwrapBlock(expr);
  return inner.kind === 'binary' && /^[+-]$/.test(inner.operator) && inner.right.kind === 'literal' ? [inner, inner.left] : [inner];
}

function stripReference(expr: Expr): Expr {
  return expr.kind === 'reference' ? expr.operand : expr;
}

/** `Some(…)`, `Ok(…)` */
export function matchesValue(pattern: Pattern): boolean {
  return pattern.kind === 'tuple-struct' && /^(Some|Ok)$/.test(pattern.path.segments.at(-1)?.name ?? '');
}

/** `None`, `Err(…)` */
export function matchesNothing(pattern: Pattern): boolean {
  return (pattern.kind === 'tuple-struct' || pattern.kind === 'path') && /^(None|Err)$/.test(pattern.path.segments.at(-1)?.name ?? '');
}

function add(facts: Facts, more: readonly string[]): Facts {
  return more.length === 0 ? facts : new Set([...facts, ...more]);
}

/** Whether a block surely ends in a jump, by its last expression. */
export function leaves(expr: Expr): boolean {
  if (expr.kind === 'match') return expr.arms.length > 0 && expr.arms.every((arm) => leaves(arm.body));
  if (expr.kind === 'if') return expr.else !== null && leaves(expr.then) && leaves(expr.else);
  if (expr.kind !== 'block') return expr.kind === 'return' || expr.kind === 'break' || expr.kind === 'continue' || isPanic(expr);
  const last = expr.statements.at(-1);
  const end = expr.tail ?? (last?.kind === 'expr' ? last.expr : null);
  return end !== null && leaves(end);
}

function isPanic(expr: Expr): boolean {
  if (expr.kind === 'macro') return /^(panic|unreachable|todo|unimplemented)$/.test(expr.path.segments.at(-1)?.name ?? '');
  return expr.kind === 'call' && /abort|exit|raise|throw|panic|fatal|unwind|longjmp/.test(lastName(expr.callee) ?? '');
}
