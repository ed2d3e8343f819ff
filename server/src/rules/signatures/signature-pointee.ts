/** A pointer leads to data of another width in Rust than in C. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-pointee',
  group: 'signatures',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'none',
  messages: {
    pointee: '{what} of `{symbol}` is `{mine}` in Rust but `{theirs}` in `{file}`: the width behind it differs',
    callback: '{what} of `{symbol}` is `{mine}` in Rust but `{theirs}` in `{file}`: other arguments or result',
  },
  docs: {
    what: 'A pointer leads to numbers of another width in Rust than in C, to another number of pointers, or to a function with another signature',
    why: 'Who writes 8 bytes where the other side has 4 destroys what lies behind them. Arrays are stepped through at the wrong distance.',
    bad: `// geo.h: int geo_bounds(int *width, int *height);
#[no_mangle]
pub unsafe extern "C" fn geo_bounds(width: *mut i64, height: *mut i64) -> i32 {
    if width.is_null() || height.is_null() {
        return -1;
    }
    *width = 3;
    *height = 4;
    0
}
`,
    good: `// geo.h: int geo_bounds(int *width, int *height);
#[no_mangle]
pub unsafe extern "C" fn geo_bounds(width: *mut i32, height: *mut i32) -> i32 {
    if width.is_null() || height.is_null() {
        return -1;
    }
    *width = 3;
    *height = 4;
    0
}
`,
    exceptions: [
      '`void *`, opaque types and bytes, which stand for any memory',
      'numbers of the same width with another sign',
      'structs: see the layout rules',
      'callbacks that take fewer arguments than they are given, or give a result that nobody reads',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: null,
    references: [
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('pointee'))) {
      const [{ rust }] = chosen.differences;
      const isFn = rust?.shape.kind === 'pointer' && rust.shape.fn !== null;
      ctx.report(isFn ? 'callback' : 'pointee', signatureReport(ctx, chosen));
    }
  },
});
