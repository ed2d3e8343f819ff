/** A C string pointer is written as a pointer to `i8`, which `c_char` is only on some platforms. */
import { EVERYTHING } from '../../base/reads.ts';
import { calleeOf, libraryName } from '../../analysis/callee.ts';
import { unwrapBlock, walk } from '../../analysis/walk.ts';
import type { Span } from '../../base/text.ts';
import type { CallExpr, Expr } from '../../model/rust/ast-expr.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import { show } from '../../model/rust/cfg.ts';
import { rustAtLeast } from '../../model/cargo/rust-version.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { stdName, peel } from '../written-type.ts';

type Context = RuleContext<'cast' | 'declared'>;

export default defineRule({
  id: 'non-portable-c-char',
  group: 'types',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'safe',
  messages: {
    cast: 'cast to `{type}` where `{callee}` wants `c_char`, which is `u8` on ARM Linux',
    declared: '`{callee}` takes `{type}` but gets a C string: `c_char` is `u8` on ARM Linux',
  },
  docs: {
    what: 'A pointer to C characters is cast to, or declared as, a pointer to `i8`',
    why: 'The sign of `char` is up to the platform: `c_char` is `i8` on x86, Windows and Apple systems, and `u8` on Linux and Android on ARM, RISC-V, PowerPC and others. The code does not compile there.',
    bad: `use std::ffi::CStr;

/// # Safety
/// \`bytes\` ends in NUL.
pub unsafe fn length(bytes: *const u8) -> usize {
    unsafe { CStr::from_ptr(bytes as *const i8) }.to_bytes().len()
}
`,
    good: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`bytes\` ends in NUL.
pub unsafe fn length(bytes: *const u8) -> usize {
    unsafe { CStr::from_ptr(bytes as *const c_char) }.to_bytes().len()
}
`,
    exceptions: [
      'code under a `cfg` that names an architecture, operating system or environment',
      '`cast()` without a type, casts to `*const c_char`',
      'casts to `*const i8` where `i8` is wanted: numbers',
    ],
    fixSafety:
      'Where a cast names `i8`, `c_char` is the same type on this platform and the right one on others. A declaration is not edited.',
    references: [{ title: 'std::ffi::c_char', url: 'https://doc.rust-lang.org/std/ffi/type.c_char.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const { file } = ctx.unit;
    for (const item of ctx.unit.items) {
      if (item.kind !== 'fn' || item.test || item.inUnknownMacro || item.file.origin !== null) continue;
      if (!ctx.workspace.matches(item.file, item.entry.span, HINT) || /\btarget_|\bwindows\b/.test(show(item.cfg))) continue;
      if (!ctx.workspace.matches(file, EVERYTHING, /\bi8\b/)) return;
      const ast = ctx.workspace.ast(item);
      if (ast?.kind !== 'fn' || !ast.body) continue;
      walk(ast.body, {
        enterExpr: (expr) => {
          if (expr.kind === 'call') call(expr, item, ctx);
        },
      });
    }
  },
});

/** What stands in a fn that casts to `i8`, or hands on a C string where one may be declared. */
const HINT = /\bi8\b|\bas_ptr\b|\binto_raw\b/;

/** Whether an argument can be what is reported, whatever the call wants. */
function isCandidate(written: Expr): boolean {
  const arg = unwrapBlock(written);
  return arg.kind === 'cast' || (arg.kind === 'method' && (arg.name === 'cast' || arg.name === 'as_ptr' || arg.name === 'into_raw'));
}

/** What a call wants at each place: a pointer to characters, or to `i8` as it is declared; null for all else. */
interface Wanted {
  readonly name: string;
  /** The path of `c_char` for a fix. */
  readonly path: string;
  at(i: number): 'c_char' | 'i8' | null;
}

function call(expr: CallExpr, item: RustItem, ctx: Context): void {
  const wanted = expr.args.some(isCandidate) ? wantedBy(expr.callee, item, ctx.workspace) : null;
  if (!wanted) return;
  expr.args.forEach((written, i) => {
    const arg = unwrapBlock(written);
    const want = wanted.at(i);
    if (want === 'c_char') {
      const cast = i8Cast(arg, item, ctx.workspace);
      if (!cast) return;
      ctx.report('cast', {
        at: { file: item.file, span: arg.span },
        data: { type: cast.text, callee: wanted.name },
        help: 'write `c_char` instead of `i8`',
        fixes: [{ title: 'use `c_char`', safe: true, edits: [{ file: item.file.path, span: cast.span, text: wanted.path }] }],
        item,
        claims: [{ kind: 'casts', at: { file: item.file, span: arg.span }, to: /^\*(?:const|mut) i8$/ }],
      });
    } else if (want === 'i8' && isCString(arg, item, ctx)) {
      ctx.report('declared', {
        at: { file: item.file, span: arg.span },
        data: { type: '*const i8', callee: wanted.name },
        help: 'declare the parameter as `*const c_char`',
        item,
      });
    }
  });
}

function wantedBy(callee: Expr, item: RustItem, workspace: Workspace): Wanted | null {
  const scope: Scope = { module: item.module, item };
  const named = calleeOf(callee, scope, workspace);
  const library = libraryName(named);
  // `std::ffi::c_char` exists since Rust 1.64, `std::os::raw::c_char` since 1.0.
  const modern = rustAtLeast(item.module.crate.package, 64);
  const path = item.module.crate.noStd ? '::core::ffi::c_char' : modern ? '::std::ffi::c_char' : '::std::os::raw::c_char';
  if (library === 'CStr::from_ptr' || library === 'CString::from_raw')
    return { name: library, path, at: (i) => (i === 0 ? 'c_char' : null) };
  // No fn of libc takes a pointer to signed char: what compiles with `i8` is `c_char`.
  if (named.kind === 'external' && named.path[0] === 'libc' && /^[a-z]/.test(named.path.at(-1) ?? ''))
    return { name: named.path.join('::'), path: 'libc::c_char', at: () => 'c_char' };
  const fn = named.kind === 'items' && named.items.length === 1 ? named.items[0] : undefined;
  if (fn?.owner?.kind !== 'extern-block') return null;
  const ast = workspace.ast(fn);
  if (ast?.kind !== 'fn') return null;
  return {
    name: fn.name,
    path,
    at: (i) => {
      const type = ast.params[i]?.type;
      return type?.kind === 'pointer' ? characters(type.pointee, { module: fn.module, item: fn }, workspace) : null;
    },
  };
}

function characters(type: Type, scope: Scope, workspace: Workspace): 'c_char' | 'i8' | null {
  const { found } = peel(type, scope, workspace);
  if (found?.kind === 'primitive') return found.name === 'i8' ? 'i8' : null;
  const isChar = found?.kind === 'external' && (found.path[0] === 'std' || found.path[0] === 'libc') && found.path.at(-1) === 'c_char';
  return isChar ? 'c_char' : null;
}

/** `x as *const i8` and `x.cast::<i8>()`: where `i8` stands, and the cast's text. */
function i8Cast(arg: Expr, item: RustItem, workspace: Workspace): { readonly span: Span; readonly text: string } | null {
  const pointer = arg.kind === 'cast' && arg.type.kind === 'pointer' ? arg.type : null;
  const generic = arg.kind === 'method' && arg.name === 'cast' ? arg.generics[0] : undefined;
  const type = pointer ? pointer.pointee : generic?.kind === 'type' ? generic.type : null;
  if (type?.kind !== 'path') return null;
  const found = workspace.resolve(type.path, { module: item.module, item }, 'type');
  if (found.kind !== 'primitive' || found.name !== 'i8') return null;
  return { span: type.span, text: pointer ? (pointer.mutable ? '*mut i8' : '*const i8') : 'cast::<i8>()' };
}

/** `s.as_ptr()` or `s.into_raw()` of a C string. */
function isCString(arg: Expr, item: RustItem, ctx: Context): boolean {
  if (arg.kind !== 'method' || (arg.name !== 'as_ptr' && arg.name !== 'into_raw')) return false;
  const receiver = unwrapBlock(arg.receiver);
  if (receiver.kind === 'literal') return receiver.literal === 'c-string';
  let known = ctx.facts.types.typeOf(receiver, item);
  while (known?.type.kind === 'reference') known = { ...known, type: known.type.referent };
  if (!known) return false;
  const name = stdName(peel(known.type, known.scope, ctx.workspace));
  return name === 'CString' || name === 'CStr';
}
