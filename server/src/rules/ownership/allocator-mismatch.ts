/** Memory of one allocator is given to another: Rust takes over what C made, or C frees what Rust made. */
import type { ForeignCall } from '../../analysis/c-functions/foreign-call.ts';
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { C_FREES } from '../../analysis/c-functions/table.ts';
import { movesIn } from '../../analysis/ownership/create-ownership-facts.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, ownerOf, pointerInto } from '../../analysis/ownership/owners.ts';
import { parentExpr, parentsOf } from '../../analysis/ownership/parents.ts';
import type { RawMove } from '../../analysis/ownership/ownership-facts.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Surface } from '../../model/surface/surface.ts';
import { calledAs } from '../called-as.ts';
import type { RuleContext } from '../rule.ts';
import { STD_FROM_RAW } from '../claim.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'taken' | 'freed'>;

export default defineRule({
  id: 'allocator-mismatch',
  group: 'ownership',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    taken: '`{call}` takes over the result of `{callee}`, which is not memory of Rust',
    freed: '`{callee}` frees memory that Rust allocated with `{call}`',
  },
  docs: {
    what: 'Memory that C allocated goes to a `from_raw`, or memory that Rust allocated goes to `free`',
    why: `\`Box\`, \`CString\` and \`Vec\` free with Rust's global allocator and a layout of their own. Memory of \`malloc\`, \`strdup\` or a C library
has neither: dropping it corrupts the heap, which shows much later and elsewhere.`,
    bad: `use std::ffi::{c_char, CString};

extern "C" {
    fn device_name() -> *mut c_char;
}

pub fn name() -> CString {
    unsafe { CString::from_raw(device_name()) }
}
`,
    good: `use std::ffi::{c_char, c_void, CStr, CString};

extern "C" {
    fn device_name() -> *mut c_char;
    fn free(memory: *mut c_void);
}

pub fn name() -> CString {
    unsafe {
        let text = device_name();
        let name = CStr::from_ptr(text).to_owned();
        free(text.cast());
        name
    }
}
`,
    exceptions: [
      'imports that are exports of Rust in the same workspace',
      'user data: a `void` pointer that C only kept for Rust',
      'boxes with an allocator of their own, and types of other crates',
      'strings of a library to which Rust hands strings of its own by `into_raw`: it may be one of them',
      'pointers of unknown origin',
    ],
    fixSafety: null,
    references: [
      { title: 'std, CString::from_raw', url: 'https://doc.rust-lang.org/std/ffi/struct.CString.html#method.from_raw' },
      { title: 'std, memory layout of Box', url: 'https://doc.rust-lang.org/std/boxed/index.html#memory-layout' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const exported = exportedSymbols(ctx.surface);
    for (const body of bodiesWith(ctx.unit.items, /\b(from_raw|from_raw_parts|free|realloc|LocalFree|CoTaskMemFree)\s*\(/, ctx.workspace)) {
      for (const move of movesIn(body, ctx.workspace)) if (move.direction === 'from') checkTaken(ctx, body, move, exported);
      checkFreed(ctx, body, exported);
    }
  },
});

const SYMBOLS = new WeakMap<Surface, ReadonlySet<string>>();

/** What the workspace itself exports, gathered once for all files. */
function exportedSymbols(surface: Surface): ReadonlySet<string> {
  const known = SYMBOLS.get(surface);
  if (known) return known;
  const symbols = new Set(surface.functions.flatMap((fn) => (fn.role === 'export' && fn.symbol ? [fn.symbol] : [])));
  SYMBOLS.set(surface, symbols);
  return symbols;
}

function checkTaken(ctx: Context, body: Body, move: RawMove, exported: ReadonlySet<string>): void {
  const argument = move.expr.args[0];
  if (!argument || move.kind === null || move.kind === 'Arc' || move.kind === 'Rc' || move.expr.kind !== 'call') return;
  const called = foreignCall(givenValue(argument, body), body.scope, ctx.workspace);
  if (!called || exported.has(called.name) || !isOwnMemory(called, move) || (!called.known && handsOver(ctx, move))) return;
  ctx.report('taken', {
    at: { file: body.item.file, span: move.expr.callee.span },
    data: { call: calledAs(move.expr), callee: called.name },
    related: [{ at: { file: body.item.file, span: called.call.span }, message: 'the pointer comes from here' }],
    help: called.known?.freedBy
      ? `copy what is needed, and give the pointer to \`${called.known.freedBy}\``
      : 'copy what is needed, and free the pointer with the function of the library that made it',
    item: body.item,
    claims: [{ kind: 'calls', at: { file: body.item.file, span: move.expr.callee.span }, callees: STD_FROM_RAW }],
  });
}

/** Whether the result is memory of C: known from the table, or a typed pointer (a `void` one may be what Rust gave before). */
function isOwnMemory(called: ForeignCall, move: RawMove): boolean {
  if (called.known) return called.known.owner !== null;
  const result = called.ast?.result;
  if (result?.kind !== 'pointer' || result.pointee.kind !== 'path') return false;
  const name = result.pointee.path.segments.at(-1)?.name ?? '';
  if (/void/i.test(name) || /user_?data|context|opaque|get_?ptr|private|closure|into_raw|rust/i.test(called.name)) return false;
  return move.kind === 'CString' && /^(c_char|i8|c_schar)$/.test(name);
}

/** Whether something of the kind goes to C for good elsewhere: what C gives may be just that. */
function handsOver(ctx: Context, { kind }: RawMove): boolean {
  return ctx.facts.ownership.moves().some(({ direction, kind: made, expr, body }) => {
    if (direction !== 'into' || made !== kind || !body.ast.body) return false;
    const parents = parentsOf(body.ast.body);
    let around = parentExpr(parents, expr);
    while (around?.kind === 'cast' || (around?.kind === 'method' && around.name.startsWith('cast'))) around = parentExpr(parents, around);
    return around?.kind === 'call' && foreignCall(around, body.scope, ctx.workspace) !== null;
  });
}

function checkFreed(ctx: Context, body: Body, exported: ReadonlySet<string>): void {
  if (!body.ast.body) return;
  for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call', { items: false })) {
    const called = foreignCall(expr, body.scope, ctx.workspace);
    if (!called || !C_FREES.has(called.name) || exported.has(called.name)) continue;
    const argument = called.call.args[0];
    const made = argument ? madeByRust(givenValue(argument, body), ctx, body) : null;
    if (made === null) continue;
    ctx.report('freed', {
      at: { file: body.item.file, span: called.call.callee.span },
      data: { callee: called.name, call: made },
      help: 'give the pointer back to the type that it comes from, with `from_raw`',
      item: body.item,
    });
  }
}

/** The call by which Rust gave the pointer out; null where it may be of C. */
function madeByRust(value: Expr, ctx: Context, body: Body): string | null {
  const move = movesIn(body, ctx.workspace).find((one) => one.expr === value && one.direction === 'into' && one.kind !== null);
  if (move) return `${move.kind ?? ''}::into_raw`;
  const pointer = pointerInto(value);
  if (!pointer) return null;
  const owner = ownerOf(pointer.base, body, ctx.workspace);
  return owner && owner !== 'array' ? `${owner}` : null;
}
