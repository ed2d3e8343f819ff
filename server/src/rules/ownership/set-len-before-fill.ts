/** A vector is told its length before the call that fills it. */
import { anyForeignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { lentToFill } from '../../analysis/ownership/out-pointers.ts';
import { stdCall, uncast } from '../../analysis/ownership/owners.ts';
import { ownedTwice } from '../../analysis/ownership/paths.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, someExpr, variable } from '../../analysis/walk.ts';
import type { CallExpr, Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import { named } from '../claim.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { laterStatement, moveBehind, ownStatement } from '../statement-edits.ts';

type Context = RuleContext<'early'>;

export default defineRule({
  id: 'set-len-before-fill',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::uninit_vec'],
  fix: 'unsafe',
  messages: { early: '`set_len` makes elements of `{local}` that `{callee}` has not written yet' },
  docs: {
    what: 'A vector is told its length before the C function that fills it is called',
    why: `\`set_len\` promises that all elements up to there have values. Where the C function fails, or writes fewer than were asked for, the
vector holds memory that nobody has written, which safe code then reads, compares and sends away.`,
    bad: `extern "C" {
    fn socket_read(socket: i32, to: *mut u8, size: usize) -> isize;
}

pub fn read(socket: i32) -> Vec<u8> {
    let mut data = Vec::with_capacity(4096);
    unsafe {
        data.set_len(4096);
        socket_read(socket, data.as_mut_ptr(), 4096);
    }
    data
}
`,
    good: `extern "C" {
    fn socket_read(socket: i32, to: *mut u8, size: usize) -> isize;
}

pub fn read(socket: i32) -> Vec<u8> {
    let mut data = Vec::with_capacity(4096);
    unsafe {
        let read = socket_read(socket, data.as_mut_ptr(), 4096);
        data.set_len(usize::try_from(read).unwrap_or(0));
    }
    data
}
`,
    exceptions: [
      '`set_len` after the call, with the length that the call reported',
      'vectors whose elements were written before, by `resize`, `vec![0; n]`, `extend` or through a pointer',
      'elements of type `MaybeUninit`, which need no value',
      'vectors that are filled by Rust: `clippy::uninit_vec` reports those',
    ],
    fixSafety:
      'Not safe: `set_len` moves behind the call with the length that it had, but only the result of the call says how many elements were written. There is none where what stands between the two reads the vector.',
    references: [{ title: 'std, Vec::set_len', url: 'https://doc.rust-lang.org/std/vec/struct.Vec.html#method.set_len' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\.\s*set_len\s*\(/, ctx.workspace)) checkBody(ctx, body);
  },
});

function checkBody(ctx: Context, body: Body): void {
  const root = body.ast.body;
  if (!root) return;
  for (const expr of collectExprs(root, isSetLen, { items: false })) {
    const local = expr.kind === 'method' ? variable(expr.receiver) : null;
    if (expr.kind !== 'method' || local === null || !isFresh(ctx, body, root, expr, local)) continue;
    const fill = fillAfter(ctx, body, root, expr, local);
    if (!fill) continue;
    ctx.report('early', {
      at: { file: body.item.file, span: expr.nameSpan },
      data: { local, callee: fill.name },
      fixes: moveFix(ctx, body, root, expr, local, fill.call),
      related: [{ at: { file: body.item.file, span: fill.call.span }, message: 'written only here' }],
      help: 'call `set_len` afterwards, with the length that the call reports',
      item: body.item,
      claims: [{ kind: 'calls', at: { file: body.item.file, span: expr.nameSpan }, callees: named('Vec::set_len') }],
    });
  }
}

/** Moves `set_len` behind the statement with the call, where nothing up to there looks at the length. */
function moveFix(ctx: Context, { item }: Body, root: Expr, setLen: Expr, local: string, fill: Expr): readonly Fix[] {
  const placed = ownStatement(root, setLen);
  const target = placed ? laterStatement(placed, fill) : null;
  if (!placed || !target) return [];
  const between = (one: Expr): boolean => one.span.start > placed.statement.span.end && one.span.end < target.span.end;
  const pointers = collectExprs(root, (one) => one.kind === 'method' && /^(as_mut_ptr|as_ptr|capacity)$/.test(one.name));
  const receivers = new Set(pointers.map((one) => (one.kind === 'method' ? one.receiver : one)));
  if (someExpr(root, (one) => variable(one) === local && between(one) && !receivers.has(one))) return [];
  const edits = moveBehind(item.file, placed.statement, target, ctx.workspace);
  return [{ title: 'set the length behind the call', safe: false, edits }];
}

function isSetLen(expr: Expr): boolean {
  if (expr.kind !== 'method' || expr.name !== 'set_len' || expr.args.length !== 1) return false;
  const [length] = expr.args;
  return !(length?.kind === 'literal' && /^0(usize)?$/.test(length.text));
}

/** A vector that this fn made without elements, and did nothing with but reserve until here. */
function isFresh(ctx: Context, body: Body, root: Expr, setLen: MethodExpr, local: string): boolean {
  const binding = body.bindingOf(setLen.receiver);
  if (binding?.kind !== 'let' || !binding.source || body.bindings.filter((one) => one.name === local).length !== 1) return false;
  const made = stdCall(uncast(binding.source), body.scope, ctx.workspace);
  if (made !== 'Vec::with_capacity' && made !== 'Vec::new') return false;
  const element = binding.ty?.kind === 'external' ? binding.ty.args[0] : null;
  if (element?.kind === 'external' && element.path === 'std::mem::MaybeUninit') return false;
  const before = collectExprs(root, (one) => variable(one) === local && one.span.end < setLen.span.start);
  const harmless = collectExprs(
    root,
    (one) => one.kind === 'method' && /^(reserve|reserve_exact|try_reserve|try_reserve_exact|capacity|len|is_empty)$/.test(one.name),
  ).map((one) => (one.kind === 'method' ? one.receiver : one));
  return before.every((use) => harmless.includes(use));
}

/** The call of a C function behind it that gets the vector's buffer to write to. */
function fillAfter(ctx: Context, body: Body, root: Expr, setLen: MethodExpr, local: string): { name: string; call: CallExpr } | null {
  for (const expr of collectExprs(root, (one) => one.kind === 'call' && one.span.start > setLen.span.end, { items: false })) {
    const called = anyForeignCall(expr, body.scope, ctx.workspace);
    if (!called?.call.args.some((arg) => lentToFill(arg) === local)) continue;
    return ownedTwice(root, setLen, expr, local) ? { name: called.name, call: called.call } : null;
  }
  return null;
}
