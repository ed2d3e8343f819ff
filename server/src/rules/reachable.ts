/** Whether other crates can name an item. */
import type { Module, RustItem, Workspace } from '../model/workspace.ts';

/**
 * False where the item or a module around it is surely private and nothing exports it again by its name. Members of impls count as
 * reachable where the type of the impl is, which is asked separately.
 */
export function isReachable(item: RustItem, workspace: Workspace): boolean {
  if (item.entry.visibility !== 'pub' && item.owner?.kind !== 'trait') return false;
  for (let at: Module | null = item.module; at?.parent; at = at.parent) {
    if (!isPublic(at, at.parent) && !isExported(item, at, workspace)) return false;
  }
  return true;
}

function isPublic(module: Module, parent: Module): boolean {
  const name = module.path.at(-1);
  const declared = parent.file.index.entries.filter((one) => one.kind === 'mod' && one.name === name);
  // A module that its parent's file does not declare is made by a macro.
  return declared.length === 0 || declared.some((one) => one.visibility === 'pub');
}

/** A `pub use` somewhere in the crate takes the item's name, or everything of a module that is private. */
function isExported(item: RustItem, module: Module, workspace: Workspace): boolean {
  const crate = item.module.crate;
  const name = item.owner ? null : item.name;
  return workspace.items.some((one) => {
    if (one.kind !== 'use' || one.module.crate !== crate || one.entry.visibility !== 'pub') return false;
    return one.entry.uses.some((use) => {
      const path = use.path;
      if (use.name === '*') return path.at(-1) === module.path.at(-1);
      return name === null ? path.includes(module.path.at(-1) ?? '') : path.at(-1) === name;
    });
  });
}
