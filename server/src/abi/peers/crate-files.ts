/** The headers that belong to a crate: those that declare what it exports or imports. */
import type { Surface } from '../../model/surface/surface.ts';
import type { Crate } from '../../model/workspace.ts';
import type { Certainty, LinkedFn, PeerFile, Peers } from './peers.ts';

export interface CrateFiles {
  /** In C that people write or that tools made; sorted by path. */
  readonly files: readonly PeerFile[];
  readonly linked: readonly LinkedFn[];
  /** The best that is known of any link. */
  readonly certainty: Certainty;
}

const known = new WeakMap<Peers, ReadonlyMap<string, CrateFiles>>();
const ORDER: readonly Certainty[] = ['configured', 'crate', 'unique'];

/** By the path of the crate's root file: a library and the binary beside it are two crates. */
export function crateFiles(surface: Surface, peers: Peers): ReadonlyMap<string, CrateFiles> {
  const before = known.get(peers);
  if (before) return before;
  const byCrate = new Map<string, LinkedFn[]>();
  for (const fn of surface.functions) {
    const crate = keyOf(fn.item.module.crate);
    for (const one of peers.linkedTo(fn)) {
      if (one.peer.language === 'c') byCrate.set(crate, [...(byCrate.get(crate) ?? []), one]);
    }
  }
  const made = new Map<string, CrateFiles>();
  for (const [crate, linked] of byCrate) {
    const paths = new Set(linked.flatMap(({ peer }) => [peer.file, ...peers.around(peer.file)]));
    const files = [...paths].sort().flatMap((path) => peers.inFile(path) ?? []);
    const certainty = ORDER.find((one) => linked.some((link) => link.certainty === one)) ?? 'unique';
    made.set(crate, { files, linked, certainty });
  }
  known.set(peers, made);
  return made;
}

export function keyOf(crate: Crate): string {
  return crate.root.file.path;
}
