/** A callback is registered together with a pointer to a local variable, which is gone when the callback is called. */
import type { ForeignCall } from '../../analysis/c-functions/foreign-call.ts';
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, ownerOf } from '../../analysis/ownership/owners.ts';
import type { Binding, Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, someExpr, variable } from '../../analysis/walk.ts';
import { calleeOf } from '../../analysis/callee.ts';
import type { Span } from '../../base/text.ts';
import { contains } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'local'>;

export default defineRule({
  id: 'stack-userdata',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { local: '`{callee}` keeps a pointer to `{local}`, which ends with `{fn}`' },
  docs: {
    what: 'A callback is registered with a pointer to a local variable as its user data',
    why: `A function that registers a callback keeps the pointer for later. The local is gone when the function returns, and the callback then
writes into a stack frame that belongs to somebody else.`,
    bad: `use std::ffi::c_void;

extern "C" {
    fn device_set_callback(callback: extern "C" fn(*mut c_void), data: *mut c_void);
}

extern "C" fn tick(data: *mut c_void) {
    let _ = data;
}

pub fn watch() {
    let mut count = 0u32;
    unsafe { device_set_callback(tick, &mut count as *mut u32 as *mut c_void) };
}
`,
    good: `use std::ffi::c_void;

extern "C" {
    fn device_set_callback(callback: extern "C" fn(*mut c_void), data: *mut c_void);
}

extern "C" fn tick(data: *mut c_void) {
    let _ = data;
}

pub fn watch() {
    let count = Box::new(0u32);
    unsafe { device_set_callback(tick, Box::into_raw(count).cast()) };
}
`,
    exceptions: [
      'functions that call back before they return: `for_each`, `walk`, `run`, `qsort` …',
      'a function that calls C again afterwards: it may run the callbacks, or take the registration back',
      'pointers to statics, fields and boxes, and borrowed parameters',
      'calls without a callback among their arguments',
    ],
    fixSafety:
      'Not safe: the box lives until something takes it back with `Box::from_raw`, which is left to write. There is none where the variable is used behind the call.',
    references: [
      {
        title: 'Rustonomicon, callbacks from C code to Rust functions',
        url: 'https://doc.rust-lang.org/nomicon/ffi.html#callbacks-from-c-code-to-rust-functions',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, MAY_REGISTER, ctx.workspace)) {
      if (!body.ast.body || body.ast.name === 'main') continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call', { items: false, closures: false })) {
        const called = foreignCall(expr, body.scope, ctx.workspace);
        if (called && REGISTERS.test(called.name)) checkCall(ctx, body, called);
      }
    }
  },
});

/** An unsafe call of something that `REGISTERS` may match, and a `&mut` for it. */
const MAY_REGISTER = [
  /\bunsafe\b/,
  /(register|subscribe|install|callback|handler|hook|listener|cb|watch|observer|on_)\w*\s*\(/i,
  /&\s*(?:raw\s+)?mut\b/,
];

const REGISTERS =
  /(^|_)(register|subscribe|install)(_|$)|set_?\w*(callback|handler|hook|listener|cb)s?(_|$)|(^|_)on_|(^|_)add_\w*(callback|handler|hook|listener|cb|watch|observer)/i;

function checkCall(ctx: Context, body: Body, called: ForeignCall): void {
  const { call, name } = called;
  if (!body.ast.body || !call.args.some((arg) => isCallback(ctx, body, arg))) return;
  for (const arg of call.args) {
    const value = givenValue(arg, body);
    if (value.kind !== 'reference' || !value.mutable) continue;
    const local = variable(value.operand);
    const binding = local === null ? null : body.bindingOf(value.operand);
    if (local === null || !binding || (binding.kind === 'let' ? isReference(binding) : !isOwnParam(binding, body))) continue;
    if (ownerOf(value.operand, body, ctx.workspace) === 'Box' || callsAgain(body, call)) continue;
    ctx.report('local', {
      at: { file: body.item.file, span: value.span },
      data: { callee: name, local, fn: body.ast.name },
      help: 'give it a box: `Box::into_raw(Box::new(…))`, and take it back where the callback is removed',
      fixes: boxFix(body, value.span, local, call),
      item: body.item,
    });
  }
}

/** `Box::into_raw(Box::new(local))` in the reference's place, where nothing needs the variable any more. */
function boxFix({ item, ast, bindingOf }: Body, span: Span, local: string, call: Expr): readonly Fix[] {
  const later = (one: Expr): boolean => variable(one) === local && one.span.start > span.end && bindingOf(one) !== null;
  // A pointer that was made before the call may have been used in between, too.
  if (!ast.body || item.module.crate.noStd || !contains(call.span, span) || someExpr(ast.body, later)) return [];
  const text = `Box::into_raw(Box::new(${local}))`;
  return [{ title: `move \`${local}\` to a box`, safe: false, edits: [{ file: item.file.path, span, text }] }];
}

function isCallback(ctx: Context, body: Body, arg: Expr): boolean {
  return someExpr(arg, (one) => {
    if (one.kind !== 'path' || body.bindingOf(one) !== null) return false;
    const callee = calleeOf(one, body.scope, ctx.workspace);
    return (
      callee.kind === 'items' &&
      callee.items.some((item) => item.kind === 'fn' && item.entry.abi !== null && item.owner?.kind !== 'extern-block')
    );
  });
}

/** A reference in the variable, whose own address is passed: what it refers to is not known. */
function isReference({ source, ty }: Binding): boolean {
  return ty?.kind === 'reference' || source === null || source.kind === 'reference';
}

/** A parameter that was given by value, and lives on the stack as a variable does: a type by its path, no pointer, no reference. */
function isOwnParam({ kind, name }: Binding, { ast }: Body): boolean {
  return kind === 'param' && ast.params.some((param) => param.name === name && param.type.kind === 'path');
}

/** Another C function is called behind the registration, or around it in a loop: it may be the one that calls back. */
function callsAgain(body: Body, call: Expr): boolean {
  if (!body.ast.body) return true;
  return someExpr(
    body.ast.body,
    (one) =>
      (one.kind === 'loop' && one.span.end > call.span.end) ||
      (one.kind === 'macro' && one.span.start > call.span.end && one.args === null) ||
      (one.kind === 'call' && one.span.start > call.span.end && !/^(Ok|Err|Some|drop|from|new)$/.test(nameOf(one))) ||
      (one.kind === 'method' && one.span.end > call.span.end && /run|wait|exec|poll|loop|dispatch|join|park/.test(one.name)),
  );

  function nameOf(one: Extract<Expr, { kind: 'call' }>): string {
    return one.callee.kind === 'path' ? (one.callee.path.segments.at(-1)?.name ?? '') : '';
  }
}
