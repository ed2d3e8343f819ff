/** Whether the other side makes a value of a type: what it makes, Rust has not checked. */
import type { BoundaryType, TypeUse } from '../model/surface/surface.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { isHandle } from '../analysis/types/opacity.ts';

/** A value that certainly comes from C; `export` where callers of an exported fn give it. */
export type Incoming = 'foreign' | 'export';

/** For a type that is written by value; null where Rust makes it, or nobody knows. */
export function incomingValue(use: TypeUse): Incoming | null {
  switch (use.position) {
    case 'result':
      return use.role === 'import' ? 'foreign' : null;
    case 'param':
      return use.role === 'callback' ? 'foreign' : use.role === 'export' ? 'export' : null;
    case 'static':
      // That C's variables hold valid values is what their declaration says.
      return null;
    case 'fn-pointer-param':
      // The callback that an import takes: C calls it.
      return isImport(use.item) ? 'foreign' : null;
    case 'fn-pointer-result':
      return null;
  }
}

/** Packages that only repeat a header in Rust: whether values are checked is up to those that use them. */
export function isBinding(item: RustItem): boolean {
  return /[-_]sys$/.test(item.module.crate.package?.name ?? '');
}

function isImport(item: RustItem): boolean {
  return item.kind === 'fn' && item.owner?.kind === 'extern-block';
}

/**
 * The use by which the other side makes or writes whole values of a struct. Of pointers only those count whose struct Rust never
 * makes itself: the same signature may as well take what Rust has filled in.
 */
export function filledByC(type: BoundaryType, workspace: Workspace): { readonly use: TypeUse; readonly by: Incoming } | null {
  for (const use of type.byValue) {
    const by = incomingValue(use);
    // What comes back through a callback may as well be what Rust has given away.
    if (by && (use.position === 'result' || !isMadeInRust(type.item, workspace))) return { use, by };
  }
  const name = type.item.name.replace(/[^\w]/g, '');
  let left: boolean | null = null;
  const out = (): boolean => (left ??= isLeftToC(name, workspace));
  const pointer = type.behindPointer.map((use) => ({ use, by: incomingPointer(use, out) })).find(({ by }) => by !== null);
  if (!pointer?.by || isHandle(type, workspace) || isMadeInRust(type.item, workspace)) return null;
  return { use: pointer.use, by: pointer.by };
}

/** A parameter of an import only counts where the workspace hands in memory that holds no value yet. */
function incomingPointer(use: TypeUse, out: () => boolean): Incoming | null {
  if (use.position === 'result') return use.role === 'import' ? 'foreign' : null;
  if (use.position !== 'param') return null;
  if (use.role === 'import') return use.type.kind === 'pointer' && use.type.mutable && out() ? 'foreign' : null;
  return use.role === 'callback' ? 'foreign' : use.role === 'export' ? 'export' : null;
}

/** `MaybeUninit::<S>`, `zeroed::<S>()`, `let s: S = …zeroed()`. */
function isLeftToC(name: string, workspace: Workspace): boolean {
  const type = `\\b(?:\\w+::)*${name}\\b`;
  const pattern = new RegExp(
    `(?:MaybeUninit|zeroed|uninit)(?:::)?<\\s*${type}|:\\s*${type}\\s*=[^;]{0,80}\\b(?:zeroed|uninit|uninitialized)\\(`,
  );
  for (const file of workspace.filesNaming(name)) {
    const text = workspace.text(file);
    if (text.includes(name) && pattern.test(text)) return true;
  }
  return false;
}

/** A struct literal of the type stands somewhere: coarse on purpose, since it only makes silent. */
export function isMadeInRust(item: RustItem, workspace: Workspace): boolean {
  const name = item.name.replace(/[^\w]/g, '');
  const literal = new RegExp(
    `(?<!\\b(?:struct|union|enum|trait|impl|for|mod)\\s+)\\b${name}\\s*(?:::<[^>{}]*>\\s*)?\\{\\s*(?:\\w+\\s*[:,}]|\\.\\.|//|/\\*|#)`,
  );
  for (const file of workspace.filesNaming(name)) {
    const text = workspace.text(file);
    if (text.includes(name) && literal.test(text)) return true;
  }
  return workspace.implsOf(item).some((i) => /\bSelf\s*[{(]/.test(workspace.slice(i.file, i.entry.span)));
}
