/** A function waits, with the interpreter held, for a thread that needs the interpreter: a deadlock. */
import { callsNamed } from '../claim.ts';
import { attachSteps, attachedFns, fixesOf } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-gil-held-join',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { deadlock: '`{what}` waits, with the interpreter held, for a thread that needs it: a deadlock' },
  docs: {
    what: 'A PyO3 function joins a thread, ends a scope or runs a parallel iterator whose closure takes the interpreter',
    why: `The function holds the interpreter while it waits, and the thread that it waits for cannot get it: neither goes on, and no other Python
thread does. It happens on every call, not now and then. Releasing the interpreter around the wait (\`py.detach\`, \`allow_threads\` before
PyO3 0.26) lets the thread have it.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn notify(callback: Py<PyAny>) {
    let worker = std::thread::spawn(move || Python::attach(|py| callback.call0(py).is_ok()));
    worker.join().unwrap();
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn notify(py: Python<'_>, callback: Py<PyAny>) {
    let worker = std::thread::spawn(move || Python::attach(|py| callback.call0(py).is_ok()));
    py.detach(|| worker.join()).unwrap();
}
`,
    exceptions: [
      'waits inside of `detach` or `allow_threads`, and threads that nobody waits for',
      '`join` of slices, paths, strings and types that are not known',
      'threads whose closure is not in the workspace, or does not take the interpreter for all that can be seen',
      '`block_on` of a future that attaches: it runs on the same thread',
    ],
    fixSafety: 'Other threads may change what the function works on while the interpreter is released.',
    references: [
      { title: 'PyO3 guide, parallelism', url: 'https://pyo3.rs/latest/parallelism' },
      { title: 'PyO3 FAQ: deadlocks', url: 'https://pyo3.rs/latest/faq' },
    ],
  },
  check(ctx) {
    for (const entry of attachedFns(ctx)) {
      const { file } = entry.item;
      for (const join of ctx.facts.gil.joins(entry)) {
        const release = ctx.facts.gil.releaseName(entry.item.module.crate) ?? 'detach';
        const wait = { touchesPython: null, perItem: null, also: [], send: false, lazy: false };
        const seed = { class: 'blocking', what: join.what, expr: join.expr, span: join.span, chain: [], ...wait } as const;
        ctx.report('deadlock', {
          at: { file, span: join.span },
          data: { what: join.what },
          related: attachSteps(join.attach),
          help: `wait in \`Python::${release}\`, so that the thread can have the interpreter`,
          fixes: fixesOf(ctx.facts.gil.releaseEdits(entry, seed), file),
          item: entry.item,
          claims: callsNamed({ file, span: join.span }, join.what),
        });
      }
    }
  },
});
