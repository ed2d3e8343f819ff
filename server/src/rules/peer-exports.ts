/** What the rules about existence share: the exports of a crate, the headers that declare most of them, and the family of names that these have. */
import { addTo } from '../base/groups.ts';
import { crateFiles, keyOf } from '../abi/peers/crate-files.ts';
import type { PeerFile, PeerFn } from '../abi/peers/peers.ts';
import { isHeaderFile } from '../base/c-files.ts';
import type { BoundaryFn, Surface } from '../model/surface/surface.ts';
import type { Crate } from '../model/workspace.ts';
import type { RuleContext } from './rule.ts';

/** The first word of a name with what parts it from the next: `geo_` of `geo_load`; null for a word of less than three letters. */
export function familyOf(symbol: string): string | null {
  return /^[A-Za-z][A-Za-z\d]{2,}_/.exec(symbol)?.[0] ?? null;
}

const exports = new WeakMap<Surface, ReadonlyMap<string, readonly BoundaryFn[]>>();

export function exportsOf(surface: Surface, crate: Crate): readonly BoundaryFn[] {
  let known = exports.get(surface);
  if (!known) {
    const groups = new Map<string, BoundaryFn[]>();
    for (const fn of surface.functions) {
      if (fn.role !== 'export' || fn.symbol === null) continue;
      addTo(groups, keyOf(fn.item.module.crate), fn);
    }
    known = groups;
    exports.set(surface, known);
  }
  return known.get(keyOf(crate)) ?? [];
}

/** The header in which a symbol would be looked for, where headers declare at least half of a crate's exports; null else. */
export function publicHeader(ctx: Pick<RuleContext, 'surface' | 'peers'>, crate: Crate, wanted: string): PeerFile | null {
  const found = crateFiles(ctx.surface, ctx.peers).get(keyOf(crate));
  if (!found) return null;
  const declared = new Map<string, Set<string>>();
  const all = new Set<string>();
  for (const { peer, direction } of found.linked) {
    if (direction !== 'export' || peer.mangled || peer.defined || !isPublic(peer)) continue;
    all.add(peer.symbol);
    const known = declared.get(peer.file) ?? new Set();
    declared.set(peer.file, known.add(peer.symbol));
  }
  const total = new Set(exportsOf(ctx.surface, crate).map(({ symbol }) => symbol)).size;
  if (all.size < 3 || all.size * 2 < total) return null;
  const likeness = (symbols: ReadonlySet<string>): number => Math.max(...[...symbols].map((symbol) => shared(symbol, wanted)));
  const [best] = [...declared].sort(([a, x], [b, y]) => likeness(y) - likeness(x) || y.size - x.size || (a < b ? -1 : 1));
  return best ? ctx.peers.inFile(best[0]) : null;
}

function isPublic({ file }: PeerFn): boolean {
  return isHeaderFile(file) && !/(?:internal|private|_priv|_impl|_p)\.h(?:h|pp|xx|\+\+)?$|\/(?:internal|private|impl|detail)\//i.test(file);
}

function shared(a: string, b: string): number {
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}
