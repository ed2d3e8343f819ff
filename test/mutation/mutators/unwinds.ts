/** Mistakes with panics, made by changing how real exports and callbacks handle what fails. */
import { calleeOf } from '../../../server/src/analysis/callee.ts';
import { givenValue } from '../../../server/src/analysis/ownership/owners.ts';
import { catches, isCatch } from '../../../server/src/analysis/unwinding/boundaries.ts';
import type { FileEdit } from '../../../server/src/base/edit.ts';
import type { Expr } from '../../../server/src/model/rust/ast-expr.ts';
import type { BoundaryFn } from '../../../server/src/model/surface/surface.ts';
import type { Code } from '../clean-bodies.ts';
import { all, around, atBoundary, called, code, each, findExpr, someExpr, statements, unwrapBlock } from '../clean-bodies.ts';
import type { Mutation, Mutator, World } from '../world.ts';
import { isClean } from '../world.ts';

/** A value that falls back to another one, as a value that must be there. */
function fallbacks(one: Code, world: World): readonly { readonly receiver: Expr; readonly edits: readonly FileEdit[] }[] {
  const methods = all(one, 'method').flatMap((expr) => {
    if (!/^unwrap_or(_default|_else)?$/.test(expr.name)) return [];
    const end = expr.span.end;
    return [{ receiver: expr.receiver, edits: [one.put({ start: expr.nameSpan.start, end }, 'unwrap()')] }];
  });
  const matches = all(one, 'match').flatMap((expr) => {
    const [first, second] = expr.arms;
    const taken = [first, second].find((arm) => arm && /^(Ok|Some)\(\w+\)$/.test(one.say(arm.pattern)) && !arm.guard);
    const other = taken === first ? second : first;
    if (expr.arms.length !== 2 || !taken || !other || !/^(Err\((_|\w+)\)|None|_)$/.test(one.say(other.pattern)) || !leaves(one, other.body))
      return [];
    const name = /\((\w+)\)/.exec(one.say(taken.pattern))?.[1] ?? '';
    return [
      {
        receiver: expr.scrutinee,
        edits: [one.put(expr, `{ let ${name} = (${one.say(expr.scrutinee)}).unwrap(); ${one.say(taken.body)} }`)],
      },
    ];
  });
  const elses = statements(one).flatMap(({ statement }) => {
    if (statement.kind !== 'let' || !statement.else || !statement.value) return [];
    const name = /^(?:Ok|Some)\((\w+)\)$/.exec(one.say(statement.pattern))?.[1];
    return name
      ? [{ receiver: statement.value, edits: [one.put(statement, `let ${name} = (${one.say(statement.value)}).unwrap();`)] }]
      : [];
  });
  return [...methods, ...matches, ...elses].filter(({ receiver }) => !someExpr(receiver, (node) => stops(node, one, world)));
}

/** Whether a branch leaves the fn, or says in one word what is there instead. */
function leaves(one: Code, body: Expr): boolean {
  return (
    someExpr(body, (node) => node.kind === 'return') ||
    (body.kind !== 'block' && !someExpr(body, (node) => node.kind === 'macro') && one.say(body).length < 60)
  );
}

const FALLIBLE = /\b(unwrap_or\w*|match|else)\b/;

/** `catch_unwind`, or a fn of the crate that calls it. */
function stops(node: Expr, one: Code, world: World): boolean {
  if (isCatch(node, one.body.scope, world.workspace)) return true;
  const callee = node.kind === 'call' ? calleeOf(node.callee, one.body.scope, world.workspace) : null;
  return callee?.kind === 'items' && callee.items.some((item) => catches(item, world.workspace));
}

/** Nothing in the fn catches panics already, and no pointer is asked; what a macro makes of its arguments is not known. */
function open(one: Code, receiver: Expr, world: World): boolean {
  const caught = around(one, receiver, (node) => node.kind === 'closure' || node.kind === 'macro') !== null;
  const pointer = someExpr(
    receiver,
    (node) => node.kind === 'method' && /^(as_ref|as_mut|lock|write|read|to_str|try_into|from_ptr)$/.test(node.name),
  );
  return !caught && !pointer && givenValue(receiver, one.body).kind !== 'macro' && !someExpr(one.block, (node) => stops(node, one, world));
}

/** Text of C: `to_str()` with something else in place of what is no UTF-8. */
function ofText(receiver: Expr): boolean {
  return receiver.kind === 'method' && receiver.name === 'to_str';
}

