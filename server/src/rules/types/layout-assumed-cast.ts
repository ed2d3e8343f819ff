/** A Rust type whose layout nobody promises is cast to a C struct, or taken for bytes. */
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { stdCall, uncast } from '../../analysis/ownership/owners.ts';
import { parentsOf } from '../../analysis/ownership/parents.ts';
import { unspecifiedStruct } from '../../analysis/types/alignment.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { pointeeTy, shortName, stripRefs } from '../../analysis/types/local-types-ty.ts';
import type { MaybeTy } from '../../analysis/types/local-types-ty.ts';
import { tyOfWritten } from '../../analysis/types/local-types-written.ts';
import { RUST_LAYOUT_TYPES } from '../../analysis/types/std-types.ts';
import { collectExprs, someExpr, unwrapBlock } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import { reprOf } from '../../model/surface/attributes.ts';
import { addReprC } from '../repr-fix.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'struct' | 'bytes' | 'read'>;

export default defineRule({
  id: 'layout-assumed-cast',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'safe',
  messages: {
    struct: '`{type}` is read as a `{target}`, but nothing says how `{type}` lies in memory',
    bytes: 'these are the bytes of a `{type}`, of which nothing says how it lies in memory',
    read: 'a `{type}` is read from bytes, but nothing says how `{type}` lies in memory',
  },
  docs: {
    what: 'A Rust type whose layout is not defined is cast to a C struct, handed out as bytes, or read from bytes',
    why: `The compiler orders the fields of a struct without \`repr\` as it likes, and may do so differently with the next version or another
optimization level; \`SocketAddrV4\` was a \`sockaddr_in\` once and is none since Rust 1.64. What C, a file or the network means by the bytes
only \`repr(C)\` fixes.`,
    bad: `pub struct Header {
    pub kind: u8,
    pub length: u32,
}

/// # Safety
/// \`bytes\` has at least 8 bytes.
pub unsafe fn header(bytes: &[u8]) -> Header {
    unsafe { std::ptr::read_unaligned(bytes.as_ptr() as *const Header) }
}
`,
    good: `#[repr(C)]
pub struct Header {
    pub kind: u8,
    pub length: u32,
}

/// # Safety
/// \`bytes\` has at least 8 bytes.
pub unsafe fn header(bytes: &[u8]) -> Header {
    unsafe { std::ptr::read_unaligned(bytes.as_ptr() as *const Header) }
}
`,
    exceptions: [
      'types with `repr(C)`, `repr(transparent)` or a packed layout, numbers and arrays of them',
      'user data that goes through `*mut c_void` and comes back as the same type',
      'the first field of a C struct, cast to that struct',
      'generic types and enums, and types of other crates',
      'memory that Rust has allocated: `alloc(layout) as *mut T`',
    ],
    fixSafety:
      'Adds `repr(C)` to a struct of the workspace, which changes nothing for Rust code. There is none for types of the standard library.',
    references: [
      {
        title: 'Rust Reference, the Rust representation',
        url: 'https://doc.rust-lang.org/reference/type-layout.html#the-rust-representation',
      },
      { title: 'rust-lang/rust 78802, socket addresses', url: 'https://github.com/rust-lang/rust/pull/78802' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bas\s*\*\s*(const|mut)\b|\bcast\s*::\s*</, ctx.workspace)) {
      if (!body.ast.body) continue;
      for (const expr of collectExprs(body.ast.body, (one) => isCast(one) || one.kind === 'call', { items: false })) {
        if (expr.kind === 'call') checkBytes(ctx, body, expr);
        else checkCast(ctx, body, expr);
      }
    }
  },
});

/** `p as *const T`, `p.cast::<T>()` */
function isCast(expr: Expr): boolean {
  return (
    (expr.kind === 'cast' && expr.type.kind === 'pointer') || (expr.kind === 'method' && expr.name === 'cast' && expr.args.length === 0)
  );
}

/** The types that an expression has on the way through its casts, itself last, the value in the middle not included. */
function castTypes(expr: Expr, body: Body): readonly MaybeTy[] {
  const inner = unwrapBlock(expr);
  if (!isCast(inner)) return [];
  const operand = inner.kind === 'cast' ? inner.operand : inner.kind === 'method' ? inner.receiver : inner;
  return [...castTypes(operand, body), pointeeTy(body.typeOf(inner))];
}

/** `&address as *const SocketAddrV4 as *const sockaddr`, and structs that are read from a byte buffer. */
function checkCast(ctx: Context, body: Body, expr: Expr): void {
  const around = body.ast.body ? parentsOf(body.ast.body).get(expr) : undefined;
  const parent = around?.kind === 'expr' ? around.expr : null;
  if (parent && (isCast(parent) || (parent.kind === 'method' && /^cast_(mut|const)$/.test(parent.name)))) return;
  const target = pointeeTy(body.typeOf(expr));
  const value = uncast(expr);
  const from = referent(value, body);
  if (from && isCStruct(target, ctx)) {
    const source = isPartOf(from, target, ctx) ? null : unspecified(from, ctx);
    if (source && shortName(from) !== shortName(target)) tell(ctx, body, expr, 'struct', source.name, source.fixes, shortName(target));
    return;
  }
  const struct = unspecifiedStruct(target, ctx.workspace);
  if (struct && isByteBuffer(value, body) && isRead(expr, parent))
    tell(ctx, body, expr, 'read', struct.item.name, [addReprC(struct.item, struct.ast, ctx.workspace)], '');
}

