/** Rust enums and C enums that mean the same, with the constants that mean the same. */
import { addTo } from '../../base/groups.ts';
import type { Surface } from '../../model/surface/surface.ts';
import { reprOf } from '../../model/surface/attributes.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import { nameKey, namePrefixes } from '../pairs.ts';
import type { EnumDef } from '../shape.ts';
import { crateFiles } from './crate-files.ts';
import type { PeerFile, Peers, PeerType } from './peers.ts';

export interface EnumPair {
  readonly rust: RustItem;
  readonly peer: PeerType;
  readonly rustDef: EnumDef;
  readonly peerDef: EnumDef;
  /** Names of variants to those of constants. */
  readonly matched: ReadonlyMap<string, string>;
  /** What its constants are called before the part that varies; they alone belong to the pair. */
  readonly prefix: string;
}

const known = new WeakMap<Peers, readonly EnumPair[]>();

/**
 * Enums with a defined layout and without data, by name; those of which less than half of the variants are found again are not taken for
 * the same. `foreign`: files of other languages than C, by crates' root files, those of each language for themselves.
 */
export function enumPairs(
  workspace: Workspace,
  surface: Surface,
  peers: Peers,
  foreign: ReadonlyMap<string, readonly (readonly PeerFile[])[]> = new Map(),
): readonly EnumPair[] {
  const before = known.get(peers);
  if (before) return before;
  const made: EnumPair[] = [];
  const byCrate = crateFiles(surface, peers);
  for (const crate of new Set([...byCrate.keys(), ...foreign.keys()])) {
    const groups = [byCrate.get(crate)?.files ?? [], ...(foreign.get(crate) ?? [])];
    for (const files of groups) made.push(...pairsIn(crate, files, workspace, peers));
  }
  known.set(peers, made);
  return made;
}

function pairsIn(crate: string, files: readonly PeerFile[], workspace: Workspace, peers: Peers): readonly EnumPair[] {
  const [target] = peers.targets;
  const written = files.filter(({ generatedBy }) => generatedBy === null);
  const types = written.flatMap((file) => file.types.filter(({ kind, isOpaque }) => kind === 'enum' && !isOpaque));
  if (types.length === 0 || !target) return [];
  const made: EnumPair[] = [];
  const prefixes = namePrefixes(
    files.flatMap((file) => [...file.types.map(({ name }) => name), ...file.functions.map(({ symbol }) => symbol)]),
  );
  const byName = new Map<string, PeerType[]>();
  for (const type of types) {
    addTo(byName, nameKey(type.name, prefixes), type);
  }
  const crates = workspace.crates.filter(({ root }) => root.file.path === crate);
  for (const item of crates.flatMap((one) => workspace.stateOf(one).items)) {
    if (item.kind !== 'enum' || item.test) continue;
    const { c, int } = reprOf(item.entry.attributes);
    const renamed = types.filter(({ name, language }) => language === 'c' && name === peers.cName?.(item));
    const alike = renamed.length > 0 ? renamed : (byName.get(nameKey(item.name, prefixes)) ?? []);
    const [peer, ...others] = c || int !== null ? alike : [];
    if (!peer || others.length > 0) continue;
    const rustDef = peers.rustDef(item, target).def;
    const peerDef = peer.defs.get(target.triple)?.def;
    if (rustDef.kind !== 'enum' || peerDef?.kind !== 'enum' || rustDef.variants.some(({ fields }) => fields.length > 0)) continue;
    const match = matchConstants(
      rustDef.variants.map(({ name }) => name),
      peerDef.variants.map(({ name }) => name),
    );
    if (match) made.push({ rust: item, peer, rustDef, peerDef, ...match });
  }
  return made;
}

/** What a header says of the enum where macros are defined that nothing defines. */
export function enumVariants(peer: PeerType, peers: Peers): readonly EnumDef[] {
  return peers.targets
    .slice(0, 1)
    .flatMap((target) => peers.typeVariantsOf(peer, target).flatMap(({ def }) => (def.kind === 'enum' ? [def] : [])));
}

/** The prefix under which most variants are found again; null where that is less than half of them, or than half of the constants. */
export function matchConstants(
  variants: readonly string[],
  constants: readonly string[],
): { readonly matched: ReadonlyMap<string, string>; readonly prefix: string } | null {
  const wanted = new Map(variants.map((name) => [plain(name), name]));
  let best: { readonly matched: ReadonlyMap<string, string>; readonly prefix: string } | null = null;
  for (const prefix of prefixesOf(constants)) {
    const matched = new Map<string, string>();
    for (const constant of constants) {
      const variant = constant.startsWith(prefix) ? wanted.get(plain(constant.slice(prefix.length))) : undefined;
      if (variant !== undefined && !matched.has(variant)) matched.set(variant, constant);
    }
    if (matched.size > (best?.matched.size ?? 0)) best = { matched, prefix };
  }
  return best && best.matched.size * 2 >= variants.length && best.matched.size * 2 >= constants.length ? best : null;
}

function plain(name: string): string {
  return name.replace(/^r#/, '').replace(/_/g, '').toLowerCase();
}

/** Starts of the constants that end at a word's end, the empty one among them. */
function prefixesOf(constants: readonly string[]): readonly string[] {
  const out = new Set(['']);
  for (const name of constants.slice(0, 3)) {
    for (const found of name.matchAll(/_+|(?<=[a-z\d])(?=[A-Z])/g)) out.add(name.slice(0, found.index + found[0].length));
  }
  return [...out];
}