/** `catch_unwind(…)`, or a wrapper of the crate around it, as what it would run. */
function uncaught(one: Code, world: World): readonly { readonly call: Expr; readonly edits: readonly FileEdit[] }[] {
  return all(one, 'call').flatMap((call) => {
    const closure = call.args.map((arg) => findExpr(arg, (node) => node.kind === 'closure')).find((arg) => arg !== null);
    if (!closure || !stops(call, one, world)) return [];
    const run = `(${one.say(closure)})()`;
    if (isCatch(call, one.body.scope, world.workspace)) return [{ call, edits: [one.put(call, `std::thread::Result::Ok(${run})`)] }];
    return [{ call, edits: [one.put(call, run)] }];
  });
}

const roles = ['export', 'callback'] as const;

/** Removes `catch_unwind` around code that panics in a given way. */
function withoutCatch(rule: string, panics: (node: Expr, one: Code) => boolean): Mutator {
  return {
    rule,
    does: 'removes `catch_unwind`',
    mutations: (world) =>
      each(atBoundary(world, /\|/, ...roles), (one) =>
        uncaught(one, world)
          .filter(({ call }) => someExpr(call, (node) => panics(node, one)))
          .map(({ edits }) => edits),
      ),
  };
}

/** `extern "C-unwind"` as `extern "C"`, where the body panics in a given way. */
function plainAbi(rule: string, panics: (node: Expr, one: Code) => boolean): Mutator {
  return {
    rule,
    does: 'drops `-unwind` of the ABI',
    mutations: (world): readonly Mutation[] => {
      const unwinding = new Map(
        world.surface.functions.filter((fn: BoundaryFn) => fn.unwinds && !fn.rewritten && fn.role !== 'import').map((fn) => [fn.item, fn]),
      );
      return code(world, /-unwind"/).flatMap((one) => {
        const fn = unwinding.get(one.item);
        const { abiSpan } = one.ast;
        if (!fn || !abiSpan || !isClean(one.item, world) || someExpr(one.block, (node) => stops(node, one, world))) return [];
        if (!someExpr(one.block, (node) => panics(node, one), { closures: false, items: false })) return [];
        return [{ edits: [one.put(abiSpan, one.say(abiSpan).replace('-unwind', ''))], where: one.ast.name }];
      });
    },
  };
}

/** The only thing that a body does. */
function onlyOf({ statements: list, tail }: Code['block']): Expr | null {
  const [first, ...more] = list;
  if (tail) return list.length === 0 ? unwrapBlock(tail) : null;
  return first?.kind === 'expr' && more.length === 0 ? unwrapBlock(first.expr) : null;
}

/** A body that does nothing but panic is one that nobody is meant to call. */
const isPanic = (node: Expr, { block }: Code): boolean =>
  onlyOf(block) !== node &&
  node.kind === 'macro' &&
  /^(panic|todo|unimplemented|unreachable|assert|assert_eq|assert_ne)$/.test(node.path.segments.at(-1)?.name ?? '');
/** What a macro gives is not known. */
const unwrapped = (node: Expr): Expr | null =>
  node.kind === 'method' && /^(unwrap|expect)$/.test(node.name) && node.receiver.kind !== 'macro' ? node.receiver : null;
const isUnwrap = (node: Expr, { body, ast, say }: Code): boolean => {
  const of = unwrapped(node);
  const made = of ? givenValue(of, body) : null;
  // Nothing of the caller's is in it.
  const root = made ? rootOf(made) : null;
  if (root && body.bindingOf(root)?.kind === 'closure-param') return false;
  if (made && !ast.params.some(({ name }) => name !== null && new RegExp(`\\b${name}\\b`).test(say(made)))) return false;
  // What a callback finds in its own state, it put there.
  if (!made || made.kind === 'field' || someExpr(made, (inner) => inner.kind === 'method' && inner.receiver.kind === 'field')) return false;
  // Of a number that a condition looked at before, it cannot fail.
  return made.kind === 'call'
    ? !/from_utf8$|try_from$/.test(called(made))
    : !/lock|write|read|as_ref|as_mut|to_str/.test(made.kind === 'method' ? made.name : '');
};
/** What a chain of methods and fields starts from. */
function rootOf(expr: Expr): Expr {
  if (expr.kind === 'method') return rootOf(expr.receiver);
  return expr.kind === 'field' ? rootOf(expr.base) : expr;
}

/** `CStr::from_ptr(p).to_str().unwrap()` */
const isTextUnwrap = (node: Expr, { body }: Code): boolean => {
  const of = unwrapped(node);
  const made = of ? givenValue(of, body) : null;
  return made?.kind === 'method' && made.name === 'to_str' && called(givenValue(made.receiver, body)) === 'CStr::from_ptr';
};

