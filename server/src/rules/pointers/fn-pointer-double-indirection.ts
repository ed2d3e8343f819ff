/** The address of a variable or of a fn's code is taken for a pointer to a fn pointer, or the other way round. */
import { calleeOf } from '../../analysis/callee.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { stdCall, uncast } from '../../analysis/ownership/owners.ts';
import { writtenTarget } from '../../analysis/ownership/written-target.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, unwrapBlock, variable } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { firstArg, peel, stdName } from '../written-type.ts';

type Context = RuleContext<'address' | 'code'>;

export default defineRule({
  id: 'fn-pointer-double-indirection',
  group: 'pointers',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    address: 'the address of `{name}` becomes a fn pointer, which then calls into it as code',
    code: 'the code of `{name}` is read as if a fn pointer stood there',
  },
  docs: {
    what: 'A fn pointer is made with one indirection too many or too few',
    why: `A fn pointer is itself the address of the code. \`transmute(&f)\` makes one of the place where \`f\` is kept, so that a call runs data;
\`*(f as *const fn())\` reads the first bytes of the code as an address and jumps there.`,
    bad: `use std::ffi::c_void;

pub fn callback(symbol: *const c_void) -> extern "C" fn() {
    unsafe { std::mem::transmute::<_, extern "C" fn()>(&symbol) }
}
`,
    good: `use std::ffi::c_void;

pub fn callback(symbol: *const c_void) -> Option<extern "C" fn()> {
    unsafe { std::mem::transmute::<*const c_void, Option<extern "C" fn()>>(symbol) }
}
`,
    exceptions: [
      '`transmute(pointer)` to a fn pointer, and `f as usize`',
      '`*(&pointer as *const _ as *const fn())`: the two indirections belong together',
      'statics and arrays, which may hold code',
      'targets that are not written as a fn pointer type',
    ],
    fixSafety: 'It passes the pointer itself, which is what the other side of the `transmute` means; a null one must be an `Option`.',
    references: [{ title: 'std, fn pointers', url: 'https://doc.rust-lang.org/std/primitive.fn.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, TRIGGER, ctx.workspace)) {
      if (!body.ast.body) continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call' || one.kind === 'unary', { items: false })) {
        if (expr.kind === 'call') checkTransmute(ctx, body, expr);
        else if (expr.kind === 'unary' && expr.operator === '*') checkDeref(ctx, body, expr);
      }
    }
  },
});

const TRIGGER = /\btransmute\b|\*\s*(const|mut)\s+(unsafe\s+)?(extern|fn)\b/;

/** `transmute(&x)` where the result is a fn pointer. */
function checkTransmute(ctx: Context, body: Body, call: Extract<Expr, { kind: 'call' }>): void {
  const [given] = call.args;
  if (!given || stdCall(call, body.scope, ctx.workspace) !== 'mem::transmute') return;
  const address = uncast(given);
  if (address.kind !== 'reference' || address.operand.kind !== 'path') return;
  const target = targetOf(call, body);
  if (!target || !isFnPointer(target, ctx, body) || !holdsAddress(address.operand, body, ctx)) return;
  const name = variable(address.operand) ?? address.operand.path.segments.at(-1)?.name ?? '';
  ctx.report('address', {
    at: { file: body.item.file, span: given.span },
    data: { name },
    help: `pass \`${name}\` itself`,
    item: body.item,
    fixes: given === address ? drop(address, body) : [],
  });
}

function drop(address: Extract<Expr, { kind: 'reference' }>, body: Body): readonly Fix[] {
  if (body.bindingOf(address.operand) === null) return [];
  const span = { start: address.span.start, end: address.operand.span.start };
  return [{ title: 'transmute the pointer, not its address', safe: false, edits: [{ file: body.item.file.path, span, text: '' }] }];
}

/** The written type that a transmute makes: its second argument, or that of the variable or fn that takes it. */
function targetOf(call: Extract<Expr, { kind: 'call' }>, body: Body): Type | null {
  const generics = call.callee.kind === 'path' ? (call.callee.path.segments.at(-1)?.args ?? []) : [];
  const to = generics[1];
  if (to?.kind === 'type' && to.type.kind !== 'infer') return to.type;
  return writtenTarget(call, body.ast);
}

/** A fn pointer or an Option of one, aliases of the workspace seen through. */
function isFnPointer(type: Type, ctx: Context, body: Body): boolean {
  const at = peel(type, body.scope, ctx.workspace);
  if (at.type.kind === 'fn') return true;
  const inner = stdName(at) === 'Option' ? firstArg(at.type) : null;
  return inner !== null && peel(inner, at.scope, ctx.workspace).type.kind === 'fn';
}

/** A fn, or a variable that surely holds a pointer: what lies behind a reference or in an array may be code. */
function holdsAddress(operand: Expr, body: Body, ctx: Context): boolean {
  const binding = body.bindingOf(operand);
  if (!binding) return namesFn(operand, body, ctx);
  if (binding.ty?.kind === 'opaque') return binding.ty.bounds.length === 0;
  return binding.kind === 'let' && binding.source !== null && namesFn(unwrapBlock(uncast(binding.source)), body, ctx);
}

function namesFn(expr: Expr, body: Body, ctx: Context): boolean {
  if (expr.kind !== 'path' || body.bindingOf(expr) !== null) return false;
  const callee = calleeOf(expr, body.scope, ctx.workspace);
  return callee.kind === 'items' && callee.items.every((item) => item.kind === 'fn');
}

/** `*(f as *const fn())` of a fn. */
function checkDeref(ctx: Context, body: Body, deref: Extract<Expr, { kind: 'unary' }>): void {
  const pointer = unwrapBlock(deref.operand);
  if (pointer.kind !== 'cast' || pointer.type.kind !== 'pointer' || !isFnPointer(pointer.type.pointee, ctx, body)) return;
  const inner = uncast(pointer);
  if (!namesFn(inner, body, ctx) || inner.kind !== 'path') return;
  ctx.report('code', {
    at: { file: body.item.file, span: deref.span },
    data: { name: inner.path.segments.at(-1)?.name ?? '' },
    help: 'the fn itself is the pointer: cast it to the fn pointer type',
    item: body.item,
  });
}
