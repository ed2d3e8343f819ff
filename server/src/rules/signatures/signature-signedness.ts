/** An integer has a sign on one side of the boundary only. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-signedness',
  group: 'signatures',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    sign: '{what} of `{symbol}` is `{mine}` in Rust but `{theirs}` in `{file}`: the sign differs',
  },
  docs: {
    what: 'An integer has a sign on one side of the boundary only',
    why: 'Negative numbers become large ones and the other way round. Integers of 8 and 16 bits are widened to a register by one side, as its own declaration says, and some ABIs let the other side rely on that.',
    bad: `// geo.h: #include <stdint.h>
// geo.h: void geo_move(int16_t by);
#[no_mangle]
pub extern "C" fn geo_move(by: u16) {
    drop(by);
}
`,
    good: `// geo.h: #include <stdint.h>
// geo.h: void geo_move(int16_t by);
#[no_mangle]
pub extern "C" fn geo_move(by: i16) {
    drop(by);
}
`,
    exceptions: [
      'a warning for 8 and 16 bits, a hint for wider integers',
      'plain `char` is never more than a hint: whether it has a sign depends on the target',
      'what pointers lead to',
      'enums, whose sign compilers choose',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'The edit takes the type from the header; code that computes with it may have to change too.',
    references: [{ title: 'core::ffi, types of C', url: 'https://doc.rust-lang.org/core/ffi/index.html' }],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('signedness'))) ctx.report('sign', signatureReport(ctx, chosen));
  },
});
