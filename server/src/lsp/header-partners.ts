/** Which files are on the other side of open ones: the crates that meet a header, and first those that say the same; callers of Rust. */
import type { PeerFn } from '../abi/peers/peers.ts';
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
  const meant = new Map<string, readonly string[]>();
  const meantBy = ({ file, language }: PeerFn): readonly string[] => {
    const known = meant.get(file);
    if (known) return known;
    const around = language === 'c' ? peers.around(file) : [];
    const made = headers.filter((header) => file === header || around.includes(header));
    meant.set(file, made);
    return made;
  };
  for (const fn of surface.functions) {
    for (const { peer } of peers.linkedTo(fn)) {
      const found = meantBy(peer);
      if (found.length === 0) continue;
      for (const header of found) met.add(header);
      crates.add(fn.item.module.crate.root.file.path);
      if (fn.item.module.crate.package) folders.add(fn.item.module.crate.package.directory);
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

/**
 * Files of Python, JavaScript and C# that call functions of open Rust files: what is wrong with a call stands there. C says nothing that
 * is not found on the Rust side.
 */
export function callersOf(open: readonly string[], { workspace, surface, python, bindings }: Snapshot): readonly string[] {
  const rust = new Set(open.filter((path) => path.endsWith('.rs')));
  const files = new Set<string>();
  for (const fn of surface.functions) {
    if (!rust.has(workspace.place(fn.item.file, fn.ast.nameSpan).file)) continue;
    for (const { library, first, calls } of python.usesOf(fn)) for (const { module } of [library, first, ...calls]) files.add(module.file);
    for (const { peer } of bindings.usesOf(fn)) files.add(peer.file);
  }
  return [...files].sort();
}

/** More files than these are not looked at before the others. */
const FEW = 12;

/**
 * Changed C and Rust files, and those on the other side with the declarations and functions that mean what they declare or include. null
 * for other languages, and where there are more than a few.
 */
export function directPartners(changed: readonly string[], { workspace, surface, peers }: Snapshot): readonly string[] | null {
  const now = new Set(changed);
  if (changed.length === 0 || !changed.every((path) => isCFile(path) || path.endsWith('.rs'))) return null;
  const files = new Set(changed);
  const headers = changed.filter(isCFile);
  const meant = new Map<string, boolean>();
  for (const fn of surface.functions) {
    const { file } = workspace.place(fn.item.file, fn.ast.nameSpan);
    for (const { peer } of peers.linkedTo(fn)) {
      if (now.has(file)) files.add(peer.file);
      const known = meant.get(peer.file) ?? (headers.length > 0 && (now.has(peer.file) || includesOne(peer, headers, peers)));
      meant.set(peer.file, known);
      if (known) files.add(file).add(peer.file);
      if (files.size > FEW) return null;
    }
  }
  return [...files].sort();
}

function includesOne({ file, language }: PeerFn, headers: readonly string[], { around }: Snapshot['peers']): boolean {
  return language === 'c' && around(file).some((one) => headers.includes(one));
}
