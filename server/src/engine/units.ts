/** Cuts a snapshot into the units that rules look at: one Rust file or one manifest at a time. */
import type { Package } from '../model/cargo/package.ts';
import type { RustItem, SourceFile, Workspace } from '../model/workspace.ts';
import { surfaceAround } from '../model/surface/build-surface.ts';
import { isDead } from '../model/surface/dead-files.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { FileSurface, Unit } from '../rules/rule.ts';
import type { EnginePeers } from './peers.ts';
import type { BindingFiles } from './peers-bindings.ts';

const EMPTY: FileSurface = { functions: [], statics: [], externBlocks: [], typeUses: [], types: [], pyEntries: [] };

/** The real file in which an item is written: of an expansion, the file of its macro call. */
function homeOf(file: SourceFile): string {
  return file.origin?.call.file ?? file.path;
}

/**
 * One unit for each file with anything of the boundary in it, and one for each manifest.
 * Generated files and those of test, bench and example targets are left out: nobody mends findings there by hand. So are files that
 * nothing compiles.
 */
export function unitsOf(workspace: Workspace, surface: Surface, wanted: (path: string) => boolean): Unit[] {
  const byFile = surfaceByFile(surfaceAround(surface, wanted), wanted);
  const out: Unit[] = [];
  for (const file of workspace.files.values()) {
    if (!wanted(file.path)) continue;
    const crate = workspace.cratesOf(file.path)[0];
    if (!crate || !isChecked(file, workspace)) continue;
    if (file.index.triggers === 0 && !byFile.has(file.path)) continue;
    if (isDead(crate, workspace)) continue;
    out.push({ kind: 'rust', file, crate, items: workspace.itemsOf(file.path), surface: byFile.get(file.path) ?? EMPTY });
  }
  for (const pkg of packagesOf(workspace)) if (wanted(pkg.manifest)) out.push({ kind: 'manifest', package: pkg });
  return out;
}

/** One unit for each header that Rust meets and each file of another language that loads libraries. */
export function peerUnits(peers: EnginePeers, bindings: BindingFiles, wanted: (path: string) => boolean): Unit[] {
  const out: Unit[] = [];
  for (const path of peers.headers()) {
    const peer = wanted(path) ? peers.inFile(path) : null;
    if (peer) out.push({ kind: 'header', path, peer });
  }
  for (const path of peers.pythonFiles()) {
    const peer = wanted(path) ? peers.inFile(path) : null;
    const module = peers.module(path);
    if (peer && module) out.push({ kind: 'python', path, peer, module });
  }
  for (const { path, language } of bindings.files()) {
    const peer = wanted(path) ? peers.inFile(path) : null;
    if (peer) out.push({ kind: language, path, peer });
  }
  return out;
}

/** Whether rules run over a file at all, if it has anything for them. */
export function isChecked(file: SourceFile, workspace: Workspace): boolean {
  const kind = workspace.cratesOf(file.path)[0]?.target.kind;
  return !file.index.generated && kind !== undefined && kind !== 'test' && kind !== 'bench' && kind !== 'example';
}

function packagesOf(workspace: Workspace): readonly Package[] {
  return workspace.cargo.packages;
}

/** Of the wanted files. */
function surfaceByFile(surface: Surface, wanted: (path: string) => boolean): ReadonlyMap<string, FileSurface> {
  type Growing = { -readonly [K in keyof FileSurface]: FileSurface[K][number][] };
  const out = new Map<string, Growing>();
  const answers = new Map<string, boolean>();
  const of = (item: RustItem): Growing | null => {
    const path = homeOf(item.file);
    let part = out.get(path);
    if (!part) {
      const answer = answers.get(path) ?? wanted(path);
      answers.set(path, answer);
      if (!answer) return null;
      part = { functions: [], statics: [], externBlocks: [], typeUses: [], types: [], pyEntries: [] };
      out.set(path, part);
    }
    return part;
  };
  for (const fn of surface.functions) of(fn.item)?.functions.push(fn);
  for (const s of surface.statics) of(s.item)?.statics.push(s);
  for (const block of surface.externBlocks) of(block)?.externBlocks.push(block);
  for (const use of surface.typeUses) of(use.item)?.typeUses.push(use);
  for (const type of surface.types) of(type.item)?.types.push(type);
  for (const entry of surface.pyEntries) of(entry.item)?.pyEntries.push(entry);
  return out;
}
