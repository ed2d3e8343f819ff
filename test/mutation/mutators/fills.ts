/** Mistakes with memory that C fills: statuses that are not looked at, lengths and values that come too early, pointers that are old. */
import { anyForeignCall } from '../../../server/src/analysis/c-functions/foreign-call.ts';
import { lentToFill } from '../../../server/src/analysis/ownership/out-pointers.ts';
import { givenValue, pointerInto, uncast } from '../../../server/src/analysis/ownership/owners.ts';
import type { FileEdit } from '../../../server/src/base/edit.ts';
import type { Statement } from '../../../server/src/model/rust/ast-expr.ts';
import type { Code, OfKind } from '../clean-bodies.ts';
import {
  all,
  around,
  bound,
  boundOnce,
  called,
  code,
  collectExprs,
  each,
  findExpr,
  lets,
  statements,
  unwrapBlock,
  uses,
  variable,
} from '../clean-bodies.ts';
import type { Mutator, World } from '../world.ts';
import { at } from '../world.ts';

/** The calls of C functions that get a variable to fill. */
function fillsOf(one: Code, name: string, world: World): readonly OfKind<'call'>[] {
  return all(one, 'call').filter(
    (call) => call.args.some((arg) => lentToFill(arg) === name) && anyForeignCall(call, one.body.scope, world.workspace) !== null,
  );
}

/** Variables of `MaybeUninit::uninit()` that one C function fills before `assume_init`. */
function outs(one: Code, world: World) {
  return lets(one).flatMap((statement) => {
    const name = bound(statement);
    const made = statement.value ? unwrapBlock(statement.value) : null;
    if (name === null || !made || called(made) !== 'MaybeUninit::uninit' || !boundOnce(one, name)) return [];
    const fills = fillsOf(one, name, world);
    const inits = all(one, 'method').filter(({ receiver, name: method }) => variable(receiver) === name && method === 'assume_init');
    const [fill] = fills;
    const [init] = inits;
    if (fills.length !== 1 || inits.length !== 1 || !fill || !init || init.span.start < fill.span.end) return [];
    return [{ name, statement, made, fill, init }];
  });
}

/** Its page leaves out what cannot fail with valid arguments. */
const CANNOT_FAIL = /^(sig\w+set|clock_get(time|res)|gettimeofday|getrusage|uname|times?|pthread_\w+_init|QueryPerformance\w+)$/;

/** The status of the call is dropped: the `if` that asks for it, or `check(…)?` around the call. */
function ignored(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bassume_init\b/), (one) =>
    outs(one, world).flatMap(({ fill, init }): readonly (readonly FileEdit[])[] => {
      const { ast, name: callee } = one.foreign(fill) ?? { ast: null, name: '' };
      if (ast ? ast.result?.kind !== 'path' || ast.result.path.segments.at(-1)?.name === 'c_void' : callee === '') return [];
      if (CANNOT_FAIL.test(callee)) return [];
      const placed = statements(one).filter(
        ({ statement }) => statement.span.start <= fill.span.start && statement.span.end >= fill.span.end,
      );
      const inner = placed.at(-1);
      if (!inner || inner.statement.span.end > init.span.start) return [];
      const { block, index, statement } = inner;
      const plain = `unsafe { ${one.say(fill)} };`;
      const asks = statement.kind === 'expr' && statement.expr.kind === 'if' && !statement.expr.else ? statement.expr.condition : null;
      if (asks && asks.span.end >= fill.span.end && init.span.start > statement.span.end) return [[one.put(statement, plain)]];
      const value = statement.kind === 'expr' ? statement.expr : null;
      if (value && /^(try|method|call|macro)$/.test(value.kind) && unwrapBlock(value) !== fill) return [[one.put(statement, plain)]];
      const name = statement.kind === 'let' ? bound(statement) : null;
      const next = block.statements[index + 1];
      const condition = next?.kind === 'expr' && next.expr.kind === 'if' && !next.expr.else ? next.expr.condition : null;
      const check = condition ?? (next?.kind === 'expr' && next.expr.kind === 'try' ? next.expr : null);
      const asked = name !== null && check ? findExpr(check, (node) => variable(node) === name) : null;
      if (!next || !asked || name === null || next.span.end > init.span.start || uses(one, name, next.span.end).length > 0) return [];
      return [[one.put(statement, plain), one.put(next, '')]];
    }),
  );
}

/** `MaybeUninit::uninit()` is called a value at once. */
function assumed(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bassume_init\b/), (one) =>
    outs(one, world).flatMap(({ name, made, init }) => {
      const rest = uses(one, name).flatMap((use) => {
        const node = around(one, use, (other) => other.kind === 'method' && other.receiver === use);
        return node?.kind === 'method' && node !== init ? [{ node, method: node.name }] : [];
      });
      if (rest.length + 1 !== uses(one, name).length || !rest.every(({ method }) => method === 'as_mut_ptr')) return [];
      const pointers = rest.map(({ node }) => one.put(node, `(&mut ${name} as *mut _)`));
      return [[one.put(made, `unsafe { ${one.say(made)}.assume_init() }`), ...pointers, one.put(init, name)]];
    }),
  );
}

