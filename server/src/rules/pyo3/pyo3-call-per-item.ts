/** Python is called for each item of a loop in a loop. */
import { attachedFns } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-call-per-item',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { found: '`{what}` is called in each round of a loop in a loop, and a call of Python is dear' },
  docs: {
    what: 'A Python callable of outside is called in a loop nest of depth two or more',
    why: `A call of Python makes a tuple, a frame and a result object, and checks for errors. In nested loops this is what the time is spent on. A callable
that takes a row, or an array, is called once for many items.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn table(score: &Bound<'_, PyAny>, rows: Vec<Vec<f64>>) -> PyResult<f64> {
    let mut sum = 0.0;
    for row in &rows {
        for value in row {
            sum += score.call1((*value,))?.extract::<f64>()?;
        }
    }
    Ok(sum)
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn table(score: &Bound<'_, PyAny>, rows: Vec<Vec<f64>>) -> PyResult<f64> {
    let mut sum = 0.0;
    for row in &rows {
        sum += score.call1((row,))?.extract::<f64>()?;
    }
    Ok(sum)
}
`,
    exceptions: ['single loops', 'callables that are looked up inside of the loop'],
    fixSafety: null,
    references: [{ title: 'PyO3 guide, performance', url: 'https://pyo3.rs/latest/performance' }],
  },
  check(ctx) {
    for (const entry of attachedFns(ctx)) {
      for (const one of ctx.facts.gil.perItem(entry)) {
        if (one.kind !== 'call') continue;
        ctx.report('found', {
          at: { file: entry.item.file, span: one.span },
          data: { what: one.what },
          help: 'let the callable take a row or an array at once',
          item: entry.item,
        });
      }
    }
  },
});
