/** Where a crate is compiled: in its own folder held to its lock file, or in a mirror whose lock file cargo may write. */
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { dirname, joinPath, relativeInside } from '../../base/paths.ts';
import { mirror } from '../../host/mirror.ts';
import type { Package } from '../../model/cargo/package.ts';

export interface CargoPlace {
  readonly cwd: string;
  readonly manifest: string;
  readonly locked: boolean;
}

/** The user's own folders; null where there is no lock file to hold cargo to. */
export function ownPlace(pkg: Package, fs: FileSystem): CargoPlace | null {
  return fs.isFile(lockOf(pkg)) ? { cwd: pkg.directory, manifest: pkg.manifest, locked: true } : null;
}

/** A mirror at `tree` (absolute; kept between runs) of the workspace with all that it leads to by paths. */
export function mirrorPlace(
  pkg: Package,
  packages: readonly Package[],
  tree: string,
  fs: FileSystem,
): CargoPlace | { readonly failure: string } {
  const { workspaceRoot, manifest, directory } = pkg;
  const base = commonFolder([workspaceRoot, directory, ...packages.flatMap((one) => pathsOf(one))]);
  const lock = lockOf(pkg);
  const text = fs.read(lock);
  const failed = mirror(base, tree, new Map([[lock, isFailure(text) ? null : text]]));
  if (failed) return { failure: `the folder ${tree} for a mirror of the workspace ${failed.failure}` };
  const place = (path: string): string => joinPath(tree, relativeInside(base, path) ?? '');
  return { cwd: place(workspaceRoot), manifest: place(manifest), locked: false };
}

function lockOf({ workspaceRoot }: Package): string {
  return joinPath(workspaceRoot, 'Cargo.lock');
}

function pathsOf({ directory, dependencies }: Package): readonly string[] {
  return [directory, ...dependencies.flatMap(({ path }) => (path === null ? [] : [path]))];
}

/** The innermost folder that holds all of these absolute paths. */
export function commonFolder(paths: readonly string[]): string {
  let [folder = '/'] = paths;
  while (paths.some((path) => relativeInside(folder, path) === null) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
