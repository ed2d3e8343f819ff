/** An exported fn takes bytes from its caller for UTF-8 without looking at them. */
import { calleeOf } from '../../analysis/callee.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { stdCall, uncast, givenValue } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { bodiesOf } from '../../analysis/types/local-types.ts';
import { collectExprs, lastName, variable } from '../../analysis/walk.ts';
import type { CallExpr, Expr } from '../../model/rust/ast-expr.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'unchecked'>;

export default defineRule({
  id: 'from-utf8-unchecked-foreign',
  group: 'strings',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { unchecked: '`{fn}` takes the bytes of `{param}` for UTF-8 without checking them' },
  docs: {
    what: "An exported function makes a `str` of its caller's bytes with `from_utf8_unchecked`",
    why: `C strings have no encoding: file names, environment variables and user input are often not UTF-8. A \`str\` with other bytes breaks
what the standard library relies on, so that slicing or iterating it reads out of bounds.`,
    bad: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`name\` is a C string.
#[no_mangle]
pub unsafe extern "C" fn name_chars(name: *const c_char) -> usize {
    if name.is_null() {
        return 0;
    }
    let text = unsafe { std::str::from_utf8_unchecked(CStr::from_ptr(name).to_bytes()) };
    text.chars().count()
}
`,
    good: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`name\` is a C string.
#[no_mangle]
pub unsafe extern "C" fn name_chars(name: *const c_char) -> usize {
    if name.is_null() {
        return 0;
    }
    let text = unsafe { CStr::from_ptr(name) }.to_string_lossy();
    text.chars().count()
}
`,
    exceptions: [
      'bytes that the function validates',
      'functions whose name says `unchecked`, or whose documentation demands UTF-8',
      'bytes that do not come from a parameter, callbacks, and functions that are not exported',
    ],
    fixSafety: 'Not safe: `from_utf8` returns a Result, and what to do where the text is not valid has to be decided.',
    references: [{ title: 'std, from_utf8_unchecked', url: 'https://doc.rust-lang.org/std/str/fn.from_utf8_unchecked.html#safety' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const exports = new Map(ctx.unit.surface.functions.filter((fn) => fn.role === 'export' && !fn.rewritten).map((fn) => [fn.item, fn]));
    for (const body of bodiesWith(ctx.unit.items, /\bfrom_utf8_unchecked\b/, ctx.workspace)) {
      const fn = exports.get(body.item);
      if (!fn || !body.ast.body || /unchecked/.test(fn.ast.name) || /utf-?8/i.test(fn.ast.docs)) continue;
      if (
        /\bfrom_utf8\b|from_utf8_lossy|simdutf8|utf8_valid|validate|is_ascii/.test(ctx.workspace.slice(body.item.file, body.ast.body.span))
      )
        continue;
      for (const expr of collectExprs(body.ast.body, (one) => isUnchecked(one, body, ctx), { items: false })) {
        if (expr.kind === 'call') checkCall(ctx, body, expr);
      }
    }
  },
});

function isUnchecked(expr: Expr, body: Body, ctx: Context): boolean {
  const name = stdCall(expr, body.scope, ctx.workspace);
  return name === 'str::from_utf8_unchecked' || name === 'String::from_utf8_unchecked';
}

function checkCall(ctx: Context, body: Body, call: CallExpr): void {
  const param = call.args[0] ? foreignBytes(call.args[0], body, ctx) : null;
  if (param === null) return;
  ctx.report('unchecked', {
    at: { file: body.item.file, span: call.callee.span },
    data: { fn: body.ast.name, param },
    help: 'use `from_utf8` and return an error, or `to_string_lossy`',
    item: body.item,
    claims: [{ kind: 'calls', at: { file: body.item.file, span: call.callee.span }, callees: /::from_utf8_unchecked(?:_mut)?$/ }],
    fixes: checkedFix(body, call),
  });
}

/** Which parameter of a fn of the workspace its result is a slice of, by one `slice::from_raw_parts` in it; null where that is not so. */
function viewedParam(call: CallExpr, body: Body, ctx: Context): number | null {
  const callee = calleeOf(call.callee, body.scope, ctx.workspace);
  const [item] = callee.kind === 'items' ? callee.items : [];
  const inner = item && callee.kind === 'items' && callee.items.length === 1 ? bodiesOf(ctx.workspace)(item) : null;
  const { result, params, body: block } = inner?.ast ?? { result: null, params: [], body: null };
  if (!inner || !block || result?.kind !== 'reference' || result.referent.kind !== 'slice') return null;
  const [made, ...more] = collectExprs(block, (one) => stdCall(one, inner.scope, ctx.workspace) === 'slice::from_raw_parts');
  const pointer = made?.kind === 'call' && made.args[0] ? variable(uncast(made.args[0])) : null;
  const at = params.findIndex(({ name, type }) => name !== null && name === pointer && type.kind === 'pointer');
  return more.length > 0 || at < 0 ? null : at;
}

/** The parameter whose bytes an expression is: through `CStr::from_ptr` or `slice::from_raw_parts`, variables and methods. */
function foreignBytes(expr: Expr, body: Body, ctx: Context, depth = 6): string | null {
  if (depth === 0) return null;
  const value = givenValue(expr, body);
  switch (value.kind) {
    case 'method':
      return /^(to_bytes|as_ref|to_vec|to_owned|as_slice|to_bytes_with_nul|into_bytes)$/.test(value.name)
        ? foreignBytes(value.receiver, body, ctx, depth - 1)
        : null;
    case 'reference':
      return foreignBytes(value.operand, body, ctx, depth - 1);
    case 'index':
      return foreignBytes(value.base, body, ctx, depth - 1);
    case 'call': {
      const name = stdCall(value, body.scope, ctx.workspace);
      const given = name === 'CStr::from_ptr' || name === 'slice::from_raw_parts' ? 0 : viewedParam(value, body, ctx);
      const argument = given === null ? undefined : value.args[given];
      const pointer = argument ? uncast(argument) : null;
      const binding = pointer ? body.bindingOf(pointer) : null;
      return pointer && binding?.kind === 'param' ? variable(pointer) : null;
    }
    default:
      return null;
  }
}

/** `from_utf8(…).unwrap_or_default()`; none where `from_utf8_unchecked` is imported by its name. */
function checkedFix(body: Body, call: CallExpr): readonly Fix[] {
  const { callee } = call;
  if (callee.kind !== 'path' || lastName(callee) !== 'from_utf8_unchecked' || !body.ast.body) return [];
  const last = callee.path.segments.at(-1);
  if (!last || callee.path.segments.length < 2) return [];
  return [
    {
      title: 'use `from_utf8`, and an empty text where it fails',
      safe: false,
      edits: [
        { file: body.item.file.path, span: last.span, text: 'from_utf8' },
        { file: body.item.file.path, span: { start: call.span.end, end: call.span.end }, text: '.unwrap_or_default()' },
      ],
    },
  ];
}
