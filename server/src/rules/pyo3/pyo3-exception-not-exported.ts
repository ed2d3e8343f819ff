/** An exception is raised that Python cannot name. */
import type { ModuleTarget } from '../../analysis/python-module/module-facts.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { addStatement, moduleParam } from '../module-edits.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-exception-not-exported',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  acrossItems: true,
  messages: { missing: '`{name}` can be raised, but no module exports it: Python cannot catch it by its name' },
  docs: {
    what: 'An exception of `create_exception!` is not added to any Python module',
    why: `\`create_exception!\` makes a type and gives it a module's name, but puts it into no module. Raising it works, and the traceback names it;
\`except sample.ParseError\` fails with \`AttributeError\`. Only its base class can be caught.`,
    bad: `use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pyo3::create_exception!(sample, ParseError, PyValueError);

#[pyfunction]
fn parse(text: &str) -> PyResult<i64> {
    text.parse().map_err(|_| ParseError::new_err("not a number"))
}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(parse, m)?)
}
`,
    good: `use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

pyo3::create_exception!(sample, ParseError, PyValueError);

#[pyfunction]
fn parse(text: &str) -> PyResult<i64> {
    text.parse().map_err(|_| ParseError::new_err("not a number"))
}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("ParseError", m.py().get_type::<ParseError>())?;
    m.add_function(wrap_pyfunction!(parse, m)?)
}
`,
    exceptions: [
      'types that are handed on: `get_type::<E>()`, `E::type_object(…)`, any macro or generic function that is given the type, `#[pymodule_export]`, `pub use`',
      'crates without a `#[pymodule]`, exceptions made by macros, exceptions that nothing names again',
    ],
    fixSafety: 'The exception becomes a public name of the module, which may not be meant.',
    references: [{ title: 'PyO3 guide, Python exceptions', url: 'https://pyo3.rs/latest/exception' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const { name, span, item } of ctx.facts.pythonModule.lostExceptions(ctx.unit.items)) {
      const target = ctx.facts.pythonModule.soleModule(item);
      const fix = target ? fixOf(name, item, target, ctx.workspace) : null;
      ctx.report('missing', {
        at: { file: item.file, span },
        data: { name },
        help: `add it to the module: \`m.add("${name}", m.py().get_type::<${name}>())?\``,
        fixes: fix ? [fix] : [],
        item,
      });
    }
  },
});

/** `Python::get_type` gives what `add` takes before 0.21 and from 0.23 on; between them it is called `get_type_bound`. */
function fixOf(name: string, item: RustItem, target: ModuleTarget, workspace: Workspace): Fix | null {
  const version = workspace.dependencyVersion(item.module.crate, 'pyo3');
  const param = moduleParam(target);
  if (version.kind === 'unknown' || target.style !== 'function' || param === null) return null;
  const [major, minor] = version.kind === 'exact' ? version.version : version.min;
  if (major > 0 || minor < 18 || item.module !== target.item?.module) return null;
  const how = minor === 21 || minor === 22 ? 'get_type_bound' : 'get_type';
  const edit = addStatement(target, `${param}.add("${name}", ${param}.py().${how}::<${name}>())?;`, workspace);
  return edit ? { title: `export \`${name}\` from \`${target.entry.name}\``, safe: false, edits: [edit] } : null;
}
