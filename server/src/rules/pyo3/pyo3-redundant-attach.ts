/** The interpreter is taken where the function holds it already. */
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-redundant-attach',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'sometimes',
  messages: {
    entry: '`{name}` takes the interpreter a second time: Python calls it with the interpreter held',
    token: '`{name}` takes the interpreter a second time: `{token}` proves that it is held',
  },
  docs: {
    what: '`Python::attach` or `Python::with_gil` is called in a PyO3 function, or where a token or Python value is at hand',
    why: `Functions that Python calls run with the interpreter attached. Taking it again does nothing but cost time and hide the token from the signature,
and code that looks as if it took the interpreter only here misleads its readers. A \`py: Python<'_>\` parameter gives the token for free and does not show in Python.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
fn version() -> PyResult<String> {
    Python::attach(|py| py.import("platform")?.call_method0("python_version")?.extract())
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
fn version(py: Python<'_>) -> PyResult<String> {
    py.import("platform")?.call_method0("python_version")?.extract()
}
`,
    exceptions: [
      'inside of `detach` or `allow_threads`, in spawned threads, in futures and in closures that are kept',
      'functions without a token that Python does not call: trait impls such as `Clone` and `Drop`, C callbacks, `main`, tests',
      "functions that Rust calls as well where the interpreter need not be held: from a trait's method, a thread, a future",
    ],
    fixSafety:
      'The closure becomes a block where no `return` or `?` would change its meaning, and the token is renamed or added. Adding a parameter is safe only for private functions that no Rust code calls.',
    references: [{ title: 'PyO3, Python: how to get a token', url: 'https://docs.rs/pyo3/latest/pyo3/marker/struct.Python.html' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    const { gil } = ctx.facts;
    const helpers = gil.attachedHelpers(ctx.unit.items);
    for (const entry of gil.distinct([...ctx.unit.surface.pyEntries, ...helpers])) {
      const { file } = entry.item;
      for (const attach of gil.redundantAttaches(entry)) {
        const token = attach.token;
        ctx.report(token && helpers.includes(entry) ? 'token' : 'entry', {
          at: { file, span: attach.span },
          data: { name: entry.ast.name, token: token ?? 'py' },
          help: token ? `use \`${token}\`` : "add a parameter `py: Python<'_>`: Python's callers do not see it",
          fixes: gil
            .attachEdits(entry, attach)
            .map((plan) => ({ title: plan.title, safe: plan.safe, edits: plan.edits.map((edit) => ({ ...edit, file: file.path })) })),
          item: entry.item,
          claims: [{ kind: 'calls', at: { file, span: attach.span }, callees: /^pyo3::Python::(?:try_)?(?:attach|with_gil)$/ }],
        });
      }
    }
  },
});
