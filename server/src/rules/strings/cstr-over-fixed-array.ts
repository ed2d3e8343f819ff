/** `CStr::from_ptr` reads a char array of fixed size, which need not hold a NUL. */
import { foreignCall } from '../../analysis/c-functions/foreign-call.ts';
import { bodiesWith } from '../../analysis/ownership/fn-bodies.ts';
import { lentToFill } from '../../analysis/ownership/out-pointers.ts';
import { givenValue, pointerInto, stdCall, uncast } from '../../analysis/ownership/owners.ts';
import type { Body } from '../../analysis/types/local-types-body.ts';
import { stripRefs } from '../../analysis/types/local-types-ty.ts';
import { collectExprs, someExpr, unwrapBlock, variable } from '../../analysis/walk.ts';
import type { CallExpr, Expr } from '../../model/rust/ast-expr.ts';
import { rustAtLeast } from '../../model/cargo/rust-version.ts';
import { stdPath } from '../edits.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type Context = RuleContext<'field' | 'local'>;

export default defineRule({
  id: 'cstr-over-fixed-array',
  group: 'strings',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    field: '`CStr::from_ptr` reads beyond `{array}` where the text fills the whole array',
    local: '`CStr::from_ptr` reads beyond `{array}` where `{callee}` filled it to the end',
  },
  docs: {
    what: '`CStr::from_ptr` reads a char array of fixed size, which need not hold a NUL',
    why: `A name of exactly 16 bytes in a \`char[16]\` has no room for a NUL, and many C interfaces (device names, \`strncpy\`, \`gethostname\`)
write none then. \`CStr::from_ptr\` does not know the size: it reads on into the next field and beyond.`,
    bad: `use std::ffi::{c_char, CStr};

#[repr(C)]
pub struct Device {
    pub name: [c_char; 16],
    pub id: u32,
}

pub fn name(device: &Device) -> &CStr {
    unsafe { CStr::from_ptr(device.name.as_ptr()) }
}
`,
    good: `use std::ffi::CStr;

#[repr(C)]
pub struct Device {
    pub name: [u8; 16],
    pub id: u32,
}

pub fn name(device: &Device) -> Option<&CStr> {
    CStr::from_bytes_until_nul(&device.name).ok()
}
`,
    exceptions: [
      '`CStr::from_bytes_until_nul`, which looks no further than the array',
      'a function that looks for the NUL itself, or writes one into the array',
      'structures that C promises to end in a NUL: `utsname`, `dirent`',
      'local arrays, unless a function that may leave out the NUL filled them: `gethostname`, `readlink`, `strncpy`, `read`, `recv`',
    ],
    fixSafety:
      'Not safe: an array without a NUL gives the empty string. There is none where the array is reached through a raw pointer, or the pointer through a variable.',
    references: [
      {
        title: 'std, CStr::from_bytes_until_nul',
        url: 'https://doc.rust-lang.org/std/ffi/struct.CStr.html#method.from_bytes_until_nul',
      },
      { title: 'POSIX, gethostname', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/gethostname.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const body of bodiesWith(ctx.unit.items, /\bCStr\s*::\s*from_ptr\b/, ctx.workspace)) {
      const root = body.ast.body;
      if (!root || LOOKS.test(ctx.workspace.slice(body.item.file, root.span))) continue;
      for (const expr of collectExprs(root, (one) => one.kind === 'call', { items: false }))
        if (expr.kind === 'call') checkCall(ctx, body, root, expr);
    }
  },
});

