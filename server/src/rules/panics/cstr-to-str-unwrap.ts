/** A C string is taken to be UTF-8 by `to_str().unwrap()` in a fn that other languages call. */
import type { Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import { parentsOf } from '../../analysis/ownership/parents.ts';
import { findExpr, someExpr, variable, walk } from '../../analysis/walk.ts';
import type { FoundSite } from '../panic-report.ts';
import { panicSites, siteReport } from '../panic-report.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'cstr-to-str-unwrap',
  group: 'panics',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::unwrap_used', 'clippy::expect_used'],
  fix: 'sometimes',
  messages: { utf8: 'a C string that is not UTF-8 makes `{what}` panic in `{fn}`, which {effect}' },
  docs: {
    what: 'A function with a foreign ABI unwraps the conversion of a C string to `&str`',
    why: `A C string is a row of bytes in any encoding: paths, environment variables and user input often are not UTF-8. \`to_str\` then gives an
error, \`unwrap\` panics, and a panic that reaches the foreign caller aborts the process (or is undefined behaviour before Rust 1.81).`,
    bad: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`text\` is null or a C string.
#[no_mangle]
pub unsafe extern "C" fn count_chars(text: *const c_char) -> usize {
    if text.is_null() {
        return 0;
    }
    unsafe { CStr::from_ptr(text) }.to_str().unwrap().chars().count()
}
`,
    good: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`text\` is null or a C string.
#[no_mangle]
pub unsafe extern "C" fn count_chars(text: *const c_char) -> usize {
    if text.is_null() {
        return 0;
    }
    unsafe { CStr::from_ptr(text) }.to_string_lossy().chars().count()
}
`,
    exceptions: [
      'functions with the Rust ABI: their panics do not cross a boundary',
      '`?`, `match`, `unwrap_or` and other ways that handle the error',
      'keys, kinds, addresses and the like that a library passes to its callback are info, by the name of the pointer: libraries write them in ASCII',
      'everything that `panic-in-extern-fn` leaves out, such as code inside `catch_unwind`',
      'strings that do not come from C: `OsStr::to_str`, `String::from_utf8`; `unwrap-in-extern-fn` reports them',
    ],
    fixSafety:
      '`to_string_lossy` puts U+FFFD where the bytes are not UTF-8 and never fails. It is safe where the text is only read on the spot, or through a variable that is only read by methods of `str`; elsewhere it is offered only, and not at all where the text would be gone before what borrows it.',
    references: [
      { title: 'std, CStr::to_str', url: 'https://doc.rust-lang.org/std/ffi/struct.CStr.html#method.to_str' },
      { title: 'std, CStr::to_string_lossy', url: 'https://doc.rust-lang.org/std/ffi/struct.CStr.html#method.to_string_lossy' },
    ],
  },
  check(ctx) {
    for (const found of panicSites(ctx, ['utf8-unwrap'])) {
      const report = siteReport(ctx, found, false);
      const lossy = lossyFix(found);
      ctx.report('utf8', {
        ...report,
        help: 'use `to_string_lossy`, or return an error where `to_str` fails',
        fixes: [...(lossy ? [lossy] : []), ...(report.fixes ?? [])],
      });
    }
  },
});

/** Methods of `str` that mean the same on `Cow<str>` and whose result borrows nothing. */
const OWNS: ReadonlySet<string> = new Set([
  ...['len', 'is_empty', 'starts_with', 'ends_with', 'contains', 'find', 'rfind', 'parse', 'is_ascii', 'eq_ignore_ascii_case'],
  ...['to_lowercase', 'to_uppercase', 'to_ascii_lowercase', 'to_ascii_uppercase', 'replace', 'repeat', 'is_char_boundary', 'to_string'],
]);

/** Those that lend a part or an iterator. */
const LENDS: ReadonlySet<string> = new Set([
  'chars',
  'bytes',
  'as_bytes',
  'trim',
  'trim_start',
  'trim_end',
  'lines',
  'split',
  'split_whitespace',
  'char_indices',
]);

/** Methods that end a chain of lending ones with a value of its own. */
const ENDS: ReadonlySet<string> = new Set([...OWNS, 'count', 'any', 'all', 'sum', 'to_owned', 'to_vec', 'position']);

