/** A parameter or result has another width in Rust than in C. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-width',
  group: 'signatures',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    width: '{what} of `{symbol}` is `{mine}` in Rust but `{theirs}` in `{file}`',
  },
  docs: {
    what: 'A parameter or result has another width in Rust than in C, on every target that is checked',
    why: 'The narrower side fills only a part of what the wider one reads: the rest is what the register held before. On the stack, all later arguments are shifted.',
    bad: `// geo.h: #include <stdint.h>
// geo.h: int64_t geo_count(uint32_t layer);
#[no_mangle]
pub extern "C" fn geo_count(layer: u64) -> i64 {
    layer as i64
}
`,
    good: `// geo.h: #include <stdint.h>
// geo.h: int64_t geo_count(uint32_t layer);
#[no_mangle]
pub extern "C" fn geo_count(layer: u32) -> i64 {
    i64::from(layer)
}
`,
    exceptions: [
      'types that are equal on some targets: see `signature-width-on-target`',
      '`bool` against a wider integer: see `signature-bool`',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved; `--verify` sees through aliases of other crates',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'The edit takes the type from the header. Where the header is what is wrong, it is the wrong one.',
    references: [
      { title: 'core::ffi, types of C', url: 'https://doc.rust-lang.org/core/ffi/index.html' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('width'))) ctx.report('width', signatureReport(ctx, chosen));
  },
});
