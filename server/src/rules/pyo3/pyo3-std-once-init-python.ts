/** A run-once cell of std is filled by code that needs the interpreter: whoever waits for it holds the interpreter. */
import { callsNamed } from '../claim.ts';
import { pyo3Minor } from '../pyo3-classes.ts';
import { lockSteps } from '../pyo3-locks.ts';
import { fixesOf } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

/** `GILOnceCell` before, `PyOnceLock` from here on. */
const RENAMED = 26;

export default defineRule({
  id: 'pyo3-std-once-init-python',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { waits: 'the initializer of `{cell}` {does}, and others wait for the {what} with it held: a deadlock' },
  docs: {
    what: 'A `OnceLock`, `LazyLock`, `Once`, `lazy_static!` or `once_cell` is initialized by code that takes the interpreter or runs Python',
    why: `While one thread runs the initializer, all others that need the value wait inside of std, with the interpreter held if they have it. The
initializer then never gets it: it waits in \`attach\`, or for its turn after Python code let another thread run. PyO3's \`PyOnceLock\`
(\`GILOnceCell\` before 0.26) releases the interpreter while it waits.`,
    bad: `use pyo3::prelude::*;
use std::sync::OnceLock;

static DECIMAL: OnceLock<Py<PyAny>> = OnceLock::new();

#[pyfunction]
fn decimal(py: Python<'_>) -> Py<PyAny> {
    DECIMAL
        .get_or_init(|| py.import("decimal").unwrap().getattr("Decimal").unwrap().unbind())
        .clone_ref(py)
}
`,
    good: `use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

static DECIMAL: PyOnceLock<Py<PyAny>> = PyOnceLock::new();

#[pyfunction]
fn decimal(py: Python<'_>) -> PyResult<Py<PyAny>> {
    let class = DECIMAL.get_or_try_init(py, || Ok::<_, PyErr>(py.import("decimal")?.getattr("Decimal")?.unbind()))?;
    Ok(class.clone_ref(py))
}
`,
    exceptions: [
      '`PyOnceLock`, `GILOnceCell`, and `get_or_init_py_attached` of PyO3',
      'initializers of Rust alone, `set`, and cells of local variables',
      'initializers that only convert or make objects of native types, which runs no code of others',
      'cells that are filled while the module is imported, or only by callbacks that an event loop runs',
    ],
    fixSafety:
      'PyO3’s cell may run the initializer on several threads at once and keeps the first value. Functions that use it ask for a token.',
    references: [
      { title: 'PyO3 FAQ: deadlocks with lazy statics', url: 'https://pyo3.rs/latest/faq' },
      { title: 'PyO3 issue 973', url: 'https://github.com/PyO3/pyo3/issues/973' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust' || !ctx.unit.crate.package?.dependencies.some((one) => one.package === 'pyo3')) return;
    for (const item of ctx.unit.items) {
      if (item.inUnknownMacro || item.file.origin) continue;
      for (const once of ctx.facts.locks.onces(item)) {
        const version = pyo3Minor(ctx.workspace, item.module.crate);
        const cell =
          version === null
            ? 'PyOnceLock` (`GILOnceCell` before PyO3 0.26)'
            : `${version < RENAMED ? 'GILOnceCell' : 'PyOnceLock'}\` of \`pyo3::sync\``;
        ctx.report('waits', {
          at: { file: item.file, span: once.span },
          data: { cell: once.cell, does: once.does, what: once.what },
          related: lockSteps(once.steps, once.does),
          help: `keep the value in a \`${cell}, or fill the cell with \`set\` before it is needed`,
          fixes: fixesOf(ctx.facts.locks.onceEdits(once, item), item.file),
          item,
          claims: once.call === null ? [] : callsNamed({ file: item.file, span: once.call.nameSpan }, `${once.what}::${once.call.name}`),
        });
      }
    }
  },
});
