/** Which files can be concerned by open C files: those of the crates that meet them. */
import { isCFile } from '../base/c-files.ts';
import { basename } from '../base/paths.ts';
import type { Snapshot } from '../engine/session.types.ts';

/**
 * The open files, and all Rust files and manifests of packages with a function that a declaration in an open C file, or in a file that
 * includes it, means. null where that is not known: a file of another language is open, or a C file that no function meets.
 */
export function headerPartners(open: readonly string[], { workspace, surface, peers }: Snapshot): readonly string[] | null {
  const headers = open.filter(isCFile);
  if (headers.length === 0 || !open.every((path) => isCFile(path) || path.endsWith('.rs') || basename(path) === 'Cargo.toml')) return null;
  const met = new Set<string>();
  const folders = new Set<string>();
  const crates = new Set<string>();
  for (const fn of surface.functions) {
    for (const { peer } of peers.linkedTo(fn)) {
      const around = peer.language === 'c' ? peers.around(peer.file) : [];
      for (const header of headers) {
        if (peer.file !== header && !around.includes(header)) continue;
        met.add(header);
        crates.add(fn.item.module.crate.root.file.path);
        if (fn.item.module.crate.package) folders.add(fn.item.module.crate.package.directory);
      }
    }
  }
  if (met.size < headers.length) return null;
  const opened = new Set(open);
  const files = new Set(open);
  for (const path of workspace.files.keys()) {
    const own = workspace.cratesOf(path);
    const isMeant = (root: string, folder: string | undefined): boolean =>
      crates.has(root) || (folder !== undefined && folders.has(folder));
    if (opened.has(path)) for (const { package: pkg } of own) if (pkg) files.add(pkg.manifest);
    if (own.some(({ root, package: pkg }) => isMeant(root.file.path, pkg?.directory))) files.add(path);
  }
  for (const { directory, manifest } of workspace.cargo.packages) if (folders.has(directory)) files.add(manifest);
  return [...files].sort();
}
