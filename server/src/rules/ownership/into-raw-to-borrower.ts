/** A C function that only reads a string is given the ownership of it, which then leaks. */
import type { ForeignCall } from '../../analysis/c-functions/foreign-call.ts';
import { foreignCall, isInteger, declScope } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { ownerOf, uncast } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, findExpr, variable } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import { named } from '../claim.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'leaks'>;

export default defineRule({
  id: 'into-raw-to-borrower',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { leaks: '`{callee}` only reads its string: what `into_raw` gives it is never freed' },
  docs: {
    what: '`CString::into_raw` is the argument of a C function that only reads a string',
    why: `\`into_raw\` gives the ownership up, and a C function that takes a \`const char *\` does not take it. Nobody is left who frees the string:
each call leaks it. The temporary of \`as_ptr\` lives until the call returns, which is all that is needed.`,
    bad: `use std::ffi::{c_char, CString};

extern "C" {
    fn log_line(text: *const c_char);
}

pub fn log(text: &str) {
    let text = CString::new(text).unwrap_or_default();
    unsafe { log_line(text.into_raw()) };
}
`,
    good: `use std::ffi::{c_char, CString};

extern "C" {
    fn log_line(text: *const c_char);
}

pub fn log(text: &str) {
    let text = CString::new(text).unwrap_or_default();
    unsafe { log_line(text.as_ptr()) };
}
`,
    exceptions: [
      'parameters of type `*mut c_char`',
      'functions whose name says that they keep something: `set`, `register`, `add`, `init`, `new`, `open` …',
      'a `from_raw` in the same function',
      'functions that also take a destructor, and Rust functions',
    ],
    fixSafety:
      'Safe where the C function is known not to keep its argument. For other functions it is only offered: one that keeps the pointer needs the leak.',
    references: [{ title: 'std, CString::into_raw', url: 'https://doc.rust-lang.org/std/ffi/struct.CString.html#method.into_raw' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\binto_raw\b/, ctx.workspace)) {
      if (!body.ast.body || /\bfrom_raw\b/.test(ctx.workspace.slice(body.item.file, body.ast.body.span))) continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call', { items: false })) {
        const called = foreignCall(expr, body.scope, ctx.workspace);
        if (called) checkCall(ctx, body, called);
      }
    }
  },
});

/** Words in the names of functions that may keep what they get. */
const KEEPS =
  /set|regist|add|init|new|create|open|attach|bind|put|insert|push|append|with|config|option|define|name|install|load|start|own|keep|store|save|take|give|move|adopt|assign|prop|attr|param|field|free|map|make|build|setup|alloc|hook|callback|user_?data|parse/i;

function checkCall(ctx: Context, body: Body, called: ForeignCall): void {
  const { call, ast, item, known, name } = called;
  call.args.forEach((arg, at) => {
    const into = uncast(arg);
    if (into.kind !== 'method' || into.name !== 'into_raw' || into.args.length > 0) return;
    if (ownerOf(into.receiver, body, ctx.workspace) !== 'CString') return;
    const reads = known?.strings.includes(at) === true && !known.keeps.includes(at);
    const type = ast?.params[at]?.type;
    if (!reads) {
      if (!ast || !item || type?.kind !== 'pointer' || type.mutable || KEEPS.test(name)) return;
      // A function that gives a pointer back may have put the string into it.
      const { result } = ast;
      if (result !== null && !isInteger(result, declScope(item), ctx.workspace)) return;
      if (
        ast.params.some(
          (param) =>
            param.type.kind === 'fn' || /Option/.test(param.type.kind === 'path' ? (param.type.path.segments.at(-1)?.name ?? '') : ''),
        )
      )
        return;
    }
    ctx.report('leaks', {
      at: { file: body.item.file, span: into.nameSpan },
      data: { callee: name },
      help: 'pass `as_ptr()` and keep the string until the call returns',
      item: body.item,
      claims: [{ kind: 'calls', at: { file: body.item.file, span: into.nameSpan }, callees: named('CString::into_raw') }],
      fixes: lend(body, into, reads),
    });
  });
}

function lend(body: Body, into: Extract<Expr, { kind: 'method' }>, reads: boolean): readonly Fix[] {
  const owner = variable(into.receiver);
  // A temporary lives until the statement ends, a variable at least as long where the call is not in a branch's result.
  if (owner !== null && (!body.ast.body || !findExpr(body.ast.body, (one) => one === into))) return [];
  return [
    { title: 'lend the string with `as_ptr`', safe: reads, edits: [{ file: body.item.file.path, span: into.nameSpan, text: 'as_ptr' }] },
  ];
}
