/** A class has a field that threads may not share, which PyO3 demands of classes. */
import { classOptions, pyclasses, pyo3Minor } from '../pyo3-classes.ts';
import { isDeclaredSync, notSync } from '../pyo3-sync.ts';
import { shareFix } from '../pyo3-share-fix.ts';
import { defineRule, orNone } from '../rule.ts';

/** From here on PyO3 demands `Sync` of classes, for Python without the GIL. */
const DEMANDED = 23;

export default defineRule({
  id: 'pyo3-pyclass-not-sync',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'unsafe',
  messages: { found: '`{name}` is not `Sync`, as PyO3 demands since 0.23: `{field}` has a `{what}`' },
  docs: {
    what: 'A `#[pyclass]` has a `Cell`, `RefCell`, `Rc`, raw pointer or channel receiver in a field',
    why: `Since PyO3 0.23 every class must be \`Sync\`: without the GIL, several threads call its methods at the same time. A field that is not makes
the class fail to compile (E0277), at the attribute and not at the field. Up to 0.22 the same code was accepted.`,
    bad: `use pyo3::prelude::*;
use std::cell::RefCell;

// error[E0277]: \`RefCell<Vec<u32>>\` cannot be shared between threads safely
#[pyclass]
struct Log {
    lines: RefCell<Vec<u32>>,
}
`,
    good: `use pyo3::prelude::*;
use std::sync::Mutex;

#[pyclass]
struct Log {
    lines: Mutex<Vec<u32>>,
}
`,
    exceptions: [
      '`#[pyclass(unsendable)]`, and types with `unsafe impl Sync` in the workspace',
      'cells inside of a `Mutex`, and inside of types whose fields are not known',
      'PyO3 before 0.23, and versions that are not known',
    ],
    fixSafety: 'A second borrow of a `RefCell` panics, a second lock of a `Mutex` waits for ever.',
    references: [{ title: 'PyO3 guide, class thread safety', url: 'https://pyo3.rs/latest/class/thread-safety' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      const version = pyo3Minor(ctx.workspace, item.module.crate);
      if (version === null || version < DEMANDED) continue;
      if (classOptions(item).some(({ name }) => name === 'unsendable') || isDeclaredSync(item, ctx.workspace)) continue;
      const ast = ctx.workspace.ast(item);
      const fields = ast?.kind === 'struct' ? ast.fields : ast?.kind === 'enum' ? ast.variants.flatMap((one) => one.fields) : [];
      for (const field of fields) {
        // Under a condition it may be another field.
        if (field.attributes.some(({ path, condition }) => path === 'cfg' || condition !== null)) continue;
        const what = notSync(field.type, { module: item.module, item }, ctx.workspace, new Set([item]));
        if (what === null) continue;
        ctx.report('found', {
          at: { file: item.file, span: field.type.span },
          data: { name: item.name, field: field.name, what },
          fixes: orNone(shareFix(item, [field], ctx.workspace)),
          help: 'use a `Mutex` or atomics; `#[pyclass(unsendable)]` ties each object to its thread instead',
          item,
        });
      }
    }
  },
});
