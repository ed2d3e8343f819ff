/** A function is called by one convention and declared with another. */
import { disagreements, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-calling-convention',
  group: 'signatures',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    convention: '`{symbol}` is `extern "{mine}"` in Rust but {theirs} in `{file}`: not the same on {targets}',
    callback: '{what} of `{symbol}` is {theirs} in `{file}`, not so `{mine}` in Rust: differs on {targets}',
  },
  docs: {
    what: 'Rust and C give a function different calling conventions',
    why: 'On 32-bit Windows, `stdcall` functions take their arguments off the stack themselves. Where the two sides disagree, the stack pointer is wrong after each call.',
    bad: `// geo.h: int __stdcall geo_init(int layer);
extern "C" {
    fn geo_init(layer: i32) -> i32;
}

pub fn init() -> i32 {
    unsafe { geo_init(1) }
}
`,
    good: `// geo.h: int __stdcall geo_init(int layer);
extern "system" {
    fn geo_init(layer: i32) -> i32;
}

pub fn init() -> i32 {
    unsafe { geo_init(1) }
}
`,
    exceptions: [
      '`stdcall` and the like where the target has one convention only',
      'exports without `extern`: see `no-mangle-rust-abi`',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'All functions of an extern block change together.',
    references: [{ title: 'Rust Reference, external blocks', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html' }],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ({ kind }) => kind === 'calling-convention')) {
      const { rust } = chosen.linked;
      const [first] = chosen.differences;
      const { note: _targets, ...report } = signatureReport(ctx, chosen);
      const data = { ...report.data, mine: rust.abi ?? 'Rust', theirs: `\`${first.convention ?? 'C'}\``, targets: first.targets[0] ?? '' };
      // The edit is for a function's own convention.
      if (first.index === null) ctx.report('convention', { ...report, data });
      else ctx.report('callback', { ...report, data: { ...data, mine: report.data['mine'] ?? '' }, fixes: [] });
    }
  },
});
