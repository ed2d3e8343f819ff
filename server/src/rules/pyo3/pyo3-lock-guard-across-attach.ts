/** A lock is kept while Python runs, or while the interpreter is taken: whoever waits for it with the interpreter held never gets it. */
import type { HeldLock } from '../../analysis/locks/lock-facts.ts';
import { LOCKING } from '../claim.ts';
import { defineRule } from '../rule.ts';
import { lockFns, lockSteps } from '../pyo3-locks.ts';

export default defineRule({
  id: 'pyo3-lock-guard-across-attach',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
  messages: {
    attach: '`{what}` takes the interpreter while `{guard}` keeps `{lock}` locked: a deadlock',
    release: '`{what}` releases the interpreter while `{guard}` keeps `{lock}` locked: a deadlock',
    python: '`{what}` can run Python code while `{guard}` keeps `{lock}` locked: a deadlock',
  },
  docs: {
    what: 'The guard of a `Mutex` or `RwLock` lives while the interpreter is taken, released, or Python code runs',
    why: `Thread A holds the lock and wants the interpreter: it attaches, a \`detach\` closure ends, or Python code that it calls lets another thread
run. Thread B has the interpreter and waits for the lock. Neither goes on, and the whole process stands still. It needs two threads at
the right moment, so tests rarely show it.`,
    bad: `use pyo3::prelude::*;
use std::sync::Mutex;

static LISTENERS: Mutex<Vec<Py<PyAny>>> = Mutex::new(Vec::new());

#[pyfunction]
fn emit(py: Python<'_>) -> PyResult<()> {
    let listeners = LISTENERS.lock().unwrap();
    for listener in listeners.iter() {
        listener.call0(py)?;
    }
    Ok(())
}
`,
    good: `use pyo3::prelude::*;
use std::sync::Mutex;

static LISTENERS: Mutex<Vec<Py<PyAny>>> = Mutex::new(Vec::new());

#[pyfunction]
fn emit(py: Python<'_>) -> PyResult<()> {
    let listeners: Vec<Py<PyAny>> = {
        let guard = LISTENERS.lock().unwrap();
        guard.iter().map(|one| one.clone_ref(py)).collect()
    };
    for listener in listeners {
        listener.call0(py)?;
    }
    Ok(())
}
`,
    exceptions: [
      'guards that are temporaries, that are dropped or given away before, and locks of local variables',
      'locks that nobody waits for with the interpreter held: taken inside of `detach`, or with `lock_py_attached`',
      'fields of classes that are `unsendable`, and of `self` in `&mut self` methods, which PyO3 runs one at a time',
      'reading and writing native lists and dicts, which runs no code of others',
    ],
    fixSafety: null,
    references: [
      { title: 'PyO3 guide, free-threading: locks and the interpreter', url: 'https://pyo3.rs/latest/free-threading' },
      { title: 'PyO3 issue 4771', url: 'https://github.com/PyO3/pyo3/issues/4771' },
    ],
  },
  check(ctx) {
    for (const item of lockFns(ctx)) {
      for (const held of ctx.facts.locks.heldAcross(item)) {
        const { over, waiter } = held;
        ctx.report(over.kind, {
          at: { file: item.file, span: over.span },
          data: { what: over.what, guard: held.guard, lock: held.lock },
          related: [
            { at: { file: item.file, span: held.span }, message: 'it is locked here' },
            ...lockSteps(over.steps, over.what),
            ...(waiter.item === item
              ? []
              : [{ at: { file: waiter.file, span: waiter.span }, message: 'waited for here, with the interpreter held' }]),
          ],
          help: helpOf(held),
          item,
          claims: [{ kind: 'calls', at: { file: item.file, span: held.span }, callees: LOCKING }],
        });
      }
    }
  },
});

function helpOf({ over, guard }: HeldLock): string {
  if (over.kind === 'release') return `take the lock inside of the closure, or drop \`${guard}\` before it`;
  return over.kind === 'attach'
    ? `drop \`${guard}\` before, or take the interpreter first and the lock then`
    : `take what is needed out of it and drop \`${guard}\` before`;
}
