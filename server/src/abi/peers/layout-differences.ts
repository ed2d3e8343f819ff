/** In what a Rust type and its peer differ on one target: the first divergence, which is the cause of those behind it. */
import { compare } from '../compare/compare.ts';
import { computeLayout } from '../compute.ts';
import { differences } from '../differences.ts';
import type { Difference } from '../differences.ts';
import type { TypeLayout } from '../layout-entries.ts';
import type { FieldLayout, Layout } from '../layout.types.ts';
import { field } from '../shape.ts';
import type { RecordDef, Resolve, TypeDef, UnknownShape } from '../shape.ts';
import type { Target } from '../targets.ts';

export interface DefSide {
  readonly def: TypeDef | UnknownShape;
  readonly resolve: Resolve;
  /** What a compiler says of it, which counts instead of what is computed, and where nothing can be. */
  readonly measured?: Layout | null;
}

export type Divergence =
  /** One is packed and the other is not, or to another number; null for not packed. Not `moved`: only the alignment of the whole differs. */
  | { readonly what: 'packing'; readonly rust: number | null; readonly peer: number | null; readonly moved: boolean }
  | { readonly what: 'offset'; readonly rust: FieldLayout; readonly peer: FieldLayout; readonly unit: 'byte' | 'bit' }
  /** Another size or class at the same place. */
  | { readonly what: 'field-type'; readonly rust: FieldLayout; readonly peer: FieldLayout; readonly sizes: boolean }
  /** A field that only one side has; `prefix` where all before it agrees and nothing follows on the side that lacks it. */
  | { readonly what: 'missing'; readonly in: 'rust' | 'peer'; readonly field: FieldLayout; readonly prefix: boolean }
  | { readonly what: 'size'; readonly rust: number; readonly peer: number }
  | { readonly what: 'align'; readonly rust: number; readonly peer: number }
  /** The same places under other names. */
  | { readonly what: 'order'; readonly rust: FieldLayout; readonly peer: FieldLayout };

type Packing = Extract<Divergence, { what: 'packing' }>;

export type LayoutComparison =
  | { readonly kind: 'unknown'; readonly reason: string }
  /** Nothing is to be compared: one side does not show its members. */
  | { readonly kind: 'opaque' }
  | { readonly kind: 'same'; readonly rust: Layout; readonly peer: Layout }
  | { readonly kind: 'different'; readonly first: Divergence; readonly rust: Layout; readonly peer: Layout };

export function compareLayouts(rust: DefSide, peer: DefSide, target: Target): LayoutComparison {
  if (peer.def.kind === 'unknown' && peer.def.reason === 'opaque') return { kind: 'opaque' };
  const def = known(rust, 'rust');
  const other = known(peer, 'c');
  if (def.kind === 'unknown') return def;
  if (other.kind === 'unknown') return other;
  if (def.kind === 'enum' || other.kind === 'enum') return { kind: 'opaque' };
  const mine = rust.measured ?? computeLayout(def, rust.resolve, target);
  const theirs = peer.measured ?? computeLayout(other, peer.resolve, target);
  if (mine.kind === 'unknown') return mine;
  if (theirs.kind === 'unknown') return theirs;
  // A Rust struct without bytes stands for a type of which only the address is used.
  if (mine.size === 0 || theirs.size === 0) return { kind: 'opaque' };
  if (def.kind !== other.kind && standsFor(def.kind === 'struct' ? mine : theirs, def.kind === 'struct' ? theirs : mine)) {
    return { kind: 'same', rust: mine, peer: theirs };
  }
  const first = divergence(def, mine, rust.resolve, other, theirs, peer.resolve, target);
  return first ? { kind: 'different', first, rust: mine, peer: theirs } : { kind: 'same', rust: mine, peer: theirs };
}

/** A struct with one member of a union, where Rust's authors could not write a union: it is as large, and that member is where it is. */
function standsFor(struct: Layout, union: Layout): boolean {
  const [only, ...others] = named(struct);
  if (!only || others.length > 0 || struct.size !== union.size || struct.align !== union.align) return false;
  return named(union).some(({ name, offset, size }) => plain(name) === plain(only.name) && offset === only.offset && size === only.size);
}

/** Of a type that only a compiler understood, as one with members of another crate's type, the layout is all that is known. */
function known({ def, measured }: DefSide, language: RecordDef['language']): TypeDef | UnknownShape {
  if (def.kind !== 'unknown' || !measured) return def;
  const members = measured.fields.map(({ name, shape }) => field(name, shape));
  return { kind: 'struct', name: null, language, fields: members, packed: null, align: null, pack: null, transparent: false };
}

function divergence(
  rust: RecordDef,
  mine: Layout,
  rustResolve: Resolve,
  peer: RecordDef,
  theirs: Layout,
  peerResolve: Resolve,
  target: Target,
): Divergence | null {
  const found = differences(entry('rust', rust, mine, target), entry('c', peer, theirs, target), null);
  const fields = found.filter(({ field }) => field !== null);
  if (found.length > 0) {
    const packs = packing(rust, peer, theirs, rustResolve, target);
    if (packs) return { ...packs, moved: found.some(({ what }) => what !== 'align') };
  }
  const swapped = fields.length > 0 ? order(mine, theirs) : null;
  if (swapped) return swapped;
  const place = (one: Difference): number => placeOf(one, mine, theirs);
  const ordered = [...fields].sort((a, b) => place(a) - place(b) || Number(b.what === 'missing') - Number(a.what === 'missing'));
  for (const one of ordered) {
    const made = fieldDivergence(one, mine, theirs, fields);
    if (made) return made;
  }
  const classes = classDivergence(mine, rustResolve, theirs, peerResolve, target);
  if (classes) return classes;
  if (mine.size !== theirs.size) return { what: 'size', rust: mine.size, peer: theirs.size };
  return mine.align === theirs.align ? null : { what: 'align', rust: mine.align, peer: theirs.align };
}

