/** The PyO3 that the crate is built with no longer has what its code names. */
import { defineRule } from '../rule.ts';
import { reportApiUses } from '../pyo3-api-report.ts';

export default defineRule({
  id: 'pyo3-removed-api',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  acrossItems: true,
  messages: { found: '`{name}` was removed in PyO3 {since}' },
  docs: {
    what: 'Code uses an API that the PyO3 version of the crate no longer has',
    why: `After an update of PyO3 the compiler says that a name does not exist, not what took its place, and stops before it has seen all of them.
This rule knows both, and its fixes rename what was only renamed. The version is the one in Cargo.lock, else the oldest that the requirement allows.`,
    bad: `use pyo3::prelude::*;

fn version() -> PyResult<String> {
    // error[E0599]: no function named with_gil
    Python::with_gil(|py| py.import("platform")?.call_method0("python_version")?.extract())
}
`,
    good: `use pyo3::prelude::*;

fn version() -> PyResult<String> {
    Python::attach(|py| py.import("platform")?.call_method0("python_version")?.extract())
}
`,
    exceptions: [
      "names and methods of other crates: `Any::downcast`, an own `allow_threads`, a type `PyObject` of the crate's own; receivers whose type is not known",
      'crates whose PyO3 comes from git or a path, and requirements that allow a version from before the removal',
    ],
    fixSafety:
      'Renames are safe: the new name takes and gives the same as the old one did. They are offered where every allowed PyO3 has the new name. Constructors that became fallible or convert their items in another way are changed by unsafe fixes only.',
    references: [
      { title: 'PyO3 migration guide', url: 'https://pyo3.rs/latest/migration' },
      { title: 'PyO3 changelog', url: 'https://pyo3.rs/latest/changelog' },
    ],
  },
  check(ctx) {
    reportApiUses(ctx, 'removed');
  },
});
