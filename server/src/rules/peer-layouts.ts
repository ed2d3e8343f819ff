/** What the rules about layouts share: one comparison of each pair of types, of which each rule tells its kinds of divergence. */
import { addTo } from '../base/groups.ts';
import { compareLayouts } from '../abi/peers/layout-differences.ts';
import type { DefSide, Divergence, LayoutComparison } from '../abi/peers/layout-differences.ts';
import type { Provenance } from '../abi/layout.types.ts';
import type { LinkedType, Peers } from '../abi/peers/peers.ts';
import { isLacking } from '../abi/peers/peers.ts';
import { shapeText } from '../abi/shape-text.ts';
import { targetCfg } from '../abi/target-cfg.ts';
import type { Target } from '../abi/targets.ts';
import { basename } from '../base/paths.ts';
import type { Location } from '../base/text.ts';
import type { Item } from '../model/rust/ast-item.ts';
import { evaluate } from '../model/rust/cfg.ts';
import type { RustItem, Workspace } from '../model/workspace.ts';
import { targetList } from './peer-text.ts';
import type { At, Report, RuleContext } from './rule.ts';

export interface LayoutFinding {
  readonly pair: LinkedType;
  readonly first: Divergence;
  readonly comparison: Extract<LayoutComparison, { kind: 'different' }>;
  /** The first target on which they differ, and all of them. */
  readonly target: Target;
  /** What rustc said of the Rust type, and another compiler or an interpreter of its peer, instead of what is computed. */
  readonly measured: { readonly rust: boolean; readonly peer: Provenance | null };
  readonly triples: readonly string[];
}

type Judgement =
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'same' }
  /** On none of the targets both are there. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'different'; readonly finding: LayoutFinding };

/** For one picture: with what compilers said, the same pair may be judged otherwise. */
interface Judged {
  readonly here: Map<LinkedType, Judgement>;
  readonly away: Map<LinkedType, Judgement>;
}

const known = new WeakMap<Peers, Judged>();

function judgedBy(peers: Peers): Judged {
  const before = known.get(peers);
  if (before) return before;
  const made: Judged = { here: new Map(), away: new Map() };
  known.set(peers, made);
  return made;
}

const byFile = new WeakMap<readonly LinkedType[], ReadonlyMap<string, readonly LinkedType[]>>();

type Ctx = Pick<RuleContext, 'unit' | 'peers' | 'workspace'>;

/** The pairs whose Rust type is written in the unit's file. */
export function pairsOf({ unit, peers, workspace }: Ctx): readonly LinkedType[] {
  if (unit.kind !== 'rust') return [];
  const { types } = peers;
  let index = byFile.get(types);
  if (!index) {
    const made = new Map<string, LinkedType[]>();
    for (const one of types) {
      const { file } = workspace.place(one.rust.file, one.rust.entry.nameSpan);
      addTo(made, file, one);
    }
    index = made;
    byFile.set(types, made);
  }
  return (index.get(unit.file.path) ?? []).filter((pair) => peers.inFile(pair.peer.file)?.generatedBy == null);
}

/** The pairs of the unit that differ on a target that findings are for; what is not known is counted. */
export function layoutFindings(ctx: Ctx & Pick<RuleContext, 'unresolved'>): readonly LayoutFinding[] {
  return pairsOf(ctx).flatMap((pair) => {
    const made = judge(pair, ctx.peers);
    if (made.kind === 'unknown') ctx.unresolved(`${pair.rust.name} ${pair.peer.name}`, made.reason, nameAt(pair.rust));
    return made.kind === 'different' && !isBehindInner(made.finding, ctx.peers) ? [made.finding] : [];
  });
}

/** The pairs that are the same on all targets that findings are for, and differ on others in wide use. */
export function layoutFindingsAway(ctx: Ctx): readonly LayoutFinding[] {
  return pairsOf(ctx).flatMap((pair) => {
    if (judge(pair, ctx.peers).kind !== 'same') return [];
    const made = judgeAway(pair, ctx.peers);
    return made.kind === 'different' && !isBehindInner(made.finding, ctx.peers, true) ? [made.finding] : [];
  });
}

/**
 * Definitions name C's types, so that those read for one target can be laid out for all; only where that differs is the header read for the
 * other target, on which it may say something else.
 */
function judgeAway(pair: LinkedType, peers: Peers): Judgement {
  const { away } = judgedBy(peers);
  const before = away.get(pair);
  if (before) return before;
  const made = judgeElsewhere(pair, peers);
  away.set(pair, made);
  return made;
}