/** What a reference or `&x` refers to. */
function referent(value: Expr, body: Body): MaybeTy {
  if (value.kind === 'reference') return value.raw ? body.typeOf(value.operand) : stripRefs(body.typeOf(value.operand));
  const ty = body.typeOf(value);
  return ty?.kind === 'reference' ? stripRefs(ty) : null;
}

/** A struct that C lays out: of the libc crate, or with `repr(C)`. */
function isCStruct(ty: MaybeTy, ctx: Context): boolean {
  if (ty?.kind === 'external') return /^libc::(?!c_)[a-z]\w*$/.test(ty.path) && !/_t$/.test(ty.path);
  if (ty?.kind !== 'item') return false;
  const ast = ctx.workspace.ast(ty.item);
  return (ast?.kind === 'struct' || ast?.kind === 'union') && reprOf(ast.attributes).c && ast.fields.length > 0;
}

/** The first field of a C struct, by whose address the whole is found. */
function isPartOf(part: MaybeTy, whole: MaybeTy, ctx: Context): boolean {
  if (whole?.kind !== 'item' || part?.kind !== 'item') return false;
  const ast = ctx.workspace.ast(whole.item);
  const first = ast?.kind === 'struct' || ast?.kind === 'union' ? ast.fields[0] : undefined;
  const ty = first ? tyOfWritten(first.type, { module: whole.item.module, item: whole.item }, ctx.workspace) : null;
  return ty?.kind === 'item' && ty.item === part.item;
}

/** A type without a layout, by name, and the edit that gives it one. */
function unspecified(ty: MaybeTy, ctx: Context): { readonly name: string; readonly fixes: readonly Fix[] } | null {
  if (ty?.kind === 'external' && ty.path.startsWith('std::') && RUST_LAYOUT_TYPES.has(shortName(ty)))
    return { name: shortName(ty), fixes: [] };
  if (ty?.kind === 'tuple' && ty.elements.length > 1) return { name: 'tuple', fixes: [] };
  const struct = unspecifiedStruct(ty, ctx.workspace);
  return struct ? { name: struct.item.name, fixes: [addReprC(struct.item, struct.ast, ctx.workspace)] } : null;
}

/** `bytes.as_ptr()` of bytes: whoever wrote them, it was no Rust struct. */
function isByteBuffer(value: Expr, body: Body): boolean {
  if (value.kind !== 'method' || value.name !== 'as_ptr' || value.args.length > 0) return false;
  const ty = pointeeTy(body.typeOf(value));
  return ty?.kind === 'primitive' && ty.name === 'u8';
}

/** It is dereferenced or read on the spot. */
function isRead(expr: Expr, parent: Expr | null): boolean {
  if (parent?.kind === 'unary') return parent.operator === '*';
  if (parent?.kind === 'method') return parent.receiver === expr && /^(read|read_unaligned|as_ref)$/.test(parent.name);
  if (parent?.kind !== 'call' || parent.callee.kind !== 'path') return false;
  return /^(read|read_unaligned)$/.test(parent.callee.path.segments.at(-1)?.name ?? '');
}

/** `slice::from_raw_parts(value as *const T as *const u8, size_of::<T>())` */
function checkBytes(ctx: Context, body: Body, call: Extract<Expr, { kind: 'call' }>): void {
  if (!/^slice::from_raw_parts(_mut)?$/.test(stdCall(call, body.scope, ctx.workspace) ?? '')) return;
  const [pointer, length] = call.args;
  if (
    !pointer ||
    !length ||
    !someExpr(length, (one) => one.kind === 'path' && /^size_of(_val)?$/.test(one.path.segments.at(-1)?.name ?? ''))
  )
    return;
  const to = pointeeTy(body.typeOf(pointer));
  if (to?.kind !== 'primitive' || to.name !== 'u8') return;
  const types = [referent(uncast(pointer), body), ...castTypes(pointer, body)];
  for (const ty of types) {
    const struct = unspecifiedStruct(ty, ctx.workspace);
    if (!struct) continue;
    tell(ctx, body, call, 'bytes', struct.item.name, [addReprC(struct.item, struct.ast, ctx.workspace)], '');
    return;
  }
}

function tell(
  ctx: Context,
  body: Body,
  at: Expr,
  message: 'struct' | 'bytes' | 'read',
  type: string,
  fixes: readonly Fix[],
  target: string,
): void {
  ctx.report(message, {
    at: { file: body.item.file, span: at.span },
    data: { type, target },
    help: fixes.length > 0 ? `give \`${type}\` \`#[repr(C)]\`` : `fill in a C struct from the parts of the \`${type}\``,
    item: body.item,
    fixes,
    claims: [{ kind: 'casts', at: { file: body.item.file, span: at.span }, from: new RegExp(`\\b${type}\\b|\\*(?:const|mut) `) }],
  });
}
