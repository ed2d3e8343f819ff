/** A parameter or result has the same width here and another one on some other target. */
import type { TargetedDifference } from '../../abi/peers/signature-differences.ts';
import { disagreements, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-width-on-target',
  group: 'signatures',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'none',
  messages: {
    here: '{what} of `{symbol}` is `{mine}` in Rust but `{theirs}` in `{file}` on {targets}',
    elsewhere: '{what} of `{symbol}` is `{mine}` in Rust, `{theirs}` in `{file}`: not the same on {targets}',
  },
  docs: {
    what: 'A parameter or result has the same width on this target, and another one on others',
    why: "C's `long` has 32 bits on Windows and 64 on 64-bit Unix, `size_t` follows the pointer. Code that is right on the author's machine reads garbage elsewhere, and no test there tells why.",
    bad: `// geo.h: long geo_count(long layer);
#[no_mangle]
pub extern "C" fn geo_count(layer: i64) -> i64 {
    layer
}
`,
    good: `// geo.h: long geo_count(long layer);
use std::ffi::c_long;

#[no_mangle]
pub extern "C" fn geo_count(layer: c_long) -> c_long {
    layer
}
`,
    exceptions: [
      'a difference on a target that the configuration names is an error',
      'a function that `cfg` leaves out on the other target',
      'a header that declares it otherwise for the other target',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: null,
    references: [
      { title: 'core::ffi, types of C', url: 'https://doc.rust-lang.org/core/ffi/index.html' },
      { title: '64-bit data models', url: 'https://en.cppreference.com/w/c/language/arithmetic_types' },
    ],
  },
  check(ctx) {
    const wanted = ({ kind, everywhere }: TargetedDifference): boolean => kind === 'width' && !everywhere;
    for (const chosen of disagreements(ctx, wanted)) {
      const [first] = chosen.differences;
      const report = signatureReport(ctx, chosen, first.here ? 'error' : 'warning');
      const { fixes: _none, note: _targets, ...rest } = report;
      ctx.report(first.here ? 'here' : 'elsewhere', {
        ...rest,
        data: { ...report.data, targets: first.targets[0] ?? '' },
        ...(first.targets.length > 1 ? { note: `it differs on ${first.targets.join(', ')}` } : {}),
        help: 'write the type that has the same name on both sides: `c_long` for `long`, `usize` for `size_t`',
      });
    }
  },
});
