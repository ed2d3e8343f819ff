/** A detached loop takes the interpreter in each round. */
import { attachedFns, fixesOf } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-attach-per-item',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { found: '`{what}` takes the interpreter in each round of the loop' },
  docs: {
    what: 'A loop that runs with the interpreter released attaches in each round and does little else',
    why: `Taking and releasing the interpreter costs 50 nanoseconds where nobody else wants it, and up to the switch interval of 5 milliseconds where
others do. Results that are collected and handed over at once need it once.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn report(py: Python<'_>, callback: Py<PyAny>, items: Vec<u64>) {
    py.detach(|| {
        for item in &items {
            Python::attach(|py| callback.call1(py, (*item,)).is_ok());
        }
    });
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn report(py: Python<'_>, callback: Py<PyAny>, items: Vec<u64>) -> PyResult<()> {
    for item in &items {
        callback.call1(py, (*item,))?;
    }
    Ok(())
}
`,
    exceptions: [
      'loops with work beside it: workspace functions, I/O, waiting',
      'attaches under a condition, such as every hundredth round',
    ],
    fixSafety: 'No other thread runs Python until the loop is done.',
    references: [{ title: 'PyO3 guide, performance', url: 'https://pyo3.rs/latest/performance' }],
  },
  check(ctx) {
    for (const entry of attachedFns(ctx)) {
      for (const one of ctx.facts.gil.perItem(entry)) {
        if (one.kind !== 'attach') continue;
        ctx.report('found', {
          at: { file: entry.item.file, span: one.span },
          data: { what: one.what },
          help: 'collect what Python needs, and attach once behind the loop',
          fixes: fixesOf(ctx.facts.gil.perItemEdits(entry, one), entry.item.file),
          item: entry.item,
        });
      }
    }
  },
});
