/** An exported fn dereferences a raw pointer parameter that nothing checks for null. */
import { defineRule } from '../rule.ts';
import { guardFixes, paramReport, uncheckedUses } from '../unchecked-pointer.ts';

export default defineRule({
  id: 'missing-null-check',
  group: 'pointers',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { unchecked: '`{param}` is dereferenced in `{fn}` without a null check' },
  docs: {
    what: 'An exported function dereferences a raw pointer parameter that nothing checks for null',
    why: `C code passes \`NULL\` by mistake or on purpose, and no compiler stops it. Reading through it is undefined behaviour: at best
a crash in Rust code, far from the caller that is at fault. Dereferences are \`*p\`, \`&*p\`, \`(*p).field\`, \`p.read()\`,
\`ptr::copy(p, …)\` and \`NonNull::new_unchecked(p)\`, also through casts and \`let\`.`,
    bad: `/// # Safety
/// \`counter\` comes from C.
#[no_mangle]
pub unsafe extern "C" fn counter_reset(counter: *mut u32) {
    unsafe { *counter = 0 };
}
`,
    good: `/// # Safety
/// \`counter\` comes from C.
#[no_mangle]
pub unsafe extern "C" fn counter_reset(counter: *mut u32) {
    if counter.is_null() {
        return;
    }
    unsafe { *counter = 0 };
}
`,
    exceptions: [
      'uses after `is_null`, a comparison with null, `assert!`, `as_ref`, `as_mut` or `NonNull::new`, in whatever shape the flow takes',
      'pointers that were given to a macro or function that checks them; one that cannot be seen counts as unknown',
      'addresses that are only computed: `&raw const (*p).x`, `addr_of!((*p).x)`',
      'elements that a compared or counted length guards: `for i in 0..n { *p.add(i) }`',
      'callbacks: their pointers are user data that came from Rust',
      'entry points that a runtime calls (`main`, `JNI_OnLoad`, `Java_…`) and implementations of C library functions (`strlen`)',
      'a first parameter named `this` or `self_` is reported as info only, and so are `#[doc(hidden)]` exports, and so is an `unsafe fn` whose `# Safety` section speaks of null if `trust-safety-docs` is set',
    ],
    fixSafety:
      'Returns early where the result is `()`, a pointer (null), `bool` (false) or `Option` (None), which is safe where the use runs on every path: before, the call was undefined. Elsewhere callers may rely on passing null, and for numbers, and for results that hold an error, the value is a guess: there the fix is offered only.',
    references: [
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
      { title: 'std, is_null', url: 'https://doc.rust-lang.org/std/primitive.pointer.html#method.is_null' },
    ],
  },
  check(ctx) {
    for (const found of uncheckedUses(ctx, 'deref')) {
      ctx.report('unchecked', {
        ...paramReport(found),
        help: `return early where \`${found.use.param}.is_null()\``,
        fixes: guardFixes(ctx, found),
      });
    }
  },
});
