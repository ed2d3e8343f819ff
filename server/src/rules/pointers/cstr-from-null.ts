/** `CStr::from_ptr` reads a pointer that may be null: an unchecked parameter, or the result of a C function. */
import { cFunction } from '../../analysis/c-functions/table.ts';
import type { PointerUse } from '../../analysis/nullness/null-facts.ts';
import { fnsWith } from '../../analysis/ownership/fn-bodies.ts';
import { someExpr } from '../../analysis/walk.ts';
import type { Expr } from '../../model/rust/ast-expr.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import { CSTR_FROM_PTR } from '../claim.ts';
import { defineRule } from '../rule.ts';
import { guardFixes, paramReport, uncheckedUses } from '../unchecked-pointer.ts';

export default defineRule({
  id: 'cstr-from-null',
  group: 'pointers',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    param: '`CStr::from_ptr` reads `{param}` in `{fn}` without a null check',
    result: '`CStr::from_ptr` reads the result of `{param}` in `{fn}`, which may be null',
  },
  docs: {
    what: '`CStr::from_ptr` gets a pointer that may be null',
    why: `\`CStr::from_ptr\` looks for the terminating zero at once, so a null pointer is read: undefined behaviour. Callers in C pass \`NULL\` for
"no string", and \`getenv\`, \`dlerror\`, \`setlocale\` or \`strchr\` return it every day.`,
    bad: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`name\` is a C string.
#[no_mangle]
pub unsafe extern "C" fn name_is_ascii(name: *const c_char) -> bool {
    unsafe { CStr::from_ptr(name) }.to_bytes().is_ascii()
}
`,
    good: `use std::ffi::{c_char, CStr};

/// # Safety
/// \`name\` is null or a C string.
#[no_mangle]
pub unsafe extern "C" fn name_is_ascii(name: *const c_char) -> bool {
    if name.is_null() {
        return false;
    }
    unsafe { CStr::from_ptr(name) }.to_bytes().is_ascii()
}
`,
    exceptions: [
      'pointers that a check dominates, in all the shapes that `missing-null-check` knows',
      'parameters of callbacks and of functions that are not exported',
      'C functions that never return null, such as `strerror`',
      "a user's own type that is named `CStr`, or a Rust function that is named `getenv`",
    ],
    fixSafety:
      'Returns early where the result is `()`, a pointer (null), `bool` (false) or `Option` (None), which is safe where the use runs on every path: before, the call was undefined. Elsewhere callers may rely on passing null, and for numbers, and for results that hold an error, the value is a guess: there the fix is offered only. There is none for results of C functions.',
    references: [
      { title: 'std, CStr::from_ptr', url: 'https://doc.rust-lang.org/std/ffi/struct.CStr.html#method.from_ptr' },
      { title: 'POSIX, getenv', url: 'https://pubs.opengroup.org/onlinepubs/9799919799/functions/getenv.html' },
    ],
  },
  check(ctx) {
    for (const found of uncheckedUses(ctx, 'cstr')) {
      ctx.report('param', {
        ...paramReport(found),
        help: `return early where \`${found.use.param}.is_null()\``,
        fixes: guardFixes(ctx, found),
      });
    }
    if (ctx.unit.kind !== 'rust') return;
    for (const body of fnsWith(ctx.unit.items, /\bfrom_ptr\b/, ctx.workspace)) {
      for (const use of ctx.facts.nullness.nullableResults(body)) {
        if (use.kind !== 'cstr' || !cFunction(use.param)?.nullable || isErrorOfFailure(use, body.ast)) continue;
        ctx.report('result', {
          at: { file: body.item.file, span: use.span },
          data: { param: use.param, fn: body.ast.name },
          related: [
            {
              at: { file: body.item.file, span: use.paramSpan },
              message: `\`${use.param}\` returns null where there is nothing to return`,
            },
          ],
          help: 'keep the pointer in a variable and ask `is_null` first',
          item: body.item,
          claims: [{ kind: 'calls', at: { file: body.item.file, span: use.span }, callees: CSTR_FROM_PTR }],
        });
      }
    }
  },
});

/** `dlerror()` where what `dlopen` or `dlsym` gave was null: there is an error then. */
function isErrorOfFailure({ param, span }: PointerUse, { body }: FnItem): boolean {
  const fails = (condition: Expr): boolean => someExpr(condition, (inner) => inner.kind === 'method' && inner.name === 'is_null');
  const around = (expr: Expr): boolean =>
    expr.kind === 'if' && expr.then.span.start <= span.start && span.end <= expr.then.span.end && fails(expr.condition);
  return param === 'dlerror' && body !== null && someExpr(body, around);
}
