/** A library type without a C layout crosses the boundary by value. */
import type { UnsafeReason } from '../../model/surface/ffi-safety.types.ts';
import type { Type } from '../../model/rust/ast-type.ts';
import type { TypeUse } from '../../model/surface/surface.ts';
import { definedParam, rewriteParam, typeText } from '../param-fix.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { atUse, refused, whereUsed } from '../type-use.ts';

type Context = RuleContext<'use'>;

export default defineRule({
  id: 'rust-type-by-value',
  group: 'types',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: ['improper_ctypes', 'improper_ctypes_definitions'],
  fix: 'unsafe',
  messages: { use: '`{type}` in {where} has no layout that C can rely on' },
  docs: {
    what: 'A `String`, `Vec`, tuple, `Result`, `Option` without a niche or another Rust type is passed by value across the boundary',
    why: 'The layout of these types is not defined and changes between compiler versions. The other side cannot make or read them, and who frees their memory is open.',
    bad: `#[no_mangle]
pub extern "C" fn greet(name: String) -> usize {
    name.len()
}
`,
    good: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`name\` is null or a NUL-terminated string.
#[no_mangle]
pub unsafe extern "C" fn greet(name: *const c_char) -> usize {
    if name.is_null() {
        return 0;
    }
    unsafe { CStr::from_ptr(name) }.to_bytes().len()
}
`,
    exceptions: [
      '`Option` and `Result<_, ()>` of references, `Box`, `NonNull`, foreign fn pointers, `NonZero` integers and transparent wrappers of these: null (or zero) stands for none',
      '`()` as result, `MaybeUninit`, `ManuallyDrop`, `Cell` and `UnsafeCell` of C types, atomics',
      'aliases that resolve to C types, names that the crate defines itself, and types of other crates unless rustc refuses them with `--verify`',
    ],
    fixSafety: 'The signature changes, and with it what callers on both sides must pass.',
    references: [
      { title: 'std::option, representation', url: 'https://doc.rust-lang.org/std/option/index.html#representation' },
      { title: 'Rust Reference, type layout', url: 'https://doc.rust-lang.org/reference/type-layout.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const use of ctx.unit.surface.typeUses) {
      const answer = ctx.facts.types.ffiSafety(use);
      if (answer.kind !== 'unsafe' || answer.through.length > 0) continue;
      const { reason } = answer;
      if (reason.kind !== 'rust-type' && reason.kind !== 'option' && reason.kind !== 'tuple') continue;
      const fix = fixOf(ctx, use, reason);
      ctx.report('use', {
        at: atUse(use),
        data: { type: reason.text, where: whereUsed(use) },
        help: helpFor(reason),
        fixes: fix ? [fix] : [],
        item: use.item,
        claims: [refused(use)],
      });
    }
  },
});

function helpFor(reason: UnsafeReason): string {
  if (reason.kind === 'tuple') return 'use a struct with `#[repr(C)]`';
  if (reason.kind === 'option') return 'pass a nullable pointer, or the value and a flag';
  const name = reason.kind === 'rust-type' ? reason.canonical.slice(reason.canonical.lastIndexOf(':') + 1) : '';
  if (name === 'String' || name === 'CString' || name === 'OsString' || name === 'PathBuf')
    return 'pass a NUL-terminated `*const c_char`, or hand one out with `CString::into_raw`';
  if (name === 'Vec' || name === 'VecDeque') return 'pass a pointer and a length';
  if (name === 'Result') return 'return a status code and write the value through an out parameter';
  if (name === 'Duration' || name === 'Instant' || name === 'SystemTime') return 'pass the time as an integer of a fixed unit';
  return 'pass a pointer to it as an opaque handle';
}

/** For parameters of fns that are defined here: a C type in the signature, the Rust value made from it. */
function fixOf(ctx: Context, use: TypeUse, reason: UnsafeReason): Fix | null {
  if (ctx.unit.kind !== 'rust' || reason.kind !== 'rust-type') return null;
  const found = definedParam(use, ctx.unit.surface.functions);
  if (!found || found.fn.item.module.crate.noStd || found.fn.ast.generics.length > 0) return null;
  const { fn, param } = found;
  const { name, pattern } = param;
  const binding = pattern.kind === 'binding' && pattern.mutable ? `mut ${name}` : name;
  if (reason.canonical === 'std::string::String') {
    const value = `if ${name}.is_null() { ::std::string::String::new() } else { unsafe { ::std::ffi::CStr::from_ptr(${name}) }.to_string_lossy().into_owned() }`;
    return rewriteParam(
      fn,
      param,
      `${name}: *const ::std::ffi::c_char`,
      `let ${binding} = ${value};`,
      `pass \`${name}\` as a C string`,
      ctx.workspace,
    );
  }
  const element = vecElement(param.type);
  if (
    reason.canonical === 'std::vec::Vec' &&
    element?.kind === 'path' &&
    /^([iu](8|16|32|64|size)|f32|f64|bool)$/.test(typeText(fn, element, ctx.workspace))
  ) {
    const value = `if ${name}.is_null() { ::std::vec::Vec::new() } else { unsafe { ::std::slice::from_raw_parts(${name}, ${name}_len) }.to_vec() }`;
    const params = `${name}: *const ${typeText(fn, element, ctx.workspace)}, ${name}_len: usize`;
    return rewriteParam(fn, param, params, `let ${binding} = ${value};`, `pass \`${name}\` as pointer and length`, ctx.workspace);
  }
  return null;
}

function vecElement(type: Type): Type | null {
  const arg = type.kind === 'path' ? type.path.segments[type.path.segments.length - 1]?.args[0] : undefined;
  return arg?.kind === 'type' ? arg.type : null;
}