/** `set_len` behind a call is moved before it. */
function tooLong(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\bset_len\b/), (one) =>
    statements(one).flatMap(({ block, index, statement }) => {
      const set = statement.kind === 'expr' ? unwrapBlock(statement.expr) : null;
      const name = set?.kind === 'method' && set.name === 'set_len' ? variable(set.receiver) : null;
      if (set?.kind !== 'method' || name === null) return [];
      const made = givenValue(set.receiver, one.body);
      if (!boundOnce(one, name)) return [];
      if (!/^Vec::(with_capacity|new)$/.test(called(made))) return [];
      const [fill] = fillsOf(one, name, world);
      const before = fill
        ? block.statements.slice(0, index).find(({ span }) => span.start <= fill.span.start && span.end >= fill.span.end)
        : null;
      const lender = before && uses(one, name).filter(({ span }) => span.start < before.span.start).length;
      if (!fill || !before || lender === null || fillsOf(one, name, world).length !== 1) return [];
      const early = one.say(statement).replace(one.say(set.args[0] ?? set), `${name}.capacity()`);
      return [[one.put(at(before.span.start), `${early} `), one.put(statement, '')]];
    }),
  );
}

const GROWS = /^(push|push_str|extend|extend_from_slice|resize|reserve|reserve_exact|insert|append)$/;

/** The pointer into a vector is taken before the statement that grows it. */
function stale(world: World): ReturnType<Mutator['mutations']> {
  return each(code(world, /\blet\b[^;{}]*\.\s*as_(mut_)?ptr\s*\(\s*\)/), (one) =>
    statements(one).flatMap(({ block, index, statement }) => {
      const into = statement.kind === 'let' && statement.value ? pointerInto(uncast(statement.value)) : null;
      const owner = into ? variable(into.base) : null;
      const name = statement.kind === 'let' ? bound(statement) : null;
      const binding = into && owner !== null ? one.body.bindingOf(into.base) : null;
      if (!into || owner === null || name === null || binding?.kind !== 'let' || !boundOnce(one, owner) || !boundOnce(one, name)) return [];
      const ty = binding.ty;
      if (ty?.kind !== 'external' || !/^std::(vec::Vec|string::String)$/.test(ty.path)) return [];
      const growth = block.statements.slice(0, index).filter((other) => grows(other, owner));
      const [first] = growth;
      if (!first || uses(one, name).length < 2 || roomy(one, owner, first)) return [];
      return [[one.put(at(first.span.start), `${one.say(statement)} `), one.put(statement, '')]];
    }),
  );
}

function grows(statement: Statement, owner: string): boolean {
  const expr = statement.kind === 'expr' ? statement.expr : null;
  return expr?.kind === 'method' && GROWS.test(expr.name) && variable(expr.receiver) === owner;
}

/** A vector that was made with room may not move. */
function roomy(one: Code, owner: string, growth: Statement): boolean {
  const own = one.say({ start: one.block.span.start, end: growth.span.start });
  return /with_capacity|reserve/.test(own) || !new RegExp(`\\b${owner}\\b`).test(own);
}

/** `v.as_mut_ptr()` as the third argument's neighbour: a vector is taken back with its length as its capacity. */
function asLong(world: World): ReturnType<Mutator['mutations']> {
  const files = [...world.workspace.files.values()].map((file) => world.workspace.text(file));
  // Where vectors are shrunk somewhere, the two may be the same; the page leaves that out unless the capacity came along.
  const shrinks = files.some((file) => SHRINKS.test(file)) || !files.some((file) => /\bforget\b|ManuallyDrop|leak\(/.test(file));
  return each(code(world, /\bfrom_raw_parts\b/), (one) =>
    all(one, 'call').flatMap((call) => {
      const [, length, capacity] = call.args;
      if (!/^(Vec|String)::from_raw_parts$/.test(called(call)) || !length || !capacity || one.say(length) === one.say(capacity)) return [];
      const beside = capacity.kind === 'field' || one.ast.params.some(({ name }) => name !== null && name === variable(capacity));
      if (shrinks && !(beside && /cap(acity)?$/.test(one.say(capacity)))) return [];
      return collectExprs(length, (node) => node.kind === 'call' || node.kind === 'method').length > 0
        ? []
        : [[one.put(capacity, one.say(length))]];
    }),
  );
}

const SHRINKS = /into_boxed_|shrink_to|Box\s*<\s*\[|\bcapacity\(\)|reserve_exact|to_boxed|into_vec/;

export const FILL_MUTATORS: readonly Mutator[] = [
  { rule: 'assume-init-ignores-status', does: 'drops the check of the status', mutations: ignored },
  { rule: 'uninit-out-param', does: 'moves `assume_init` before the call', mutations: assumed },
  { rule: 'set-len-before-fill', does: 'moves `set_len` before the call', mutations: tooLong },
  { rule: 'stale-pointer-after-growth', does: 'moves the pointer before what grows the vector', mutations: stale },
  { rule: 'vec-cap-equals-len', does: 'takes the length for the capacity', mutations: asLong },
];
