/** Which crates a compiler is asked about, and which files its answer depends on. */
import { relativeInside } from '../base/paths.ts';
import type { Crate, Workspace } from '../model/workspace.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { Package } from '../model/cargo/package.ts';

/** A crate of a package, with what cargo needs to know to compile it. */
export interface CompilableCrate {
  readonly package: string;
  readonly manifest: string;
  readonly kind: 'lib' | 'bin';
  readonly name: string;
  readonly root: string;
  readonly workspaceRoot: string;
}

/** Libraries and programs in which other languages' calls arrive; what is only imported has no code of its own to look at. */
export function cratesToCompile(surface: Surface, wanted: (path: string) => boolean): readonly CompilableCrate[] {
  const crates = new Set<Crate>();
  for (const { role, item } of surface.functions) if (role !== 'import' && wanted(item.module.file.path)) crates.add(item.module.crate);
  for (const { item } of surface.pyEntries) if (wanted(item.module.file.path)) crates.add(item.module.crate);
  return [...crates].flatMap(compilable).sort((a, b) => (a.manifest < b.manifest ? -1 : 1));
}

function compilable({ package: pkg, target }: Crate): readonly CompilableCrate[] {
  if (!pkg || (target.kind !== 'lib' && target.kind !== 'bin')) return [];
  const { name: packageName, manifest, workspaceRoot } = pkg;
  return [{ package: packageName, manifest, kind: target.kind, name: target.name, root: target.root, workspaceRoot }];
}

/** Sources and manifests of all packages of a workspace, and its lock file (absolute paths). */
export function compilationInputs(workspace: Workspace, workspaceRoot: string): readonly string[] {
  const packages = workspace.cargo.packages.filter((pkg: Package) => pkg.workspaceRoot === workspaceRoot);
  const lock = workspace.cargo.locks.get(workspaceRoot);
  const inside = [...workspace.files.keys()].filter((path) => packages.some(({ directory }) => relativeInside(directory, path) !== null));
  return [...packages.map(({ manifest }) => manifest), ...(lock ? [lock.file] : []), ...inside];
}
