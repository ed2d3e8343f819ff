/** A class has a field that threads may not share, which PyO3 demands of classes. */
import type { Type } from '../../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../../model/workspace.ts';
import { canonicalName } from '../../analysis/types/local-types-names.ts';
import { classOptions, pyclasses, pyo3Minor } from '../pyo3-classes.ts';
import { defineRule } from '../rule.ts';

/** From here on PyO3 demands `Sync` of classes, for Python without the GIL. */
const DEMANDED = 23;

export default defineRule({
  id: 'pyo3-pyclass-not-sync',
  group: 'pyo3',
  since: '0.1.0',
  severity: 'error',
  languages: ['rust'],
  equivalents: [],
  fix: 'none',
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
    fixSafety: null,
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
          help: 'use a `Mutex` or atomics; `#[pyclass(unsendable)]` ties each object to its thread instead',
          item,
        });
      }
    }
  },
});

/** Types of std that are never `Sync`. */
const NEVER: Readonly<Record<string, string>> = {
  'std::cell::Cell': 'Cell',
  'std::cell::RefCell': 'RefCell',
  'std::cell::UnsafeCell': 'UnsafeCell',
  'std::cell::OnceCell': 'OnceCell',
  'std::rc::Rc': 'Rc',
  'std::rc::Weak': 'rc::Weak',
  'std::sync::mpsc::Receiver': 'mpsc::Receiver',
};
/** Types of std that are `Sync` only where all of their arguments are. */
const PASSING = new Set([
  'std::option::Option',
  'std::vec::Vec',
  'std::boxed::Box',
  'std::sync::Arc',
  'std::sync::RwLock',
  'std::collections::HashMap',
  'std::collections::BTreeMap',
  'std::collections::HashSet',
  'std::collections::BTreeSet',
  'std::collections::VecDeque',
]);

/** What in a type is not `Sync`; null where nothing is known to be. */
function notSync(type: Type, scope: Scope, workspace: Workspace, seen: Set<RustItem>): string | null {
  const first = (types: readonly Type[]): string | null => {
    for (const one of types) {
      const what = notSync(one, scope, workspace, seen);
      if (what !== null) return what;
    }
    return null;
  };
  switch (type.kind) {
    case 'pointer':
      return type.mutable ? '*mut' : '*const';
    case 'tuple':
      return first(type.elements);
    case 'slice':
    case 'array':
      return notSync(type.element, scope, workspace, seen);
    case 'reference':
      return notSync(type.referent, scope, workspace, seen);
    case 'path':
      break;
    default:
      return null;
  }
  if (type.self) return null;
  const found = workspace.resolve(type.path, scope, 'type');
  if (found.kind === 'external') {
    const name = canonicalName(found.path);
    if (Object.hasOwn(NEVER, name)) return NEVER[name] ?? null;
    if (!PASSING.has(name)) return null;
    return first((type.path.segments.at(-1)?.args ?? []).flatMap((arg) => (arg.kind === 'type' ? [arg.type] : [])));
  }
  if (found.kind !== 'item' || found.variant !== null || seen.has(found.item)) return null;
  return ofItem(found.item, workspace, seen);
}

/** Of a struct of the workspace: its fields, where no `unsafe impl` says that it may be shared. */
function ofItem(item: RustItem, workspace: Workspace, seen: Set<RustItem>): string | null {
  seen.add(item);
  const ast = workspace.ast(item);
  if (ast?.kind === 'type') return ast.type ? notSync(ast.type, { module: item.module, item }, workspace, seen) : null;
  if (ast?.kind !== 'struct' || isDeclaredSync(item, workspace)) return null;
  if (ast.attributes.some(({ path }) => !/^(derive|doc|repr|allow|expect|must_use|serde)$/.test(path))) return null;
  for (const field of ast.fields) {
    if (field.attributes.some(({ path, condition }) => path === 'cfg' || condition !== null)) continue;
    const what = notSync(field.type, { module: item.module, item }, workspace, seen);
    if (what !== null) return what;
  }
  return null;
}

function isDeclaredSync(item: RustItem, workspace: Workspace): boolean {
  return workspace.implsOf(item).some(({ entry }) => /(^|::)Sync$/.test(entry.implTrait ?? ''));
}
