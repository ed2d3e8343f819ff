/** An extern fn indexes with what its caller passed, unchecked. */
import { panicSites, siteReport } from '../panic-report.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'index-in-extern-fn',
  group: 'panics',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: ['clippy::indexing_slicing'],
  fix: 'unsafe',
  messages: { index: 'index from `{what}` is not checked in extern fn `{fn}`: a panic {effect}' },
  docs: {
    what: 'A function with a foreign ABI indexes an array, slice, vector or string with a parameter that nothing checks',
    why: `The caller is C, so any number can come in. Out of bounds the index panics, and a panic must not leave a function that C calls: since
Rust 1.81 the process is aborted, before that it was undefined behaviour.`,
    bad: `const NAMES: [u8; 4] = *b"nesw";

#[no_mangle]
pub extern "C" fn direction(index: usize) -> u8 {
    NAMES[index]
}
`,
    good: `const NAMES: [u8; 4] = *b"nesw";

#[no_mangle]
pub extern "C" fn direction(index: usize) -> u8 {
    NAMES.get(index).copied().unwrap_or(0)
}
`,
    exceptions: [
      'indices that a condition, comparison, loop, match, macro or `min` looks at before',
      'bases whose `len()` or `get` is asked before, and slices made with a length that is in the index too',
      'literal indices, `[..]`, and indices that are kept small: `i % 4`, `i & 3`, `i >> 4`',
      'indices of one byte, and those that come from anything but parameters',
      'maps, and types that are not known',
      'all else that `panic-in-extern-fn` leaves out',
    ],
    fixSafety: 'Not safe: the body is wrapped in `catch_unwind`, and what the caller gets instead of the panic is a guess.',
    references: [
      {
        title: 'Rust Reference, array and slice indexing',
        url: 'https://doc.rust-lang.org/reference/expressions/array-expr.html#array-and-slice-indexing-expressions',
      },
      { title: 'Rust Reference, unwinding', url: 'https://doc.rust-lang.org/reference/items/functions.html#unwinding' },
    ],
  },
  check(ctx) {
    for (const found of panicSites(ctx, ['index'])) {
      ctx.report('index', { ...siteReport(ctx, found, true), help: 'use `get` and return an error value where it gives nothing' });
    }
  },
});
