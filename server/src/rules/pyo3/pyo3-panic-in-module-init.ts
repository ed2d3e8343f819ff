/** An import panics where it could fail. */
import { panicClaim } from '../claim.ts';
import { attachedFns, fixesOf } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-panic-in-module-init',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { panics: '{what} in `{name}` can panic while the module is imported: {reason}' },
  docs: {
    what: 'A `#[pymodule]` function, or a helper that fills its module, unwraps what Python, a file or the environment decides',
    why: `A panic during \`import\` reaches Python as \`PanicException\`, which derives from \`BaseException\`: \`try: import …; except ImportError\` and
\`except Exception\` do not catch it. The module's functions give a \`PyResult\`, so \`?\` raises what really happened.`,
    bad: `use pyo3::prelude::*;

#[pyclass]
struct Point {}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let json = m.py().import("json").unwrap();
    m.add_class::<Point>().unwrap();
    m.add("dumps", json.getattr("dumps")?)
}
`,
    good: `use pyo3::prelude::*;

#[pyclass]
struct Point {}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let json = m.py().import("json")?;
    m.add_class::<Point>()?;
    m.add("dumps", json.getattr("dumps")?)
}
`,
    exceptions: [
      'locks, channels and static patterns: no input decides whether they fail',
      'code in `catch_unwind`, closures that run later, tests',
    ],
    fixSafety: 'The exception that is raised instead may be a guess, and its text should be written by the author.',
    references: [{ title: 'PyO3 guide, modules', url: 'https://pyo3.rs/latest/module' }],
  },
  check(ctx) {
    for (const entry of attachedFns(ctx)) {
      const { file } = entry.item;
      // What is worse comes first: it is the one that is told.
      const found = ctx.facts.gil.initPanics(entry);
      const [panic, ...more] = [...found.filter(({ adds }) => !adds), ...found.filter(({ adds }) => adds)];
      if (!panic) continue;
      const [first, ...others] = [panic, ...more].map((one) => fixesOf(ctx.facts.gil.panicEdits(entry, one), file)[0]);
      const all = others.every((one) => one !== undefined) && first ? [first, ...others].flatMap((one) => one?.edits ?? []) : [];
      ctx.report('panics', {
        at: { file, span: panic.span },
        data: { what: panic.what, name: entry.ast.name, reason: panic.reason },
        related: more.map((one) => ({ at: { file, span: one.span }, message: `${one.what} as well` })),
        help: 'use `?`, so that the import fails with an exception',
        fixes: all.length > 0 ? [{ title: 'raise exceptions instead', safe: false, edits: all }] : [],
        ...(panic.adds ? { severity: 'info' as const } : {}),
        item: entry.item,
        claims: [panicClaim(file, panic)],
      });
    }
  },
});
