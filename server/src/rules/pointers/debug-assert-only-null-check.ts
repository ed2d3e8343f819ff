/** An exported fn checks a pointer parameter only where debug assertions are on. */
import { defineRule } from '../rule.ts';
import { exportsToCheck, guardFixes } from '../unchecked-pointer.ts';

export default defineRule({
  id: 'debug-assert-only-null-check',
  group: 'pointers',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { debug: 'only `debug_assert!` checks `{param}` in `{fn}`: release builds use it unchecked' },
  docs: {
    what: 'Only a debug assertion checks the pointer parameter of an exported function',
    why: `\`debug_assert!\` is not compiled in release builds. What C code is linked with is a release build, so that the null that the assertion
expects is used there.`,
    bad: `/// # Safety
/// \`counter\` is not null.
#[no_mangle]
pub unsafe extern "C" fn counter_reset(counter: *mut u32) {
    debug_assert!(!counter.is_null());
    unsafe { *counter = 0 };
}
`,
    good: `/// # Safety
/// \`counter\` is null or valid.
#[no_mangle]
pub unsafe extern "C" fn counter_reset(counter: *mut u32) {
    if counter.is_null() {
        return;
    }
    unsafe { *counter = 0 };
}
`,
    exceptions: [
      'a real check beside the assertion',
      'parameters that nothing checks at all: those are `missing-null-check`',
      'callbacks, and functions that are not exported',
    ],
    fixSafety: 'It returns early where C passes null: the result is a guess, and callers may rely on the assertion.',
    references: [{ title: 'std, debug_assert', url: 'https://doc.rust-lang.org/std/macro.debug_assert.html' }],
  },
  check(ctx) {
    for (const fn of exportsToCheck(ctx)) {
      const uses = ctx.facts.nullness.uses(fn);
      const told = new Set<string>();
      for (const use of uses) {
        if (use.state !== 'debug-only' || told.has(use.param)) continue;
        if (uses.some((other) => other.param === use.param && other.state === 'unchecked')) continue;
        told.add(use.param);
        ctx.report('debug', {
          at: { file: fn.item.file, span: use.span },
          data: { param: use.param, fn: fn.ast.name },
          related: [{ at: { file: fn.item.file, span: use.paramSpan }, message: `\`${use.param}\` is null where C passes NULL` }],
          help: `return early where \`${use.param}.is_null()\``,
          item: fn.item,
          fixes: guardFixes(ctx, { fn, use, severity: null }).map((fix) => ({ ...fix, safe: false })),
        });
      }
    }
  },
});
