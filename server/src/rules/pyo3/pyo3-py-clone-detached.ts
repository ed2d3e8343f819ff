/** `Py<T>` is cloned where the interpreter is not held. */
import { pyo3Minor } from '../pyo3-classes.ts';
import { pythonFns } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

/** From here on cloning counts at once, and panics where it may not. */
const COUNTS_AT_ONCE = 22;

export default defineRule({
  id: 'pyo3-py-clone-detached',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    detached: 'cloning this {what} panics: the interpreter is released here',
    thread: 'cloning this {what} panics: its thread does not hold the interpreter',
  },
  docs: {
    what: '`Py<T>` or a collection of them is cloned in a detached closure or in a spawned thread',
    why: `A clone adds to the object's reference count, for which the interpreter must be held. Since PyO3 0.22, \`Clone\` for \`Py<T>\` exists only with
the feature \`py-clone\`, and it panics on a thread that does not hold the interpreter; without the feature the code does not compile (E0599).`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn start(callback: Py<PyAny>) {
    std::thread::spawn(move || {
        // error[E0599]: there is no \`clone\` without the feature py-clone
        let again = callback.clone();
        Python::attach(|py| again.call0(py).is_ok())
    });
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn start(callback: Py<PyAny>) {
    std::thread::spawn(move || {
        let again = Python::attach(|py| callback.clone_ref(py));
        Python::attach(|py| again.call0(py).is_ok())
    });
}
`,
    exceptions: [
      '`Arc<Py<T>>`, whose count is its own, and `clone_ref(py)`',
      'clones inside of an `attach`, and clones that are made before the thread is started',
      'PyO3 before 0.22, which put the count aside until the interpreter was held, and versions that are not known',
    ],
    fixSafety:
      'Taking the interpreter in a thread can wait for long, and deadlocks where somebody waits for the thread with the interpreter held.',
    references: [{ title: 'PyO3 migration guide, from 0.21 to 0.22', url: 'https://pyo3.rs/latest/migration' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pythonFns(ctx.unit.items)) {
      const version = pyo3Minor(ctx.workspace, item.module.crate);
      if (version === null || version < COUNTS_AT_ONCE) continue;
      for (const clone of ctx.facts.gil.detachedClones(item)) {
        const attach = ctx.facts.gil.attachName(item.module.crate);
        const receiver = ctx.workspace.slice(item.file, clone.expr.receiver.span);
        const text = `Python::${attach}(|py| ${receiver}.clone_ref(py))`;
        const edits = [{ file: item.file.path, span: clone.expr.span, text }];
        ctx.report(clone.where, {
          at: { file: item.file, span: clone.span },
          data: { what: `\`${clone.what === 'Py' ? 'Py<T>' : `${clone.what}<Py<T>>`}\`` },
          help: 'clone it with `clone_ref(py)` where the interpreter is held, or share it in an `Arc`',
          fixes: attach && clone.direct ? [{ title: 'take the interpreter for the clone', safe: false, edits }] : [],
          item,
          claims: [{ kind: 'handles', at: { file: item.file, span: clone.expr.nameSpan }, type: /\bpyo3::Py</ }],
        });
      }
    }
  },
});
