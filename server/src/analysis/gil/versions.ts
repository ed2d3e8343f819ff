/** The names under which a crate's PyO3 has the operations on the interpreter lock (PyO3 CHANGELOG 0.26 and 0.28). */
import type { Crate, Workspace } from '../../model/workspace.ts';

type Version = readonly [number, number, number];

function atLeast(a: Version, b: Version): boolean {
  for (let i = 0; i < 3; i++) if ((a[i] ?? 0) !== (b[i] ?? 0)) return (a[i] ?? 0) > (b[i] ?? 0);
  return true;
}

/** New names: since 0.26. Old names: gone in 0.28. */
const RENAMED: Version = [0, 26, 0];
const REMOVED: Version = [0, 28, 0];

/** Whether the crate's PyO3 is to be addressed by the new names; null where its version is not known or spans the change. */
export function usesNewNames(workspace: Workspace, crate: Crate): boolean | null {
  const version = workspace.dependencyVersion(crate, 'pyo3');
  if (version.kind === 'unknown') return null;
  const min = version.kind === 'exact' ? version.version : version.min;
  if (atLeast(min, RENAMED)) return true;
  if (version.kind === 'exact') return false;
  return version.max !== null && atLeast(REMOVED, version.max) ? false : null;
}

/** Whether the crate's PyO3 is older than a version; null where that is not known. */
export function olderThan(workspace: Workspace, crate: Crate, limit: Version): boolean | null {
  const version = workspace.dependencyVersion(crate, 'pyo3');
  if (version.kind === 'unknown') return null;
  if (version.kind === 'exact') return !atLeast(version.version, limit);
  if (atLeast(version.min, limit)) return false;
  return version.max !== null && atLeast(limit, version.max) ? true : null;
}
