/** Which Rust types and types of other languages are the same: by their places in linked functions, then by their names. */
import { addTo, groupBy } from '../../base/groups.ts';
import type { Crate, CrateState, RustItem, Workspace } from '../../model/workspace.ts';
import { reprOf } from '../../model/surface/attributes.ts';
import { nameKey, namePrefixes } from '../pairs.ts';
import type { FnShape, RecordDef, Resolve, Shape } from '../shape.ts';
import type { LinkedFn, LinkedType, PeerFile, PeerType, Peers, Signature } from './peers.ts';

export interface TypeLinkInput extends Pick<Peers, 'targets' | 'rustSignature' | 'rustDef' | 'cName'> {
  readonly workspace: Workspace;
  readonly linked: readonly LinkedFn[];
  /** The type behind a `ref` of a peer's signature; null where it is no type of a file of the workspace. */
  peerType(file: string, key: string): PeerType | null;
  /** Files that belong to a crate, by the crate's root file: what is named alike in them is paired. */
  filesOf(crate: string): readonly PeerFile[];
  /** What `meetings` gives, where that is kept. */
  meetings?(through: LinkedFn): readonly Meeting[];
  /** What `namedIn` gives for the items of one crate, where that is kept. */
  namedIn?(items: readonly RustItem[], files: readonly PeerFile[]): readonly Named[];
}

/** A type of each side at the same places of one linked function. */
export interface Meeting {
  readonly item: RustItem;
  readonly peer: PeerType;
  /** The same for the same two. */
  readonly key: string;
  readonly sameName: boolean;
}

interface Found extends Meeting {
  readonly through: LinkedFn;
}

export interface Named {
  readonly rust: RustItem;
  readonly peer: PeerType;
}

export function linkTypes(input: TypeLinkInput): readonly LinkedType[] {
  const byUse = used(input);
  const out: LinkedType[] = byUse.map(({ item, peer, through }) => ({
    rust: item,
    peer,
    by: 'use',
    certainty: through.certainty,
    through,
  }));
  const taken = new Set(out.map(({ rust, peer }) => `${rust.id} ${peer.language}`));
  const met = new Set(out.map(({ peer }) => peer));
  for (const { rust, peer } of named(input)) {
    if (taken.has(`${rust.id} ${peer.language}`) || met.has(peer)) continue;
    out.push({ rust, peer, by: 'name', certainty: 'unique', through: null });
  }
  return out;
}

/** Pairs at the same places of linked functions. Where names agree for one of several pairs of a type, the others are casts or bases. */
function used(input: TypeLinkInput): readonly Found[] {
  const found = new Map<string, Found>();
  for (const through of input.linked) {
    for (const one of input.meetings?.(through) ?? meetings(through, input)) {
      if (!found.has(one.key)) found.set(one.key, { ...one, through });
    }
  }
  const all = [...found.values()];
  const agrees = ({ item, peer, sameName: same }: Found): boolean => same || isRenamed(item, peer, input);
  const settled = new Set(
    all.filter(agrees).flatMap(({ item, peer }) => [`rust ${item.id} ${peer.language}`, `peer ${peer.file} ${peer.name}`]),
  );
  const kept = all.filter(
    (one) =>
      agrees(one) || !(settled.has(`rust ${one.item.id} ${one.peer.language}`) || settled.has(`peer ${one.peer.file} ${one.peer.name}`)),
  );
  // Without a name that agrees, a type that stands for several is a base or an address of anything.
  return kept.filter((one) => agrees(one) || isOnly(one, kept));
}

