/** An integer becomes an enum by `transmute` although it may be none of its values. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, stdCall, uncast } from '../../analysis/ownership/owners.ts';
import type { Parents } from '../../analysis/ownership/parents.ts';
import { parentExpr, parentsOf } from '../../analysis/ownership/parents.ts';
import { writtenTarget } from '../../analysis/ownership/written-target.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { isInt, stripRefs } from '../../analysis/types/local-types-ty.ts';
import type { MaybeTy } from '../../analysis/types/local-types-ty.ts';
import { collectExprs, someExpr, unwrapBlock, variable } from '../../analysis/walk.ts';
import { sliceSpan } from '../../base/text.ts';
import type { CallExpr, Expr } from '../../model/rust/ast-expr.ts';
import type { EnumItem } from '../../model/rust/ast-item.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { reprOf } from '../../model/surface/attributes.ts';
import { indentAt } from '../indent.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { peel } from '../written-type.ts';

type Context = RuleContext<'unchecked'>;

export default defineRule({
  id: 'transmute-int-to-enum',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { unchecked: '`{value}` becomes a `{type}` although it may be none of its {count} values' },
  docs: {
    what: 'An integer becomes an enum by `transmute` although it may be none of its values',
    why: `An enum holds one of its variants' numbers, and the compiler builds on it: a \`match\` becomes a table without a bounds check. Another
number is undefined behaviour as soon as it is made. Numbers from C, from files and from the network are any number, and the next
version of the library has one more.`,
    bad: `#[repr(u8)]
pub enum Level {
    Low,
    High,
}

pub fn level(number: u8) -> Level {
    unsafe { std::mem::transmute::<u8, Level>(number) }
}
`,
    good: `#[repr(u8)]
pub enum Level {
    Low,
    High,
}

pub fn level(number: u8) -> Option<Level> {
    match number {
        0 => Some(Level::Low),
        1 => Some(Level::High),
        _ => None,
    }
}
`,
    exceptions: [
      'literals, and numbers that are masked (`& 3`), reduced (`% 4`) or come from an enum by `as`',
      'results of functions and methods, which may give only these numbers',
      'numbers that the function compares, matches or asserts something of before',
      '`unsafe fn`: its callers promise that the number is one of them',
      'enums with a variant for every number of their type',
      'private fields of `self`, which somebody may have checked when they were set',
      'functions whose types are not written',
    ],
    fixSafety:
      'Not safe: the process ends for a number that is none of the values, where an error or a default may be better. There is none for enums of many values or with conditions.',
    references: [
      {
        title: 'Rust Reference, behavior considered undefined, invalid values',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html#r-undefined.validity.enum',
      },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\btransmute\b/, ctx.workspace)) {
      if (!body.ast.body || body.ast.unsafe || /unchecked/.test(body.ast.name)) continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call', { items: false }))
        if (expr.kind === 'call') checkCall(ctx, body, expr);
    }
  },
});

function checkCall(ctx: Context, body: Body, call: CallExpr): void {
  const [given] = call.args;
  if (!given || !/^mem::transmute(_copy)?$/.test(stdCall(call, body.scope, ctx.workspace) ?? '')) return;
  const target = targetOf(call, body);
  const found = target ? peel(target, body.scope, ctx.workspace).found : null;
  if (found?.kind !== 'item' || found.variant !== null || found.item.inUnknownMacro) return;
  const ast = ctx.workspace.ast(found.item);
  if (ast?.kind !== 'enum' || isFull(ast) || ast.variants.length === 0 || ast.variants.some((one) => one.fields.length > 0)) return;
  const value = given.kind === 'reference' ? given.operand : given;
  if (!isAnyNumber(value, sourceType(call), body, ctx)) return;
  ctx.report('unchecked', {
    at: { file: body.item.file, span: call.span },
    data: {
      value: ctx.workspace.slice(body.item.file, given.span).slice(0, 30),
      type: found.item.name,
      count: ast.variants.length,
    },
    related: [{ at: { file: found.item.file, span: ast.nameSpan }, message: 'these are its values' }],
    help: 'match the number, and give an error for those that are none of them',
    fixes: target ? matchFix(ctx, body, call, target, ast) : [],
    item: body.item,
    claims: [
      {
        kind: 'casts',
        at: { file: body.item.file, span: call.span },
        from: /^[iu](?:\d+|size)$/,
        to: new RegExp(`(?:^|::)${found.item.name}$`),
        how: /^Transmute$/,
      },
    ],
  });
}

/** More arms than this are a table that nobody wants to read at the place. */
const ARMS = 24;

/** A `match` over the variants' numbers in the call's place. */
function matchFix(ctx: Context, body: Body, call: CallExpr, target: Type, ast: EnumItem): readonly Fix[] {
  const { item } = body;
  const [value] = call.args;
  const text = ctx.workspace.text(item.file);
  const int = value ? integerName(value, sourceType(call), body) : null;
  const parents: Parents = body.ast.body ? parentsOf(body.ast.body) : new Map();
  const around = parentExpr(parents, call);
  // An `unsafe` block for this call alone is needed no more.
  const alone = around?.kind === 'block' && around.flavor === 'unsafe' && unwrapBlock(around) === call ? around : call;
  const parent = parentExpr(parents, alone);
  // A `match` at the start of a statement ends there, whatever follows.
  const apart = parent === null || parent.kind === 'block' || parent.kind === 'return' || parent.kind === 'call';
  if (!value || value.kind === 'reference' || int === null || !apart || target.kind !== 'path' || item.module.crate.noStd) return [];
  if (ast.variants.length > ARMS || ast.variants.some((one) => one.attributes.some(({ path }) => path === 'cfg'))) return [];
  const name = sliceSpan(text, target.span);
  const indent = indentAt(text, alone.span.start);
  const arms = ast.variants.map((one) => `v if v == ${name}::${one.name} as ${int} => ${name}::${one.name},`);
  const lines = [...arms, '_ => std::process::abort(),'].map((line) => `${indent}    ${line}\n`).join('');
  const replacement = `match ${sliceSpan(text, value.span)} {\n${lines}${indent}}`;
  return [
    {
      title: 'match the number, and abort for others',
      safe: false,
      edits: [{ file: item.file.path, span: alone.span, text: replacement }],
    },
  ];
}

