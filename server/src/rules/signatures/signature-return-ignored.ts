/** A declaration leaves out the result that the function gives. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-return-ignored',
  group: 'signatures',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    import: '`{symbol}` returns `{theirs}` in `{file}`, which its declaration leaves out',
    export: '`{symbol}` returns `{mine}`, which its declaration in `{file}` leaves out',
  },
  docs: {
    what: 'A declaration leaves out the result that the function gives',
    why: 'The call works, but nobody can see what it returned: mostly whether it failed, sometimes memory that must be freed.',
    bad: `// geo.h: int geo_load(int layer);
extern "C" {
    fn geo_load(layer: i32);
}

pub fn load() {
    unsafe { geo_load(1) }
}
`,
    good: `// geo.h: int geo_load(int layer);
extern "C" {
    fn geo_load(layer: i32) -> i32;
}

pub fn load() -> i32 {
    unsafe { geo_load(1) }
}
`,
    exceptions: [
      'results in memory (large structs): see `signature-return-missing`',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'The result appears where callers did not expect one; a call at the end of a function then returns it.',
    references: [{ title: 'Rust Reference, external blocks', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html' }],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('return-ignored'))) ctx.report(chosen.linked.direction, signatureReport(ctx, chosen));
  },
});
