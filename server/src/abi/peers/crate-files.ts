/** The headers that belong to a crate: those that declare what it exports or imports. */
import { addTo } from '../../base/groups.ts';
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
      if (one.peer.language === 'c') addTo(byCrate, crate, one);
    }
  }
  const made = new Map([...byCrate].map(([crate, linked]) => [crate, filesOf(linked, peers)]));
  known.set(peers, made);
  return made;
}

interface Kept {
  readonly made: CrateFiles;
  /** What lies around the linked files, and what these say. */
  readonly around: readonly (readonly string[])[];
  readonly said: ReadonlyMap<string, PeerFile | null>;
}

/** By the first link of a crate, for as long as all its links and files stay. */
const kept = new WeakMap<LinkedFn, Kept>();

function filesOf(linked: readonly LinkedFn[], peers: Peers): CrateFiles {
  const [first] = linked;
  const own = [...new Set(linked.map(({ peer }) => peer.file))];
  const around = own.map((file) => peers.around(file));
  const before = first && kept.get(first);
  if (before && holds(before, linked, around, peers)) return before.made;
  const said = new Map([...new Set([...own, ...around.flat()])].sort().map((path) => [path, peers.inFile(path)]));
  const certainty = ORDER.find((one) => linked.some((link) => link.certainty === one)) ?? 'unique';
  const made = { files: [...said.values()].flatMap((file) => file ?? []), linked, certainty };
  if (first) kept.set(first, { made, around, said });
  return made;
}

function holds({ made, around, said }: Kept, linked: readonly LinkedFn[], now: Kept['around'], peers: Peers): boolean {
  const same = <T>(a: readonly T[], b: readonly T[]): boolean => a.length === b.length && a.every((one, i) => one === b[i]);
  return same(made.linked, linked) && same(around, now) && [...said].every(([path, file]) => peers.inFile(path) === file);
}

export function keyOf(crate: Crate): string {
  return crate.root.file.path;
}
