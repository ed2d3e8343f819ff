/** Which version of a dependency a package is built with. */
import type { CargoLock, CargoModel, Dependency, LockedPackage, Package, ResolvedVersion } from './package.ts';
import { compareVersions, hull, inRange, parseRequirement, parseVersion } from './requirement.ts';
import type { VersionRange } from './requirement.ts';

const UNKNOWN: ResolvedVersion = { kind: 'unknown' };

/**
 * The version of a package (by its registered name, `pyo3`) that another one depends on directly: the edge in Cargo.lock, else
 * what the requirements in the manifest allow. Unknown where there is no such dependency, where it comes from git or a path
 * (its version says nothing of what is in it), or where two versions of it are in use.
 */
export function resolveDependency(model: CargoModel, from: Package, dependencyPackageName: string): ResolvedVersion {
  const all = from.dependencies.filter((dependency) => dependency.package === dependencyPackageName);
  const normal = all.filter((dependency) => dependency.kind === 'normal');
  const declared = normal.length > 0 ? normal : all;
  if (declared.length === 0 || declared.some((dependency) => dependency.source !== 'registry')) return UNKNOWN;
  const allowed = allowedBy(declared);
  if (allowed === null) return UNKNOWN;
  const lock = model.locks.get(from.workspaceRoot);
  const locked = lock ? lockedEdges(lock, from, dependencyPackageName) : [];
  if (locked.some((edge) => edge.source !== 'registry')) return UNKNOWN;
  // A version that the manifest does not allow is left from before an edit: Cargo would not build with it.
  const versions = locked.map((edge) => parseVersion(edge.version)).filter((version) => version !== null && inRange(version, allowed));
  const [version] = versions;
  if (versions.length > 1) return UNKNOWN;
  if (version) return { kind: 'exact', version };
  const { min, max } = allowed;
  if (max !== null && compareVersions(min, max) >= 0) return UNKNOWN;
  return max !== null && min[0] === max[0] && min[1] === max[1] && min[2] + 1 === max[2]
    ? { kind: 'exact', version: min }
    : { kind: 'range', min, max };
}

function allowedBy(declared: readonly Dependency[]): VersionRange | null {
  let allowed: VersionRange | null = null;
  for (const { requirement } of declared) {
    const one = requirement === null ? null : parseRequirement(requirement);
    if (one === null) return null;
    allowed = allowed ? hull(allowed, one) : one;
  }
  return allowed;
}

/** The locked packages of a name that a package's own entry lists. */
function lockedEdges(lock: CargoLock, from: Package, name: string): readonly LockedPackage[] {
  const named = lock.packages.filter((entry) => entry.name === name);
  const own = lock.packages.filter((entry) => entry.name === from.name && entry.source === 'path');
  const entry = own.length > 1 ? own.find((candidate) => candidate.version === from.version) : own[0];
  const written = (entry?.dependencies ?? []).map((text) => text.split(' ')).filter(([edge]) => edge === name);
  return written.flatMap(([, version]) => named.filter((candidate) => version === undefined || candidate.version === version));
}
