/** A Rust function and its C declaration take different numbers of parameters. */
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import { count } from '../peer-text.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-arity',
  group: 'signatures',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'none',
  messages: {
    arity: '`{symbol}` takes {mine} in Rust but {theirs} in `{file}`',
  },
  docs: {
    what: 'A Rust function and the C declaration of its symbol take different numbers of parameters',
    why: 'The two sides are compiled apart and meet at the symbol. Where one gives less than the other takes, the missing parameter is whatever lies in the register or on the stack.',
    bad: `// geo.h: double geo_area(double width, double height, int unit);
#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64) -> f64 {
    width * height
}
`,
    good: `// geo.h: double geo_area(double width, double height);
#[no_mangle]
pub extern "C" fn geo_area(width: f64, height: f64) -> f64 {
    width * height
}
`,
    exceptions: [
      'functions that C declares without saying anything of parameters: `int f();`',
      'variadic functions: see `signature-variadic`',
      'parameters under a `cfg` that cannot be decided',
      'an export that takes less than C gives is a warning: what is too much is ignored',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: null,
    references: [
      { title: 'Rust Reference, external blocks', url: 'https://doc.rust-lang.org/reference/items/external-blocks.html' },
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('arity'))) {
      const report = signatureReport(ctx, chosen);
      const { rust, peer } = chosen.linked;
      const theirs = count(peer.signatures[0]?.params?.length ?? 0, 'parameter');
      ctx.report('arity', { ...report, data: { ...report.data, mine: count(rust.ast.params.length, 'parameter'), theirs } });
    }
  },
});
