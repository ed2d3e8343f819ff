/** A view keeps a raw pointer into the value that made it, and nothing ties the two together. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, pointerInto, uncast } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { collectExprs, findExpr, someExpr, unwrapBlock, variable } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { FnItem, StructItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { RuleContext } from '../rule.ts';
import { lifetimeFix } from '../lifetime-fix.ts';
import { defineRule, orNone } from '../rule.ts';
import { firstArg, peel, stdName } from '../written-type.ts';

type Context = RuleContext<'view'>;

export default defineRule({
  id: 'raw-borrow-without-lifetime',
  group: 'ownership',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { view: '`{view}` keeps a pointer into `self`, and may outlive it' },
  docs: {
    what: 'A public view or iterator keeps a raw pointer into the value that made it and has no lifetime',
    why: `A raw pointer borrows nothing. Callers can drop or change the value, keep the view, and read freed memory in safe code. A lifetime
parameter with \`PhantomData<&'a T>\` costs nothing and makes the compiler look.`,
    bad: `pub struct Samples {
    data: Vec<f32>,
}

pub struct Window {
    start: *const f32,
    len: usize,
}

impl Samples {
    pub fn window(&self) -> Window {
        Window { start: self.data.as_ptr(), len: self.data.len() }
    }
}

impl Window {
    pub fn first(&self) -> Option<f32> {
        (self.len > 0).then(|| unsafe { *self.start })
    }
}
`,
    good: `use std::marker::PhantomData;

pub struct Samples {
    data: Vec<f32>,
}

pub struct Window<'a> {
    start: *const f32,
    len: usize,
    owner: PhantomData<&'a Samples>,
}

impl Samples {
    pub fn window(&self) -> Window<'_> {
        Window { start: self.data.as_ptr(), len: self.data.len(), owner: PhantomData }
    }
}

impl Window<'_> {
    pub fn first(&self) -> Option<f32> {
        (self.len > 0).then(|| unsafe { *self.start })
    }
}
`,
    exceptions: [
      'views with a lifetime parameter',
      'views that share the ownership: something of `self` is cloned into them, or they implement `Drop`',
      'C structs (`repr(C)`), which are made to be passed on at once',
      'types and methods that are not public, and `unsafe fn`',
    ],
    fixSafety:
      'Not safe: callers that keep the view for too long no longer compile, and other crates that name it must follow. There is none where a field, an alias, another file or a macro names it.',
    references: [{ title: 'Rustonomicon, PhantomData', url: 'https://doc.rust-lang.org/nomicon/phantom-data.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const raw = /\bas_(mut_)?ptr\b|\bas\s*\*|NonNull\s*::\s*from|addr_of/;
    for (const body of bodiesWith(ctx.unit.items, raw, ctx.workspace, isMethod)) {
      if (body.ast.body) checkBody(ctx, body, body.ast.body);
    }
  },
});

function isMethod({ unsafe, visibility, self, result }: FnItem): boolean {
  return !unsafe && visibility === 'pub' && result !== null && self !== null && self.kind !== 'value' && self.type === null;
}

function checkBody(ctx: Context, body: Body, root: Expr): void {
  const view = ctx.workspace.ast(body.item) ? viewOf(ctx, body) : null;
  if (!view) return;
  for (const expr of collectExprs(root, (one) => one.kind === 'struct' || one.kind === 'call', { items: false })) {
    const values = valuesOf(ctx, body, expr, view.item);
    const pointer = values.find(({ field, value }) => isRaw(ctx, view, field) && intoSelf(value, body));
    if (!pointer || values.some(({ value }) => shares(value))) continue;
    ctx.report('view', {
      at: { file: body.item.file, span: pointer.value.span },
      data: { view: view.ast.name },
      related: [{ at: { file: view.item.file, span: view.ast.nameSpan }, message: 'it has no lifetime' }],
      help: `give \`${view.ast.name}\` a lifetime and a \`PhantomData<&'a …>\``,
      fixes: orNone(lifetimeFix(view.item, view.ast, ctx.workspace)),
      item: body.item,
    });
    return;
  }
}

interface View {
  readonly item: RustItem;
  readonly ast: StructItem;
}

/** The struct that the method returns, through Option and Result, where it is public and has no lifetime. */
function viewOf(ctx: Context, body: Body): View | null {
  let type: Type | null = body.ast.result;
  for (let i = 0; type && i < 3; i++) {
    const at: ReturnType<typeof peel> = peel(type, body.scope, ctx.workspace);
    const name = stdName(at);
    if (name === 'Option' || name === 'Result') {
      type = firstArg(at.type);
      continue;
    }
    if (at.found?.kind !== 'item' || at.found.variant !== null || at.found.item.inUnknownMacro) return null;
    const { item } = at.found;
    const ast = ctx.workspace.ast(item);
    if (ast?.kind !== 'struct' || ast.visibility !== 'pub' || ast.generics.some((one) => one.kind === 'lifetime')) return null;
    if (ast.attributes.some((one) => one.path === 'repr')) return null;
    const drops = ctx.workspace.implsOf(item).some((one) => /(^|::)Drop$/.test(one.entry.implTrait ?? ''));
    // A type that hands out itself is a clone or a cursor of some kind.
    return drops || isOwn(ctx, body, item) ? null : { item, ast };
  }
  return null;
}