/** The types that meet in one linked function, each pair once; where its signatures differ on a target, none that they show there. */
export function meetings(
  through: LinkedFn,
  { targets, workspace, rustSignature, peerType }: Pick<TypeLinkInput, 'targets' | 'workspace' | 'rustSignature' | 'peerType'>,
): readonly Meeting[] {
  const found = new Map<string, Meeting>();
  for (const target of targets) {
    const rust = rustSignature(through.rust, target);
    if (!rust || rust.doubt !== null) continue;
    const peers = through.peer.signatures.filter((one) => one.target.triple === target.triple && one.doubt === null);
    const [peer, ...others] = peers;
    if (!peer || others.length > 0) continue;
    walkSignature(rust, peer, (rustKey, peerKey) => {
      const id = /#(\d+)$/.exec(rustKey)?.[1];
      const item = id === undefined ? undefined : workspace.itemOf(Number(id));
      const type = item ? peerType(through.peer.file, peerKey) : null;
      if (!item || !type) return;
      const key = `${item.id} ${type.language} ${type.file} ${type.name}`;
      if (!found.has(key)) found.set(key, { item, peer: type, key, sameName: sameName(item.name, type.name) });
    });
  }
  return [...found.values()];
}

/** cbindgen is told to call it so. */
function isRenamed(item: RustItem, { language, name }: PeerType, { cName }: Pick<TypeLinkInput, 'cName'>): boolean {
  return language === 'c' && cName?.(item) === name;
}

function isOnly(one: Found, all: readonly Found[]): boolean {
  return !all.some(
    (other) =>
      other !== one &&
      other.peer.language === one.peer.language &&
      ((other.item === one.item && other.peer !== one.peer) || (other.peer === one.peer && other.item !== one.item)),
  );
}

function sameName(rust: string, peer: string): boolean {
  const plain = (name: string): string => nameKey(name, new Set());
  const [a, b] = [plain(rust), plain(peer)];
  return a === b || (a.length >= 3 && b.endsWith(a)) || (b.length >= 3 && a.endsWith(b));
}

type Met = (rust: string, peer: string) => void;

function walkSignature(rust: Signature, peer: Signature, met: Met): void {
  const seen = new Set<string>();
  const walk = (a: Shape, b: Shape): void => walkShapes(a, rust.resolve, b, peer.resolve, seen, met);
  if (rust.params && peer.params && rust.params.length === peer.params.length) {
    for (const [i, { shape }] of rust.params.entries()) {
      const other = peer.params[i];
      if (other) walk(shape, other.shape);
    }
  }
  if (rust.result && peer.result) walk(rust.result.shape, peer.result.shape);
}

function walkShapes(rust: Shape, rustResolve: Resolve, peer: Shape, peerResolve: Resolve, seen: Set<string>, met: Met): void {
  const again = (a: Shape, b: Shape): void => walkShapes(a, rustResolve, b, peerResolve, seen, met);
  if (rust.kind === 'aligned' || rust.kind === 'no-niche') {
    again(rust.inner, peer);
    return;
  }
  if (peer.kind === 'aligned') {
    again(rust, peer.inner);
    return;
  }
  if (rust.kind === 'ref') {
    const inner = transparentInner(rust.key, rustResolve);
    if (inner) {
      again(inner, peer);
      return;
    }
  }
  if (rust.kind === 'pointer' && peer.kind === 'pointer') {
    if (rust.fn && peer.fn) walkFns(rust.fn, peer.fn, again);
    else if (rust.pointee && peer.pointee) again(rust.pointee, peer.pointee);
    return;
  }
  if (rust.kind === 'array' && peer.kind === 'array') {
    again(rust.element, peer.element);
    return;
  }
  if (rust.kind !== 'ref' || peer.kind !== 'ref' || seen.has(`${rust.key} ${peer.key}`)) return;
  seen.add(`${rust.key} ${peer.key}`);
  const [a, b] = [rustResolve(rust.key), peerResolve(peer.key)];
  if (a.kind === 'enum' || b.kind === 'enum') return;
  met(rust.key, peer.key);
  if (a.kind === 'unknown' || b.kind === 'unknown') return;
  for (const field of a.fields) {
    const other = b.fields.find(({ name }) => name !== null && plain(name) === plain(field.name ?? ''));
    if (other) again(field.shape, other.shape);
  }
}

