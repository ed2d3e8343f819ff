/** Which crates a compiler is asked about, and which files its answer depends on. */
import { relativeInside } from '../base/paths.ts';
import type { Crate, Workspace } from '../model/workspace.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { Package } from '../model/cargo/package.ts';

/** Libraries and programs that have to do with other languages. */
export function cratesToCompile(surface: Surface, wanted: (path: string) => boolean): readonly Crate[] {
  const crates = new Set<Crate>();
  for (const { item } of [...surface.functions, ...surface.typeUses, ...surface.pyEntries])
    if (wanted(item.module.file.path)) crates.add(item.module.crate);
  return [...crates]
    .filter(({ package: pkg, target }) => pkg !== null && (target.kind === 'lib' || target.kind === 'bin'))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Sources and manifests of all packages of a workspace, and its lock file (absolute paths). */
export function compilationInputs(workspace: Workspace, workspaceRoot: string): readonly string[] {
  const packages = workspace.cargo.packages.filter((pkg: Package) => pkg.workspaceRoot === workspaceRoot);
  const lock = workspace.cargo.locks.get(workspaceRoot);
  const inside = [...workspace.files.keys()].filter((path) => packages.some(({ directory }) => relativeInside(directory, path) !== null));
  return [...packages.map(({ manifest }) => manifest), ...(lock ? [lock.file] : []), ...inside];
}
