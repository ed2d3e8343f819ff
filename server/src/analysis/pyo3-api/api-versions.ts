/** Which entries of the API table hold for a crate, by the PyO3 that it resolves to. */
import type { ApiChange, PyVersion } from '../../model/pyo3/api-table.ts';
import { API_CHANGES } from '../../model/pyo3/api-table.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';

export interface ActiveChange {
  readonly change: ApiChange;
  readonly status: 'deprecated' | 'removed';
  /** Whether the new name exists in every PyO3 that the crate may be built with. */
  readonly renamable: boolean;
}

/** The oldest PyO3 that a crate may be built with, as `PyVersion`; null where it is not known. */
export function oldestPyo3(workspace: Workspace, crate: Crate): PyVersion | null {
  const version = workspace.dependencyVersion(crate, 'pyo3');
  if (version.kind === 'unknown') return null;
  const [major, minor] = version.kind === 'exact' ? version.version : version.min;
  return major * 1000 + minor;
}

/** `0.26` for 26. */
export function versionText(version: PyVersion): string {
  return `${Math.floor(version / 1000)}.${version % 1000}`;
}

/** A crate that allows several versions is held to the oldest: it may be written for both sides of a change. */
export function activeChanges(workspace: Workspace, crate: Crate): readonly ActiveChange[] {
  const oldest = oldestPyo3(workspace, crate);
  if (oldest === null) return [];
  const quiet = hasFeature(crate, 'gil-refs');
  return API_CHANGES.flatMap((change): ActiveChange[] => {
    if (change.until !== null && !staysBelow(workspace, crate, change.until)) return [];
    const renamable = change.rename !== null && change.rename.since <= oldest;
    if (change.removed !== null && change.removed <= oldest) return [{ change, status: 'removed', renamable }];
    if (change.deprecated === null || change.deprecated > oldest || (change.gilRefs && quiet)) return [];
    return [{ change, status: 'deprecated', renamable }];
  });
}

/** Whether no PyO3 that the crate may be built with is as new as a version. */
function staysBelow(workspace: Workspace, crate: Crate, limit: PyVersion): boolean {
  const version = workspace.dependencyVersion(crate, 'pyo3');
  if (version.kind === 'unknown') return false;
  if (version.kind === 'exact') return version.version[0] * 1000 + version.version[1] < limit;
  return version.max !== null && version.max[0] * 1000 + version.max[1] <= limit;
}

function hasFeature(crate: Crate, feature: string): boolean {
  const own = crate.package?.dependencies.some((d) => d.package === 'pyo3' && d.features.includes(feature)) ?? false;
  return own || Object.values(crate.package?.features ?? {}).some((enabled) => enabled.some((one) => one.endsWith(`/${feature}`)));
}
