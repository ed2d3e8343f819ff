/** One spelling for the names of std, PyO3 and other crates that can be reached by several paths. */
import type { Module, Resolution, RustItem, Scope, Workspace } from '../../model/workspace.ts';
import type { Path } from '../../model/rust/ast-type.ts';

/** What a path means here: an item of the workspace, an external name in its one spelling, or nothing known. */
export type Meaning =
  | { readonly kind: 'item'; readonly item: RustItem; readonly variant: string | null }
  | { readonly kind: 'external'; readonly path: string }
  | { readonly kind: 'primitive'; readonly name: string }
  | { readonly kind: 'generic'; readonly name: string };

/** Re-exports of std that people write; left the written one, right the one used in tables. */
const STD_SPELLINGS: Readonly<Record<string, string>> = {
  'std::collections::hash_map::HashMap': 'std::collections::HashMap',
  'std::collections::btree_map::BTreeMap': 'std::collections::BTreeMap',
  'std::collections::hash_set::HashSet': 'std::collections::HashSet',
  'hashbrown::HashMap': 'std::collections::HashMap',
  'ahash::AHashMap': 'std::collections::HashMap',
  'rustc_hash::FxHashMap': 'std::collections::HashMap',
  'hashbrown::HashSet': 'std::collections::HashSet',
  'rustc_hash::FxHashSet': 'std::collections::HashSet',
  'indexmap::IndexMap': 'std::collections::HashMap',
  'std::result::Result::Ok': 'std::result::Result::Ok',
  'std::option::Option::Some': 'std::option::Option::Some',
  'std::prelude::v1::Vec': 'std::vec::Vec',
  'std::time::SystemTimeError': 'std::time::SystemTimeError',
};

/** `pyo3::types::list::PyList::new` → `pyo3::PyList::new`: what counts is the type's name and what hangs on it. */
function canonicalPyo3(path: readonly string[]): string {
  const type = path.findIndex((name, i) => i > 0 && /^[A-Z]/.test(name));
  if (path[1] === 'ffi' || path[1] === 'exceptions') return path.join('::');
  return type > 0 ? ['pyo3', ...path.slice(type)].join('::') : path.join('::');
}

/** The one spelling of an external path. */
export function canonicalName(path: readonly string[]): string {
  if (path[0] === 'pyo3') return canonicalPyo3(path);
  if (path[0] === 'numpy') {
    const type = path.findIndex((name, i) => i > 0 && /^[A-Z]/.test(name));
    return type > 0 ? ['numpy', ...path.slice(type)].join('::') : path.join('::');
  }
  const joined = path.join('::');
  for (const cut of [joined, joined.slice(0, Math.max(0, joined.lastIndexOf('::')))]) {
    if (Object.hasOwn(STD_SPELLINGS, cut)) return `${STD_SPELLINGS[cut] ?? cut}${joined.slice(cut.length)}`;
  }
  return joined;
}

/** Names that a glob import of an external module is known to bring in. */
const GLOBS: readonly { readonly module: string; readonly names: RegExp; readonly prefix: string }[] = [
  { module: 'pyo3::types', names: /^Py[A-Z]/, prefix: 'pyo3' },
  { module: 'pyo3::exceptions', names: /^Py[A-Z]\w*(Error|Exception|Warning|Exit|Interrupt|Stop\w*)$/, prefix: 'pyo3::exceptions' },
  { module: 'pyo3', names: /^(Python|Py|PyResult|PyErr|PyObject|PyAny|Bound|Borrowed|PyRef|PyRefMut|PyCell)$/, prefix: 'pyo3' },
  {
    module: 'pyo3::prelude',
    names: /^(Python|Py|PyResult|PyErr|PyObject|PyAny|Bound|Borrowed|PyRef|PyRefMut|PyCell|PyModule)$/,
    prefix: 'pyo3',
  },
  { module: 'numpy', names: /^Py(Array|Readonly|Readwrite|Untyped)\w*$/, prefix: 'numpy' },
  { module: 'std::io::prelude', names: /^(Read|Write|BufRead|Seek)$/, prefix: 'std::io' },
  { module: 'std::collections', names: /^(HashMap|HashSet|BTreeMap|BTreeSet|VecDeque|BinaryHeap)$/, prefix: 'std::collections' },
  { module: 'std::io', names: /^(BufReader|BufWriter|Cursor|Read|Write|BufRead|Seek|Stdin|Error|Result|stdin|stdout)$/, prefix: 'std::io' },
  {
    module: 'std::fs',
    names: /^(File|OpenOptions|read|read_to_string|write|copy|remove_file|create_dir|create_dir_all|read_dir|metadata)$/,
    prefix: 'std::fs',
  },
  { module: 'std::thread', names: /^(sleep|spawn|park|scope|JoinHandle)$/, prefix: 'std::thread' },
];

/** External modules whose names a module takes in by `use …::*`. */
export function externalGlobs(module: Module, workspace: Workspace): readonly string[] {
  const out: string[] = [];
  for (const item of module.items) {
    for (const use of item.kind === 'use' ? item.entry.uses : []) {
      if (use.name !== '*') continue;
      const target = workspace.resolve(use.path, { module, item: null }, 'type');
      if (target.kind === 'external') out.push(target.path.join('::'));
    }
  }
  return out;
}

function throughGlobs(names: readonly string[], scope: Scope, workspace: Workspace): string | null {
  const first = names[0] ?? '';
  if (first === '' || first === 'crate' || first === 'self' || first === 'super' || first === 'Self') return null;
  const candidates = GLOBS.filter((glob) => glob.names.test(first));
  if (candidates.length === 0) return null;
  const globs = externalGlobs(scope.module, workspace);
  const hit = candidates.find((glob) => globs.includes(glob.module));
  return hit ? canonicalName([...hit.prefix.split('::'), ...names]) : null;
}

function fromResolution(found: Resolution): Meaning | null {
  switch (found.kind) {
    case 'item':
      return { kind: 'item', item: found.item, variant: found.variant };
    case 'external':
      return { kind: 'external', path: canonicalName(found.path) };
    case 'primitive':
    case 'generic':
      return { kind: found.kind, name: found.name };
    default:
      return null;
  }
}

/** What a path means where it is written; null where that is not known or depends on configuration. */
export function meaning(path: Path, scope: Scope, workspace: Workspace, namespace: 'type' | 'value'): Meaning | null {
  const names = path.segments.map((s) => s.name);
  const found = workspace.resolve(path, scope, namespace);
  if (found.kind === 'unknown' && !path.global) {
    const glob = throughGlobs(names, scope, workspace);
    return glob ? { kind: 'external', path: glob } : null;
  }
  return fromResolution(found);
}
