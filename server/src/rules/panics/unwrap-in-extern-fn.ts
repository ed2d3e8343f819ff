/** An `unwrap` or `expect` stands in a fn that other languages call. */
import type { PanicKind } from '../../analysis/unwinding/panic-facts.ts';
import type { FileEdit } from '../../base/edit.ts';
import type { MethodExpr, Statement } from '../../model/rust/ast-expr.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import { unwrapBlock, walk } from '../../analysis/walk.ts';
import { defaultResult } from '../edits.ts';
import { indentAt } from '../indent.ts';
import type { FoundSite } from '../panic-report.ts';
import { panicSites, siteReport } from '../panic-report.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'unwrap' | 'lock' | 'null' | 'literal' | 'nul'>;

/** What each kind is told as; all but the first are info. */
const MESSAGES: ReadonlyMap<PanicKind, 'unwrap' | 'lock' | 'null' | 'literal' | 'nul'> = new Map([
  ['unwrap', 'unwrap'],
  ['opaque-unwrap', 'unwrap'],
  ['nul-unwrap', 'nul'],
  ['lock-unwrap', 'lock'],
  ['null-unwrap', 'null'],
  ['literal-unwrap', 'literal'],
]);

export default defineRule({
  id: 'unwrap-in-extern-fn',
  group: 'panics',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['clippy::unwrap_used', 'clippy::expect_used'],
  fix: 'unsafe',
  messages: {
    unwrap: '`{what}` in extern fn `{fn}`: a panic {effect}',
    lock: '`{what}` of a lock in extern fn `{fn}`: after a panic elsewhere it {effect}',
    null: '`{what}` of a pointer in extern fn `{fn}`: null {effect}',
    nul: '`{what}` of `CString::new` in extern fn `{fn}`: a NUL in the text {effect}',
    literal: '`{what}` on a value made from literals in extern fn `{fn}`: a mistake in them {effect}',
  },
  docs: {
    what: 'A function with a foreign ABI calls `unwrap`, `expect`, `unwrap_err` or `expect_err`',
    why: `The panic must not leave a function that C calls. Since Rust 1.81 the process is aborted at the boundary, so that the caller cannot
handle the error and loses everything; before, unwinding into C was undefined behaviour. Return an error, or catch the panic.`,
    bad: `#[no_mangle]
pub extern "C" fn half_as_byte(value: u32) -> u8 {
    u8::try_from(value / 2).unwrap()
}
`,
    good: `#[no_mangle]
pub extern "C" fn half_as_byte(value: u32) -> u8 {
    u8::try_from(value / 2).unwrap_or(u8::MAX)
}
`,
    exceptions: [
      'code inside `catch_unwind`, or inside a function or macro that calls it, and all else that `panic-in-extern-fn` leaves out',
      'calls that cannot fail: `CString::new("literal")`, `NonZeroU8::new(3)`, `x[0..4].try_into()`, `Layout` from constants or for `dealloc`, `isize::try_from(list.len())`, `(0..).find(…)`, `from_raw_parts(p, 4).try_into()`',
      'values that a condition or assignment before makes good: `if x.is_some() { x.unwrap() }`, `if x.is_none() { return }`, `x = Some(y)`, `filter(T::is_a).map(|x| x.to_a().unwrap())`',
      'results of functions of the workspace that always return `Ok` or `Some`',
      "results of calls that get nothing of the caller's but a context by `&mut` are info: whether they can fail is not to be seen; so is `CString::new` of a text that is not known to come from bytes, a slice or a parameter",
      "in callbacks, what functions of the crate itself make of what the library passed, a closure that is taken out of its `Option`, and channels of the callback's own state are info",
      '`#[doc(hidden)]` exports, which only the program that loads the library calls, are info, and so are crates without std and without a heap',
      'numbers that a library passes to its callback (`try_from`, `from_bits`, `Layout::from_size_align`), an `expect` on any conversion there, and fields of its user data are info: who passed them promised what they are',
      'own methods named `unwrap` or `expect`, where the receiver may be of that type',
      '`lock().unwrap()`, `p.as_ref().expect(…)` on a raw pointer, `expect` on an `Option<&T>` parameter and `Regex::new("literal").unwrap()` are reported as info only',
      'an `expect` whose message states an invariant (`"BUG: …"`, `"just inserted"`) is info; so is, unless the panic is undefined behaviour, one that says what holds, not what went wrong (`"invalid …"`, `"no such …"`), and not on a conversion of data (`from_utf8`, `parse`, `CString::new`)',
      '`CStr::from_ptr(p).to_str().unwrap()`: `cstr-to-str-unwrap` reports it',
    ],
    fixSafety: 'Not safe: the function returns early, or its body is wrapped in `catch_unwind`; what the caller gets then is a guess.',
    references: [
      { title: 'Rust Reference, unwinding', url: 'https://doc.rust-lang.org/reference/items/functions.html#unwinding' },
      { title: 'Rustonomicon, FFI and unwinding', url: 'https://doc.rust-lang.org/nomicon/ffi.html#ffi-and-unwinding' },
    ],
  },
  check(ctx) {
    for (const found of panicSites(ctx, [...MESSAGES.keys()])) {
      const report = siteReport(ctx, found, found.site.kind !== 'unwrap');
      const early = returnEarly(ctx, found);
      ctx.report(MESSAGES.get(found.site.kind) ?? 'unwrap', {
        ...report,
        help: 'handle the error and return a value that says so',
        fixes: [...(early ? [early] : []), ...(report.fixes ?? [])],
      });
    }
  },
});

