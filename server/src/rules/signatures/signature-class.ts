/** A parameter or result is of one kind in Rust and of another in C: integer, float, pointer. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-class',
  group: 'signatures',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    class: '{what} of `{symbol}` is `{mine}` in Rust but `{theirs}` in `{file}`',
  },
  docs: {
    what: 'A parameter or result is an integer, a floating-point number or a pointer in Rust, and another of these in C',
    why: 'Integers and floating-point numbers travel in different registers. What one side puts into one, the other reads from another: the value is whatever was there before.',
    bad: `// geo.h: double geo_scale(double value, double factor);
#[no_mangle]
pub extern "C" fn geo_scale(value: f64, factor: i32) -> f64 {
    value * f64::from(factor)
}
`,
    good: `// geo.h: double geo_scale(double value, double factor);
#[no_mangle]
pub extern "C" fn geo_scale(value: f64, factor: f64) -> f64 {
    value * factor
}
`,
    exceptions: [
      'a pointer against an integer of its width: an info, since every supported ABI passes both alike',
      'structs by value: see `signature-by-value`',
      'a function pointer against a data pointer',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'The edit takes the type from the header. Where the header is what is wrong, it is the wrong one.',
    references: [
      { title: 'Rust Reference, external blocks', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('class'))) ctx.report('class', signatureReport(ctx, chosen));
  },
});
