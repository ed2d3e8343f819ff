/** A closure of any lifetime is boxed and handed to C, which may call it when what it borrows is gone. */
import { calleeOf } from '../../analysis/callee.ts';
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { movesIn } from '../../analysis/ownership/create-ownership-facts.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, findExpr, variable } from '../../analysis/walk.ts';
import { sliceSpan } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { GenericParam } from '../../model/rust/ast-type.ts';
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
  const text = ctx.workspace.text(item.file);
  const open = ast.generics.filter((one) => one.kind === 'type' && isClosure(one));
  if (open.length === 0 || !ast.body || /\bfrom_raw\b/.test(sliceSpan(text, ast.body.span))) return;
  for (const move of movesIn(body, ctx.workspace)) {
    const boxed = move.expr.args[0];
    if (move.direction !== 'into' || move.kind !== 'Box' || !boxed) continue;
    const generic = open.find((one) => holds(boxed, one.name, body));
    if (!generic || !goesToC(ctx, body, move.expr)) continue;
    ctx.report('borrows', {
      at: { file: item.file, span: move.expr.kind === 'call' ? move.expr.callee.span : move.expr.span },
      data: { fn: ast.name, param: generic.name },
      related: [{ at: { file: item.file, span: generic.span }, message: "this closure needs `'static`" }],
      help: "add `+ 'static` to its bound",
      item,
      fixes: addStatic(body, generic, text, !ctx.workspace.mentions(ast.name, item)),
    });
  }
}

/** `F: Fn…` without any lifetime. */
function isClosure(generic: GenericParam): boolean {
  return (
    generic.bounds.some((one) => /^(for\s*<[^>]*>\s*)?(\w+::)*Fn(Mut|Once)?\b/.test(one)) &&
    !generic.bounds.some((one) => one.startsWith("'"))
  );
}

/** `Box::new(f)` with f: F, also boxed twice or in a tuple's or struct's place. */
function holds(boxed: Expr, name: string, body: Body): boolean {
  const value = givenValue(boxed, body);
  if (value.kind !== 'call' || value.args.length !== 1 || value.callee.kind !== 'path' || value.callee.path.segments.at(-1)?.name !== 'new')
    return false;
  const inner = value.args[0];
  const param = inner ? body.ast.params.find((one) => one.name === variable(inner)) : undefined;
  if (param?.type.kind === 'path') return param.type.path.segments.length === 1 && param.type.path.segments[0]?.name === name;
  return inner !== undefined && inner.kind === 'call' && holds(inner, name, body);
}

/** The pointer, or the variable that holds it, is in the arguments of a foreign call. */
function goesToC(ctx: Context, body: Body, into: Expr): boolean {
  if (!body.ast.body) return false;
  return collectExprs(body.ast.body, (one) => one.kind === 'call').some((call) => {
    const args = foreignArgs(ctx, call, body);
    return args.some((arg) => findExpr(givenValue(arg, body), (one) => one === into) !== null);
  });
}

/** The arguments of a call of a C function: declared here, or in another crate of declarations (`ffi::…`, `…_sys::…`). */
function foreignArgs(ctx: Context, call: Expr, body: Body): readonly Expr[] {
  const foreign = foreignCall(call, body.scope, ctx.workspace);
  if (foreign) return foreign.call.args;
  const callee = call.kind === 'call' ? calleeOf(call.callee, body.scope, ctx.workspace) : null;
  const declared = callee?.kind === 'external' && /(^|_)(sys|ffi)$/.test(callee.path[0] ?? '');
  return call.kind === 'call' && declared ? call.args : [];
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
