/** The files of other languages than C that use a crate's exports: their enums and constants stand for those of the crate. */
import type { PeerFile } from '../abi/peers/peers.ts';
import { keyOf } from '../abi/peers/crate-files.ts';
import type { Surface } from '../model/surface/surface.ts';
import type { RuleContext } from './rule.ts';

const known = new WeakMap<Surface, ReadonlyMap<string, readonly (readonly PeerFile[])[]>>();

/** By the path of a crate's root file, the files of each language for themselves; what a tool generated is left out. */
export function foreignFiles({
  surface,
  peers,
  python,
  bindings,
}: Pick<RuleContext, 'surface' | 'peers' | 'python' | 'bindings'>): ReadonlyMap<string, readonly (readonly PeerFile[])[]> {
  const before = known.get(surface);
  if (before) return before;
  const paths = new Map<string, Set<string>>();
  for (const fn of surface.functions) {
    if (fn.role !== 'export' || fn.symbol === null) continue;
    const users = [
      ...python.usesOf(fn).map(({ first }) => first.module.file),
      ...bindings.usesOf(fn).flatMap(({ peer }) => [peer.file, ...bindings.beside(peer.file)]),
    ];
    if (users.length === 0) continue;
    const crate = keyOf(fn.item.module.crate);
    paths.set(crate, new Set([...(paths.get(crate) ?? []), ...users]));
  }
  const made = new Map<string, readonly (readonly PeerFile[])[]>();
  for (const [crate, all] of paths) {
    const groups = new Map<string, PeerFile[]>();
    for (const path of [...all].sort()) {
      const file = peers.inFile(path);
      if (!file || file.generatedBy !== null) continue;
      const language = path.slice(path.lastIndexOf('.'));
      groups.set(language, [...(groups.get(language) ?? []), file]);
    }
    made.set(crate, [...groups.values()]);
  }
  known.set(surface, made);
  return made;
}
