/** A class that no module exports and nothing gives out. */
import type { ModuleTarget } from '../../analysis/python-module/module-facts.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { addItem, addStatement, moduleParam } from '../module-edits.ts';
import { isPlainClass, pyclasses } from '../pyo3-classes.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-unregistered-pyclass',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'info',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { missing: '`{name}` is a class that no module exports and no function gives out' },
  docs: {
    what: 'A `#[pyclass]` is named nowhere but in its own definition and its own methods, in a crate with a Python module',
    why: `Python cannot reach such a class: it is not in the module, and no function returns an instance. It was forgotten in \`add_class\`, or is dead
code that rustc does not report, because the macro uses it.`,
    bad: `use pyo3::prelude::*;

#[pyclass]
pub struct Point {}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add("answer", 42)
}
`,
    good: `use pyo3::prelude::*;

#[pyclass]
pub struct Point {}

#[pymodule]
fn sample(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_class::<Point>()?;
    m.add("answer", 42)
}
`,
    exceptions: [
      'classes that any other code names: they may be returned, extended, or handed to a macro that exports them',
      'classes with other attribute macros, crates without a `#[pymodule]`, and classes inside of a declarative module',
    ],
    fixSafety: 'The class becomes visible in Python, which may not be meant.',
    references: [{ title: 'PyO3 guide, adding the class to a module', url: 'https://pyo3.rs/latest/class#adding-the-class-to-a-module' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      if (!isPlainClass(item) || ctx.facts.pythonModule.mayBeReached(item)) continue;
      const target = ctx.facts.pythonModule.soleModule(item);
      const fix = target ? fixOf(item, target, ctx.workspace) : null;
      ctx.report('missing', {
        at: { file: item.file, span: item.entry.nameSpan },
        data: { name: item.name },
        ...(target ? { related: [{ at: { file: target.file, span: target.entry.nameSpan }, message: 'the module' }] } : {}),
        help: `add it: \`m.add_class::<${item.name}>()?\``,
        fixes: fix ? [fix] : [],
        item,
      });
    }
  },
});

function fixOf(item: RustItem, target: ModuleTarget, workspace: Workspace): Fix | null {
  const home = item.module;
  const title = `export \`${item.name}\` from \`${target.entry.name}\``;
  if (target.style === 'declarative') {
    if (item.file !== target.file || item.entry.parent !== target.entry.parent) return null;
    const edit = addItem(target, ['#[pymodule_export]', `use super::${item.name};`, ''], workspace);
    return edit ? { title, safe: false, edits: [{ ...edit, text: edit.text.replace(/\n[ \t]*\n/, '\n\n') }] } : null;
  }
  const param = moduleParam(target);
  if (param === null || (home !== target.item?.module && item.entry.visibility === 'private')) return null;
  const path = home === target.item?.module ? item.name : ['crate', ...home.path, item.name].join('::');
  const edit = addStatement(target, `${param}.add_class::<${path}>()?;`, workspace);
  return edit ? { title, safe: false, edits: [edit] } : null;
}
