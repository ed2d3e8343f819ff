/** An error for which PyO3 has the right exception is turned into a text. */
import { fixesOf, pythonFns } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-stringly-error',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { found: 'this {error} becomes a `{raised}` with nothing but its text; `?` raises {better}' },
  docs: {
    what: '`map_err(|e| PyException::new_err(e.to_string()))` on an error that PyO3 converts by itself',
    why: `PyO3 turns \`io::Error\` into the fitting \`OSError\` (\`FileNotFoundError\`, \`PermissionError\` …), and errors of parsing into \`ValueError\`. With
\`Exception\` or \`RuntimeError\`, callers cannot tell a missing file from anything else, and have to look into the text.`,
    bad: `use pyo3::exceptions::PyException;
use pyo3::prelude::*;

#[pyfunction]
fn parse(text: &str) -> PyResult<i64> {
    let number = text.parse::<i64>().map_err(|e| PyException::new_err(e.to_string()))?;
    Ok(number)
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn parse(text: &str) -> PyResult<i64> {
    let number = text.parse::<i64>()?;
    Ok(number)
}
`,
    exceptions: [
      'exceptions of the crate, and those that say something else than the error does (`TypeError` for a number that cannot be parsed)',
      'texts with more than the error in them',
      'errors that PyO3 does not convert',
    ],
    fixSafety: 'Another class of exception is raised. Where it is the same with the same text, the fix is safe.',
    references: [{ title: 'PyO3 guide, error handling', url: 'https://pyo3.rs/latest/function/error-handling' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pythonFns(ctx.unit.items)) {
      for (const one of ctx.facts.pythonErrors.flattened(item)) {
        ctx.report('found', {
          at: { file: item.file, span: one.span },
          data: { error: one.error, raised: one.raised, better: one.better },
          help: 'leave the `map_err` out',
          fixes: fixesOf(one.edits, item.file),
          item,
        });
      }
    }
  },
});
