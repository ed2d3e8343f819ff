/** The exception of a call of Python is thrown away. */
import { attachedFns, fixesOf } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-swallowed-pyerr',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { found: '`{how}` throws away the exception of `{call}`, KeyboardInterrupt and SystemExit included' },
  docs: {
    what: 'The result of a Python call, import, `run` or `eval` goes through `.ok()`, `let _ =`, `unwrap_or` or `if let Ok`',
    why: `Python code that is called can raise anything: a bug in a callback, \`KeyboardInterrupt\` when the user presses Ctrl-C, \`SystemExit\`. Thrown away,
the program goes on as if nothing had happened, and nobody finds out why the callback does not work. What cannot be returned can be shown with
\`write_unraisable\`.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn notify(py: Python<'_>, callback: Py<PyAny>) -> PyResult<()> {
    let _ = callback.call0(py);
    Ok(())
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn notify(py: Python<'_>, callback: Py<PyAny>) -> PyResult<()> {
    callback.call0(py)?;
    Ok(())
}
`,
    exceptions: [
      '`extract().ok()`, `cast().ok()`, `getattr().ok()` and the like: asking whether something is so',
      'results whose error is looked at or printed: `unwrap_or_else(|e| …)`, `if let Ok(…) … else`, `match`',
      'optional imports (`py.import("x").ok()`), and calls that clean up (`close`, `cancel` …)',
      'in functions that give an `Option` it is an info: `None` may be what they mean; writing to a log',
      'functions that run without a token of their own, such as `Drop` and threads, and those that report another exception: they have nobody to raise it to',
    ],
    fixSafety: 'Callers get an exception where they got none.',
    references: [{ title: 'PyO3 guide, error handling', url: 'https://pyo3.rs/latest/function/error-handling' }],
  },
  check(ctx) {
    for (const { item } of attachedFns(ctx)) {
      for (const one of ctx.facts.pythonErrors.swallowed(item)) {
        ctx.report('found', {
          at: { file: item.file, span: one.span },
          data: { how: one.how, call: one.call },
          help: 'raise it with `?`; where that cannot be, show it with `write_unraisable`, or catch the exceptions that are meant',
          fixes: fixesOf(one.edits, item.file),
          ...(one.optional ? { severity: 'info' } : {}),
          item,
          claims: [{ kind: 'handles', at: { file: item.file, span: one.span }, type: /\bpyo3::PyErr\b/ }],
        });
      }
    }
  },
});