/** `to_string_lossy()` in place of `to_str().unwrap()`. */
function lossyFix(found: FoundSite): Fix | null {
  const { fn, site } = found;
  const { body } = fn.ast;
  const unwrap = site.expr;
  if (!body || unwrap.kind !== 'method' || unwrap.receiver.kind !== 'method' || unwrap.receiver.name !== 'to_str') return null;
  const toStr: MethodExpr = unwrap.receiver;
  const { file } = fn.item;
  const replace = { file: file.path, span: { start: toStr.nameSpan.start, end: unwrap.span.end }, text: 'to_string_lossy()' };
  const title = 'replace what is not UTF-8 by U+FFFD';
  const { method, binding } = useOf(body, unwrap);
  if (method?.name === 'to_owned' || method?.name === 'to_string') {
    const whole = { start: toStr.nameSpan.start, end: method.span.end };
    return { title, safe: true, edits: [{ ...replace, span: whole, text: 'to_string_lossy().into_owned()' }] };
  }
  if (method) {
    const owned = endsOwned(body, method);
    return owned || /^(to|into)(_|$)/.test(method.name) || outlives(body, method, false) ? { title, safe: owned, edits: [replace] } : null;
  }
  if (!outlives(body, unwrap, true)) return null;
  const safe = binding !== null && isOnlyRead(body, binding);
  // Where more is done with it than methods of `str`, it stays a `&str`.
  const borrow = { file: file.path, span: { start: unwrap.span.start, end: unwrap.span.start }, text: safe ? '&' : '&*' };
  return { title, safe, edits: [borrow, replace] };
}

/**
 * Whether a text that is made on the spot lives as long as what borrows it: to the end of the statement, or in a `let` that keeps it
 * (the Rust Reference, "Temporary lifetime extension"). What a function makes of an argument is taken to be its own, that of
 * `Path::new` and of `Some` aside.
 */
function outlives(body: Expr, value: Expr, extended: boolean): boolean {
  const around = parentsOf(body).get(value);
  if (around?.kind === 'statement') return around.statement.kind === 'expr' || (around.statement.kind === 'let' && extended);
  const outer = around?.expr;
  switch (outer?.kind) {
    case 'block':
      return /^(plain|unsafe)$/.test(outer.flavor) && outlives(body, outer, extended);
    case 'call': {
      if (outer.callee.kind !== 'path' || outer.callee === value) return false;
      const { segments } = outer.callee.path;
      const keeps = /^\p{Lu}/u.test(segments.at(-1)?.name ?? '') || /^(Path|OsStr|Cow)$/.test(segments.at(-2)?.name ?? '');
      return !keeps || outlives(body, outer, false);
    }
    case 'method':
      return outer.receiver !== value || /^(to|into|exists|is)(_|$)/.test(outer.name);
    case 'macro':
      return PRINTS.test(outer.path.segments.at(-1)?.name ?? '');
    case 'match':
      return outer.scrutinee === value;
    case 'binary':
      return true;
    default:
      return false;
  }
}

interface Binding {
  readonly name: string;
  /** Where it starts to hold, an offset of the file. */
  readonly from: number;
}

/** What is done with an expression's value on the spot: a method is called on it, or a `let` without a type names it. */
function useOf(body: Expr, value: Expr): { readonly method: MethodExpr | null; readonly binding: Binding | null } {
  let method: MethodExpr | null = null;
  let binding: Binding | null = null;
  walk(body, {
    enterExpr: (expr) => {
      if (expr.kind === 'method' && expr.receiver === value) method = expr;
    },
    enterStatement: (statement) => {
      if (statement.kind !== 'let' || statement.value !== value || statement.type || statement.pattern.kind !== 'binding') return;
      binding = { name: statement.pattern.name, from: statement.span.end };
    },
  });
  return { method, binding };
}

/** Whether a method that reads the text leads, by itself or at the end of its chain, to a value that borrows nothing of it. */
function endsOwned(body: Expr, method: MethodExpr): boolean {
  if (!OWNS.has(method.name) && !LENDS.has(method.name)) return false;
  let last: Expr = method;
  for (let next: Expr | null = method; next; ) {
    if (next.kind === 'method' && ENDS.has(next.name)) return true;
    last = next;
    next = findExpr(body, (expr) => expr.kind === 'method' && expr.receiver === last);
  }
  return someExpr(body, (expr) => expr.kind === 'loop' && expr.iterable === last && /^(chars|bytes|char_indices)$/.test(method.name));
}

const PRINTS = /^(print|println|eprint|eprintln|format|write|writeln)$/;

/** Whether every mention of a variable reads the text and keeps nothing of it. */
function isOnlyRead(body: Expr, { name, from }: Binding): boolean {
  const read = new Set<Expr>();
  let mentions = 0;
  let bindings = 0;
  walk(body, {
    enterExpr: (expr) => {
      if (expr.span.start < from) return;
      if (variable(expr) === name) mentions++;
      // What a macro with unknown arguments does with the variable is not seen.
      if (expr.kind === 'macro' && expr.args === null) mentions++;
      const readers =
        expr.kind === 'method' && endsOwned(body, expr)
          ? [expr.receiver]
          : expr.kind === 'macro' && PRINTS.test(expr.path.segments.at(-1)?.name ?? '')
            ? (expr.args ?? [])
            : expr.kind === 'binary' && /^[=!]=$/.test(expr.operator) && expr.right.kind === 'literal'
              ? [expr.left]
              : [];
      for (const reader of readers) if (variable(reader) === name) read.add(reader);
    },
    enterPattern: (pattern) => {
      if (pattern.kind === 'binding' && pattern.name === name && pattern.span.start >= from) bindings++;
    },
  });
  return bindings === 0 && read.size === mentions;
}
