/** A class keeps all that changes in locks and atomics, and is not `frozen`. */
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { tyOfWritten } from '../../analysis/types/local-types-written.ts';
import type { MaybeTy } from '../../analysis/types/local-types-ty.ts';
import { classOptions, hasPlainMethods, isPlainClass, pyclasses, pymethods, pyo3Minor, pyo3Options } from '../pyo3-classes.ts';
import { optionEdit } from '../pyo3-class-edits.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

const FROZEN = 17;

export default defineRule({
  id: 'pyo3-mutex-in-mutable-pyclass',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'hint',
  languages: ['rust'],
  equivalents: [],
  fix: 'safe',
  messages: { found: '`{name}` changes only through locks and atomics, and is not `frozen`' },
  docs: {
    what: 'All fields of a class are `Mutex`, `RwLock` or atomics, no method needs `&mut self`, and the class is not `frozen`',
    why: `PyO3 checks the borrow of a class at every call unless it is \`frozen\`. A class that guards its state itself pays for both, and \`Py<T>::get\`,
which needs no token, exists for frozen classes only.`,
    bad: `use pyo3::prelude::*;
use std::sync::Mutex;

#[pyclass]
struct Counter {
    count: Mutex<u64>,
}

#[pymethods]
impl Counter {
    fn add(&self) {
        *self.count.lock().unwrap() += 1;
    }
}
`,
    good: `use pyo3::prelude::*;
use std::sync::Mutex;

#[pyclass(frozen)]
struct Counter {
    count: Mutex<u64>,
}

#[pymethods]
impl Counter {
    fn add(&self) {
        *self.count.lock().unwrap() += 1;
    }
}
`,
    exceptions: [
      'classes with `&mut self` methods, setters, `#[pyo3(set)]` or a field that is no lock',
      'classes whose objects some code borrows mutably (`borrow_mut`, `PyRefMut`)',
      'classes that extend others, are extended, or have methods of macros',
      'PyO3 before 0.17, and versions that are not known',
    ],
    fixSafety: 'Nothing in the workspace borrows its objects mutably, or there would be no finding.',
    references: [{ title: 'PyO3 guide, class thread safety', url: 'https://pyo3.rs/latest/class/thread-safety' }],
  },
  check(ctx) {
    if (ctx.unit.kind !== 'rust') return;
    for (const item of pyclasses(ctx.unit.items)) {
      const version = pyo3Minor(ctx.workspace, item.module.crate);
      const ast = ctx.workspace.ast(item);
      if (ast?.kind !== 'struct' || ast.fields.length === 0 || version === null || version < FROZEN) continue;
      const options = classOptions(item);
      if (options.some(({ name }) => /^(frozen|extends|subclass|unsendable|set_all|dict)$/.test(name)) || !isPlainClass(item)) continue;
      const scope: Scope = { module: item.module, item };
      if (!ast.fields.every((field) => isGuarded(tyOfWritten(field.type, scope, ctx.workspace)))) continue;
      if (ast.fields.some((field) => pyo3Options(field.attributes, 'pyo3').some(({ name }) => name === 'set'))) continue;
      if (!hasPlainMethods(item, ctx.workspace) || isMutated(item, ctx.workspace) || isBorrowed(item, ctx.workspace)) continue;
      const fix = fixOf(item, ctx.workspace);
      ctx.report('found', {
        at: { file: item.file, span: item.entry.nameSpan },
        data: { name: item.name },
        help: 'add `frozen` to its `#[pyclass]`',
        fixes: fix ? [fix] : [],
        item,
      });
    }
  },
});

function isGuarded(ty: MaybeTy): boolean {
  if (ty?.kind !== 'external') return false;
  if (ty.path === 'std::sync::Arc') return isGuarded(ty.args[0] ?? null);
  return /^(std::sync::(Mutex|RwLock|atomic::Atomic\w+)|parking_lot::(Mutex|RwLock))$/.test(ty.path);
}

function isMutated(item: RustItem, workspace: Workspace): boolean {
  return pymethods(item, workspace)
    .flatMap(({ members }) => members)
    .some((method) => {
      const ast = method.kind === 'fn' ? workspace.ast(method) : null;
      if (ast?.kind !== 'fn') return method.kind === 'fn';
      const [first] = ast.params;
      const byRef = first?.type.kind === 'path' && first.type.path.segments.at(-1)?.name === 'PyRefMut';
      return ast.self?.kind === 'ref-mut' || byRef || ast.attributes.some(({ path }) => path === 'setter');
    });
}

/** Whether code that names the class borrows anything mutably. */
function isBorrowed(item: RustItem, workspace: Workspace): boolean {
  return ['borrow_mut', 'try_borrow_mut', 'PyRefMut'].some((word) =>
    workspace.filesNaming(word).some((file) => workspace.text(file).includes(word) && workspace.text(file).includes(item.name)),
  );
}

function fixOf(item: RustItem, workspace: Workspace): Fix | null {
  const edit = optionEdit(item, 'pyclass', 'frozen', workspace);
  return edit && { title: 'make the class frozen', safe: true, edits: [edit] };
}
