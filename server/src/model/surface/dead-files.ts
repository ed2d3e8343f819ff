/** Files that lie in a package's folder and are no part of it: nothing compiles them. */
import { basename, dirname, relativeInside } from '../../base/paths.ts';
import { isUnreached } from '../resolve/crates.ts';
import type { Crate, SourceFile, Workspace } from '../workspace.ts';

const KNOWN = new WeakMap<Workspace, Map<Crate, boolean>>();

/**
 * Whether no module tree reaches a crate's file and nothing names it either: no `include!("name.rs")`, no `mod name` in a macro that is
 * not known. False for files outside of packages, and for those that do not lie among the sources of a target.
 */
export function isDead(crate: Crate, workspace: Workspace): boolean {
  if (!isUnreached(crate)) return false;
  const known = KNOWN.get(workspace) ?? new Map<Crate, boolean>();
  const found = known.get(crate) ?? isNamedNowhere(crate, workspace);
  KNOWN.set(workspace, known.set(crate, found));
  return found;
}

function isNamedNowhere(crate: Crate, workspace: Workspace): boolean {
  const { root } = crate.target;
  const sources = crate.package?.targets.filter(({ kind }) => kind === 'lib' || kind === 'bin') ?? [];
  if (!sources.some((target) => relativeInside(dirname(target.root), root) !== null)) return false;
  const file = basename(crate.target.root);
  const stem = file.replace(/\.rs$/, '');
  if (!/^[A-Za-z_]\w*$/.test(stem) || stem === 'mod') return false;
  const named = new RegExp(`\\bmod\\s+(?:r#)?${stem}\\b|\\b${stem}\\.rs\\b|[!({,]\\s*${stem}\\s*[,)}]`);
  return !workspace.filesNaming(stem).some((other) => other.path !== crate.target.root && named.test(workspace.text(other)));
}

/** Those in which something of the boundary would have been looked at. */
export function deadFiles(workspace: Workspace): readonly SourceFile[] {
  const dead = workspace.crates.filter((crate) => isDead(crate, workspace));
  return dead.flatMap(({ target }) => workspace.files.get(target.root) ?? []).filter(({ index }) => index.triggers !== 0);
}
