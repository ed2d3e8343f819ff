/** Which crates a compiler is asked about, and which files its answer depends on. */
import { relativeInside } from '../base/paths.ts';
import type { Crate, Workspace } from '../model/workspace.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { Package } from '../model/cargo/package.ts';

export interface CrateToCompile {
  readonly crate: Crate;
  /** The crate that cargo is asked for: its features decide how a library that it depends on is compiled. */
  readonly via: Crate;
}

/** Libraries and programs that have to do with other languages, and the libraries of their workspaces that they call. */
export function cratesToCompile(workspace: Workspace, surface: Surface, wanted: (path: string) => boolean): readonly CrateToCompile[] {
  const crates = new Set<Crate>();
  for (const { item } of [...surface.functions, ...surface.typeUses, ...surface.pyEntries])
    if (wanted(item.module.file.path)) crates.add(item.module.crate);
  const asked = [...crates]
    .filter(({ package: pkg, target }) => pkg !== null && (target.kind === 'lib' || target.kind === 'bin'))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const via = new Map(asked.map((crate) => [crate, crate]));
  // A map gives what is added while it is gone through.
  for (const [{ package: pkg }, top] of via) {
    for (const { package: name, kind, optional } of pkg?.dependencies ?? []) {
      const lib = kind === 'normal' && !optional ? libraryOf(name, pkg, workspace) : null;
      if (lib && !via.has(lib)) via.set(lib, top);
    }
  }
  return [...via].map(([crate, top]) => ({ crate, via: top }));
}

/** The library of a package of the same workspace. */
function libraryOf(name: string, from: Package | null, workspace: Workspace): Crate | null {
  const isIt = ({ package: pkg, target }: Crate): boolean =>
    target.kind === 'lib' && pkg?.name === name && pkg.workspaceRoot === from?.workspaceRoot;
  return workspace.crates.find(isIt) ?? null;
}

/** Sources and manifests of all packages of a workspace, and its lock file (absolute paths). */
export function compilationInputs(workspace: Workspace, workspaceRoot: string): readonly string[] {
  const packages = workspace.cargo.packages.filter((pkg: Package) => pkg.workspaceRoot === workspaceRoot);
  const lock = workspace.cargo.locks.get(workspaceRoot);
  const inside = [...workspace.files.keys()].filter((path) => packages.some(({ directory }) => relativeInside(directory, path) !== null));
  return [...packages.map(({ manifest }) => manifest), ...(lock ? [lock.file] : []), ...inside];
}
