/** `Send` and `Sync`: which of the two an impl is for. */
import type { RustItem, Workspace } from '../model/workspace.ts';

/** Null for every other trait, and where the workspace has one of that name that the impl means. */
export function autoTraitOf(item: RustItem, workspace: Workspace): 'Send' | 'Sync' | null {
  const name = /(?:^|::)(Send|Sync)$/.exec(item.entry.implTrait ?? '')?.[1];
  if (item.kind !== 'impl' || (name !== 'Send' && name !== 'Sync')) return null;
  const ast = workspace.ast(item);
  const trait = ast?.kind === 'impl' ? ast.trait : null;
  return trait && workspace.resolve(trait, { module: item.module, item }, 'type').kind === 'item' ? null : name;
}
