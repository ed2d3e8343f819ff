/** A class owns Python objects that can refer back, and does not show them to the garbage collector. */
import type { OwnedField } from '../../analysis/python-classes/class-facts.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { indentAt } from '../indent.ts';
import { classOptions, isPlainClass, pyclasses, pymethods, pyo3Minor } from '../pyo3-classes.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

/** Before, garbage collection was a protocol of its own. */
const AS_METHODS = 16;

export default defineRule({
  id: 'pyo3-missing-traverse',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { missing: '`{name}` owns Python objects in `{field}` but has no `__traverse__`: cycles through it leak' },
  docs: {
    what: 'A `#[pyclass]` has a field with `Py<T>` that can be part of a reference cycle, and no `__traverse__`',
    why: `Python frees cycles with a garbage collector that asks each object what it refers to. An object that does not answer keeps everything in its
cycle alive for ever: a callback that is a method of its own owner is enough. With \`__traverse__\`, and \`__clear__\` where the field can be
emptied, such cycles are collected.`,
    bad: `use pyo3::prelude::*;

#[pyclass]
struct Button {
    #[pyo3(get, set)]
    callback: Option<Py<PyAny>>,
}
`,
    good: `use pyo3::class::{PyTraverseError, PyVisit};
use pyo3::prelude::*;

#[pyclass]
struct Button {
    #[pyo3(get, set)]
    callback: Option<Py<PyAny>>,
}

#[pymethods]
impl Button {
    fn __traverse__(&self, visit: PyVisit<'_>) -> Result<(), PyTraverseError> {
        if let Some(object) = &self.callback {
            visit.call(object)?;
        }
        Ok(())
    }

    fn __clear__(&mut self) {
        self.callback = None;
    }
}
`,
    exceptions: [
      'objects that refer to nothing: strings, bytes, numbers, dates, types, modules, classes of the crate without such fields',
      'classes that only Rust code fills: no setter, constructor or function puts objects of Python into a field; once cells, which are caches',
      'classes without a method or attribute, of which Python never meets an object',
      '`PyBackedStr`, `PhantomData`, fn pointers, and what an `Arc` shares, which is not one object’s to visit',
      'structs that are no classes, classes that are enums, and classes whose methods a macro may make',
      'PyO3 before 0.16, and versions that are not known',
    ],
    fixSafety: 'Objects that are collected run code when they are freed, and `__clear__` empties the fields of objects that still live.',
    references: [
      { title: 'PyO3 guide, garbage collector integration', url: 'https://pyo3.rs/latest/class/protocols#garbage-collector-integration' },
    ],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      const version = pyo3Minor(ctx.workspace, item.module.crate);
      if (item.kind !== 'struct' || version === null || version < AS_METHODS || !isPlainClass(item)) continue;
      const fields = ctx.facts.pythonClasses.handed(item);
      const [first, ...more] = fields;
      if (!first || ctx.facts.pythonClasses.traverse(item) !== null) continue;
      const fix = fixOf(item, fields, ctx.workspace);
      ctx.report('missing', {
        at: { file: item.file, span: first.field.type.span },
        data: { name: item.name, field: first.field.name },
        related: more.map(({ field }) => ({ at: { file: item.file, span: field.type.span }, message: `\`${field.name}\` as well` })),
        help: 'add `__traverse__`, and `__clear__` where the field can be emptied',
        fixes: fix ? [fix] : [],
        item,
      });
    }
  },
});

function fixOf(item: RustItem, fields: readonly OwnedField[], workspace: Workspace): Fix | null {
  if (fields.some(({ visit }) => visit === null)) return null;
  const frozen = classOptions(item).some(({ name }) => name === 'frozen');
  const clears = frozen ? [] : fields.flatMap(({ clear }) => (clear ? [clear] : []));
  const visits = fields.flatMap(({ visit }) => (visit ?? '').split('\n'));
  const lines = [
    "fn __traverse__(&self, visit: pyo3::class::PyVisit<'_>) -> Result<(), pyo3::class::PyTraverseError> {",
    ...visits.map((line) => `    ${line}`),
    '    Ok(())',
    '}',
    ...(clears.length > 0 ? ['', 'fn __clear__(&mut self) {', ...clears.map((line) => `    ${line}`), '}'] : []),
  ];
  const title = clears.length > 0 ? 'add `__traverse__` and `__clear__`' : 'add `__traverse__`';
  const block = pymethods(item, workspace).find(({ file, entry }) => file === item.file && entry.bodySpan && !entry.inMacro);
  const text = workspace.text(item.file);
  if (block?.entry.bodySpan) {
    const at = block.entry.bodySpan.end;
    const indent = `${indentAt(text, block.entry.signatureSpan.start)}    `;
    const code = lines.map((line) => (line === '' ? '' : indent + line)).join('\n');
    const isEmpty = /^\s*$/.test(text.slice(block.entry.bodySpan.start, at));
    const line = text.lastIndexOf('\n', at - 1) + 1;
    if (/\S/.test(text.slice(line, at))) return null;
    return {
      title,
      safe: false,
      edits: [{ file: item.file.path, span: { start: line, end: line }, text: `${isEmpty ? '' : '\n'}${code}\n` }],
    };
  }
  if (pymethods(item, workspace).length > 0 || /</.test(text.slice(item.entry.nameSpan.end, item.entry.nameSpan.end + 1))) return null;
  const indent = indentAt(text, item.entry.signatureSpan.start);
  const code = ['', '', '#[pymethods]', `impl ${item.name} {`, ...lines.map((line) => (line === '' ? '' : `    ${line}`)), '}'];
  const at = item.entry.span.end;
  const edit = {
    file: item.file.path,
    span: { start: at, end: at },
    text: code.map((line, i) => (i === 0 || line === '' ? line : indent + line)).join('\n'),
  };
  return workspace.editable(item.file, item.entry.span) ? { title, safe: false, edits: [edit] } : null;
}
