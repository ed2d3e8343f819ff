/** Whether threads may share a type, as PyO3 demands of classes. */
import type { Type } from '../model/rust/ast-type.ts';
import type { RustItem, Scope, Workspace } from '../model/workspace.ts';
import { canonicalName } from '../analysis/types/local-types-names.ts';

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
export function notSync(type: Type, scope: Scope, workspace: Workspace, seen: Set<RustItem>): string | null {
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

/** `unsafe impl Sync`, or a safe one of a type that needs it. */
export function isDeclaredSync(item: RustItem, workspace: Workspace): boolean {
  return workspace.implsOf(item).some(({ entry }) => /(^|::)Sync$/.test(entry.implTrait ?? ''));
}