function judgeElsewhere(pair: LinkedType, peers: Peers): Judgement {
  const [host] = peers.targets;
  const here = (host && pair.peer.defs.get(host.triple)) ?? null;
  const suspects = peers.elsewhere.filter((target) => judgeOn(pair, peers, [target], () => here).kind === 'different');
  if (suspects.length === 0) return { kind: 'same' };
  return judgeOn(pair, peers, suspects, (target) => peers.definedOn(pair.peer, target));
}

function judge(pair: LinkedType, peers: Peers): Judgement {
  const { here } = judgedBy(peers);
  const before = here.get(pair);
  if (before) return before;
  const own = pair.through?.targets;
  const made = judgeOn(pair, peers, own ?? peers.targets, (target) => {
    return pair.peer.defs.get(target.triple) ?? (own ? peers.definedOn(pair.peer, target) : null);
  });
  here.set(pair, made);
  return made;
}

function judgeOn(
  pair: LinkedType,
  peers: Peers,
  targets: readonly Target[],
  peerOn: (target: Target) => ReturnType<Peers['definedOn']>,
): Judgement {
  let first: Omit<LayoutFinding, 'triples'> | null = null;
  let unknown: string | null = null;
  let compared = false;
  const triples: string[] = [];
  for (const target of targets) {
    if (evaluate(pair.rust.cfg, targetCfg(target)) === false) continue;
    const peer = peerOn(target);
    const rust = peers.rustDef(pair.rust, target);
    const said = peers.measured?.(pair.peer, target) ?? null;
    const plain = peer ? compareLayouts(rust, named({ ...peer, measured: said?.layout ?? null }, pair, peers), target) : null;
    const made = plain?.kind === 'different' ? (agreeing(pair, rust, peers, target) ?? plain) : plain;
    compared ||= made?.kind === 'same';
    if (made?.kind === 'unknown') unknown ??= made.reason;
    if (made?.kind !== 'different') continue;
    const measured = { rust: rust.measured != null, peer: said?.provenance ?? null };
    first ??= { pair, first: made.first, comparison: made, target, measured };
    triples.push(target.triple);
  }
  if (first) return { kind: 'different', finding: { ...first, triples } };
  if (unknown !== null) return { kind: 'unknown', reason: unknown };
  return { kind: compared ? 'same' : 'absent' };
}

/** With its fields named as Rust names them, but for case and underscores: cbindgen may be told to put something in front. */
function named(peer: DefSide, { rust: item, peer: type }: LinkedType, peers: Peers): DefSide {
  const prefix = type.language === 'c' ? (peers.renames?.(item)?.fields ?? '') : '';
  if (prefix === '' || peer.def.kind === 'unknown' || peer.def.kind === 'enum') return peer;
  const bare = <T extends { readonly name: string | null }>(one: T): T =>
    one.name?.startsWith(prefix) ? { ...one, name: one.name.slice(prefix.length) } : one;
  const measured = peer.measured && { ...peer.measured, fields: peer.measured.fields.map(bare) };
  return { ...peer, def: { ...peer.def, fields: peer.def.fields.map(bare) }, measured: measured ?? null };
}

/** What a header says of the type where macros are defined that nothing defines, if that does not differ too. */
function agreeing(pair: LinkedType, rust: DefSide, peers: Peers, target: Target): LayoutComparison | null {
  for (const variant of peers.typeVariantsOf(pair.peer, target)) {
    const made = compareLayouts(rust, named(variant, pair, peers), target);
    if (made.kind === 'unknown' && isLacking(variant, made.reason)) continue;
    if (made.kind !== 'different') return made;
  }
  return null;
}

/** A field has another size because the types that it holds on both sides differ, and are told as a pair of their own. `away`: here, or there too. */
function isBehindInner({ first, pair, target }: LayoutFinding, peers: Peers, away = false): boolean {
  if (first.what !== 'field-type' && first.what !== 'offset') return false;
  let { shape } = first.rust;
  while (shape.kind === 'array') shape = shape.element;
  const id = shape.kind === 'ref' ? /#(\d+)$/.exec(shape.key)?.[1] : undefined;
  return peers.types.some((other) => {
    if (other.rust.id !== Number(id) || other.peer.language !== pair.peer.language) return false;
    const made = judge(other, peers);
    if (made.kind === 'different') return away || made.finding.triples.includes(target.triple);
    return away && judgeAway(other, peers).kind === 'different';
  });
}

/** The Rust type that the other side reads although Rust defines no layout for it; null for any other. */
export function missingRepr(pair: LinkedType, { peers, workspace }: Pick<RuleContext, 'peers' | 'workspace'>): Item | null {
  if (pair.by !== 'use' || pair.peer.isOpaque || peers.inFile(pair.peer.file)?.generatedBy != null) return null;
  const ast = workspace.ast(pair.rust);
  if (ast?.kind !== 'struct' && ast?.kind !== 'union') return null;
  const defined = [...pair.peer.defs.values()].some(({ def }) => def.kind !== 'unknown' && def.kind !== 'enum' && def.fields.length > 0);
  // A type without bytes stands for one of which only the address is used.
  const text = workspace.text(pair.rust.file);
  const real = ast.fields.filter(
    ({ type }) => !/^(?:\(\)|\[.*;\s*0\s*\]|.*\bPhantom(?:Data|Pinned)\b.*)$/s.test(text.slice(type.span.start, type.span.end)),
  );
  return defined && real.length > 0 ? ast : null;
}

