/** A panic is caught at the boundary and thrown again. */
import { panicSites, siteReport } from '../panic-report.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'catch-unwind-rethrown',
  group: 'panics',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { rethrown: '`{what}` throws what `catch_unwind` caught in extern fn `{fn}`: the panic {effect}' },
  docs: {
    what: 'A function with a foreign ABI catches a panic and throws it again: `catch_unwind(…).unwrap()`, `resume_unwind`',
    why: `The catch does nothing: the panic leaves the function after all. Since Rust 1.81 the process is aborted at the boundary, so that the
caller cannot handle the error; before, unwinding into C was undefined behaviour.`,
    bad: `#[no_mangle]
pub extern "C" fn digits(value: u64) -> usize {
    std::panic::catch_unwind(|| value.to_string().len()).unwrap()
}
`,
    good: `#[no_mangle]
pub extern "C" fn digits(value: u64) -> usize {
    std::panic::catch_unwind(|| value.to_string().len()).unwrap_or(0)
}
`,
    exceptions: [
      '`extern "C-unwind"` functions: panics may leave them',
      '`unwrap_or`, `unwrap_or_else` and `match` that give another value',
      'code inside of another `catch_unwind`',
      'functions of the workspace that end the process themselves where they caught a panic',
      'functions that never return, and those that an attribute macro rewrites',
    ],
    fixSafety: null,
    references: [
      { title: 'std::panic::catch_unwind', url: 'https://doc.rust-lang.org/std/panic/fn.catch_unwind.html' },
      { title: 'Rust Reference, unwinding', url: 'https://doc.rust-lang.org/reference/items/functions.html#unwinding' },
    ],
  },
  check(ctx) {
    for (const found of panicSites(ctx, ['rethrow'])) {
      const { fixes: _, ...report } = siteReport(ctx, found, false);
      ctx.report('rethrown', { ...report, help: 'return an error value where a panic was caught' });
    }
  },
});
