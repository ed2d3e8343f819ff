/** One side expects a result that the other never gives. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-return-missing',
  group: 'signatures',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    export: '`{symbol}` returns nothing in Rust, but `{file}` says that it returns `{theirs}`',
    import: '`{symbol}` is declared to return `{mine}`, but in `{file}` it returns nothing',
  },
  docs: {
    what: 'One side expects a result that the other never gives',
    why: 'The caller takes what happens to lie in the result register for the result. A struct that is returned in memory even takes a hidden argument, so that all others are shifted.',
    bad: `// geo.h: int geo_init(void);
#[no_mangle]
pub extern "C" fn geo_init() {}
`,
    good: `// geo.h: int geo_init(void);
#[no_mangle]
pub extern "C" fn geo_init() -> i32 {
    0
}
`,
    exceptions: [
      'functions that never return: `-> !`',
      'a result that the caller merely ignores: see `signature-return-ignored`',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'For an import, the edit removes the result; code that uses it must change.',
    references: [
      { title: 'Rust Reference, external blocks', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('return-missing'))) {
      const report = signatureReport(ctx, chosen);
      ctx.report(chosen.differences[0].rust?.shape.kind === 'void' ? 'export' : 'import', report);
    }
  },
});
