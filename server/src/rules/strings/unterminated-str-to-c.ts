/** A Rust string without a NUL at its end is passed, or returned, to where C reads up to one. */
import type { ForeignCall } from '../../analysis/c-functions/foreign-call.ts';
import { declScope, foreignCall, isInteger, typeName } from '../../analysis/c-functions/foreign-call.ts';
import { calleeOf } from '../../analysis/callee.ts';
import { escapeOf } from '../../analysis/ownership/escapes.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { ownerOf, pointerInto, uncast, givenValue } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { isStringLike } from '../../analysis/types/local-types-ty.ts';
import { collectExprs, someExpr, unwrapBlock } from '../../analysis/walk.ts';
import { sliceSpan } from '../../base/text.ts';
import type { Expr, MethodExpr } from '../../model/rust/ast-expr.ts';
import type { BoundaryFn } from '../../model/surface/surface.ts';
import type { Scope } from '../../model/workspace.ts';
import { asCLiteral, contentOf, mayWriteCStrings, nulIn } from '../c-literal.ts';
import { STD_AS_PTR } from '../claim.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'literal' | 'variable' | 'returned'>;
type Literal = Extract<Expr, { kind: 'literal' }>;

export default defineRule({
  id: 'unterminated-str-to-c',
  group: 'strings',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    literal: '`{callee}` reads this literal up to a NUL that is not there',
    variable: '`{callee}` reads `{text}` up to a NUL, which a Rust string does not end in',
    returned: '`{fn}` returns `{text}` as a C string, but no NUL ends it',
  },
  docs: {
    what: 'A Rust string without a NUL at its end goes to a C function that takes no length, or to the caller of an export',
    why: `Rust strings carry their length, C strings end in a NUL. A C function that gets only the pointer reads on until it meets a zero
byte somewhere behind the text: it sees other constants as part of the name, or crashes.`,
    bad: `use std::ffi::c_char;

extern "C" {
    fn open_device(name: *const c_char) -> i32;
}

pub fn open() -> i32 {
    unsafe { open_device("default".as_ptr() as *const c_char) }
}
`,
    good: `use std::ffi::c_char;

extern "C" {
    fn open_device(name: *const c_char) -> i32;
}

pub fn open() -> i32 {
    unsafe { open_device(c"default".as_ptr()) }
}
`,
    exceptions: [
      'literals that end in `\\0`, C string literals, `CStr` and `CString`',
      'functions that take a length beside the pointer, and functions whose name ends in `_n` or `len`',
      'strings in a function that handles NULs itself',
      'exports that tell the length, too: by a parameter, or by another export such as `name_len` beside `name`',
      'functions of Rust',
    ],
    fixSafety:
      'Safe for a literal: it becomes a C string literal where edition and rust-version allow, or gets a `\\0`. Not safe for other strings: they are copied to a `CString`, which is empty where the text has a NUL inside.',
    references: [{ title: 'Rust Reference, C string literals', url: 'https://doc.rust-lang.org/reference/tokens.html#c-string-literals' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const exports = new Map(ctx.unit.surface.functions.flatMap((fn) => (fn.role === 'export' && !fn.rewritten ? [[fn.item, fn]] : [])));
    for (const body of bodiesWith(ctx.unit.items, /\.\s*as_ptr\b/, ctx.workspace)) {
      if (!body.ast.body) continue;
      const made = exports.get(body.item);
      if (made && returnsCString(ctx, made)) checkResults(ctx, body, made);
      for (const expr of collectExprs(body.ast.body, (one) => one.kind === 'call', { items: false })) {
        const called = expr.kind === 'call' ? foreignCall(expr, body.scope, ctx.workspace) : null;
        if (called) checkCall(ctx, body, called);
      }
    }
  },
});

function checkCall(ctx: Context, body: Body, called: ForeignCall): void {
  const { call, name } = called;
  if (!called.known && /(_n|len|length|size|sized|slice|bytes|buf|buffer)$/i.test(name)) return;
  call.args.forEach((arg, at) => {
    const pointer = pointerInto(uncast(arg));
    if (pointer?.call.name !== 'as_ptr' || !readsString(ctx, called, at)) return;
    if (call.args.some((other) => other !== arg && someExpr(other, (one) => one.kind === 'method' && one.name === 'len'))) return;
    const value = pointer.call.receiver === pointer.base ? givenValue(pointer.base, body) : pointer.base;
    if (value.kind === 'literal') {
      const content = contentOf(value);
      if (content === null || nulIn(content) !== 'none' || content === '') return;
      const direct = value === pointer.base && pointer.call.receiver === value;
      ctx.report('literal', {
        at: { file: body.item.file, span: value.span },
        data: { callee: name },
        help: 'pass a C string literal such as `c"…".as_ptr()`',
        item: body.item,
        fixes: direct ? literalFix(body, value, pointer.call, arg) : [],
      });
    } else if (isPlainString(value, pointer.base, body, ctx) && !handlesNul(ctx, body, pointer.base)) {
      ctx.report('variable', {
        at: { file: body.item.file, span: pointer.call.span },
        data: { callee: name, text: shortText(ctx, body, pointer.base) },
        help: 'make a `CString` of it and pass its `as_ptr()`',
        fixes: copyFix(ctx, body, called, at, arg, pointer.base),
        item: body.item,
        claims: [{ kind: 'calls', at: { file: body.item.file, span: pointer.call.nameSpan }, callees: STD_AS_PTR }],
      });
    }
  });
}

/** `*const c_char`, and nothing says how long it is. */
function returnsCString(ctx: Context, { ast, scope, symbol, item }: BoundaryFn): boolean {
  const { result } = ast;
  if (result?.kind !== 'pointer' || !/^(c_char|i8|c_schar)$/.test(typeName(result.pointee, scope, ctx.workspace) ?? '')) return false;
  if (ast.params.some(({ type }) => type.kind === 'pointer' && isInteger(type.pointee, scope, ctx.workspace))) return false;
  const stem = symbol?.replace(/_?[^_]+$/, '') ?? '';
  return !ctx.surface.functions.some(
    (other) => other.role === 'export' && other.item !== item && other.symbol?.startsWith(stem) && /len|size|count/i.test(other.symbol),
  );
}

function checkResults(ctx: Context, body: Body, { ast }: BoundaryFn): void {
  if (!body.ast.body || handlesNul(ctx, body, null)) return;
  const methods = collectExprs(body.ast.body, (one) => one.kind === 'method', { items: false });
  if (methods.some((one) => one.kind === 'method' && one.name === 'len')) return;
  for (const expr of methods) {
    const pointer = pointerInto(expr);
    if (pointer?.call !== expr || expr.name !== 'as_ptr' || escapeOf(expr, body).way.kind !== 'return') continue;
    const value = expr.receiver === pointer.base ? givenValue(pointer.base, body) : pointer.base;
    const content = value.kind === 'literal' ? contentOf(value) : null;
    const plain = value.kind === 'literal' ? content !== null && nulIn(content) === 'none' : isPlainString(value, pointer.base, body, ctx);
    if (!plain || givesNul(ctx, body, value)) continue;
    ctx.report('returned', {
      at: { file: body.item.file, span: expr.nameSpan },
      data: { fn: ast.name, text: shortText(ctx, body, pointer.base) },
      help: 'return a `CString`, by `into_raw()` or out of a field that keeps it, or a C string literal',
      item: body.item,
      claims: [{ kind: 'calls', at: { file: body.item.file, span: expr.nameSpan }, callees: STD_AS_PTR }],
    });
  }
}

const shortText = (ctx: Context, { item }: Body, { span }: Expr): string => ctx.workspace.slice(item.file, span).slice(0, 30);

/** Whether the parameter is a C string: known from the table, or a char or byte pointer without any length near it. */
function readsString(ctx: Context, called: ForeignCall, at: number): boolean {
  if (called.known) return called.known.strings.includes(at);
  const { ast, item } = called;
  const type = ast?.params[at]?.type;
  if (!ast || !item || type?.kind !== 'pointer' || type.mutable) return false;
  const scope = declScope(item);
  const pointee = typeName(type.pointee, scope, ctx.workspace);
  if (pointee === null || !/^(c_char|i8|u8|c_schar|c_uchar)$/.test(pointee)) return false;
  const integer = (index: number): boolean => {
    const other = ast.params[index]?.type;
    return other !== undefined && isInteger(other, scope, ctx.workspace);
  };
  // A byte pointer is a C string only where nothing in the signature could be its length.
  if (pointee !== 'c_char' && ast.params.some((_, index) => integer(index))) return false;
  // `(begin, end)` pairs of pointers.
  const next = ast.params[at + 1]?.type;
  if (next?.kind === 'pointer' && !next.mutable && /end|last|limit/i.test(ast.params[at + 1]?.name ?? '')) return false;
  return !integer(at + 1) && !ast.params.some((param, index) => integer(index) && /len|size|count|^n$|num|bytes/i.test(param.name ?? ''));
}

/** A `&str` or `String` by its type, made by nothing that could have put a NUL at its end. */
function isPlainString(value: Expr, base: Expr, body: Body, ctx: Context): boolean {
  if (value.kind !== 'path' && value.kind !== 'macro' && value.kind !== 'method' && value.kind !== 'call' && value.kind !== 'field')
    return false;
  if (value.kind === 'path' && body.bindingOf(value) === null) return false;
  return isStringLike(body.typeOf(base)) || ownerOf(base, body, ctx.workspace) === 'String';
}

/** NULs are written in the fn, in one that it calls or that calls it, or in a constant that these name: the string may well get one. */
function handlesNul(ctx: Context, { item, ast, bindingOf }: Body, base: Expr | null): boolean {
  if (ctx.unit.kind !== 'rust') return true;
  const text = ctx.workspace.text(item.file);
  if (!WRITES_NUL.test(text)) return false;
  // A field may have got its text anywhere.
  if (base === null || someExpr(base, (one) => one.kind === 'field')) return true;
  const own = sliceSpan(text, item.entry.span);
  const written = ctx.workspace.itemsOf(ctx.unit.file.path).flatMap((other) => {
    if (!/^(fn|const|static|macro-rules)$/.test(other.kind)) return [];
    return [{ item: other, text: sliceSpan(text, other.entry.span) }];
  });
  const fns = written.filter(({ item: other }) => other.kind === 'fn');
  const near = fns.filter((other) => other.item === item || mentions(other.text, ast.name) || mentions(own, other.item.name));
  if (near.some((one) => WRITES_NUL.test(one.text))) return true;
  // A parameter is none of the constants that the fn itself names.
  const users = bindingOf(base)?.kind === 'param' ? near.filter((one) => one.item !== item) : near;
  return written.some(
    (other) => !fns.includes(other) && WRITES_NUL.test(other.text) && users.some((one) => mentions(one.text, other.item.name)),
  );
}

/** A call of a fn that is nothing but a constant whose text has a NUL in it, wherever the two stand. */
function givesNul(ctx: Context, { scope }: Body, value: Expr): boolean {
  const inside = (expr: Expr, from: Scope, depth: number): boolean => {
    const inner = unwrapBlock(expr);
    if (depth === 0 || (inner.kind !== 'path' && inner.kind !== 'call')) return false;
    const named = calleeOf(inner.kind === 'call' ? inner.callee : inner, from, ctx.workspace);
    const [item] = named.kind === 'items' ? named.items : [];
    if (item?.kind === 'const' || item?.kind === 'static') return WRITES_NUL.test(ctx.workspace.slice(item.file, item.entry.span));
    const ast = item?.kind === 'fn' ? ctx.workspace.ast(item) : null;
    if (!item || ast?.kind !== 'fn' || !ast.body?.tail || ast.body.statements.length > 0) return false;
    return inside(ast.body.tail, { module: item.module, item }, depth - 1);
  };
  return inside(value, scope, 3);
}

const WRITES_NUL = /\\0|\\x00|\bpush\(0|null?[ _-]?term|zero[ _-]?term|\bsz\b(?!\s*:\s*\w*(?:usize|size_t|int|[iu]\d+)\b)/i;

function mentions(text: string, name: string): boolean {
  return new RegExp(`\\b${name.replace(/\W/g, '')}\\b`).test(text);
}

/** A `CString` that lives as long as the call. */
function copyFix(ctx: Context, { item }: Body, { ast, item: declared }: ForeignCall, at: number, arg: Expr, base: Expr): readonly Fix[] {
  if (item.module.crate.noStd) return [];
  const type = ast?.params[at]?.type;
  const chars =
    type?.kind === 'pointer' && declared ? typeName(type.pointee, declScope(declared), ctx.workspace) === 'c_char' : ast === null;
  const text = ctx.workspace.slice(item.file, base.span);
  const made = `std::ffi::CString::new(${text}.as_bytes()).unwrap_or_default().as_ptr()${chars ? '' : '.cast()'}`;
  return [{ title: 'pass a `CString` of it', safe: false, edits: [{ file: item.file.path, span: arg.span, text: made }] }];
}

function literalFix(body: Body, literal: Literal, call: MethodExpr, arg: Expr): readonly Fix[] {
  const { file } = body.item;
  const written = mayWriteCStrings(body.item.module.crate) && arg !== call ? asCLiteral(literal) : null;
  if (written) {
    return [{ title: `write ${written}`, safe: true, edits: [{ file: file.path, span: literal.span, text: written }] }];
  }
  const end = literal.span.end - 1;
  return [{ title: 'end the literal in `\\0`', safe: true, edits: [{ file: file.path, span: { start: end, end }, text: '\\0' }] }];
}
