/** A function that Python calls computes on plain Rust data while it holds the interpreter. */
import type { WorkSeed } from '../../analysis/gil/gil-facts.ts';
import type { PyEntry } from '../../model/surface/surface.ts';
import type { RuleContext } from '../rule.ts';
import { defineRule } from '../rule.ts';

type MessageId = 'loop' | 'call' | 'through';

export default defineRule<MessageId>({
  id: 'pyo3-gil-held-compute',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'info',
  recommended: true,
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    loop: '`{name}` holds the interpreter during {what}',
    call: '`{name}` holds the interpreter while `{what}` computes',
    through: '`{name}` holds the interpreter while this call runs {what}',
  },
  docs: {
    what: 'A PyO3 function computes on plain Rust data, in a loop over its input or with a heavy library, without releasing the interpreter',
    why: `Nothing in such a computation needs Python, but no other Python thread can run until it is done.
\`Python::detach\` (\`allow_threads\` before PyO3 0.26) around it lets them; it pays from about a microsecond of work.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn energy(samples: Vec<f64>) -> f64 {
    samples.iter().map(|x| x * x).sum()
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn energy(py: Python<'_>, samples: Vec<f64>) -> f64 {
    py.detach(|| samples.iter().map(|x| x * x).sum())
}
`,
    exceptions: [
      'loops of a fixed length: literal bounds, arrays `[T; N]`, matrices with their dimensions in the type, `.take(3)`',
      'loops whose bound some other function makes of the input',
      'loops that touch a Python object in each round: there is nothing to release',
      'loops that only copy, convert, search or compare; `__repr__`, `__str__` and pickling',
      'work in a detached closure, or behind a helper that releases the interpreter',
    ],
    fixSafety:
      'The closure must only capture what is `Send`, which cannot be proved for every type, and for small inputs releasing does not pay.',
    references: [
      { title: 'PyO3 guide, performance: detach from the interpreter', url: 'https://pyo3.rs/latest/performance' },
      { title: 'PyO3 guide, parallelism', url: 'https://pyo3.rs/latest/parallelism' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const entry of ctx.facts.gil.distinct([...ctx.unit.surface.pyEntries, ...ctx.facts.gil.attachedHelpers(ctx.unit.items)])) {
      if (SHORT.has(entry.item.name)) continue;
      const seeds = ctx.facts.gil.seeds(entry);
      // One release mends both: the blocking call is the worse of them and says so already.
      const seed = seeds.find((s) => s.class === 'compute');
      if (seed) report(ctx, entry, seed);
    }
  },
});

/** Slots that Python calls for a glance at the object, and pickling. */
const SHORT: ReadonlySet<string> = new Set([
  '__setstate__',
  '__getstate__',
  '__reduce__',
  '__repr__',
  '__str__',
  '__len__',
  '__bool__',
  '__iter__',
  '__enter__',
  '__exit__',
]);

function report(ctx: RuleContext<MessageId>, entry: PyEntry, seed: WorkSeed): void {
  const { file } = entry.item;
  const release = ctx.facts.gil.releaseName(entry.item.module.crate);
  const isLoop = /loop|recursion/.test(seed.what);
  const what = seed.chain.length > 0 && !isLoop ? `\`${seed.what}\`` : seed.what;
  ctx.report(seed.chain.length > 0 ? 'through' : isLoop ? 'loop' : 'call', {
    at: { file, span: seed.span },
    data: { what, name: entry.ast.name },
    related: [
      ...seed.chain.map((step, i) => ({
        at: { file: step.file, span: step.span },
        message: i === seed.chain.length - 1 ? 'the work is here' : `called from here in \`${step.item.name}\``,
      })),
      ...seed.also.map((more) => ({ at: { file, span: more.span }, message: 'and here' })),
    ],
    help: `run it in ${release ? `\`Python::${release}\`` : '`Python::detach` (`allow_threads` before PyO3 0.26)'}, so that other Python threads go on meanwhile`,
    fixes: ctx.facts.gil
      .releaseEdits(entry, seed)
      .map((plan) => ({ title: plan.title, safe: plan.safe, edits: plan.edits.map((edit) => ({ ...edit, file: file.path })) })),
    item: entry.item,
  });
}