/** By the last call of the chain: what the value is when all is well. */
const OPTIONS =
  /^(get|get_mut|first|last|next|pop|find|position|checked_\w+|to_digit|file_name|parent|extension|strip_prefix|split_once|as_ref|as_mut|max|min)$/;
const RESULTS =
  /^(parse|try_into|to_str|into_string|lock|recv|join|from_utf8|try_from|from_str|read_to_string|send|to_socket_addrs|canonicalize)$/;

/** `let x = y.unwrap();` as `let Some(x) = y else { return … };`, where it is known whether y is an Option or a Result. */
function returnEarly(ctx: Context, found: FoundSite): Fix | null {
  const { fn, site } = found;
  const result = defaultResult(fn, ctx.workspace);
  const place = letOf(fn, site.expr);
  if (!result || !place || place.unwrap.name.endsWith('_err')) return null;
  const { receiver } = place.unwrap;
  const inner = unwrapBlock(receiver);
  const name =
    inner.kind === 'method'
      ? inner.name
      : inner.kind === 'call' && inner.callee.kind === 'path'
        ? inner.callee.path.segments.at(-1)?.name
        : null;
  const isCString =
    inner.kind === 'call' && inner.callee.kind === 'path' && inner.callee.path.segments.at(-2)?.name === 'CString' && name === 'new';
  const variant = !name ? null : OPTIONS.test(name) ? 'Some' : RESULTS.test(name) || isCString ? 'Ok' : null;
  if (!variant) return null;
  const { file } = fn.item;
  const text = ctx.workspace.text(file);
  const { statement } = place;
  const indent = indentAt(text, statement.span.start);
  const { pattern } = statement;
  // Of `let mut x` the pattern is `x`, and `mut` belongs to it: `let Ok(mut x)`.
  const mutable = /\bmut\s+$/.exec(text.slice(statement.span.start, pattern.span.start))?.[0] ?? '';
  const value = result.value === '' ? '' : ` ${result.value}`;
  // A brace must not stand before `else`: `let Some(x) = (unsafe { … }) else`.
  const braced = text[receiver.span.end - 1] === '}';
  const open: FileEdit = { file: file.path, span: { start: receiver.span.start, end: receiver.span.start }, text: '(' };
  return {
    title: `return ${result.value === '' ? 'early' : `\`${result.value}\``} instead`,
    safe: false,
    edits: [
      {
        file: file.path,
        span: { start: pattern.span.start - mutable.length, end: pattern.span.end },
        text: `${variant}(${mutable}${text.slice(pattern.span.start, pattern.span.end)})`,
      },
      {
        file: file.path,
        span: { start: receiver.span.end, end: place.unwrap.span.end },
        text: `${braced ? ')' : ''} else {\n${indent}    return${value};\n${indent}}`,
      },
      ...(braced ? [open] : []),
    ],
  };
}

type LetStatement = Extract<Statement, { kind: 'let' }>;

/** The `let` whose whole value is the unwrap; it must be without a type and directly in the fn, not in a closure. */
function letOf(
  fn: BoundaryFn,
  unwrap: FoundSite['site']['expr'],
): { readonly statement: LetStatement; readonly unwrap: MethodExpr } | null {
  let found: LetStatement | null = null;
  if (fn.ast.body) {
    walk(
      fn.ast.body,
      {
        enterStatement: (statement) => {
          if (statement.kind === 'let' && statement.value === unwrap && !statement.type && !statement.else) found = statement;
        },
      },
      { closures: false, items: false },
    );
  }
  return found && unwrap.kind === 'method' ? { statement: found, unwrap } : null;
}
