/** A struct frees a raw pointer in `Drop` and derives `Clone`: both copies free the same memory. */
import { calleeOf } from '../../analysis/callee.ts';
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { movesIn } from '../../analysis/ownership/create-ownership-facts.ts';
import { givenValue } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { bodiesOf } from '../../analysis/types/local-types.ts';
import { collectExprs, findExpr } from '../../analysis/walk.ts';
import type { CallExpr, Expr } from '../../model/rust/ast-expr.ts';
import type { Field, StructItem } from '../../model/rust/ast-item.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'shared'>;

export default defineRule({
  id: 'clone-on-raw-owner',
  group: 'ownership',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { shared: '`{type}` derives `Clone`, but each copy frees the same `{field}` when dropped' },
  docs: {
    what: 'A struct that frees a raw pointer in `Drop` derives `Clone`',
    why: `A derived \`clone\` copies the pointer, not what it points to. The first copy that is dropped frees it, the others use freed memory and
free it again. All of it is safe code for the users of the type.`,
    bad: `#[derive(Clone)]
pub struct Buffer {
    data: *mut u32,
}

impl Drop for Buffer {
    fn drop(&mut self) {
        drop(unsafe { Box::from_raw(self.data) });
    }
}
`,
    good: `pub struct Buffer {
    data: *mut u32,
}

impl Clone for Buffer {
    fn clone(&self) -> Self {
        Buffer { data: Box::into_raw(Box::new(unsafe { *self.data })) }
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        drop(unsafe { Box::from_raw(self.data) });
    }
}
`,
    exceptions: [
      'a `Clone` that is written by hand',
      'a `Drop` that frees nothing, or only lowers a count (`unref`, `release`)',
      'pointers to things that somebody else owns',
      'pointers inside of an `Arc` or `Rc`',
    ],
    fixSafety:
      'Safe where nothing in the workspace says `clone`: the derive goes. Elsewhere its users have to change, so that it is only offered.',
    references: [{ title: 'Rustonomicon, ownership and lifetimes', url: 'https://doc.rust-lang.org/nomicon/vec/vec-dealloc.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of ctx.unit.items) {
      if (item.kind !== 'struct' || item.test || item.inUnknownMacro || !derives(item)) continue;
      if (!/\*\s*(mut|const)\b|NonNull/.test(ctx.workspace.slice(item.file, item.entry.span))) continue;
      const ast = ctx.workspace.ast(item);
      if (ast?.kind !== 'struct') continue;
      const freed = freedField(ctx, item, ast);
      if (freed) report(ctx, item, ast, freed);
    }
  },
});

function derives(item: RustItem): boolean {
  return item.entry.attributes.some(
    (one) => one.path === 'derive' && one.condition === null && one.args?.some((arg) => /(^|::)Clone$/.test(arg.name)),
  );
}

/** The raw pointer field that the type's `Drop` frees; null where it frees none. */
function freedField(
  ctx: Context,
  item: RustItem,
  ast: StructItem,
): { readonly field: Field; readonly at: Expr; readonly drop: RustItem } | null {
  const drop = ctx.workspace.implsOf(item).find((one) => /(^|::)Drop$/.test(one.entry.implTrait ?? ''));
  const method = drop?.members.find((one) => one.name === 'drop' && one.kind === 'fn');
  const body = method ? bodiesOf(ctx.workspace)(method) : null;
  if (!method || !body?.ast.body) return null;
  const pointers = ast.fields.filter(
    (field) =>
      field.type.kind === 'pointer' ||
      (field.type.kind === 'path' && field.type.path.segments.at(-1)?.name === 'NonNull' && !field.type.self),
  );
  for (const field of pointers) {
    const at = freeOf(ctx, field, body);
    if (at) return { field, at, drop: method };
  }
  return null;
}

/** Names of C functions that end an object's life; counts that are lowered are not among them. */
const FREES =
  /(^|_)(free|destroy|delete|close|dealloc|finalize|cleanup|dispose|fclose|munmap)(_|$)|[a-z](Free|Destroy|Delete|Close|Finalize|Dispose)([A-Z]|$)/;

/** Words for a count of references, not those that have `ref` in them: `reflog`, `reference`. */
const COUNTS = /(^|_)(un)?refs?(_|$)|[a-z](Unr|R)ef([A-Z]|$)|[cC]ount/;

function freeOf(ctx: Context, field: Field, body: Body): Expr | null {
  if (!body.ast.body) return null;
  const isField = (expr: Expr): boolean =>
    expr.kind === 'field' && expr.name === field.name && expr.base.kind === 'path' && expr.base.path.segments[0]?.name === 'self';
  const gets = (arg: Expr | undefined): boolean => arg !== undefined && findExpr(givenValue(arg, body), isField) !== null;
  for (const move of movesIn(body, ctx.workspace)) {
    if (
      move.direction === 'from' &&
      (move.kind === 'Box' || move.kind === 'CString' || move.kind === 'Vec' || move.kind === 'String') &&
      gets(move.expr.args[0])
    )
      return move.expr;
  }
  for (const call of collectExprs(body.ast.body, (one) => one.kind === 'call')) {
    const name = call.kind === 'call' ? freeingName(ctx, call, body) : null;
    if (name === null || !FREES.test(name) || COUNTS.test(name)) continue;
    if (call.kind === 'call' && isWholeField(call.args[0])) return call;
  }
  return null;

  /** The pointer itself, not something that is reached through it. */
  function isWholeField(arg: Expr | undefined): boolean {
    if (!arg) return false;
    const value = givenValue(arg, body);
    return isField(value) || (value.kind === 'method' && value.name === 'as_ptr' && isField(value.receiver));
  }
}

/** The name of a C function: declared here, or of a module or crate of declarations that is not known (`ffi::x_free`). */
function freeingName(ctx: Context, call: CallExpr, body: Body): string | null {
  const foreign = foreignCall(call, body.scope, ctx.workspace);
  if (foreign) return foreign.name;
  const callee = calleeOf(call.callee, body.scope, ctx.workspace);
  if (callee.kind !== 'external' && callee.kind !== 'written') return null;
  const name = callee.path.at(-1) ?? '';
  // A lone name that is not found is an import under conditions; only one with a prefix is surely a C library's.
  if (callee.path.length === 1) return /\w_(free|destroy|delete|close)$/.test(name) ? name : null;
  return callee.path[0] === 'std' ? null : name;
}

function report(
  ctx: Context,
  item: RustItem,
  ast: StructItem,
  freed: { readonly field: Field; readonly at: Expr; readonly drop: RustItem },
): void {
  ctx.report('shared', {
    at: { file: item.file, span: ast.nameSpan },
    data: { type: ast.name, field: freed.field.name },
    related: [{ at: { file: freed.drop.file, span: freed.at.span }, message: 'freed here' }],
    help: 'write a `clone` that copies what the pointer points to, or do without `Clone`',
    item,
    fixes: withoutClone(ctx, item),
  });
}

function withoutClone(ctx: Context, item: RustItem): readonly Fix[] {
  const attribute = item.entry.attributes.find((one) => one.path === 'derive' && one.args?.some((arg) => /(^|::)Clone$/.test(arg.name)));
  const args = attribute?.args ?? [];
  const at = args.findIndex((arg) => /(^|::)Clone$/.test(arg.name));
  const own = args[at];
  if (!attribute || !own || args.some((arg) => /(^|::)Copy$/.test(arg.name))) return [];
  const [before, after] = [args[at - 1], args[at + 1]];
  const text = ctx.workspace.text(item.file);
  let span = before
    ? { start: before.span.end, end: own.span.end }
    : after
      ? { start: own.span.start, end: after.span.start }
      : attribute.span;
  if (span === attribute.span) span = { start: span.start, end: span.end + (/^\s*/.exec(text.slice(span.end))?.[0].length ?? 0) };
  const safe = !/\.\s*clone\b|::clone\b/.test([...ctx.workspace.files.values()].map((file) => ctx.workspace.text(file)).join('\n'));
  return [{ title: 'do not derive `Clone`', safe, edits: [{ file: item.file.path, span, text: '' }] }];
}