export function nameAt(item: RustItem): At {
  return { file: item.file, span: item.entry.nameSpan };
}

/** What all reports say: both places of the field, and whose figures they are. */
export function layoutReport(
  finding: LayoutFinding,
  { workspace }: Pick<RuleContext, 'workspace'>,
  help: string,
): Report & { data: Record<string, string | number> } {
  const { pair, first, target, triples } = finding;
  const file = basename(pair.peer.file);
  const [own, other] = fieldNames(first);
  const inRust = placed(own, fieldPlace(pair.rust, own, workspace), 'in Rust');
  const inPeer = placed(other, pair.peer.places.get(other?.split('.')[0] ?? '') ?? null, `in ${file}`);
  const related = [...inRust, ...(inPeer.length > 0 ? inPeer : [{ at: pair.peer.at, message: `\`${pair.peer.name}\` is defined here` }])];
  const others = triples.filter((triple) => triple !== target.triple);
  return {
    at: nameAt(pair.rust),
    data: { name: pair.rust.name.replace(/^r#/, ''), peer: pair.peer.name, file, ...figures(first) },
    related,
    mirror: pair.peer.at,
    help,
    note: `${sourceText(finding)} for ${target.triple}${others.length > 0 ? `; it is so on ${targetList(others)} too` : ''}`,
    item: pair.rust,
  };
}

/** Whose figures they are. */
function sourceText({ measured: { rust, peer } }: LayoutFinding): string {
  if (rust && peer !== null) return `rustc and ${PROGRAMS[peer]} laid out the types`;
  if (rust) return 'rustc laid out the Rust type, the other layout is computed';
  return peer === null ? 'both layouts are computed' : `${PROGRAMS[peer]} laid out the other type, the Rust layout is computed`;
}

const PROGRAMS: Readonly<Record<Provenance, string>> = { computed: 'ffi-lint', rustc: 'rustc', cc: 'the C compiler', python: 'Python' };

/** What the field at fault is called in Rust and in the peer. */
function fieldNames(first: Divergence): readonly [string | null, string | null] {
  switch (first.what) {
    case 'offset':
    case 'field-type':
    case 'order':
      return [first.rust.name, first.peer.name];
    case 'missing':
      return first.in === 'rust' ? [null, first.field.name] : [first.field.name, null];
    default:
      return [null, null];
  }
}

function placed(field: string | null, at: Location | null, where: string): readonly { readonly at: Location; readonly message: string }[] {
  return field === null || at === null ? [] : [{ at, message: `\`${field}\` ${where}` }];
}

function fieldPlace(item: RustItem, name: string | null, workspace: Workspace): Location | null {
  const ast = workspace.ast(item);
  if (name === null || (ast?.kind !== 'struct' && ast?.kind !== 'union')) return null;
  const field = ast.fields.find((one) => one.name === name);
  return field ? workspace.place(item.file, field.nameSpan) : null;
}

function figures(first: Divergence): Record<string, string | number> {
  switch (first.what) {
    case 'offset': {
      const at = ({ offset, bitOffset }: typeof first.rust): number =>
        first.unit === 'bit' ? (bitOffset ?? 0) : (offset ?? Math.floor((bitOffset ?? 0) / 8));
      return { field: first.rust.name, unit: first.unit === 'bit' ? 'bit' : 'offset', mine: at(first.rust), theirs: at(first.peer) };
    }
    case 'field-type':
      return {
        field: first.rust.name,
        mine: first.sizes ? first.rust.size : shapeText(first.rust.shape, 'rust'),
        theirs: first.sizes ? first.peer.size : shapeText(first.peer.shape, 'c'),
      };
    case 'missing':
      return { field: first.field.name, at: first.field.offset ?? Math.floor((first.field.bitOffset ?? 0) / 8) };
    case 'order':
      return { field: first.rust.name, mine: first.rust.offset ?? 0, theirs: first.peer.offset ?? 0 };
    case 'size':
    case 'align':
      return { mine: first.rust, theirs: first.peer };
    case 'packing':
      return { mine: packed(first.rust), theirs: packed(first.peer) };
  }
}

function packed(bytes: number | null): string {
  return bytes === null ? 'not packed' : bytes === 1 ? 'packed' : `packed to ${bytes} bytes`;
}
