/** `__traverse__` leaves out a field that owns Python objects. */
import type { OwnedField, Traverse } from '../../analysis/python-classes/class-facts.ts';
import type { Workspace } from '../../model/workspace.ts';
import { indentAt } from '../indent.ts';
import { pyclasses } from '../pyo3-classes.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  id: 'pyo3-traverse-misses-field',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { misses: '`__traverse__` of `{name}` does not visit `{field}`: cycles through it leak' },
  docs: {
    what: 'A class has `__traverse__`, which does not visit all fields that own Python objects',
    why: `The garbage collector frees a cycle only if every reference in it is shown. One field that was added later and is not visited keeps all cycles
through it alive for ever.`,
    bad: `use pyo3::class::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

#[pyclass(frozen)]
struct Pair {
    left: Py<PyAny>,
    right: Py<PyAny>,
}

#[pymethods]
impl Pair {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.left)?;
        Ok(())
    }
}
`,
    good: `use pyo3::class::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

#[pyclass(frozen)]
struct Pair {
    left: Py<PyAny>,
    right: Py<PyAny>,
}

#[pymethods]
impl Pair {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        visit.call(&self.left)?;
        visit.call(&self.right)?;
        Ok(())
    }
}
`,
    exceptions: [
      'fields that a helper is given, and methods that hand `self` on or call another of its methods',
      'objects that refer to nothing, such as strings and numbers, and fields into which only Rust puts something',
    ],
    fixSafety: 'Objects that are collected run code when they are freed.',
    references: [
      { title: 'PyO3 guide, garbage collector integration', url: 'https://pyo3.rs/latest/class/protocols#garbage-collector-integration' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      const traverse = ctx.facts.pythonClasses.traverse(item);
      if (traverse === null || traverse === 'unknown') continue;
      for (const owned of ctx.facts.pythonClasses.owned(item)) {
        if (ctx.facts.pythonClasses.mentions(traverse, owned.field.name) || !ctx.facts.pythonClasses.mayFill(item, owned.field.name))
          continue;
        const fix = fixOf(traverse, owned, ctx.workspace);
        ctx.report('misses', {
          at: { file: traverse.item.file, span: traverse.item.entry.nameSpan },
          data: { name: item.name, field: owned.field.name },
          related: [{ at: { file: item.file, span: owned.field.type.span }, message: 'the field' }],
          help: `visit it: \`visit.call(&self.${owned.field.name})?\``,
          fixes: fix ? [fix] : [],
          item: traverse.item,
        });
      }
    }
  },
});

/** In front of the method's value. */
function fixOf({ item, ast }: Traverse, owned: OwnedField, workspace: Workspace): Fix | null {
  const tail = ast.body?.tail;
  const visit = ast.params[0]?.name;
  if (!tail || tail.kind === 'block' || !visit || !owned.visit || !workspace.editable(item.file, tail.span)) return null;
  const indent = indentAt(workspace.text(item.file), tail.span.start);
  const lines = owned.visit.replace('visit.call', `${visit}.call`).split('\n');
  const at = tail.span.start;
  const edits = [{ file: item.file.path, span: { start: at, end: at }, text: lines.map((line) => `${line}\n${indent}`).join('') }];
  return { title: `visit \`${owned.field.name}\``, safe: false, edits };
}
