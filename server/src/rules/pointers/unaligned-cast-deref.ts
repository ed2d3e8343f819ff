/** A pointer to bytes is cast to a wider type and dereferenced, although bytes stand at any address. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue, isReassigned, uncast } from '../../analysis/ownership/owners.ts';
import { parentsOf } from '../../analysis/ownership/parents.ts';
import { alignmentOf } from '../../analysis/types/alignment.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { VEC, isExternal, pointeeTy, shortName, stripRefs } from '../../analysis/types/local-types-ty.ts';
import type { MaybeTy } from '../../analysis/types/local-types-ty.ts';
import { collectExprs, someExpr, unwrapBlock, variable } from '../../analysis/walk.ts';
import type { Span } from '../../base/text.ts';
import { sliceSpan } from '../../base/text.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'unaligned'>;

export default defineRule({
  id: 'unaligned-cast-deref',
  group: 'pointers',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: ['clippy::cast_ptr_alignment'],
  fix: 'safe',
  messages: { unaligned: 'this reads a `{type}` at an address that is only good for bytes' },
  docs: {
    what: 'A pointer to bytes is cast to a type with an alignment and dereferenced',
    why: `A \`u32\` must stand at a multiple of 4, bytes stand anywhere. A read or a reference at another address is undefined behaviour; some
processors trap there, and vector instructions do on all.`,
    bad: `/// # Safety
/// \`data\` has at least 4 bytes.
pub unsafe fn first(data: *const u8) -> u32 {
    unsafe { *(data as *const u32) }
}
`,
    good: `/// # Safety
/// \`data\` has at least 4 bytes.
pub unsafe fn first(data: *const u8) -> u32 {
    unsafe { (data as *const u32).read_unaligned() }
}
`,
    exceptions: [
      '`read_unaligned`, `write_unaligned` and copies',
      'functions that speak of alignment: `is_aligned`, `align_offset`, `align_to`, `align_of` …',
      'pointers that were cast to bytes in the same function, and memory that an allocator made',
      '`*mut c_void`, whose alignment is a matter of agreement',
    ],
    fixSafety:
      'A plain read of a number becomes `read_unaligned`, which reads the same at any address. There is none for references and writes.',
    references: [
      { title: 'std, pointer read_unaligned', url: 'https://doc.rust-lang.org/std/primitive.pointer.html#method.read_unaligned' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bas\s*\*\s*(const|mut)\b|\bcast\s*::\s*</, ctx.workspace)) {
      const root = body.ast.body;
      if (!root || speaksOfAlignment(root, (at) => ctx.workspace.slice(body.item.file, at))) continue;
      const told = new Set<Expr>();
      for (const expr of collectExprs(root, (one) => one.kind === 'unary' && one.operator === '*', { items: false }))
        if (expr.kind === 'unary') checkDeref(ctx, body, root, expr, told);
    }
  },
});

/** Something in the fn is named after alignment, but for unaligned reads, or allocates. */
function speaksOfAlignment(root: Expr, text: (at: Span) => string): boolean {
  const speaks = (name: string): boolean => /align|offset_of|^alloc/i.test(name) && !/unaligned/i.test(name);
  return someExpr(root, (one) => {
    if (one.kind === 'path') return one.path.segments.some(({ name }) => speaks(name));
    if (one.kind === 'method' || one.kind === 'field') return speaks(one.name);
    return one.kind === 'macro' && one.args === null && /align/i.test(text(one.tokens));
  });
}

function checkDeref(ctx: Context, body: Body, root: Expr, expr: Extract<Expr, { kind: 'unary' }>, told: Set<Expr>): void {
  const to = pointeeTy(body.typeOf(expr.operand));
  if (alignmentOf(to, ctx.workspace) !== 'more') return;
  const cast = castOf(expr.operand, body);
  if (!cast || told.has(cast)) return;
  const bytes = uncast(cast);
  if (!isBytes(pointeeTy(body.typeOf(bytes))) || !isForeign(bytes, body)) return;
  told.add(cast);
  ctx.report('unaligned', {
    at: { file: body.item.file, span: expr.span },
    data: { type: shortName(to) || 'value' },
    help: 'use `read_unaligned`, or ask `is_aligned` before',
    item: body.item,
    fixes: readUnaligned(ctx, body, root, expr, to),
  });
}

/** The cast that gave a pointer its type, through variables and offsets. */
function castOf(pointer: Expr, body: Body, depth = 4): Expr | null {
  const inner = unwrapBlock(pointer);
  if (depth === 0) return null;
  if (inner.kind === 'cast' || (inner.kind === 'method' && inner.name === 'cast')) return inner;
  if (inner.kind === 'method' && /^(add|offset|sub|wrapping_add)$/.test(inner.name)) return castOf(inner.receiver, body, depth - 1);
  const name = variable(inner);
  const binding = name === null ? null : body.bindingOf(inner);
  return binding?.kind === 'let' && binding.source && !isReassigned(binding.name, body) ? castOf(binding.source, body, depth - 1) : null;
}

function isBytes(ty: MaybeTy): boolean {
  if (ty?.kind === 'primitive') return ty.name === 'u8' || ty.name === 'i8';
  return isExternal(ty, 'std::ffi::c_char') || isExternal(ty, 'libc::c_char');
}

/** A parameter, or a buffer of bytes that somebody else filled. */
function isForeign(bytes: Expr, body: Body): boolean {
  let at = unwrapBlock(givenValue(bytes, body));
  while (at.kind === 'method' && /^(add|offset|sub|wrapping_add|cast_mut|cast_const)$/.test(at.name))
    at = unwrapBlock(givenValue(at.receiver, body));
  // A pointer that was cast to bytes here keeps the alignment that it had.
  if (!isBytes(pointeeTy(body.typeOf(at)))) return false;
  if (at.kind === 'path') return body.bindingOf(at)?.kind === 'param';
  if (at.kind !== 'method' || !/^as_(mut_)?ptr$/.test(at.name)) return false;
  const ty = stripRefs(body.typeOf(at.receiver));
  return ty?.kind === 'slice' || ty?.kind === 'array' || isExternal(ty, VEC) || (ty?.kind === 'primitive' && ty.name === 'str');
}

/** Only for a number that is read: not for a place that is borrowed, written, or part of a longer place. */
function readUnaligned(ctx: Context, body: Body, root: Expr, expr: Extract<Expr, { kind: 'unary' }>, to: MaybeTy): readonly Fix[] {
  const around = parentsOf(root).get(expr);
  const parent = around?.kind === 'expr' ? around.expr : null;
  const number = to?.kind === 'primitive' || to?.kind === 'external';
  if (!number || parent?.kind === 'reference' || parent?.kind === 'field' || parent?.kind === 'index') return [];
  if (parent?.kind === 'method' && parent.receiver === expr) return [];
  if ((parent?.kind === 'assign' && parent.left === expr) || parent?.kind === 'macro') return [];
  const { file } = body.item;
  const written = sliceSpan(ctx.workspace.text(file), { start: expr.operand.span.start, end: expr.span.end });
  const source = ctx.workspace
    .text(file)
    .slice(expr.span.start, expr.span.end)
    .replace(/^\*\s*/, '');
  const simple =
    /^[\w.]+$/.test(written) ||
    (source.startsWith('(') && source.endsWith(')') && expr.operand.kind === 'cast') ||
    expr.operand.kind === 'method';
  const text = simple ? source : `(${source})`;
  return [{ title: 'read it unaligned', safe: true, edits: [{ file: file.path, span: expr.span, text: `${text}.read_unaligned()` }] }];
}
