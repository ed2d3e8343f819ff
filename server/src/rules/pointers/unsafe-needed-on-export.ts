/** An exported fn that is safe to call dereferences a pointer that its caller chooses. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { stdCall, uncast } from '../../analysis/ownership/owners.ts';
import { DEREF_METHODS, OFFSET_METHODS, POINTER_CALLS } from '../../analysis/nullness/pointer-calls.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { findExpr, variable } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { isReachable } from '../reachable.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'safe'>;

export default defineRule({
  id: 'unsafe-needed-on-export',
  group: 'pointers',
  since: '0.1.0',
  severity: 'off',
  languages: ['rust'],
  equivalents: ['clippy::not_unsafe_ptr_arg_deref'],
  fix: 'sometimes',
  messages: { safe: '`{fn}` is safe to call, but uses whatever `{param}` points to' },
  docs: {
    what: 'An exported function that is not `unsafe` dereferences a pointer parameter',
    why: `Rust code may call the function with any pointer, dangling ones too, and without an \`unsafe\` block. C sees no difference, so that the
keyword costs nothing there.`,
    bad: `#[no_mangle]
pub extern "C" fn counter_get(counter: *const u32) -> u32 {
    if counter.is_null() {
        return 0;
    }
    unsafe { *counter }
}
`,
    good: `/// # Safety
/// \`counter\` is null or valid.
#[no_mangle]
pub unsafe extern "C" fn counter_get(counter: *const u32) -> u32 {
    if counter.is_null() {
        return 0;
    }
    unsafe { *counter }
}
`,
    exceptions: [
      'pointers that are only compared or passed on',
      'functions that other crates cannot name: private ones, and those in private modules',
      'clippy reports the same as `not_unsafe_ptr_arg_deref`',
    ],
    fixSafety: 'Safe where nothing in the workspace mentions the function: Rust callers need an `unsafe` block afterwards.',
    references: [
      {
        title: 'clippy, not_unsafe_ptr_arg_deref',
        url: 'https://rust-lang.github.io/rust-clippy/master/index.html#not_unsafe_ptr_arg_deref',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const safe = ctx.unit.surface.functions.filter(
      (fn) =>
        fn.role === 'export' &&
        !fn.rewritten &&
        !fn.ast.unsafe &&
        isReachable(fn.item, ctx.workspace) &&
        fn.ast.params.some((one) => one.type.kind === 'pointer'),
    );
    if (safe.length === 0) return;
    const bodies = new Map(
      bodiesWith(
        safe.map((fn) => fn.item),
        /\bunsafe\b/,
        ctx.workspace,
      ).map((body) => [body.item, body]),
    );
    for (const fn of safe) {
      const body = bodies.get(fn.item);
      const use = body?.ast.body ? findExpr(body.ast.body, (one) => usedPointer(one, body, ctx) !== null, { items: false }) : null;
      const param = body && use ? usedPointer(use, body, ctx) : null;
      if (!use || param === null) continue;
      ctx.report('safe', {
        at: { file: fn.item.file, span: fn.ast.nameSpan },
        data: { fn: fn.ast.name, param },
        related: [{ at: { file: fn.item.file, span: use.span }, message: 'used here' }],
        help: 'make it `unsafe`, and say in its docs what it asks of the pointer',
        item: fn.item,
        fixes: addUnsafe(ctx, fn),
      });
    }
  },
});

/** The pointer parameter that an expression reads or writes through. */
function usedPointer(expr: Expr, body: Body, ctx: Context): string | null {
  if (expr.kind === 'unary' && expr.operator === '*') return paramOf(expr.operand, body);
  if (expr.kind === 'method') return DEREF_METHODS.has(expr.name) || /^as_(ref|mut)$/.test(expr.name) ? paramOf(expr.receiver, body) : null;
  const call = expr.kind === 'call' ? POINTER_CALLS.get(stdCall(expr, body.scope, ctx.workspace) ?? '') : undefined;
  if (expr.kind !== 'call' || !call) return null;
  for (const index of call.pointers) {
    const name = expr.args[index] ? paramOf(expr.args[index], body) : null;
    if (name !== null) return name;
  }
  return null;
}

function paramOf(pointer: Expr, body: Body): string | null {
  let at = uncast(pointer);
  while (at.kind === 'method' && OFFSET_METHODS.has(at.name)) at = uncast(at.receiver);
  const binding = variable(at) === null ? null : body.bindingOf(at);
  return binding?.kind === 'param' && binding.ty?.kind === 'opaque' && binding.ty.pointer ? binding.name : null;
}

function addUnsafe(ctx: Context, fn: BoundaryFn): readonly Fix[] {
  const at = fn.ast.abiSpan?.start ?? null;
  if (at === null) return [];
  const safe = !ctx.workspace.mentions(fn.item.name, fn.item);
  return [{ title: 'make it `unsafe`', safe, edits: [{ file: fn.item.file.path, span: { start: at, end: at }, text: 'unsafe ' }] }];
}
