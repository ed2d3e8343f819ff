/** A C format function gets a format that is not written in the program, and nothing to format. */
import type { ForeignCall } from '../../analysis/c-functions/foreign-call.ts';
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { pointerInto, givenValue } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, someExpr } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import { mayWriteCStrings } from '../c-literal.ts';
import { callsC } from '../claim.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'format'>;

export default defineRule({
  id: 'printf-nonliteral-format',
  group: 'strings',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'safe',
  messages: { format: '`{callee}` takes its text as a format: a `%` in it reads arguments that are not there' },
  docs: {
    what: 'A text that is not a literal is the format of `printf` or one of its relatives',
    why: `A \`%s\` or \`%n\` in the text makes \`printf\` read, or write through, arguments that nobody passed. Where the text comes from a user,
that is a way in for an attacker; the pancurses crate had such an advisory.`,
    bad: `use std::ffi::{c_char, c_int, CStr};

extern "C" {
    fn printf(format: *const c_char, ...) -> c_int;
}

pub fn show(text: &CStr) {
    unsafe { printf(text.as_ptr()) };
}
`,
    good: `use std::ffi::{c_char, c_int, CStr};

extern "C" {
    fn printf(format: *const c_char, ...) -> c_int;
}

pub fn show(text: &CStr) {
    unsafe { printf(c"%s".as_ptr(), text.as_ptr()) };
}
`,
    exceptions: [
      'literals, constants and statics, and variables that hold one',
      'calls with arguments behind the format: it was made for them',
      'formats that a macro makes',
      "functions of that name that are Rust's, or that take other parameters",
    ],
    fixSafety: 'Safe: `"%s"` prints the same text, without looking for a `%` in it.',
    references: [
      {
        title: 'RUSTSEC-2019-0005, format string vulnerabilities in pancurses',
        url: 'https://rustsec.org/advisories/RUSTSEC-2019-0005.html',
      },
      { title: 'POSIX, fprintf', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/fprintf.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, PRINTS, ctx.workspace)) {
      if (!body.ast.body) continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call', { items: false })) {
        const called = expr.kind === 'call' ? foreignCall(expr, body.scope, ctx.workspace) : null;
        if (called?.known?.formatKind === 'printf') checkCall(ctx, body, called);
      }
    }
  },
});

/** Calls of C are unsafe; methods named `error` are everywhere. */
const PRINTS = [/(?:printf|printw|syslog|(?<![\w.])(?:err|errx|warn|warnx|error))\s*\(/, /\bunsafe\b/];

function checkCall(ctx: Context, body: Body, called: ForeignCall): void {
  const { call, known, name, ast } = called;
  const at = known?.format ?? -1;
  const format = call.args[at];
  if (!format || call.args.length !== at + 1 || (ast && !ast.variadic) || isWritten(format, body)) return;
  ctx.report('format', {
    at: { file: body.item.file, span: format.span },
    data: { callee: name },
    help: 'pass `c"%s".as_ptr()` as the format, and the text as its argument',
    item: body.item,
    claims: [callsC(body.item.file, called)],
    fixes: [fix(body, format)],
  });
}

/** Whether the format stands in the program: a literal, a constant, a static, or what a macro makes. */
function isWritten(format: Expr, body: Body): boolean {
  const value = givenValue(format, body);
  const pointer = pointerInto(value);
  const base = pointer ? givenValue(pointer.base, body) : value;
  if (base.kind === 'literal' || base.kind === 'macro') return base.kind === 'literal' || base.path.segments.at(-1)?.name !== 'format';
  if (base.kind === 'path') return body.bindingOf(base) === null;
  if (base.kind === 'if' || base.kind === 'match' || base.kind === 'unknown') return true;
  // Made of literals alone, as `CString::new("text")` is, through any number of methods.
  return !someExpr(base, (one) => (one.kind === 'path' && body.bindingOf(one) !== null) || one.kind === 'macro' || one.kind === 'field');
}

function fix(body: Body, format: Expr): Fix {
  const literal = mayWriteCStrings(body.item.module.crate) ? 'c"%s".as_ptr()' : 'b"%s\\0".as_ptr().cast()';
  return {
    title: 'print the text through `%s`',
    safe: true,
    edits: [{ file: body.item.file.path, span: { start: format.span.start, end: format.span.start }, text: `${literal}, ` }],
  };
}
