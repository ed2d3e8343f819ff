/** What the rules about signatures share: each takes its kinds of differences out of one comparison and tells them once for each symbol. */
import { compareLinked } from '../abi/peers/signature-differences.ts';
import { addTo } from '../base/groups.ts';
import type { Comparison, DifferenceKind, TargetedDifference } from '../abi/peers/signature-differences.ts';
import type { LinkedFn, Peers } from '../abi/peers/peers.ts';
import type { Target } from '../abi/targets.ts';
import { basename } from '../base/paths.ts';
import type { Severity } from '../base/severity.ts';
import { targetList } from './peer-text.ts';
import { signatureFixes } from './peer-fixes.ts';
import { isForeignAbi } from '../model/surface/surface.ts';
import type { BoundaryFn, Surface } from '../model/surface/surface.ts';
import type { Report, RuleContext } from './rule.ts';

const known = new WeakMap<LinkedFn, Comparison>();

export function comparisonOf(linked: LinkedFn, peers: Peers): Comparison {
  const before = known.get(linked);
  if (before) return before;
  const made = compareLinked(linked, peers);
  known.set(linked, made);
  return made;
}

export interface Chosen {
  readonly linked: LinkedFn;
  /** At least one. */
  readonly differences: readonly [TargetedDifference, ...TargetedDifference[]];
}

/** The functions of the unit that disagree in some way with C, each with one declaration that it disagrees with. */
export function disagreements(
  ctx: Pick<RuleContext, 'unit' | 'peers' | 'surface' | 'unresolved'>,
  wanted: (one: TargetedDifference) => boolean,
): readonly Chosen[] {
  const { unit, peers } = ctx;
  if (unit.kind !== 'rust') return [];
  const out: Chosen[] = [];
  for (const rust of unit.surface.functions) {
    if (rust.rewritten || !isForeignAbi(rust.abi)) continue;
    const declared = peers.linkedTo(rust).filter(({ peer }) => peer.language === 'c' && !peer.mangled && peer.generatedBy === null);
    if (declared.length === 0 || hasAgreeingTwin(rust, ctx)) continue;
    for (const linked of declared) {
      const made = comparisonOf(linked, peers);
      if (made.kind === 'unknown') {
        ctx.unresolved(rust.symbol ?? '', made.reason, { file: rust.item.file, span: rust.ast.nameSpan });
        continue;
      }
      const [first, ...rest] = made.differences.filter(wanted);
      if (!first) continue;
      out.push({ linked, differences: [first, ...rest] });
      break;
    }
  }
  return out;
}

const twins = new WeakMap<Surface, ReadonlyMap<string, readonly BoundaryFn[]>>();

/** Other declarations of the same symbol in one crate, of which conditions choose, if no target keeps the two apart. */
export function twinsOf(rust: BoundaryFn, { surface, peers }: Pick<RuleContext, 'surface' | 'peers'>): readonly BoundaryFn[] {
  let bySymbol = twins.get(surface);
  if (!bySymbol) {
    const groups = new Map<string, BoundaryFn[]>();
    for (const fn of surface.functions) if (fn.symbol !== null) addTo(groups, fn.symbol, fn);
    bySymbol = groups;
    twins.set(surface, bySymbol);
  }
  return (bySymbol.get(rust.symbol ?? '') ?? []).filter(
    (other) => other !== rust && other.role === rust.role && other.item.module.crate === rust.item.module.crate && meet(other, rust, peers),
  );
}

/** One that agrees is enough. */
function hasAgreeingTwin(rust: BoundaryFn, ctx: Pick<RuleContext, 'surface' | 'peers'>): boolean {
  return twinsOf(rust, ctx).some((other) =>
    ctx.peers.linkedTo(other).some((linked) => {
      const made = comparisonOf(linked, ctx.peers);
      return made.kind === 'unknown' || made.differences.every(({ severity }) => severity === 'hint' || severity === 'info');
    }),
  );
}

/** Whether both may be compiled for one of the targets: `cfg(windows)` and `cfg(unix)` never are. */
function meet(one: BoundaryFn, other: BoundaryFn, peers: Peers): boolean {
  const configured = peers.linkedTo(one).flatMap(({ targets }) => targets ?? []);
  const there = (fn: BoundaryFn, target: Target): boolean => peers.rustSignature(fn, target) !== null;
  return [...peers.targets, ...peers.elsewhere, ...configured].some((target) => there(one, target) && there(other, target));
}

/** Differences of some kinds that hold on all targets that findings are for. */
export function ofKinds(...kinds: readonly DifferenceKind[]): (one: TargetedDifference) => boolean {
  return ({ kind, everywhere }) => everywhere && kinds.includes(kind);
}

const ORDER: readonly Severity[] = ['error', 'warning', 'info', 'hint'];

/** The report of one symbol: its worst difference in the message, the others in a note, typedefs among what is related. */
export function signatureReport(
  ctx: Pick<RuleContext, 'peers' | 'workspace'>,
  { linked, differences }: Chosen,
  severity: Severity | null = null,
): Report & { readonly data: Readonly<Record<string, string>> } {
  const { rust, peer, direction } = linked;
  const ordered = [...differences].sort((a, b) => ORDER.indexOf(a.severity) - ORDER.indexOf(b.severity));
  const first = ordered[0] ?? differences[0];
  const file = basename(peer.file);
  const data = { symbol: rust.symbol ?? '', file, ...sides(first, linked) };
  const others = ordered.slice(1).map((one) => {
    const { what, mine, theirs } = sides(one, linked);
    return `${what} is \`${mine}\` here and \`${theirs}\` in ${file}`;
  });
  const targets = first.everywhere ? [] : [`on ${targetList(first.targets)}`];
  const notes = [...targets, ...(others.length > 0 ? [`also ${others.join('; ')}`] : [])];
  const fixes = signatureFixes(ctx, { linked, differences: ordered });
  return {
    at: { file: rust.item.file, span: rust.ast.nameSpan },
    data,
    related: [
      { at: peer.at, message: direction === 'import' && peer.defined ? 'defined here' : 'declared here' },
      ...(first.peer?.via ?? []).map(({ name, at }) => ({ at, message: `\`${name}\` is this` })),
    ],
    mirror: peer.at,
    severity: severity ?? first.severity,
    ...(notes.length > 0 ? { note: notes.join('; ') } : {}),
    ...(fixes.length > 0 ? { fixes } : {}),
    item: rust.item,
  };
}

function sides(one: TargetedDifference, { rust, peer }: LinkedFn): Readonly<Record<'what' | 'mine' | 'theirs', string>> {
  const named = one.index === null ? null : (rust.ast.params[one.index]?.name ?? peer.signatures[0]?.params?.[one.index]?.name ?? null);
  const what = one.index === null ? 'the result' : named === null ? `parameter ${one.index + 1}` : `\`${named}\``;
  return { what, mine: short(one.rust?.written ?? ''), theirs: short(one.peer?.written ?? '') };
}

/** Long types would bury the message. */
function short(written: string): string {
  return written.length > 40 ? `${written.slice(0, 39)}…` : written;
}
