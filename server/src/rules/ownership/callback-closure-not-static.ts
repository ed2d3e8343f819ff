/** A closure of any lifetime is boxed and handed to C, which may call it when what it borrows is gone. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { sliceSpan } from '../../base/text.ts';
import type { GenericParam } from '../../model/rust/ast-type.ts';
import { closuresGivenToC } from '../boxed-closures.ts';
import { STD_INTO_RAW } from '../claim.ts';
import { isReachable } from '../reachable.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'borrows'>;

export default defineRule({
  id: 'callback-closure-not-static',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { borrows: '`{fn}` gives a `{param}` to C for good, although it may borrow what ends sooner' },
  docs: {
    what: "A generic closure without `'static` is boxed with `into_raw` and given to a C function",
    why: `The box lives until C gives it back, but the closure in it may borrow locals of the caller. Without \`'static\` the compiler accepts
that, and the callback reads variables that are gone: rusqlite had to be mended for this.`,
    bad: `use std::ffi::c_void;

extern "C" {
    fn on_event(callback: extern "C" fn(*mut c_void), data: *mut c_void);
}

extern "C" fn call<F: FnMut()>(data: *mut c_void) {
    let _ = data.cast::<F>();
}

pub fn listen<F: FnMut()>(f: F) {
    let data = Box::into_raw(Box::new(f));
    unsafe { on_event(call::<F>, data.cast()) };
}
`,
    good: `use std::ffi::c_void;

extern "C" {
    fn on_event(callback: extern "C" fn(*mut c_void), data: *mut c_void);
}

extern "C" fn call<F: FnMut()>(data: *mut c_void) {
    let _ = data.cast::<F>();
}

pub fn listen<F: FnMut() + 'static>(f: F) {
    let data = Box::into_raw(Box::new(f));
    unsafe { on_event(call::<F>, data.cast()) };
}
`,
    exceptions: [
      "bounds with `'static`, or with a lifetime that the returned value keeps",
      'closures that are lent for one call, as `&mut f`',
      'a `from_raw` in the same function: the closure is taken back before it returns',
      'closures that C never gets',
      'methods of a type that only the crate sees are reported as info only',
    ],
    fixSafety: 'Safe: callers that pass a closure which borrows no longer compile, which is what the bound is for.',
    references: [
      { title: 'rusqlite 1048, closures that outlive what they borrow', url: 'https://github.com/rusqlite/rusqlite/issues/1048' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\binto_raw\b[\s\S]*/, ctx.workspace)) checkBody(ctx, body);
  },
});

function checkBody(ctx: Context, body: Body): void {
  const { ast, item } = body;
  for (const { move, generic } of closuresGivenToC(ctx, body)) {
    const text = ctx.workspace.text(item.file);
    if (generic.bounds.some((one) => one.startsWith("'"))) continue;
    ctx.report('borrows', {
      at: { file: item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.nameSpan },
      data: { fn: ast.name, param: generic.name },
      related: [{ at: { file: item.file, span: generic.span }, message: "this closure needs `'static`" }],
      help: "add `+ 'static` to its bound",
      item,
      claims: [
        {
          kind: 'calls',
          at: { file: item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.nameSpan },
          callees: STD_INTO_RAW,
        },
      ],
      fixes: addStatic(body, generic, text, !ctx.workspace.mentions(ast.name, item)),
      // What the crate itself passes to methods of a type that nobody else sees mostly captures nothing.
      ...(item.owner?.kind !== 'impl' || isReachable(item, ctx.workspace) ? {} : { severity: 'info' as const }),
    });
  }
}

function addStatic(body: Body, generic: GenericParam, text: string, safe: boolean): readonly Fix[] {
  const { file } = body.item;
  const written = sliceSpan(text, generic.span);
  // Bounds of a where clause stand elsewhere.
  if (!/:\s*\S/.test(written)) {
    const clause = text.slice(body.ast.paramsSpan.end, body.ast.body?.span.start ?? body.ast.paramsSpan.end);
    const found = new RegExp(`\\b${generic.name}\\s*:\\s*`).exec(clause);
    if (!found || !/\bwhere\b/.test(clause.slice(0, found.index))) return [];
    const at = body.ast.paramsSpan.end + found.index + found[0].length;
    return [{ title: "add `'static`", safe, edits: [{ file: file.path, span: { start: at, end: at }, text: "'static + " }] }];
  }
  const end = generic.span.end;
  return [{ title: "add `'static`", safe, edits: [{ file: file.path, span: { start: end, end }, text: " + 'static" }] }];
}
