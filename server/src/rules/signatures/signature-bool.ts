/** A bool meets something in C that is not one. */
import { disagreements, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-bool',
  group: 'signatures',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    width: '{what} of `{symbol}` is `{mine}` in Rust but `{theirs}` in `{file}`: a bool has one byte',
    byte: '{what} of `{symbol}` is `{mine}` in Rust but `{theirs}` in `{file}`: only 0 and 1 are valid',
  },
  docs: {
    what: 'A Rust `bool` meets something in C that is not a `bool`',
    why: "Rust's `bool` has one byte that is 0 or 1. C's `int` and Windows' `BOOL` have four: the others are never set or never read. Against `uint8_t` the width is right, but a 2 from C is undefined behavior in Rust.",
    bad: `// geo.h: int geo_is_open(int layer);
extern "C" {
    fn geo_is_open(layer: i32) -> bool;
}

pub fn is_open() -> bool {
    unsafe { geo_is_open(1) }
}
`,
    good: `// geo.h: int geo_is_open(int layer);
extern "C" {
    fn geo_is_open(layer: i32) -> i32;
}

pub fn is_open() -> bool {
    unsafe { geo_is_open(1) != 0 }
}
`,
    exceptions: [
      '`_Bool` and `bool` of stdbool.h',
      'a byte that C only reads: what Rust writes is 0 or 1',
      'a byte that the header calls a boolean (`typedef unsigned char FT_Bool;`) is an info: that is a promise, which the compiler does not hold it to',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'The edit changes the type in the signature; the code must compare with zero.',
    references: [
      { title: 'Rust Reference, boolean type', url: 'https://doc.rust-lang.org/reference/types/boolean.html' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ({ kind, here }) => kind === 'bool' && here)) {
      ctx.report(chosen.differences[0].severity === 'error' ? 'width' : 'byte', signatureReport(ctx, chosen));
    }
  },
});