function isOwn(ctx: Context, body: Body, item: RustItem): boolean {
  const self = ctx.workspace.resolve(['Self'], body.scope, 'type');
  return self.kind === 'item' && self.item === item;
}

/** What the fields of a literal of the struct are given, by name. */
function valuesOf(ctx: Context, body: Body, expr: Expr, struct: RustItem): readonly { readonly field: string; readonly value: Expr }[] {
  const path = expr.kind === 'struct' ? expr.path : expr.kind === 'call' && expr.callee.kind === 'path' ? expr.callee.path : null;
  if (!path) return [];
  const found = ctx.workspace.resolve(path, body.scope, expr.kind === 'struct' ? 'type' : 'value');
  if (found.kind !== 'item' || found.item !== struct) return [];
  if (expr.kind === 'struct') return expr.fields.map(({ name, value }) => ({ field: name, value }));
  return expr.kind === 'call' ? expr.args.map((value, i) => ({ field: String(i), value })) : [];
}

function isRaw(ctx: Context, { item, ast }: View, field: string): boolean {
  const type = ast.fields.find((one) => one.name === field)?.type;
  if (!type) return false;
  const at = peel(type, { module: item.module, item }, ctx.workspace);
  return at.type.kind === 'pointer' || stdName(at) === 'NonNull';
}

/** `self.data.as_ptr()`, `&self.data as *const _`, `NonNull::from(&self.data)`, `self as *const _`: not what a pointer in self points to. */
function intoSelf(value: Expr, body: Body): boolean {
  const inner = uncast(unwrapBlock(givenValue(value, body)));
  const into = pointerInto(inner);
  if (into) return isField(into.base) && ownsBuffer(into.base, body);
  if (inner.kind === 'reference') return isField(inner.operand) || variable(inner.operand) === 'self';
  if (
    inner.kind === 'call' &&
    inner.args.length === 1 &&
    /^from$/.test(inner.callee.kind === 'path' ? (inner.callee.path.segments.at(-1)?.name ?? '') : '')
  ) {
    const [only] = inner.args;
    return only?.kind === 'reference' && isField(only.operand);
  }
  return inner !== value && variable(inner) === 'self';
}

/** A field of self, fields of fields included. */
function isField(expr: Expr): boolean {
  let at = expr;
  while (at.kind === 'field') at = at.base;
  return at !== expr && variable(at) === 'self';
}

/** A vector, string, array or box in self; what a wrapper's `as_ptr` gives is its own matter. */
function ownsBuffer(base: Expr, body: Body): boolean {
  const ty = body.typeOf(base);
  if (ty?.kind === 'array') return true;
  return ty?.kind === 'external' && /^std::(vec::Vec|string::String|boxed::Box|ffi::CString)$/.test(ty.path);
}

/** Something that may count references: it keeps alive what is pointed to. */
function shares(value: Expr): boolean {
  return (
    someExpr(value, (one) => (one.kind === 'method' && /^(clone|upgrade|retain|to_owned)$/.test(one.name)) || isCloneCall(one)) ||
    findExpr(value, (one) => one.kind === 'closure') !== null
  );
}

function isCloneCall(expr: Expr): boolean {
  return expr.kind === 'call' && expr.callee.kind === 'path' && expr.callee.path.segments.at(-1)?.name === 'clone';
}
