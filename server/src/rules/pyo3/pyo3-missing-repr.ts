/** A class that Python code makes instances of shows nothing of them. */
import type { StructItem } from '../../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { classOptions, hasPlainMethods, isPlainClass, pyclasses, pymethods } from '../pyo3-classes.ts';
import { isPlainValue, methodEdit, namedFields } from '../pyo3-class-edits.ts';
import type { Fix } from '../rule.ts';
import { defineRule, orNone } from '../rule.ts';

export default defineRule({
  id: 'pyo3-missing-repr',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { missing: 'instances of `{name}` print as `<… object at 0x…>`: there is no `__repr__`' },
  docs: {
    what: 'A class with `#[new]` has neither `__repr__` nor `__str__`',
    why: `Logs, debuggers and failing assertions show the \`repr\` of values. Without one, all instances look the same, and nobody sees which one it is.`,
    bad: `use pyo3::prelude::*;

#[pyclass]
struct Point {
    x: f64,
    y: f64,
}

#[pymethods]
impl Point {
    #[new]
    fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }

    fn length(&self) -> f64 {
        self.x.hypot(self.y)
    }
}
`,
    good: `use pyo3::prelude::*;

#[pyclass]
struct Point {
    x: f64,
    y: f64,
}

#[pymethods]
impl Point {
    #[new]
    fn new(x: f64, y: f64) -> Self {
        Point { x, y }
    }

    fn __repr__(&self) -> String {
        format!("Point({}, {})", self.x, self.y)
    }
}
`,
    exceptions: [
      'classes without fields, without `#[new]`, or whose name in Python starts with `_`',
      'exceptions and other classes that extend one, iterators, context managers, and classes that are called',
      'classes with attributes or methods of macros that are not known, and `#[pyclass(str)]`',
    ],
    fixSafety: 'What an instance should show is for its author to say: the edit shows the fields that are numbers and texts.',
    references: [{ title: 'PyO3 guide, object customization', url: 'https://pyo3.rs/latest/class/object' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      const ast = ctx.workspace.ast(item);
      if (ast?.kind !== 'struct' || ast.fields.length === 0 || !isPlainClass(item) || !hasPlainMethods(item, ctx.workspace)) continue;
      const options = classOptions(item);
      const name = options.find((option) => option.name === 'name')?.value ?? item.name;
      if (name.startsWith('_') || options.some((option) => /^(str|extends)$/.test(option.name))) continue;
      const methods = pymethods(item, ctx.workspace).flatMap(({ members }) => members);
      const isNew = methods.some(({ entry }) => entry.attributes.some(({ path }) => /(^|::)new$/.test(path)));
      const isOther = methods.some(
        (method) =>
          /^__(repr|str|next|enter|call)__$/.test(method.name) || method.entry.attributes.some((a) => /__(repr|str)__/.test(a.text ?? '')),
      );
      if (!isNew || isOther || isShownByProtocol(item, ctx.workspace)) continue;
      ctx.report('missing', {
        at: { file: item.file, span: item.entry.nameSpan },
        data: { name },
        help: 'add `fn __repr__(&self) -> String`',
        fixes: orNone(reprFix(item, ast, name, ctx.workspace)),
        item,
      });
    }
  },
});

/** `Point(x=1, y=2)`, of the fields that can be shown; null where none is. */
function reprFix(item: RustItem, ast: StructItem, name: string, workspace: Workspace): Fix | null {
  const shown = namedFields(ast, item, workspace).filter((field) => isPlainValue(field.ty));
  if (shown.length === 0 || !/^\w+$/.test(name)) return null;
  const format = shown.map((field) => `${field.name}={:?}`).join(', ');
  const values = shown.map((field) => `self.${field.name}`).join(', ');
  const lines = ['fn __repr__(&self) -> String {', `\tformat!("${name}(${format})", ${values})`, '}'];
  const edit = methodEdit(item, lines, workspace);
  return edit && { title: 'add a `__repr__`', safe: false, edits: [edit] };
}

/** `#[pyproto] impl PyObjectProtocol for T`, where `__repr__` stood before PyO3 0.18. */
function isShownByProtocol(item: RustItem, workspace: Workspace): boolean {
  return workspace
    .implsOf(item)
    .some(
      ({ entry, members }) =>
        entry.attributes.some(({ path }) => /(^|::)pyproto$/.test(path)) && members.some(({ name }) => /^__(repr|str)__$/.test(name)),
    );
}
