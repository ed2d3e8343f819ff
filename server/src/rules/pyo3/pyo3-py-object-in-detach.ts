/** Code that runs with the interpreter released uses a Python value. */
import type { DetachedUse } from '../../analysis/gil/detached.ts';
import type { RustItem } from '../../model/workspace.ts';
import type { Claim } from '../claim.ts';
import { fixesOf, pythonFns } from '../pyo3-fns.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-py-object-in-detach',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: {
    value: '`{name}` needs the interpreter, which is released here',
    wrapper: '`{name}` holds a Python value and is used while the interpreter is released',
    ffi: '`{name}` is called while the interpreter is released',
    token: '`{name}` makes up a token where the interpreter has just been released',
  },
  docs: {
    what: 'A closure of `detach` or `allow_threads` uses a `Bound`, `PyRef` or token of outside, or Python’s C API',
    why: `While the interpreter is released, other threads change reference counts and objects. Touching an object then corrupts memory. PyO3
keeps \`Bound\` and \`Python\` out of the closure by their types; a wrapper with \`unsafe impl Send\`, \`SendWrapper\`, a made-up token and
raw calls of the C API get around that check, and the compiler is silent.`,
    bad: `use pyo3::prelude::*;
use pyo3::types::PyList;

struct Carry<T>(T);
// It is only used on this thread.
unsafe impl<T> Send for Carry<T> {}

impl<T> Carry<T> {
    fn get(&self) -> &T {
        &self.0
    }
}

#[pyfunction]
fn measure(list: Bound<'_, PyList>) -> usize {
    let py = list.py();
    let carried: Carry<Bound<'_, PyList>> = Carry(list);
    py.detach(move || {
        let unsafe_py = unsafe { Python::assume_attached() };
        unsafe_py.version().len() + carried.get().len()
    })
}
`,
    good: `use pyo3::prelude::*;
use pyo3::types::PyList;

#[pyfunction]
fn measure(list: Bound<'_, PyList>) -> usize {
    let py = list.py();
    let length = list.len();
    let version = py.version().len();
    py.detach(|| version + length)
}
`,
    exceptions: [
      'code in an `attach` or `with_gil` inside of the closure',
      'owned `Py<T>` that is moved or dropped, and exceptions that are made lazily, such as `PyValueError::new_err`',
      'other variables of the same name that the closure binds itself',
      'C functions that are made to be called without the interpreter, such as `PyGILState_Ensure` and `PyMem_RawMalloc`',
      'methods called `detach` of other types',
    ],
    fixSafety:
      'Asked before the closure, a value is not asked again in it; with the interpreter taken again, others may wait for that part of it.',
    references: [{ title: 'PyO3, marker: Ungil and its limits', url: 'https://docs.rs/pyo3/latest/pyo3/marker/index.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pythonFns(ctx.unit.items)) {
      for (const use of ctx.facts.gil.detachedUses(item)) {
        ctx.report(use.kind, {
          at: { file: item.file, span: use.span },
          data: { name: use.name },
          related: [{ at: { file: item.file, span: use.release }, message: 'the interpreter is released for this closure' }],
          help:
            use.kind === 'ffi' || use.kind === 'token'
              ? 'do this before or behind the closure, or take the interpreter again around it'
              : 'take what is needed out of it before the closure, or take the interpreter again around the use',
          fixes: fixesOf(ctx.facts.gil.detachedEdits(item, use), item.file),
          item,
          claims: [claimOf(use, item)],
        });
      }
    }
  },
});

/** PyO3's types that belong to a thread which holds the interpreter. */
const BOUND = /\bpyo3::(?:\w+::)*(?:Python|Bound|Borrowed|PyRef|PyRefMut)\b|\bnumpy::\w*PyRead(?:only|write)\w*/;

function claimOf({ kind, span }: DetachedUse, { file }: RustItem): Claim {
  const at = { file, span };
  if (kind === 'ffi') return { kind: 'calls', at, callees: /^(?:pyo3::ffi|pyo3_ffi|numpy::npyffi)::/ };
  if (kind === 'token') return { kind: 'handles', at, type: /\bpyo3::Python\b/, hinted: true };
  return { kind: 'captures', at, type: BOUND };
}
