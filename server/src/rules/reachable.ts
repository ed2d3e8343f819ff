/** Whether other crates can name an item. */
import type { Module, RustItem, Workspace } from '../model/workspace.ts';

/**
 * False where the item or a module around it is surely private and nothing exports it again by its name. Of members
 * of impls the type has to be public too.
 */
export function isReachable(item: RustItem, workspace: Workspace): boolean {
  if (item.entry.visibility !== 'pub' && item.owner?.kind !== 'trait') return false;
  const type = item.owner?.kind === 'impl' ? typeOf(item.owner, workspace) : null;
  if (type && type.entry.visibility !== 'pub') return false;
  for (let at: Module | null = item.module; at?.parent; at = at.parent) {
    if (!isPublic(at, at.parent) && !isExported(item, at, workspace)) return false;
  }
  return true;
}

/** The type of an impl, where it is one of the workspace. */
function typeOf(owner: RustItem, workspace: Workspace): RustItem | null {
  const path = owner.entry.implType?.split('::') ?? [];
  const found = workspace.resolve(path, { module: owner.module, item: null }, 'type');
  return path.length > 0 && found.kind === 'item' && /^(struct|enum|union)$/.test(found.item.kind) ? found.item : null;
}

function isPublic(module: Module, parent: Module): boolean {
  const name = module.path.at(-1);
  const declared = parent.file.index.entries.filter((one) => one.kind === 'mod' && one.name === name);
  // A module that its parent's file does not declare is made by a macro.
  return declared.length === 0 || declared.some((one) => one.visibility === 'pub');
}

/** A `pub use` somewhere in the crate takes the item's name, or everything of a module that is private. */
function isExported(item: RustItem, module: Module, workspace: Workspace): boolean {
  const uses = reexportsOf(workspace).get(item.module.crate);
  const from = module.path.at(-1) ?? '';
  if (!uses) return false;
  if (uses.globs.has(from) || !item.owner) return uses.globs.has(from) || uses.names.has(item.name);
  const type = item.owner.entry.implType?.split('::').at(-1);
  return uses.through.has(from) && (type === undefined || item.owner.entry.implTrait !== null || uses.names.has(type));
}

/** What the `pub use` of a crate name: last segments of globs, of names, and all segments of the latter. */
interface Reexports {
  readonly globs: Set<string>;
  readonly names: Set<string>;
  readonly through: Set<string>;
}

/** Asked for each item, so that items are walked once for each workspace. */
const known = new WeakMap<Workspace['items'], ReadonlyMap<Module['crate'], Reexports>>();

function reexportsOf(workspace: Workspace): ReadonlyMap<Module['crate'], Reexports> {
  const before = known.get(workspace.items);
  if (before) return before;
  const made = new Map<Module['crate'], Reexports>();
  for (const one of workspace.items) {
    if (one.kind !== 'use' || one.entry.visibility !== 'pub') continue;
    const { crate } = one.module;
    const to = made.get(crate) ?? { globs: new Set(), names: new Set(), through: new Set() };
    made.set(crate, to);
    for (const { name, path } of one.entry.uses) {
      const last = path.at(-1);
      if (name === '*') {
        if (last !== undefined) to.globs.add(last);
        continue;
      }
      if (last !== undefined) to.names.add(last);
      for (const segment of path) to.through.add(segment);
    }
  }
  known.set(workspace.items, made);
  return made;
}