/** The primitive type of the number, as far as it is written or known. */
function integerName(value: Expr, written: Type | null, body: Body): string | null {
  const named = written ?? (value.kind === 'cast' ? value.type : null);
  const ty = stripRefs(body.typeOf(value));
  const name = named?.kind === 'path' ? named.path.segments.at(-1)?.name : ty?.kind === 'primitive' ? ty.name : undefined;
  return name !== undefined && /^[iu](8|16|32|64|size)$/.test(name) ? name : null;
}

/** Every number of an 8-bit type is a variant. */
function isFull(ast: EnumItem): boolean {
  const { int } = reprOf(ast.attributes);
  return ast.variants.length >= 256 && (int === 'u8' || int === 'i8' || int === null);
}

function generics(call: CallExpr): readonly (Type | null)[] {
  const args = call.callee.kind === 'path' ? (call.callee.path.segments.at(-1)?.args ?? []) : [];
  return args.flatMap((arg) => (arg.kind === 'type' ? [arg.type.kind === 'infer' ? null : arg.type] : []));
}

/** The written type that it makes: the second argument, or that of the variable or fn that takes it. */
function targetOf(call: CallExpr, body: Body): Type | null {
  return generics(call)[1] ?? writtenTarget(call, body.ast);
}

function sourceType(call: CallExpr): Type | null {
  return generics(call)[0] ?? null;
}

/** A variable, field or element that is an integer, of which nothing tells that it is one of few. */
function isAnyNumber(value: Expr, written: Type | null, body: Body, ctx: Context): boolean {
  const inner = unwrapBlock(value);
  const made = unwrapBlock(givenValue(inner, body));
  const bare = uncast(made);
  const place = bare.kind === 'path' || bare.kind === 'field' || bare.kind === 'index' || (bare.kind === 'unary' && bare.operator === '*');
  if (!place) return false;
  if (isPrivateState(bare, body, ctx)) return false;
  if (bare.kind === 'path' && body.bindingOf(bare) === null) return false;
  // `value as u8` of an enum, `self.0` of a checked wrapper, `u8::from(flags)`: the number is known to somebody.
  const ty = stripRefs(body.typeOf(bare));
  if (ty?.kind === 'item') return false;
  if (!isNumber(written ? null : ty, written)) return false;
  return !isLookedAt(bare, inner, body, ctx);
}

/** A private field of `self`: whoever made the value may have looked at it. */
function isPrivateState(place: Expr, body: Body, ctx: Context): boolean {
  let at = place;
  let field: string | null = null;
  while (at.kind === 'field' || at.kind === 'index') {
    if (at.kind === 'field') field = at.name;
    at = at.base;
  }
  if (variable(at) !== 'self' || field === null) return false;
  const owner = stripRefs(body.typeOf(at));
  const ast = owner?.kind === 'item' ? ctx.workspace.ast(owner.item) : null;
  return ast?.kind !== 'struct' || ast.fields.find((one) => one.name === field)?.visibility !== 'pub';
}

const INTEGER = /^([iu](8|16|32|64|size)|c_(u?char|schar|u?short|u?int|u?long)|s?size_t|u?int(8|16|32|64)_t|DWORD|UINT)$/;

function isNumber(ty: MaybeTy, written: Type | null): boolean {
  if (written) return written.kind === 'path' && INTEGER.test(written.path.segments.at(-1)?.name ?? '');
  if (ty?.kind === 'external') return /^(std|libc)::/.test(ty.path) && INTEGER.test(ty.path.slice(ty.path.lastIndexOf(':') + 1));
  return isInt(ty);
}

/** Something in the fn compares, matches or asserts something of the number, or loops over it. */
function isLookedAt(bare: Expr, inner: Expr, body: Body, ctx: Context): boolean {
  const root = body.ast.body;
  if (!root) return true;
  const text = ctx.workspace.text(body.item.file);
  const names = new Set([sliceSpan(text, bare.span), sliceSpan(text, inner.span)]);
  const binding = variable(bare) === null ? null : body.bindingOf(bare);
  if (binding && binding.kind !== 'param' && binding.kind !== 'let') return true;
  const mentions = (expr: Expr): boolean => someExpr(expr, (one) => names.has(sliceSpan(text, one.span)));
  return someExpr(root, (one) => {
    if (one.kind === 'binary') return /^(==|!=|<=?|>=?)$/.test(one.operator) && (mentions(one.left) || mentions(one.right));
    if (one.kind === 'match') return mentions(one.scrutinee);
    if (one.kind === 'assign') return names.has(sliceSpan(text, one.left.span));
    if (one.kind === 'let') return mentions(one.value);
    if (one.kind === 'macro') return [...names].some((name) => sliceSpan(text, one.span).includes(name));
    if (one.kind === 'method')
      return /^(contains|is_valid|checked_\w+|is_\w+)$/.test(one.name) && (mentions(one.receiver) || one.args.some(mentions));
    return one.kind === 'call' && /check|valid|is_|assert|ensure/i.test(sliceSpan(text, one.callee.span)) && one.args.some(mentions);
  });
}
