/** A C string that somebody will free or change is returned as if it lived forever. */
import { EVERYTHING } from '../../base/reads.ts';
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, stdCall } from '../../analysis/ownership/owners.ts';
import { returnedValues } from '../../analysis/ownership/written-target.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, unwrapBlock } from '../../analysis/walk.ts';
import { words } from '../../base/words.ts';
import type { CallExpr, Expr } from '../../model/rust/ast-expr.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { CSTR_FROM_PTR } from '../claim.ts';
import { isReachable } from '../reachable.ts';
import { hasStatic } from '../static-reference.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'param' | 'library'>;

export default defineRule({
  id: 'cstr-static',
  group: 'strings',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    param: "`{fn}` makes a `'static` string of `{from}`, which lives as long as its caller wants",
    library: "`{fn}` makes a `'static` string of what `{from}` returned, which the next call may change",
  },
  docs: {
    what: "`CStr::from_ptr` of a parameter or of a C library function's buffer becomes a `'static` string",
    why: `\`CStr::from_ptr\` takes whatever lifetime is asked for. As \`'static\` the string may be kept anywhere, although the caller frees it
after the call, and \`getenv\`, \`dlerror\` or \`setlocale\` write over theirs.`,
    bad: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`name\` is a C string.
pub unsafe fn name_of(name: *const c_char) -> &'static str {
    unsafe { CStr::from_ptr(name) }.to_str().unwrap_or("")
}
`,
    good: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`name\` is a C string.
pub unsafe fn name_of(name: *const c_char) -> String {
    unsafe { CStr::from_ptr(name) }.to_string_lossy().into_owned()
}
`,
    exceptions: [
      'literals, statics and constants',
      'C functions that return constant strings, such as `x_version()`: of those outside of the C library nothing is known',
      "functions whose documentation speaks of `'static`: it asks their callers for a string that lives forever",
      'private functions, of a parameter: what they are given is up to this crate',
      'texts that are copied: `to_owned`, `into_owned`, `to_string`',
    ],
    fixSafety: null,
    references: [
      { title: 'std, CStr::from_ptr', url: 'https://doc.rust-lang.org/std/ffi/struct.CStr.html#method.from_ptr' },
      { title: 'POSIX, getenv', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/getenv.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const { file, items } = ctx.unit;
    const bodies = bodiesWith(items, /\bCStr\s*::\s*from_ptr\b/, ctx.workspace);
    if (bodies.length > 0 && ctx.workspace.matches(file, EVERYTHING, /'static/)) for (const body of bodies) checkBody(ctx, body);
  },
});

/** Functions of the C library whose string is written over, or freed, by a later call (POSIX, "RETURN VALUE" of each). */
const OVERWRITES = words(`
  getenv secure_getenv dlerror setlocale strerror strsignal ttyname getlogin ctime asctime tmpnam ptsname inet_ntoa getpass crypt
  textdomain bindtextdomain
`);

function checkBody(ctx: Context, body: Body): void {
  const { ast } = body;
  if (/static/i.test(ast.docs) || !ast.body) return;
  const places: Expr[] = ast.result && isStaticText(ast.result) ? [...returnedValues(ast)] : [];
  for (const expr of [ast.body, ...collectExprs(ast.body, (one) => one.kind === 'block', { items: false })]) {
    if (expr.kind !== 'block') continue;
    for (const at of expr.statements) if (at.kind === 'let' && at.type && at.value && isStaticText(at.type)) places.push(at.value);
  }
  for (const place of places) {
    const call = readString(place, body, ctx);
    const given = call?.args[0];
    const from = given ? origin(given, body, ctx) : null;
    // What a private function is given is up to this crate.
    if (!call || !from || (from.kind === 'param' && !isReachable(body.item, ctx.workspace))) continue;
    ctx.report(from.kind, {
      at: { file: body.item.file, span: call.span },
      data: { fn: ast.name, from: from.name },
      help: 'copy the text, or give the result a lifetime that something borrowed has',
      item: body.item,
      claims: [{ kind: 'calls', at: { file: body.item.file, span: call.callee.span }, callees: CSTR_FROM_PTR }],
    });
    return;
  }
}

function isStaticText(type: Type): boolean {
  return hasStatic(type, (referent) => referent.kind === 'path' && /^(str|CStr)$/.test(referent.path.segments.at(-1)?.name ?? ''));
}

/** The `CStr::from_ptr` whose text a value borrows, through methods, `?` and variables; null where it is copied on the way. */
function readString(expr: Expr, body: Body, ctx: Context, depth = 8): CallExpr | null {
  const inner = unwrapBlock(givenValue(expr, body));
  if (depth === 0) return null;
  const next = (one: Expr): CallExpr | null => readString(one, body, ctx, depth - 1);
  if (inner.kind === 'call') {
    const name = stdCall(inner, body.scope, ctx.workspace);
    if (name === 'CStr::from_ptr') return inner;
    const borrows = name !== null && /^(str::from_utf8|str::from_utf8_unchecked)$/.test(name);
    return borrows && inner.args[0] ? next(inner.args[0]) : null;
  }
  if (inner.kind === 'method') return BORROWS.test(inner.name) ? next(inner.receiver) : null;
  if (inner.kind === 'try') return next(inner.operand);
  return inner.kind === 'reference' && inner.operand.kind === 'unary' ? next(inner.operand.operand) : null;
}

const BORROWS =
  /^(to_str|to_bytes|to_bytes_with_nul|unwrap|expect|unwrap_or|unwrap_or_default|unwrap_or_else|ok|ok_or|map_err|trim|as_ref)$/;

/** Who owns the string: the caller that passed it, or a buffer of the C library. */
function origin(given: Expr, body: Body, ctx: Context): { readonly kind: 'param' | 'library'; readonly name: string } | null {
  const value = unwrapBlock(givenValue(given, body));
  const called = foreignCall(value, body.scope, ctx.workspace);
  if (called) return OVERWRITES.has(called.name) ? { kind: 'library', name: called.name } : null;
  if (value.kind !== 'path') return null;
  const binding = body.bindingOf(value);
  return binding?.kind === 'param' && binding.ty?.kind === 'opaque' ? { kind: 'param', name: binding.name } : null;
}
