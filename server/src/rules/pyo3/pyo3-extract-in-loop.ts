/** The items of a list are converted one by one where the list can be converted at once. */
import { attachedFns, fixesOf } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-extract-in-loop',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { found: 'the items are extracted one by one: the whole list can be extracted at once' },
  docs: {
    what: 'A loop over a list or tuple does nothing with Python but `extract` each item',
    why: `\`list.extract::<Vec<T>>()\` does the same in one call: the vector is made with the right size, the error names the item, and the loop that
remains is plain Rust, which can run with the interpreter released.`,
    bad: `use pyo3::prelude::*;
use pyo3::types::PyList;

#[pyfunction]
fn total(list: &Bound<'_, PyList>) -> PyResult<f64> {
    let mut sum = 0.0;
    for item in list.iter() {
        sum += item.extract::<f64>()?;
    }
    Ok(sum)
}
`,
    good: `use pyo3::prelude::*;
use pyo3::types::PyList;

#[pyfunction]
fn total(list: &Bound<'_, PyList>) -> PyResult<f64> {
    let values: Vec<f64> = list.extract()?;
    Ok(values.iter().sum())
}
`,
    exceptions: [
      'loops that use Python for anything else, that end early, or that handle the error themselves',
      'iterators of Python, which may have no end',
    ],
    fixSafety: 'An item that cannot be extracted fails before the first round instead of in its own.',
    references: [{ title: 'PyO3 guide, performance', url: 'https://pyo3.rs/latest/performance' }],
  },
  check(ctx) {
    for (const entry of attachedFns(ctx)) {
      for (const one of ctx.facts.gil.perItem(entry)) {
        if (one.kind !== 'extract') continue;
        ctx.report('found', {
          at: { file: entry.item.file, span: one.span },
          data: { what: one.what },
          help: 'extract the list as a `Vec` before the loop',
          fixes: fixesOf(ctx.facts.gil.perItemEdits(entry, one), entry.item.file),
          item: entry.item,
        });
      }
    }
  },
});