function walkFns(rust: FnShape, peer: FnShape, again: (a: Shape, b: Shape) => void): void {
  if (rust.params.length !== peer.params.length) return;
  for (const [i, param] of rust.params.entries()) {
    const other = peer.params[i];
    if (other) again(param, other);
  }
  again(rust.result, peer.result);
}

function transparentInner(key: string, resolve: Resolve): Shape | null {
  const def = resolve(key);
  if (def.kind === 'unknown' || def.kind === 'enum' || !def.transparent) return null;
  return onlySized(def);
}

function onlySized({ fields }: RecordDef): Shape | null {
  const [first, ...rest] = fields.filter(({ shape }) => shape.kind !== 'unit');
  return first && rest.length === 0 ? first.shape : null;
}

function plain(name: string): string {
  return name.replace(/^r#/, '').replace(/_/g, '').toLowerCase();
}

/** Types with a defined layout and one name in a crate and in the files that belong to it; a name that fits several is none. */
function named(input: TypeLinkInput): readonly Named[] {
  const roots = new Map<string, Crate[]>();
  for (const crate of input.workspace.crates) {
    const root = crate.root.file.path;
    addTo(roots, root, crate);
  }
  return [...roots].flatMap(([root, crates]) => {
    const files = input.filesOf(root);
    if (files.length === 0) return [];
    const [items = [], ...others] = crates.map((crate) => laidOut(input.workspace.stateOf(crate)));
    const all = others.length === 0 ? items : [items, ...others].flat();
    return all.length === 0 ? [] : (input.namedIn?.(all, files) ?? namedIn(all, files, input));
  });
}

const laidOutIn = new WeakMap<CrateState, readonly RustItem[]>();

/** One list for the same state. */
function laidOut(state: CrateState): readonly RustItem[] {
  const known = laidOutIn.get(state);
  if (known) return known;
  const made = state.items.filter(
    (item) => (item.kind === 'struct' || item.kind === 'union') && !item.test && reprOf(item.entry.attributes).c,
  );
  laidOutIn.set(state, made);
  return made;
}

/** The pairs of a crate's types with a defined layout. */
export function namedIn(items: readonly RustItem[], files: readonly PeerFile[], { cName }: Pick<TypeLinkInput, 'cName'>): readonly Named[] {
  const out: Named[] = [];
  const prefixes = namePrefixes(
    files
      .filter(({ language }) => language === 'c')
      .flatMap(({ types, functions }) => [...types.map(({ name }) => name), ...functions.map(({ symbol }) => symbol)]),
  );
  const renamed = groupBy(
    files.filter(({ language }) => language === 'c').flatMap(({ types }) => types.filter((one) => one.kind !== 'enum' && !one.isOpaque)),
    ({ name }) => name,
  );
  const called = items.flatMap((item) => {
    const name = cName?.(item) ?? null;
    const [peer, ...copies] = (name === null ? null : renamed.get(name)) ?? [];
    return peer && copies.length === 0 ? [{ rust: item, peer }] : [];
  });
  out.push(...called);
  const rust = groupBy(items, ({ name }) => nameKey(name, prefixes));
  for (const language of new Set(files.map((one) => one.language))) {
    const types = files.filter((one) => one.language === language).flatMap((one) => one.types.filter(({ kind }) => kind !== 'enum'));
    for (const [key, peers] of groupBy(types, ({ name }) => nameKey(name, prefixes))) {
      const [item, ...more] = rust.get(key) ?? [];
      const defined = peers.filter(({ isOpaque }) => !isOpaque);
      const [peer, ...copies] = defined;
      if (!item || more.length > 0 || !peer || copies.length > 0) continue;
      // A name that the crate itself gives counts before one that looks alike.
      if (language === 'c' && called.some((one) => one.rust === item || one.peer === peer)) continue;
      out.push({ rust: item, peer });
    }
  }
  return out;
}
