/** A reference to a field of a packed struct is made through a raw pointer, where the compiler does not notice. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { givenValue } from '../../analysis/ownership/owners.ts';
import { alignmentOf, packing } from '../../analysis/types/alignment.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { autoderef } from '../../analysis/types/local-types-ty.ts';
import { collectExprs, unwrapBlock } from '../../analysis/walk.ts';
import { stdMacro } from '../../analysis/callee.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'packed'>;

export default defineRule({
  id: 'packed-field-reference',
  group: 'pointers',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { packed: 'this reference to `{field}` of the packed `{type}` may be misaligned' },
  docs: {
    what: 'A raw pointer to a field of a packed struct is made a reference',
    why: `The fields of a packed struct stand at any address, and references must be aligned: one that is not is undefined behaviour even if it
is never read. The compiler refuses \`&packed.field\`; by \`&*addr_of!(packed.field)\` it is only kept from seeing it.`,
    bad: `#[repr(C, packed)]
pub struct Header {
    pub kind: u8,
    pub length: u32,
}

pub fn length(header: &Header) -> &u32 {
    unsafe { &*std::ptr::addr_of!(header.length) }
}
`,
    good: `#[repr(C, packed)]
pub struct Header {
    pub kind: u8,
    pub length: u32,
}

pub fn length(header: &Header) -> u32 {
    unsafe { std::ptr::addr_of!(header.length).read_unaligned() }
}
`,
    exceptions: [
      '`read_unaligned`, `write_unaligned` and copies through the pointer',
      'fields that may stand at any address: `u8`, `bool`, arrays of them, other packed structs',
      'structs that are packed to more than one byte, and types of other crates',
    ],
    fixSafety: 'It refers to a copy of the field, which lives as long as the statement only.',
    references: [
      {
        title: 'Rust Reference, the alignment modifiers',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-alignment-modifiers',
      },
      { title: 'error E0793', url: 'https://doc.rust-lang.org/error_codes/E0793.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\baddr_of(_mut)?\s*!|&\s*raw\s+(const|mut)\b/, ctx.workspace)) {
      if (!body.ast.body) continue;
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'reference' || one.kind === 'method', { items: false }))
        checkExpr(ctx, body, expr);
    }
  },
});

function checkExpr(ctx: Context, body: Body, expr: Expr): void {
  const pointer = madeReference(expr);
  const place = pointer ? rawPlace(unwrapBlock(givenValue(pointer, body)), body, ctx) : null;
  if (!pointer || place?.kind !== 'field') return;
  for (const ty of autoderef(body.typeOf(place.base))) {
    if (ty.kind !== 'item') continue;
    const ast = ctx.workspace.ast(ty.item);
    if (ast?.kind !== 'struct' || packing(ast) !== 1) return;
    if (alignmentOf(body.typeOf(place), ctx.workspace) !== 'more') return;
    ctx.report('packed', {
      at: { file: body.item.file, span: expr.span },
      data: { field: place.name, type: ty.item.name },
      help: 'read the field with `read_unaligned`',
      item: body.item,
      claims: [{ kind: 'follows-pointer', at: { file: body.item.file, span: expr.span }, callees: expr.kind === 'method' ? AS_REF : null }],
      fixes: copied(ctx, body, expr, pointer),
    });
    return;
  }
}

/** Of raw pointers. */
const AS_REF = /\bptr::.*::as_(?:ref|mut)$/;

/** The pointer that `&*p`, `&mut *p`, `p.as_ref()` or `p.as_mut()` makes a reference of. */
function madeReference(expr: Expr): Expr | null {
  if (expr.kind === 'reference' && !expr.raw && expr.operand.kind === 'unary' && expr.operand.operator === '*') return expr.operand.operand;
  return expr.kind === 'method' && /^as_(ref|mut)$/.test(expr.name) && expr.args.length === 0 ? expr.receiver : null;
}

/** What `addr_of!(place)` or `&raw const place` takes the address of. */
function rawPlace(expr: Expr, body: Body, ctx: Context): Expr | null {
  if (expr.kind === 'reference' && expr.raw) return expr.operand;
  if (expr.kind !== 'macro' || !/^addr_of(_mut)?$/.test(stdMacro(expr.path, body.scope, ctx.workspace) ?? '')) return null;
  return expr.args?.[0] ?? null;
}

function copied(ctx: Context, body: Body, expr: Expr, pointer: Expr): readonly Fix[] {
  if (expr.kind !== 'reference' || expr.mutable) return [];
  const { file } = body.item;
  const written = ctx.workspace.slice(file, pointer.span);
  const text = pointer.kind === 'macro' || pointer.kind === 'path' ? written : `(${written})`;
  return [
    {
      title: 'refer to a copy of the field',
      safe: false,
      edits: [{ file: file.path, span: expr.span, text: `&${text}.read_unaligned()` }],
    },
  ];
}
