/** Instances have a hash of their own but compare by identity. */
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { deriveEdit, isPlainValue, methodEdit, namedFields, optionEdit } from '../pyo3-class-edits.ts';
import { classOptions, pyclasses, pymethods, pyo3Minor } from '../pyo3-classes.ts';
import type { Fix } from '../rule.ts';
import { defineRule, orNone } from '../rule.ts';

export default defineRule({
  id: 'pyo3-hash-eq-pair',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'warning',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { lonely: '`{name}` has `__hash__` but no `__eq__`: equal values are still different keys' },
  docs: {
    what: 'A class defines `__hash__` and neither `__eq__` nor `__richcmp__`',
    why: `Without \`__eq__\`, Python compares instances by identity. Two instances with the same hash are then different keys of a \`dict\` and
different members of a \`set\`, so the hash does nothing but collide.`,
    bad: `use pyo3::prelude::*;

#[pyclass(frozen)]
struct Point {
    x: i64,
    y: i64,
}

#[pymethods]
impl Point {
    fn __hash__(&self) -> u64 {
        (self.x * 31 + self.y) as u64
    }
}
`,
    good: `use pyo3::prelude::*;

#[pyclass(frozen, eq)]
#[derive(PartialEq)]
struct Point {
    x: i64,
    y: i64,
}

#[pymethods]
impl Point {
    fn __hash__(&self) -> u64 {
        (self.x * 31 + self.y) as u64
    }
}
`,
    exceptions: [
      'classes with `__eq__`, `__richcmp__` or `#[pyclass(eq)]`, in any of their `#[pymethods]` blocks',
      'classes that extend another one, enums, and classes with methods or attributes of macros that are not known',
    ],
    fixSafety: 'Instances that are equal by their fields then are equal in Python, also where identity was meant.',
    references: [{ title: 'PyO3 guide, object customization', url: 'https://pyo3.rs/latest/class/object' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      if (item.kind !== 'struct' || !item.entry.attributes.every(({ path }) => KNOWN.test(path))) continue;
      if (classOptions(item).some(({ name }) => ['eq', 'extends', 'ord', 'hash'].includes(name))) continue;
      const blocks = pymethods(item, ctx.workspace);
      // A macro among the members may make any method.
      if (
        blocks.some(
          ({ entry, members }) =>
            !entry.attributes.every((a) => /(^|::)pymethods$/.test(a.path)) || members.some((m) => m.kind === 'macro-call'),
        )
      )
        continue;
      const methods = blocks.flatMap(({ members }) => members).filter(({ kind }) => kind === 'fn');
      const hash = methods.find(({ name }) => name === '__hash__');
      const named = methods.some(
        ({ name, entry }) => /^__(eq|richcmp)__$/.test(name) || entry.attributes.some((a) => a.text?.includes('__eq__')),
      );
      if (!hash || hash.file.origin || named) continue;
      ctx.report('lonely', {
        at: { file: hash.file, span: hash.entry.nameSpan },
        data: { name: item.name },
        help: 'add `__eq__`, or `#[pyclass(eq)]` with `PartialEq` (PyO3 0.22 and later)',
        fixes: orNone(eqFix(item, ctx.workspace)),
        item: hash,
      });
    }
  },
});

/** `eq` of PyO3 since 0.22, a method before; and the comparison itself where the fields have one and the class has none yet. */
function eqFix(item: RustItem, workspace: Workspace): Fix | null {
  const ast = workspace.ast(item);
  const version = pyo3Minor(workspace, item.module.crate);
  // `__eq__` for itself exists since 0.20.
  if (ast?.kind !== 'struct' || version === null || version < 20) return null;
  const derived = item.entry.attributes.some(({ path, text }) => path === 'derive' && /\bPartialEq\b/.test(text ?? ''));
  const compared = derived || workspace.implsOf(item).some(({ entry }) => /(^|::)PartialEq\b/.test(entry.implTrait ?? ''));
  if (!compared && !namedFields(ast, item, workspace).every(({ ty }) => isPlainValue(ty))) return null;
  if (!compared && (ast.shape !== 'named' || ast.fields.length === 0)) return null;
  const equals = ['fn __eq__(&self, other: &Self) -> bool {', '\tself == other', '}'];
  const own = version >= 22 ? optionEdit(item, 'pyclass', 'eq', workspace) : methodEdit(item, equals, workspace);
  const derive = compared ? null : deriveEdit(item, 'PartialEq', workspace);
  if (!own || (!compared && !derive)) return null;
  return { title: 'compare instances by their fields', safe: false, edits: derive ? [own, derive] : [own] };
}

const KNOWN =
  /^((pyo3::)?(prelude::)?pyclass|pyo3|derive|doc|cfg|cfg_attr|allow|expect|warn|deny|repr|non_exhaustive|must_use|deprecated|(serde|clippy|rustfmt)(::.*)?|serde)$/;
