/** What the variables of a fn were last bound to, by name and place: enough to look through `let` in a panic's cause. */
import type { Span } from '../../base/text.ts';
import type { Expr, Pattern } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { unwrapBlock, variable, walk } from '../walk.ts';

export interface Binding {
  readonly value: Expr | null;
  readonly type: Type | null;
  /** Where the name starts to hold, an offset of the file. */
  readonly from: number;
  /** Bound by `Some(name)` or `Ok(name)`: the value is an Option or Result around it. */
  readonly inside: boolean;
}

/** An element of a tuple that a `let` takes apart. */
export interface TuplePart {
  readonly tuple: Expr;
  readonly index: number;
}

export interface Bindings {
  /** The last binding of a name before an offset; null for what no `let` or parameter binds. */
  of(name: string, before: number): Binding | null;
  /** What a `let` of a tuple last bound a name to, where nothing else did since; null for other names. */
  part(name: string, before: number): TuplePart | null;
  /** What a `for` around an offset runs over, by the name of its variable; null for what is none. */
  iterated(name: string, at: number): Expr | null;
  /** The expression that a variable stands for, blocks and further variables looked through. */
  value(expr: Expr): Expr;
}

export function bindingsOf(fn: FnItem): Bindings {
  const byName = new Map<string, Binding[]>();
  const loops: { readonly name: string; readonly over: Expr; readonly body: Span }[] = [];
  const parts: (TuplePart & { readonly name: string; readonly from: number })[] = [];
  const noteTuple = (pattern: Pattern, tuple: Expr | null, from: number): void => {
    const elements = pattern.kind === 'tuple' && tuple ? pattern.elements : [];
    for (const [index, one] of elements.entries()) {
      // Behind `..` the places count from the other end.
      if (one.kind === 'rest') break;
      if (one.kind === 'binding' && tuple) parts.push({ name: one.name, tuple, index, from });
    }
  };
  const note = (pattern: Pattern, binding: Omit<Binding, 'inside'>): void => {
    const lone = pattern.kind === 'tuple-struct' && pattern.elements.length === 1 ? pattern.elements[0] : null;
    const name = pattern.kind === 'binding' ? pattern.name : lone?.kind === 'binding' ? lone.name : null;
    if (name === null) return;
    const list = byName.get(name) ?? [];
    list.push({ ...binding, inside: lone !== null });
    byName.set(name, list);
  };
  for (const param of fn.params) note(param.pattern, { value: null, type: param.type, from: param.span.end });
  if (fn.body) {
    walk(fn.body, {
      enterStatement: (statement) => {
        if (statement.kind !== 'let') return;
        note(statement.pattern, { value: statement.value, type: statement.type, from: statement.span.end });
        noteTuple(statement.pattern, statement.value, statement.span.end);
      },
      enterExpr: (expr) => {
        if (expr.kind === 'let') note(expr.pattern, { value: expr.value, type: null, from: expr.span.end });
        if (expr.kind === 'loop' && expr.iterable && expr.pattern?.kind === 'binding')
          loops.push({ name: expr.pattern.name, over: expr.iterable, body: expr.body.span });
      },
    });
  }
  const of = (name: string, before: number): Binding | null =>
    (byName.get(name) ?? []).reduce<Binding | null>(
      (last, binding) => (binding.from <= before && (!last || binding.from > last.from) ? binding : last),
      null,
    );
  const part = (name: string, before: number): TuplePart | null => {
    const last = parts.findLast((one) => one.name === name && one.from <= before);
    return last && last.from > (of(name, before)?.from ?? -1) ? last : null;
  };
  const value = (expr: Expr): Expr => {
    let current = unwrapBlock(expr);
    for (let i = 0; i < 8; i++) {
      const name = variable(current);
      const binding = name === null ? null : of(name, current.span.start);
      if (!binding?.value || binding.inside) break;
      current = unwrapBlock(binding.value);
    }
    return current;
  };
  const iterated = (name: string, at: number): Expr | null =>
    loops.findLast((one) => one.name === name && one.body.start <= at && at < one.body.end)?.over ?? null;
  return { of, part, value, iterated };
}
