/** Something that the other side still owns is owned twice while user code runs: a panic frees it. */
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { isForeignAbi } from '../../model/surface/surface.ts';
import { givenValue, stdCall } from '../../analysis/ownership/owners.ts';
import { blocksOf, parentsOf } from '../../analysis/ownership/parents.ts';
import { ownedTwice } from '../../analysis/ownership/paths.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, someExpr, unwrapBlock, variable, walk } from '../../analysis/walk.ts';
import type { Expr, Statement } from '../../model/rust/ast-expr.ts';
import type { FileEdit } from '../../base/edit.ts';
import { STD_FROM_RAW } from '../claim.ts';
import { stdPath } from '../edits.ts';
import { wholeLines } from '../indent.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'panic'>;
type Let = Extract<Statement, { kind: 'let' }>;

export default defineRule({
  id: 'panic-unsafe-ownership',
  group: 'ownership',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'safe',
  messages: { panic: 'a panic before `{release}` frees `{local}`, which somebody else still owns' },
  docs: {
    what: 'An owner made by `from_raw` is given back after user code that may panic',
    why: `Between \`from_raw\` and \`forget\` or \`into_raw\` the value has two owners. A panic in between, or a \`?\`, drops the one here, and the other
side goes on with freed memory. \`ManuallyDrop\`, or a reference, never owns it.`,
    bad: `use std::ffi::c_void;
use std::sync::Arc;

pub struct Handler {
    pub run: Box<dyn Fn(u32)>,
}

pub extern "C-unwind" fn on_event(data: *const c_void, event: u32) {
    let handler = unsafe { Arc::from_raw(data as *const Handler) };
    (handler.run)(event);
    std::mem::forget(handler);
}
`,
    good: `use std::ffi::c_void;
use std::mem::ManuallyDrop;
use std::sync::Arc;

pub struct Handler {
    pub run: Box<dyn Fn(u32)>,
}

pub extern "C-unwind" fn on_event(data: *const c_void, event: u32) {
    let handler = ManuallyDrop::new(unsafe { Arc::from_raw(data as *const Handler) });
    (handler.run)(event);
}
`,
    exceptions: [
      '`ManuallyDrop` from the start, and `&mut *pointer`',
      'nothing in between but `clone` of the `Arc`, C functions, and methods that do not panic',
      'panics in functions with a C ABI that does not unwind: those end the process (a `?` does not)',
      'values that are really taken over, and dropped, or that the same function gave up just before',
    ],
    fixSafety:
      'Wraps the owner in `ManuallyDrop` and removes the `forget`. Safe where the owner is only asked for fields and methods: those reach through the wrapper.',
    references: [
      { title: 'std, ManuallyDrop', url: 'https://doc.rust-lang.org/std/mem/struct.ManuallyDrop.html' },
      { title: 'Rustonomicon, exception safety', url: 'https://doc.rust-lang.org/nomicon/exception-safety.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bfrom_raw(_parts)?\b/, ctx.workspace)) {
      const root = body.ast.body;
      if (!root) continue;
      const lets: Let[] = [];
      walk(root, { enterStatement: (at) => (at.kind === 'let' ? lets.push(at) : 0) }, { items: false });
      for (const statement of lets) checkLet(ctx, body, root, statement);
    }
  },
});

const TAKES = /^(Box|Arc|Rc|CString)::from_raw$|^(Vec|String)::from_raw_parts$/;

function checkLet(ctx: Context, body: Body, root: Expr, statement: Let): void {
  const { pattern, value } = statement;
  const taken = value ? unwrapBlock(value) : null;
  if (pattern.kind !== 'binding' || taken?.kind !== 'call' || !TAKES.test(stdCall(taken, body.scope, ctx.workspace) ?? '')) return;
  const local = pattern.name;
  // What was given up in the same breath belongs to nobody else.
  if (taken.args.some((arg) => someExpr(givenValue(arg, body), isGivenUp))) return;
  if (body.bindings.filter((one) => one.name === local).length !== 1) return;
  const release = collectExprs(root, (one) => one.span.start > statement.span.end && releases(one, local, body, ctx), {
    items: false,
  }).find((one) => ownedTwice(root, taken, one, local));
  if (!release) return;
  const user = collectExprs(root, (one) => one.span.start >= statement.span.end && one.span.end <= release.span.start, {
    items: false,
    closures: false,
  }).find((one) => mayPanic(one, body, ctx) && ownedTwice(root, taken, one, local));
  if (!user) return;
  ctx.report('panic', {
    at: { file: body.item.file, span: taken.span },
    data: {
      local,
      release: release.kind === 'call' && /forget/.test(stdCall(release, body.scope, ctx.workspace) ?? '') ? 'forget' : 'into_raw',
    },
    related: [
      { at: { file: body.item.file, span: user.span }, message: 'this may panic' },
      { at: { file: body.item.file, span: release.span }, message: 'given back here' },
    ],
    help: `wrap it in \`ManuallyDrop\`, or use a reference`,
    item: body.item,
    claims: [{ kind: 'calls', at: { file: body.item.file, span: taken.span }, callees: STD_FROM_RAW }],
    fixes: manuallyDrop(ctx, body, root, statement, release, local),
  });
}

function isGivenUp(expr: Expr): boolean {
  return expr.kind === 'method' ? expr.name === 'into_raw' : expr.kind === 'path' && expr.path.segments.at(-1)?.name === 'into_raw';
}

/** `forget(x)`, `Box::into_raw(x)`, `x.into_raw()` */
function releases(expr: Expr, local: string, body: Body, ctx: Context): boolean {
  if (expr.kind === 'method') return expr.name === 'into_raw' && variable(expr.receiver) === local;
  const [only] = expr.kind === 'call' ? expr.args : [];
  if (!only || variable(only) !== local) return false;
  return /^(mem::forget|(Box|Arc|Rc|CString)::into_raw)$/.test(stdCall(expr, body.scope, ctx.workspace) ?? '');
}

/** Methods of std that do not panic for ordinary values. */
const QUIET =
  /^(clone|as_ref|as_mut|as_ptr|as_mut_ptr|as_slice|as_str|as_bytes|len|is_empty|is_null|get|get_mut|load|store|fetch_add|fetch_sub|swap|cast|is_some|is_none|is_ok|is_err|iter|next|to_bytes|as_c_str|deref|deref_mut|borrow_raw|add|sub|offset|wrapping_\w+|copied|cloned|ok|err|max|min|take|replace|unwrap_or|unwrap_or_default|read|write|wake|wake_by_ref)$/;

/** A call of something that is neither C nor known not to panic. */
function mayPanic(expr: Expr, body: Body, ctx: Context): boolean {
  if (expr.kind === 'try') return true;
  // A panic that reaches C's ABI ends the process: nobody is left to use what is freed on the way.
  if (isForeignAbi(body.ast.abi) && !body.ast.abi.endsWith('-unwind')) return false;
  if (expr.kind === 'method') return !QUIET.test(expr.name) || expr.args.some((arg) => arg.kind === 'closure');
  if (expr.kind === 'macro')
    return /^(panic|assert|assert_eq|assert_ne|unreachable|todo|unimplemented)$/.test(expr.path.segments.at(-1)?.name ?? '');
  if (expr.kind !== 'call' || foreignCall(expr, body.scope, ctx.workspace)) return false;
  const name = stdCall(expr, body.scope, ctx.workspace);
  if (name !== null) return false;
  return expr.callee.kind !== 'path' || !/^(Some|Ok|Err|None|forget|drop|[A-Z]\w*)$/.test(expr.callee.path.segments.at(-1)?.name ?? '');
}

/** Only where every use goes through the wrapper by itself, and the release is a statement of its own. */
function manuallyDrop(ctx: Context, body: Body, root: Expr, statement: Let, release: Expr, local: string): readonly Fix[] {
  const parents = parentsOf(root);
  const around = parents.get(release);
  const wrapped = statement.value;
  if (around?.kind !== 'statement' || !wrapped || statement.type) return [];
  const last = around.statement;
  if (last.kind !== 'expr' && !(last.kind === 'let' && last.pattern.kind === 'wildcard')) return [];
  if (![...blocksOf(root).keys()].includes(last)) return [];
  const uses = collectExprs(root, (one) => variable(one) === local && one.span.start > statement.span.end, { items: false });
  const through = uses.every((use) => {
    const parent = parents.get(use);
    if (use.span.start >= release.span.start && use.span.end <= release.span.end) return true;
    if (parent?.kind !== 'expr') return false;
    return parent.expr.kind === 'field' || (parent.expr.kind === 'method' && parent.expr.receiver === use && parent.expr.name !== 'clone');
  });
  if (!through) return [];
  const path = body.item.file.path;
  const edits: FileEdit[] = [
    { file: path, span: { start: wrapped.span.start, end: wrapped.span.start }, text: `${stdPath(body.scope)}::mem::ManuallyDrop::new(` },
    { file: path, span: { start: wrapped.span.end, end: wrapped.span.end }, text: ')' },
    { file: path, span: wholeLines(ctx.workspace.text(body.item.file), last.span), text: '' },
  ];
  return [{ title: 'keep it in a `ManuallyDrop`', safe: true, edits }];
}
