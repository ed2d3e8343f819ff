/** A function is made for Python, but no module hands it over. */
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { ModuleTarget } from '../../analysis/python-module/module-facts.ts';
import { addItem, addStatement, moduleParam } from '../module-edits.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-unregistered-pyfunction',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: ['dead_code'],
  fix: 'unsafe',
  messages: { missing: '`{name}` is a `#[pyfunction]` that no module of the crate exports' },
  docs: {
    what: 'A `#[pyfunction]` is not added to any Python module',
    why: `\`#[pyfunction]\` only makes a function ready for Python: a module has to add it, with \`wrap_pyfunction!\` or \`#[pymodule_export]\`.
Without that, Python says \`AttributeError: module has no attribute\`. rustc warns only of private functions that nothing calls.`,
    bad: `use pyo3::prelude::*;

#[pyfunction]
pub fn double(n: i64) -> i64 {
    n * 2
}

#[pyfunction]
pub fn half(n: i64) -> i64 {
    n / 2
}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(double, m)?)?;
    Ok(())
}
`,
    good: `use pyo3::prelude::*;

#[pyfunction]
pub fn double(n: i64) -> i64 {
    n * 2
}

#[pyfunction]
pub fn half(n: i64) -> i64 {
    n / 2
}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(double, m)?)?;
    m.add_function(wrap_pyfunction!(half, m)?)?;
    Ok(())
}
`,
    exceptions: [
      'functions that any other macro names, that are used as values, renamed or re-exported with `pub use`: they may be exported there',
      'crates without a `#[pymodule]`: another crate may export their functions',
      'functions with other attribute macros, functions made by macros, tests',
    ],
    fixSafety: 'The function becomes visible in Python, which may not be meant.',
    references: [{ title: 'PyO3 guide, Python functions', url: 'https://pyo3.rs/latest/function' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const entry of ctx.unit.surface.pyEntries) {
      const { item } = entry;
      if (entry.kind !== 'function' || item.owner || item.file.origin || !isPlain(item)) continue;
      if (ctx.facts.pythonModule.mayBeRegistered(item)) continue;
      const target = ctx.facts.pythonModule.soleModule(item);
      const fix = target ? fixOf(item, target, ctx.workspace) : null;
      ctx.report('missing', {
        at: { file: item.file, span: item.entry.nameSpan },
        data: { name: item.name },
        ...(target ? { related: [{ at: { file: target.file, span: target.entry.nameSpan }, message: 'the module' }] } : {}),
        help: `${isCalledInRust(item, ctx.workspace) ? 'take the attribute away if only Rust calls it, or ' : ''}add it: \`m.add_function(wrap_pyfunction!(${item.name}, m)?)?\``,
        fixes: fix ? [fix] : [],
        item,
      });
    }
  },
});

const OWN = /^(pyo3::)?(prelude::)?(pyfunction|pyo3|args|text_signature|signature)$|^(pyo3_stub_gen::derive::)?gen_stub_pyfunction$/;
const INERT =
  /^(cfg|cfg_attr|doc|inline|allow|expect|warn|deny|must_use|deprecated|track_caller|cold|rustfmt|clippy|tracing::instrument)(::.*)?$/;

function isCalledInRust(item: RustItem, workspace: Workspace): boolean {
  const call = new RegExp(`(?<!\\bfn\\s+)(?<![.\\w])${item.name}\\s*\\(`);
  return workspace.filesNaming(item.name).some((file) => call.test(workspace.text(file)));
}

/** Another attribute macro may export what it stands on, and so may `#[pyfn]`. */
function isPlain(item: RustItem): boolean {
  return item.entry.attributes.every(({ path }) => OWN.test(path) || INERT.test(path));
}

function fixOf(item: RustItem, target: ModuleTarget, workspace: Workspace): Fix | null {
  const home = item.module;
  const from = target.item?.module;
  const title = `export \`${item.name}\` from \`${target.entry.name}\``;
  if (target.style === 'declarative') {
    if (item.file !== target.file || item.entry.parent !== target.entry.parent) return null;
    const edit = addItem(target, ['#[pymodule_export]', `use super::${item.name};`, ''], workspace);
    return edit ? { title, safe: false, edits: [{ ...edit, text: edit.text.replace(/\n[ \t]*\n/, '\n\n') }] } : null;
  }
  const param = moduleParam(target);
  if (param === null || (home !== from && item.entry.visibility === 'private')) return null;
  const path = home === from ? item.name : ['crate', ...home.path, item.name].join('::');
  const edit = addStatement(target, `${param}.add_function(wrap_pyfunction!(${path}, ${param})?)?;`, workspace);
  return edit ? { title, safe: false, edits: [edit] } : null;
}
