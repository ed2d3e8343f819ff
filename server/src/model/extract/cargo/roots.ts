/** Finds manifests: the one that a file belongs to, its workspace root, and all members of that. */
import type { FileSystem } from '../../../base/io.ts';
import { dirname, isAbsolute, joinPath, normalizePath, relativeInside } from '../../../base/paths.ts';
import { asStrings, get, getString, getTable } from '../../../syntax/toml-value.ts';
import { expandMembers, isExcluded } from '../../cargo/members.ts';
import { createManifestReader, dependencyTables, packageTable, workspaceTable } from './manifest.ts';
import type { Manifest, ManifestReader } from './manifest.ts';

/** The nearest Cargo.toml at or above a file or folder (absolute path), or null. */
export function findManifest(fs: FileSystem, path: string): string | null {
  for (const folder of ancestors(path)) {
    const file = joinPath(folder, 'Cargo.toml');
    if (fs.isFile(file)) return file;
  }
  return null;
}

export interface WorkspaceManifests {
  /** Absolute path of the workspace root's Cargo.toml; the given one for a lone package. */
  readonly root: string;
  /** Every manifest of the workspace, the root's and the given one included, sorted. Each exists. */
  readonly manifests: readonly string[];
}

/** The workspace of a manifest. Broken manifests count as lone: reading them says what is wrong. */
export function workspaceManifests(fs: FileSystem, manifest: string): WorkspaceManifests {
  const reader = createManifestReader(fs);
  const own = reader.read(manifest);
  const root = own && findRoot(reader, own);
  if (!root) return { root: manifest, manifests: [manifest] };
  const all = new Set([root.file, manifest, ...memberManifests(reader, root)]);
  return { root: root.file, manifests: [...all].sort() };
}

/**
 * Tells the folders that must be looked at to know the packages around a file or folder: those of its workspace and of their path
 * dependencies, none of them inside another; none where no Cargo.toml is above. Manifests are read once for all questions.
 */
export function createSurroundings(fs: FileSystem): (path: string) => readonly string[] {
  const reader = createManifestReader(fs);
  const byRoot = new Map<string, readonly string[]>();
  return (path) => {
    const file = findManifest(fs, path);
    if (file === null) return [];
    const own = reader.read(file);
    const root = own && findRoot(reader, own);
    if (!root) return [dirname(file)];
    const folders = byRoot.get(root.file) ?? foldersAround(reader, root);
    byRoot.set(root.file, folders);
    return folders;
  };
}

/** The same for one path; for several `createSurroundings` reads less. */
export function workspaceFolders(fs: FileSystem, path: string): readonly string[] {
  return createSurroundings(fs)(path);
}

function foldersAround(reader: ManifestReader, root: Manifest): readonly string[] {
  const found = new Set([root.file, ...memberManifests(reader, root)]);
  // A set goes on with what is added to it while it is walked.
  for (const next of found) {
    const manifest = reader.read(next);
    for (const folder of manifest ? pathDependencies(manifest, root) : []) {
      const below = joinPath(folder, 'Cargo.toml');
      if (reader.fs.isFile(below)) found.add(below);
    }
  }
  const folders = [...found].map(dirname).sort((a, b) => a.length - b.length);
  const kept: string[] = [];
  for (const folder of folders) if (!kept.some((outer) => relativeInside(outer, folder) !== null)) kept.push(folder);
  return kept;
}

/**
 * The workspace root of a manifest, by Cargo's rule: its own `[workspace]`, its `package.workspace`, else the nearest folder above
 * with a `[workspace]` that does not exclude it. Its own manifest where it is alone or where that root does not have it as member.
 */
export function findRoot(reader: ManifestReader, manifest: Manifest): Manifest {
  if (workspaceTable(manifest)) return manifest;
  const pointer = rootPointer(reader, manifest);
  if (pointer) return pointer;
  for (const folder of ancestors(dirname(manifest.directory))) {
    if (folder === manifest.directory) continue;
    const above = reader.read(joinPath(folder, 'Cargo.toml'));
    if (above === null) continue;
    const root = workspaceTable(above) ? above : rootPointer(reader, above);
    if (root === null || excludes(root, manifest.directory)) continue;
    return memberManifests(reader, root).has(manifest.file) ? root : manifest;
  }
  return manifest;
}

/** All manifests of a workspace: the root's, what the member globs name, and the path dependencies of those inside its folder. */
export function memberManifests(reader: ManifestReader, root: Manifest): ReadonlySet<string> {
  const known = reader.members.get(root.file);
  if (known) return known;
  const found = new Set<string>();
  const visit = (file: string): void => {
    const manifest = found.has(file) ? null : reader.read(file);
    if (manifest === null) return;
    if (file !== root.file && (workspaceTable(manifest) || excludes(root, manifest.directory))) return;
    found.add(file);
    for (const folder of pathDependencies(manifest, root)) {
      const below = joinPath(folder, 'Cargo.toml');
      const inside = relativeInside(root.directory, folder) !== null;
      if (inside || pointsAt(reader, below, root)) visit(below);
    }
  };
  visit(root.file);
  for (const pattern of asStrings(get(root.toml, 'workspace', 'members'))) {
    for (const folder of expandMembers(reader.fs, root.directory, pattern)) visit(joinPath(folder, 'Cargo.toml'));
  }
  reader.members.set(root.file, found);
  return found;
}

/** The folders of the path dependencies of a manifest, those that it inherits from the workspace included. */
function pathDependencies(manifest: Manifest, root: Manifest): readonly string[] {
  const shared = getTable(root.toml, 'workspace', 'dependencies');
  return dependencyTables(manifest.toml).flatMap(({ table }) =>
    [...table.entries].flatMap(([name, { value }]) => {
      if (value.kind !== 'table') return [];
      const own = getString(value, 'path');
      if (own !== null) return [joinPath(manifest.directory, own)];
      const inherited = value.entries.has('workspace') ? getString(shared, name, 'path') : null;
      return inherited !== null ? [joinPath(root.directory, inherited)] : [];
    }),
  );
}

function rootPointer(reader: ManifestReader, manifest: Manifest): Manifest | null {
  const pointer = getString(packageTable(manifest), 'workspace');
  if (pointer === null) return null;
  const root = reader.read(joinPath(joinPath(manifest.directory, pointer), 'Cargo.toml'));
  return root && workspaceTable(root) ? root : null;
}

function pointsAt(reader: ManifestReader, file: string, root: Manifest): boolean {
  const manifest = reader.read(file);
  return manifest !== null && rootPointer(reader, manifest)?.file === root.file;
}

function excludes(root: Manifest, folder: string): boolean {
  const listed = get(root.toml, 'workspace', 'members');
  return isExcluded(root.directory, listed && asStrings(listed), asStrings(get(root.toml, 'workspace', 'exclude')), folder);
}

/** A path and the folders above it, nearest first. */
function ancestors(path: string): readonly string[] {
  const folders = [normalizePath(path)];
  while (isAbsolute(path)) {
    const last = folders[folders.length - 1] ?? '/';
    const above = dirname(last);
    if (above === last || above === '.') break;
    folders.push(above);
  }
  return folders;
}
