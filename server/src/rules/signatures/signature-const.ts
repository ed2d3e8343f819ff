/** One side writes through a pointer that the other promises to be read only. */
import { writeThrough } from '../../abi/peers/c-writes.ts';
import type { TargetedDifference } from '../../abi/peers/signature-differences.ts';
import type { Location } from '../../base/text.ts';
import { words } from '../../base/words.ts';
import { disagreements, ofKinds, signatureReport } from '../peer-signatures.ts';
import type { Chosen } from '../peer-signatures.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'signature-const',
  group: 'signatures',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust', 'c'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    writes: '{what} of `{symbol}` is `{mine}` in Rust, but C writes through it: `{theirs}` in `{file}`',
    rust: '{what} of `{symbol}` is `{mine}` in Rust, but C may write through it: `{theirs}` in `{file}`',
    open: '{what} of `{symbol}` is `{mine}` in Rust, but C promises nothing: `{theirs}` in `{file}`',
    peer: '{what} of `{symbol}` is `{theirs}` in `{file}`, but Rust may write through `{mine}`',
  },
  docs: {
    what: 'One side may write through a pointer that the other declares to be read only',
    why: 'Rust takes a `*const T` from a shared reference without a word, and assumes that what it points to does not change. Where C writes there, the compiler has already computed with the old value.',
    bad: `// geo.c: void geo_fill(double *values, int count) {
// geo.c:     for (int i = 0; i < count; i++) values[i] = 0;
// geo.c: }
extern "C" {
    fn geo_fill(values: *const f64, count: i32);
}

pub fn fill(values: &[f64]) {
    unsafe { geo_fill(values.as_ptr(), values.len() as i32) }
}
`,
    good: `// geo.c: void geo_fill(double *values, int count) {
// geo.c:     for (int i = 0; i < count; i++) values[i] = 0;
// geo.c: }
extern "C" {
    fn geo_fill(values: *mut f64, count: i32);
}

pub fn fill(values: &mut [f64]) {
    unsafe { geo_fill(values.as_mut_ptr(), values.len() as i32) }
}
`,
    exceptions: [
      'opaque types and `void *`',
      'pointers that only the declaring side writes through',
      'a hint where C promises not to write and Rust may',
      'an info where nothing shows that C writes: many headers leave out `const`. What shows it: the body of the function, a parameter with a name like `out` or `dest`, another parameter of the same function that is `const`',
      'functions that free, by their name, unless their body writes',
      'types that are not known on either side, opaque types and untyped pointers: counted as unresolved',
      'declarations under several conditions of which one agrees',
      'headers that a tool has generated: see `generated-stale`',
    ],
    fixSafety: 'Callers that pass a `*const T` or a shared reference no longer compile: that is the point.',
    references: [
      {
        title: 'Rust Reference, behavior considered undefined',
        url: 'https://doc.rust-lang.org/reference/behavior-considered-undefined.html',
      },
    ],
  },
  check(ctx) {
    for (const chosen of disagreements(ctx, ofKinds('const'))) {
      const written = chosen.differences.map((one) => withEvidence(one, chosen, ctx));
      const kept = wordsOf(chosen.linked.peer.symbol).some((word) => FREES.has(word))
        ? written.filter(({ place }) => place !== null)
        : written;
      const [first, ...rest] = kept.map(({ one }) => one);
      if (!first) continue;
      const report = signatureReport(ctx, { linked: chosen.linked, differences: [first, ...rest] });
      const place = kept.find((one) => one.place !== null)?.place;
      const related = place ? [...(report.related ?? []), { at: place, message: 'C writes through it here' }] : report.related;
      const message = report.severity === 'hint' ? 'peer' : place ? 'writes' : report.severity === 'warning' ? 'rust' : 'open';
      ctx.report(message, { ...report, ...(related ? { related } : {}) });
    }
  },
});

/** Who frees does not write, whatever the declaration says. */
const FREES = words('free destroy release unref delete close dispose drop deinit');

/** In names of parameters that are there to be written to. */
const OUTPUT = words('out output result ret dst dest destination');

/** `geo_readInto` has `geo`, `read` and `into`. */
function wordsOf(name: string): readonly string[] {
  return name
    .replace(/([a-z\d])(?=[A-Z])|([A-Z])(?=[A-Z][a-z])/g, '$1$2_')
    .toLowerCase()
    .split('_');
}

/** Without a promise nothing is broken: it counts where C is seen to write, or says so in another way. */
function withEvidence(
  one: TargetedDifference,
  { linked: { rust, peer } }: Chosen,
  ctx: Pick<RuleContext, 'peers' | 'text'>,
): { readonly one: TargetedDifference; readonly place: Location | null } {
  const { index } = one;
  if (one.severity === 'hint' || index === null) return { one, place: null };
  const bodies = new Set([
    ...(peer.defined ? [peer.file] : []),
    ...ctx.peers.mentionedIn(peer.symbol).filter((file) => file.endsWith('.c')),
  ]);
  for (const file of bodies) {
    const span = writeThrough(ctx.text(file), peer.symbol, index);
    if (span) return { one: { ...one, severity: 'warning' }, place: { file, span } };
  }
  const params = peer.signatures[0]?.params ?? [];
  const names = [rust.ast.params[index]?.name, params[index]?.name];
  const careful = params.some(({ shape }, at) => at !== index && shape.kind === 'pointer' && shape.const);
  const said = careful || names.some((name) => name != null && wordsOf(name).some((word) => OUTPUT.has(word)));
  return { one: said ? { ...one, severity: 'warning' } : one, place: null };
}
