/** `__traverse__` uses Python, which the garbage collector forbids. */
import { attachSteps } from '../pyo3-fns.ts';
import { pyclasses } from '../pyo3-classes.ts';
import { defineRule } from '../rule.ts';

/** Where the work is done in the method itself. */
const PYTHON = /\bpyo3::/;

export default defineRule({
  id: 'pyo3-traverse-touches-python',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: { touches: '`{what}` in `__traverse__` of `{name}` uses Python while the garbage collector runs' },
  docs: {
    what: '`__traverse__` takes the interpreter, calls Python or changes a reference count',
    why: `The garbage collector calls \`__traverse__\` while it counts references. Code that changes counts, makes objects or runs Python in between breaks
that count and can free objects that are in use. Since PyO3 0.19, taking the interpreter there panics, and the process ends.`,
    bad: `use pyo3::class::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

#[pyclass(frozen)]
struct Node {
    next: Py<PyAny>,
}

#[pymethods]
impl Node {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        let next = Python::attach(|py| self.next.clone_ref(py));
        visit.call(&next)
    }
}
`,
    good: `use pyo3::class::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

#[pyclass(frozen)]
struct Node {
    next: Py<PyAny>,
}

#[pymethods]
impl Node {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.next)
    }
}
`,
    exceptions: [
      '`visit.call`, and `get`, `as_ptr` and `is` of `Py<T>`',
      '`__clear__`, which runs later and may use Python',
      'borrows of `RefCell` and locks',
    ],
    fixSafety: null,
    references: [{ title: 'PyO3 migration guide, from 0.18 to 0.19', url: 'https://pyo3.rs/latest/migration' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      const traverse = ctx.facts.pythonClasses.traverse(item);
      if (traverse === null || traverse === 'unknown') continue;
      const [fault] = ctx.facts.pythonClasses.faults(traverse);
      if (!fault) continue;
      ctx.report('touches', {
        at: { file: traverse.item.file, span: fault.span },
        data: { what: fault.what, name: item.name },
        related: attachSteps(fault.steps),
        help: 'only hand the fields to `visit.call`',
        item: traverse.item,
        claims: fault.steps.length > 0 ? [] : [{ kind: 'calls', at: { file: traverse.item.file, span: fault.span }, callees: PYTHON }],
      });
    }
  },
});
