/** A value that is not initialized is passed to a C function that fills it. */
import { anyForeignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { lentToFill } from '../../analysis/ownership/out-pointers.ts';
import { givenValue, stdCall } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, findExpr, unwrapBlock, variable } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import { stdPath } from '../edits.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'uninit'>;

export default defineRule({
  id: 'uninit-out-param',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::uninit_assumed_init', 'invalid_value'],
  fix: 'unsafe',
  messages: { uninit: '`{local}` is taken as initialized before `{callee}` fills it' },
  docs: {
    what: 'An out parameter of a C function is taken as initialized before the call fills it',
    why: `\`mem::uninitialized()\` and \`MaybeUninit::uninit().assume_init()\` make a value of a type without one: undefined behaviour at once, even if
nobody reads it, and the compiler makes use of it. The value comes into being when the C function has written it, so that \`assume_init\`
belongs behind the call.`,
    bad: `use std::mem::MaybeUninit;

#[repr(C)]
pub struct Info {
    pub width: u32,
    pub height: u32,
}

extern "C" {
    fn image_info(info: *mut Info);
}

pub fn info() -> Info {
    unsafe {
        let mut info: Info = MaybeUninit::uninit().assume_init();
        image_info(&mut info);
        info
    }
}
`,
    good: `use std::mem::MaybeUninit;

#[repr(C)]
pub struct Info {
    pub width: u32,
    pub height: u32,
}

extern "C" {
    fn image_info(info: *mut Info);
}

pub fn info() -> Info {
    let mut info = MaybeUninit::<Info>::uninit();
    unsafe {
        image_info(info.as_mut_ptr());
        info.assume_init()
    }
}
`,
    exceptions: [
      '`MaybeUninit` that is passed by `as_mut_ptr()` and assumed to be initialized after the call',
      'arrays of `MaybeUninit`, which need no value',
      '`zeroed()`: whether zeros are a value is `zeroed-non-nullable`',
      'values that something else has written before the call',
    ],
    fixSafety: 'It starts from zeros, which not every type has as a value. `MaybeUninit` until after the call is better.',
    references: [
      {
        title: 'std, MaybeUninit, out-pointers',
        url: 'https://doc.rust-lang.org/std/mem/union.MaybeUninit.html#out-pointers',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\buninitialized\b|\buninit\s*\(\s*\)\s*\.\s*assume_init\b/, ctx.workspace))
      checkBody(ctx, body);
  },
});

function checkBody(ctx: Context, body: Body): void {
  const root = body.ast.body;
  if (!root) return;
  const told = new Set<Expr>();
  for (const expr of collectExprs(root, (one) => one.kind === 'call', { items: false })) {
    const called = expr.kind === 'call' ? anyForeignCall(expr, body.scope, ctx.workspace) : null;
    for (const arg of called?.call.args ?? []) {
      const local = lentToFill(arg);
      const named = local === null ? null : findExpr(arg, (one) => variable(one) === local);
      const made = named ? unwrapBlock(givenValue(named, body)) : null;
      if (!called || !named || !made || told.has(made) || !isUninit(made, body, ctx) || holdsNothing(named, made, body, ctx)) continue;
      if (body.bindings.filter((one) => one.name === local).length !== 1 || isWritten(root, local ?? '', made, expr)) continue;
      told.add(made);
      ctx.report('uninit', {
        at: { file: body.item.file, span: made.span },
        data: { local: local ?? '', callee: called.name },
        related: [{ at: { file: body.item.file, span: arg.span }, message: 'filled only here' }],
        help: 'keep a `MaybeUninit`, pass its `as_mut_ptr()`, and call `assume_init` afterwards',
        item: body.item,
        fixes: [
          {
            title: 'start from zeros',
            safe: false,
            edits: [
              { file: body.item.file.path, span: made.span, text: `${stdPath(body.scope)}::mem::zeroed${writtenType(made, body, ctx)}()` },
            ],
          },
        ],
      });
    }
  }
}

/** `mem::uninitialized()`, `MaybeUninit::uninit().assume_init()`. */
function isUninit(expr: Expr, body: Body, ctx: Context): boolean {
  if (expr.kind === 'method' && expr.name === 'assume_init')
    return stdCall(expr.receiver, body.scope, ctx.workspace) === 'MaybeUninit::uninit';
  return stdCall(expr, body.scope, ctx.workspace) === 'mem::uninitialized';
}

/** The `::<T>` of `MaybeUninit::<T>::uninit()`, empty where none is written. */
function writtenType(made: Expr, body: Body, ctx: Context): string {
  return /MaybeUninit\s*(::\s*<.*>)\s*::\s*uninit/s.exec(ctx.workspace.slice(body.item.file, made.span))?.[1] ?? '';
}

/** A type that holds nothing but `MaybeUninit` is initialized without a value. */
function holdsNothing(named: Expr, made: Expr, body: Body, ctx: Context): boolean {
  if (/MaybeUninit\s*(::)?\s*<\s*\[?\s*(\w+::)*MaybeUninit\b/.test(ctx.workspace.slice(body.item.file, made.span))) return true;
  const ty = body.bindingOf(named)?.ty ?? null;
  const inner = ty?.kind === 'array' ? ty.element : ty;
  return inner?.kind === 'external' && inner.path === 'std::mem::MaybeUninit';
}

/** A field or the whole of it is set between its making and the call. */
function isWritten(root: Expr, local: string, made: Expr, call: Expr): boolean {
  return (
    findExpr(root, (one) => {
      if (one.kind !== 'assign' || one.span.start < made.span.end || one.span.start > call.span.start) return false;
      let at = one.left;
      while (at.kind === 'field' || at.kind === 'index') at = at.base;
      return variable(at) === local;
    }) !== null
  );
}
