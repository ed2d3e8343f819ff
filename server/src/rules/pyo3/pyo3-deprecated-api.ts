/** PyO3 warns of an API that a coming version removes. */
import { defineRule } from '../rule.ts';
import { reportApiUses } from '../pyo3-api-report.ts';

export default defineRule({
  id: 'pyo3-deprecated-api',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['deprecated'],
  fix: 'sometimes',
  acrossItems: true,
  messages: { found: '`{name}` is deprecated since PyO3 {since}' },
  docs: {
    what: 'Code uses an API that is deprecated in the PyO3 version the crate is built with',
    why: `PyO3 deprecates a name in one release and removes it two releases later. Code that follows at once can be updated by its names alone;
code that waits for the removal meets several changes together. The version is the one in Cargo.lock, else the oldest that the requirement allows.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn references(object: &Bound<'_, PyAny>) -> isize {
    object.get_refcnt()
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn references(object: &Bound<'_, PyAny>) -> isize {
    unsafe { pyo3::ffi::Py_REFCNT(object.as_ptr()) }
}
`,
    exceptions: [
      "names and methods of other crates: `Any::downcast`, an own `allow_threads`, a type `PyObject` of the crate's own; receivers whose type is not known",
      'crates whose PyO3 comes from git or a path, and requirements that allow a version from before the deprecation',
      'code under `#[allow(deprecated)]`',
      'GIL references in PyO3 0.21 and 0.22 with the feature `gil-refs`',
    ],
    fixSafety:
      'Renames are safe: the new name takes and gives the same. They are offered where every allowed PyO3 has the new name. A `pub use` of an old name, and constructors that became fallible or convert their items in another way, are changed by unsafe fixes only, and so are names of GIL references, whose values have another type as `Bound`.',
    references: [
      { title: 'PyO3 migration guide', url: 'https://pyo3.rs/latest/migration' },
      { title: 'PyO3 changelog', url: 'https://pyo3.rs/latest/changelog' },
    ],
  },
  check(ctx) {
    reportApiUses(ctx, 'deprecated');
  },
});