/** A call of something that is no path, in a fn that speaks of closures; fn pointers are somebody else's promise. */
const callsClosure = (node: Expr, one: Code): boolean =>
  node.kind === 'call' &&
  node.callee.kind !== 'path' &&
  node.callee.kind !== 'closure' &&
  /\bFn(Mut|Once)?\s*\(/.test(one.say(one.item.entry.span));

/** A `return` of an error in a branch becomes a panic. */
function returns(world: World): ReturnType<Mutator['mutations']> {
  return each(atBoundary(world, /\breturn\b/, ...roles), (one) => {
    if (someExpr(one.block, (node) => stops(node, one, world))) return [];
    return all(one, 'if').flatMap((branch) => {
      const [only, ...more] = branch.then.statements;
      const last = branch.then.tail ?? (only?.kind === 'expr' ? only.expr : null);
      // That a pointer is null or a library was used wrongly may be worth a panic; what is said of that is another level.
      if (last?.kind !== 'return' || more.length > 0 || branch.else || /null|len|size|count|valid|magic/i.test(one.say(branch.condition)))
        return [];
      if (around(one, branch, (node) => node.kind === 'closure')) return [];
      return [[one.put(last, `panic!("{}", ${JSON.stringify(one.ast.name)})`)]];
    });
  });
}

/** `x.to_str()` that is looked at becomes one that must be UTF-8. */
function utf8(world: World): ReturnType<Mutator['mutations']> {
  return each(atBoundary(world, /\bto_str\b|\bto_string_lossy\b/, ...roles), (one) => {
    if (!/CStr::from_ptr/.test(one.say(one.block))) return [];
    const handled = fallbacks(one, world)
      .filter(
        ({ receiver }) => ofText(unwrapBlock(receiver)) && open(one, unwrapBlock(receiver).kind === 'method' ? one.block : receiver, world),
      )
      .map(({ edits }) => edits);
    const lossy = all(one, 'method').flatMap((expr) =>
      expr.name === 'to_string_lossy' && !around(one, expr, (node) => node.kind === 'closure' || node.kind === 'macro')
        ? [[one.put({ start: expr.nameSpan.start, end: expr.span.end }, 'to_str().unwrap()')]]
        : [],
    );
    return [...handled, ...lossy];
  });
}

/** What `catch_unwind` gives is unwrapped, whatever was done with it. */
function rethrown(world: World): ReturnType<Mutator['mutations']> {
  return each(atBoundary(world, /\|/, ...roles), (one) =>
    all(one, 'call').flatMap((call) => {
      if (!stops(call, one, world) || !call.args.some((arg) => someExpr(arg, (node) => node.kind === 'closure'))) return [];
      const match = around(
        one,
        call,
        (node) =>
          (node.kind === 'match' && node.scrutinee === call) ||
          (node.kind === 'if' && node.condition.kind === 'let' && node.condition.value === call),
      );
      if (match) return [[one.put(match, `${one.say(call)}.unwrap()`)]];
      const method = around(
        one,
        call,
        (node) => node.kind === 'method' && node.receiver === call && /^(unwrap_or\w*|is_err|is_ok|map_err|ok)$/.test(node.name),
      );
      return method ? [[one.put(method, `${one.say(call)}.unwrap()`)]] : [];
    }),
  );
}

export const UNWIND_MUTATORS: readonly Mutator[] = [
  { rule: 'panic-in-extern-fn', does: 'turns a `return` into a panic', mutations: returns },
  withoutCatch('panic-in-extern-fn', isPanic),
  plainAbi('panic-in-extern-fn', isPanic),
  {
    rule: 'unwrap-in-extern-fn',
    does: 'turns `unwrap_or`, `match` or `let … else` into `unwrap`',
    mutations: (world) =>
      each(atBoundary(world, FALLIBLE, ...roles), (one) =>
        fallbacks(one, world)
          .filter(({ receiver }) => open(one, receiver, world))
          .map(({ edits }) => edits),
      ),
  },
  withoutCatch('unwrap-in-extern-fn', isUnwrap),
  plainAbi('unwrap-in-extern-fn', isUnwrap),
  { rule: 'cstr-to-str-unwrap', does: 'turns what handles bad UTF-8 into `unwrap`', mutations: utf8 },
  withoutCatch('cstr-to-str-unwrap', isTextUnwrap),
  plainAbi('cstr-to-str-unwrap', isTextUnwrap),
  { rule: 'catch-unwind-rethrown', does: 'turns what handles a caught panic into `unwrap`', mutations: rethrown },
  withoutCatch('callback-calls-closure', callsClosure),
  plainAbi('callback-calls-closure', callsClosure),
];