function entry(language: 'rust' | 'c', def: RecordDef, layout: Layout, target: Target): TypeLayout {
  const at = { file: '', span: { start: 0, end: 0 } };
  return { kind: def.kind, language, name: '', at, target: target.triple, provenance: 'computed', layout, written: new Map() };
}

function pack({ packed, pack: pragma }: RecordDef): number | null {
  const all = [packed, pragma].filter((one) => one !== null);
  return all.length === 0 ? null : Math.min(...all);
}

/** Packing is the cause where Rust's type, packed like its peer, would be laid out like it. */
function packing(rust: RecordDef, peer: RecordDef, theirs: Layout, resolve: Resolve, target: Target): Omit<Packing, 'moved'> | null {
  const [mine, other] = [pack(rust), pack(peer)];
  if (mine === other || rust.kind !== peer.kind) return null;
  const made = computeLayout({ ...rust, packed: other, pack: null }, resolve, target);
  if (made.kind === 'unknown') return null;
  const left = differences(entry('rust', rust, made, target), entry('c', peer, theirs, target), null);
  return left.length === 0 ? { what: 'packing', rust: mine, peer: other } : null;
}

/** All fields have a namesake of their size, and the same places are taken, by others. */
function order(mine: Layout, theirs: Layout): Divergence | null {
  const [a, b] = [named(mine), named(theirs)];
  if (mine.size !== theirs.size || a.length !== b.length || a.some(({ offset }) => offset === null)) return null;
  const places = (all: readonly FieldLayout[]): string =>
    all
      .map(({ offset, size }) => `${offset}:${size}`)
      .sort()
      .join();
  if (places(a) !== places(b)) return null;
  let first: Divergence | null = null;
  for (const rust of a) {
    const peer = b.find(({ name }) => plain(name) === plain(rust.name));
    if (!peer || peer.size !== rust.size) return null;
    if (peer.offset !== rust.offset) first ??= { what: 'order', rust, peer };
  }
  return first;
}

function fieldDivergence(one: Difference, mine: Layout, theirs: Layout, all: readonly Difference[]): Divergence | null {
  const rust = byName(mine, one.field);
  const peer = byName(theirs, one.field) ?? (rust ? at(theirs, rust) : null);
  if (one.what === 'missing') {
    const field = one.rust === null ? peer : rust;
    // A field without bytes, as the header of what follows, lies where it lies.
    if (!field || field.size === 0) return null;
    const lacking = one.rust === null ? 'rust' : 'peer';
    const end = (lacking === 'rust' ? mine : theirs).fields.reduce((most, it) => Math.max(most, (it.offset ?? 0) + it.size), 0);
    const prefix =
      all.every(({ what, [lacking === 'rust' ? 'rust' : 'c']: figure }) => what === 'missing' && figure === null) && start(field) >= end;
    return { what: 'missing', in: lacking, field, prefix };
  }
  if (!rust || !peer) return null;
  if (one.what === 'size') return { what: 'field-type', rust, peer, sizes: true };
  return { what: 'offset', rust, peer, unit: one.what === 'offset' ? 'byte' : 'bit' };
}

/** Numbers of one size that are integers here and floating-point there. */
function classDivergence(mine: Layout, rustResolve: Resolve, theirs: Layout, peerResolve: Resolve, target: Target): Divergence | null {
  for (const rust of named(mine)) {
    const peer = theirs.fields.find(({ name }) => plain(name) === plain(rust.name));
    if (!peer || peer.offset !== rust.offset || peer.size !== rust.size) continue;
    const [a, b] = [inner(rust), inner(peer)];
    const { code } = compare({ shape: a, resolve: rustResolve }, { shape: b, resolve: peerResolve }, target);
    if (code === 'class') return { what: 'field-type', rust, peer, sizes: false };
  }
  return null;
}

function inner({ shape }: FieldLayout): FieldLayout['shape'] {
  let found = shape;
  while (found.kind === 'array') found = found.element;
  return found;
}

function named({ fields }: Layout): readonly FieldLayout[] {
  return fields.filter(({ name, shape }) => !name.includes('.') && shape.kind !== 'unit');
}

function byName({ fields }: Layout, name: string | null): FieldLayout | null {
  return fields.find((one) => plain(one.name) === plain(name ?? '')) ?? null;
}

/** The field at the place of another, under another name. */
function at({ fields }: Layout, other: FieldLayout): FieldLayout | null {
  return fields.find((one) => one.offset !== null && one.offset === other.offset && !one.name.includes('.')) ?? null;
}

/** Where a difference begins, in bytes. */
function placeOf({ field, rust, c, what }: Difference, mine: Layout, theirs: Layout): number {
  if (what === 'size' || what === 'bitWidth') {
    const found = byName(mine, field) ?? byName(theirs, field);
    return found ? start(found) : 0;
  }
  return Math.min(rust ?? Number.POSITIVE_INFINITY, c ?? Number.POSITIVE_INFINITY) / (what === 'bitOffset' ? 8 : 1);
}

function start({ offset, bitOffset }: FieldLayout): number {
  return offset ?? Math.floor((bitOffset ?? 0) / 8);
}

function plain(name: string): string {
  return name.replace(/^r#/, '').replace(/_/g, '').toLowerCase();
}
