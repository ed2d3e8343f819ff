/** An exported fn takes a pointer back into a Box, Arc, CString or Vec without asking whether it is null. */
import { defineRule } from '../rule.ts';
import { guardFixes, paramReport, uncheckedUses } from '../unchecked-pointer.ts';
import { calledAs } from '../called-as.ts';

export default defineRule({
  id: 'from-raw-null',
  group: 'pointers',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { unchecked: '`{call}` takes `{param}` over in `{fn}` without a null check' },
  docs: {
    what: 'An exported function gives an unchecked pointer parameter to `Box::from_raw` or one of its relatives',
    why: `Freeing \`NULL\` is fine in C, so callers do it. \`Box::from_raw\`, \`Rc::from_raw\`, \`Arc::from_raw\`, \`CString::from_raw\` and
\`Vec::from_raw_parts\` must not get null: the value is invalid at once, and dropping it frees address zero.`,
    bad: `/// # Safety
/// \`text\` comes from \`CString::into_raw\`.
#[no_mangle]
pub unsafe extern "C" fn text_free(text: *mut std::ffi::c_char) {
    drop(unsafe { std::ffi::CString::from_raw(text) });
}
`,
    good: `/// # Safety
/// \`text\` is null or comes from \`CString::into_raw\`.
#[no_mangle]
pub unsafe extern "C" fn text_free(text: *mut std::ffi::c_char) {
    if text.is_null() {
        return;
    }
    drop(unsafe { std::ffi::CString::from_raw(text) });
}
`,
    exceptions: [
      'pointers that a check dominates, in all the shapes that `missing-null-check` knows',
      'callbacks: their user data was made by `into_raw`',
      '`Vec::from_raw_parts` after a check of its length',
      "a user's own type that is named `Box` or `CString`",
    ],
    fixSafety:
      'Returns early where the result is `()`, a pointer (null), `bool` (false) or `Option` (None), which is safe where the use runs on every path: before, the call was undefined. Elsewhere callers may rely on passing null, and for numbers, and for results that hold an error, the value is a guess: there the fix is offered only.',
    references: [
      { title: 'std, Box::from_raw', url: 'https://doc.rust-lang.org/std/boxed/struct.Box.html#method.from_raw' },
      { title: 'std, memory layout of Box', url: 'https://doc.rust-lang.org/std/boxed/index.html#memory-layout' },
    ],
  },
  check(ctx) {
    for (const found of uncheckedUses(ctx, 'from-raw')) {
      const report = paramReport(found);
      ctx.report('unchecked', {
        ...report,
        data: { ...report.data, call: calledAs(found.use.expr) },
        help: `return early where \`${found.use.param}.is_null()\`, as C's \`free\` does`,
        fixes: guardFixes(ctx, found),
      });
    }
  },
});
