/** Some input makes a function that Python calls panic. */
import { panicClaim } from '../claim.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-panic-in-pyfunction',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  acrossItems: true,
  messages: { panics: '{what} in `{name}` can panic: {reason}' },
  docs: {
    what: 'A PyO3 function unwraps, indexes, divides or asserts so that some argument, file or Python object makes it panic',
    why: `PyO3 turns a panic into \`PanicException\`, which derives from \`BaseException\`: \`except Exception\` does not catch it, and it reads as a crash.
With \`panic = "abort"\` the whole Python process ends. An error that is returned becomes an exception that callers can handle.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn parse(text: &str) -> PyResult<i64> {
    Ok(text.parse().unwrap())
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn parse(text: &str) -> PyResult<i64> {
    Ok(text.parse()?)
}
`,
    exceptions: [
      'numbers that a call with `?` gave, flags, JSON that was just made',
      'what is indexed or unwrapped where its type is not known, unless `--verify` asks the compiler',
      '`lock().unwrap()`, `join().unwrap()`, channels, serializing, building static patterns: no input decides whether they fail',
      'values that a condition, `match` or helper with `?` looked at before; indexes by loop variables, remainders and lengths',
      'numbers that the callers of a private helper compute, such as the shape of an array that goes with it',
      'look-ups that only a broken installation makes fail: an attribute of a module that was just imported, an item of a dict that was made here',
      'stubs of builds without a feature; the `_` arm after all variants of an enum that may grow',
      'code in `catch_unwind`, in spawned threads, in `#[pymodule]` functions and tests',
    ],
    fixSafety: 'The exception that is raised instead is a guess (`ValueError`), and its text should be written by the author.',
    references: [
      { title: 'PyO3 guide, error handling', url: 'https://pyo3.rs/latest/function/error-handling' },
      { title: 'PyO3, PanicException', url: 'https://docs.rs/pyo3/latest/pyo3/panic/struct.PanicException.html' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const entry of ctx.facts.gil.distinct([...ctx.unit.surface.pyEntries, ...ctx.facts.gil.privateHelpers(ctx.unit.items)])) {
      const { file } = entry.item;
      for (const panic of ctx.facts.gil.panics(entry)) {
        const fixes = ctx.facts.gil.panicEdits(entry, panic);
        ctx.report('panics', {
          at: { file, span: panic.span },
          data: { what: panic.what, name: entry.ast.name, reason: panic.reason },
          help: 'return a `PyResult` and raise an exception that Python code can catch',
          note: 'a panic reaches Python as PanicException, which `except Exception` does not catch',
          fixes: fixes.map((plan) => ({
            title: plan.title,
            safe: plan.safe,
            edits: plan.edits.map((edit) => ({ ...edit, file: file.path })),
          })),
          item: entry.item,
          claims: [panicClaim(file, panic)],
        });
      }
    }
  },
});