/** The fn looks for the NUL, or may write it. */
const LOOKS = /\bcontains\s*\(|\bposition\s*\(|\bmemchr\b|\bstrnlen\b|until_nul|\bany\s*\(|\bfind\s*\(|\]\s*=\s*(0|b'\\0'|'\\0')/;

/** Structures of which a specification says that their strings end in a NUL (POSIX: sys/utsname.h, dirent.h). */
const TERMINATED = /^(utsname|dirent(64)?|passwd|group)$/;

function checkCall(ctx: Context, body: Body, root: Expr, call: CallExpr): void {
  const [given] = call.args;
  if (!given || stdCall(call, body.scope, ctx.workspace) !== 'CStr::from_ptr') return;
  const array = arrayOf(unwrapBlock(givenValue(given, body)));
  if (!array || stripRefs(body.typeOf(array))?.kind !== 'array') return;
  const fixes = boundedFix(ctx, body, call, given, array);
  if (array.kind === 'field') {
    const owner = stripRefs(body.typeOf(array.base));
    // A union's or wrapper's content is what its author says.
    if (owner?.kind !== 'item' || owner.item.kind !== 'struct' || TERMINATED.test(owner.item.name)) return;
    ctx.report('field', {
      at: { file: body.item.file, span: given.span },
      fixes,
      data: { array: `${owner.item.name}::${array.name}` },
      help: 'use `CStr::from_bytes_until_nul` on the array',
      item: body.item,
    });
    return;
  }
  const local = variable(array);
  const callee = local === null ? null : leftOpen(ctx, body, root, local, call);
  if (local === null || callee === null) return;
  ctx.report('local', {
    at: { file: body.item.file, span: given.span },
    fixes,
    data: { array: local, callee },
    help: 'use `CStr::from_bytes_until_nul` on the array',
    item: body.item,
  });
}

/** `CStr::from_bytes_until_nul` over the array's bytes, in the same `unsafe` block. */
function boundedFix(ctx: Context, { item }: Body, call: CallExpr, given: Expr, array: Expr): readonly Fix[] {
  const { crate } = item.module;
  const direct = arrayOf(unwrapBlock(given)) === array;
  const callee = call.callee.kind === 'path' ? call.callee.path.segments.at(-1) : undefined;
  // The fn exists since Rust 1.69. A place behind a raw pointer must not be borrowed without saying so.
  if (!direct || !callee || rustAtLeast(crate.package, 69) === false || someExpr(array, (one) => one.kind === 'unary')) return [];
  const name = ctx.workspace.slice(item.file, array.span);
  const bytes = `${stdPath({ module: item.module, item })}::slice::from_raw_parts(${name}.as_ptr().cast(), ${name}.len())`;
  const file = item.file.path;
  return [
    {
      title: 'look for the NUL in the array only',
      safe: false,
      edits: [
        { file, span: callee.span, text: 'from_bytes_until_nul' },
        { file, span: given.span, text: bytes },
        { file, span: { start: call.span.end, end: call.span.end }, text: '.unwrap_or_default()' },
      ],
    },
  ];
}

/** The array that `x.as_ptr()`, `&x as *const _ as *const c_char` or `addr_of!(x) as _` points into. */
function arrayOf(pointer: Expr): Expr | null {
  const inner = uncast(pointer);
  const into = pointerInto(inner);
  if (into) return into.base;
  if (inner.kind === 'reference') return inner.operand;
  return inner.kind === 'macro' && /^addr_of(_mut)?$/.test(inner.path.segments.at(-1)?.name ?? '') ? (inner.args?.[0] ?? null) : null;
}

/** C functions that fill a buffer without a NUL where it is too small, or always; by the index of the buffer. */
const LEAVES_OPEN: ReadonlyMap<string, number> = new Map([
  ['gethostname', 0],
  ['strncpy', 0],
  ['stpncpy', 0],
  ['strxfrm', 0],
  ['readlink', 1],
  ['readlinkat', 2],
  ['read', 1],
  ['pread', 1],
  ['recv', 1],
]);

/** The function that filled the array up to its whole length. */
function leftOpen(ctx: Context, body: Body, root: Expr, local: string, before: Expr): string | null {
  for (const expr of collectExprs(root, (one) => one.kind === 'call' && one.span.end < before.span.start, { items: false })) {
    const called = foreignCall(expr, body.scope, ctx.workspace);
    const at = called ? LEAVES_OPEN.get(called.name) : undefined;
    const buffer = at === undefined ? undefined : called?.call.args[at];
    if (!called || !buffer || lentToFill(buffer) !== local) continue;
    const shorter = called.call.args.some((arg) => someExpr(arg, (one) => one.kind === 'binary' && one.operator === '-'));
    return shorter ? null : called.name;
  }
  return null;
}
