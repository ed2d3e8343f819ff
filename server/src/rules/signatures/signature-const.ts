/** One side writes through a pointer that the other promises to be read only. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-const',
  group: 'signatures',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    rust: '{what} of `{symbol}` is `{mine}` in Rust, but C may write through it: `{theirs}` in `{file}`',
    peer: '{what} of `{symbol}` is `{theirs}` in `{file}`, but Rust may write through `{mine}`',
  },
  docs: {
    what: 'One side may write through a pointer that the other declares to be read only',
    why: 'Rust takes a `*const T` from a shared reference without a word, and assumes that what it points to does not change. Where C writes there, the compiler has already computed with the old value.',
    bad: `// geo.h: void geo_fill(double *values, int count);
extern "C" {
    fn geo_fill(values: *const f64, count: i32);
}

pub fn fill(values: &[f64]) {
    unsafe { geo_fill(values.as_ptr(), values.len() as i32) }
}
`,
    good: `// geo.h: void geo_fill(double *values, int count);
extern "C" {
    fn geo_fill(values: *mut f64, count: i32);
}

pub fn fill(values: &mut [f64]) {
    unsafe { geo_fill(values.as_mut_ptr(), values.len() as i32) }
}
`,
    exceptions: [
      'opaque types and `void *`',
      'pointers that only the declaring side writes through',
      'a hint where C promises not to write and Rust may',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'Callers that pass a `*const T` or a shared reference no longer compile: that is the point.',
    references: [
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('const'))) {
      const report = signatureReport(ctx, chosen);
      ctx.report(report.severity === 'warning' ? 'rust' : 'peer', report);
    }
  },
});
