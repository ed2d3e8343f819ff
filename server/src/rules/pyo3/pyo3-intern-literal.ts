/** A name is made into a Python string in each round of a loop. */
import { attachedFns } from '../pyo3-fns.ts';
import { pyo3Minor } from '../pyo3-classes.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-intern-literal',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: { found: '{what} becomes a new Python string in each round of the loop' },
  docs: {
    what: '`getattr`, `call_method` and the like get a literal name inside of a loop',
    why: `Each call makes a Python string of the literal, hashes it and throws it away. \`intern!\` makes it once and keeps it, with its hash.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn names(py: Python<'_>, people: Vec<Py<PyAny>>) -> PyResult<usize> {
    let mut length = 0;
    for person in &people {
        length += person.getattr(py, "name")?.bind(py).len()?;
    }
    Ok(length)
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn names(py: Python<'_>, people: Vec<Py<PyAny>>) -> PyResult<usize> {
    let mut length = 0;
    for person in &people {
        length += person.getattr(py, pyo3::intern!(py, "name"))?.bind(py).len()?;
    }
    Ok(length)
}
`,
    exceptions: [
      'names outside of loops, and names that are not literals',
      'methods of the same name of types that are not Python’s',
      'PyO3 before 0.17, and versions that are not known',
    ],
    fixSafety: 'The string is the same one, made once. Safe where a parameter `py` gives the token.',
    references: [{ title: 'PyO3 guide, performance', url: 'https://pyo3.rs/latest/performance' }],
  },
  check(ctx) {
    for (const entry of attachedFns(ctx)) {
      for (const one of ctx.facts.gil.perItem(entry)) {
        if (one.kind !== 'name') continue;
        const minor = pyo3Minor(ctx.workspace, entry.item.module.crate);
        if (minor === null || minor < 17) continue;
        const token = ctx.facts.gil.token(entry);
        const literal = ctx.workspace.slice(entry.item.file, one.span);
        const edits = [{ file: entry.item.file.path, span: one.span, text: `pyo3::intern!(${token}, ${literal})` }];
        const fixes: readonly Fix[] =
          token && ctx.workspace.editable(entry.item.file, one.span)
            ? [{ title: 'make the string once', safe: token === 'py', edits }]
            : [];
        ctx.report('found', {
          at: { file: entry.item.file, span: one.span },
          data: { what: one.what },
          help: 'write `intern!(py, "…")`',
          fixes,
          item: entry.item,
        });
      }
    }
  },
});
