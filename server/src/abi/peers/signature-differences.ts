/** What a Rust function's signature and the declaration of the same symbol elsewhere disagree about, on the targets at hand and on others. */
import type { Severity } from '../../base/severity.ts';
import { compare } from '../compare/compare.ts';
import { comparePointees } from '../compare/pointees.ts';
import type { Value } from '../compare/verdict.types.ts';
import { passedAs, soleMember } from '../compare/value.ts';
import type { FnShape, Shape } from '../shape.ts';
import type { Target } from '../targets.ts';
import { conventionOn } from './conventions.ts';
import type { LinkedFn, PeerFn, Peers, Signature, WrittenShape } from './peers.ts';
import { isLacking } from './peers.ts';

export type DifferenceKind =
  | 'arity'
  | 'class'
  | 'width'
  | 'signedness'
  | 'return-missing'
  | 'return-ignored'
  | 'variadic'
  | 'calling-convention'
  | 'bool'
  | 'by-value'
  | 'const'
  | 'pointee';

/** One place at which two signatures disagree. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** Of the parameter from 0; null for the result or the function as a whole. */
  readonly index: number | null;
  /** What stands on the two sides there; null for the function as a whole. */
  readonly rust: WrittenShape | null;
  readonly peer: WrittenShape | null;
  readonly severity: Severity;
  /** What the peer's convention is called, where that is the difference. */
  readonly convention?: string;
}

export interface TargetedDifference extends Difference {
  /** Triples on which they disagree. */
  readonly targets: readonly string[];
  /** They disagree on all targets that findings are for. */
  readonly everywhere: boolean;
  /** They disagree on one of these. */
  readonly here: boolean;
}

export type Comparison =
  | { readonly kind: 'compared'; readonly differences: readonly TargetedDifference[] }
  | { readonly kind: 'unknown'; readonly reason: string };

const SAME: Comparison = { kind: 'compared', differences: [] };

/** Over all targets of the link; unknown where a type on either side is not known on one of those that findings are for. */
export function compareLinked(linked: LinkedFn, peers: Peers): Comparison {
  const found: { readonly target: Target; readonly differences: readonly Difference[] }[] = [];
  for (const target of linked.targets ?? peers.targets) {
    const made = onTarget(linked, target, peers);
    if (made === null) continue;
    if (typeof made === 'string') return { kind: 'unknown', reason: made };
    found.push({ target, differences: made });
  }
  if (found.length === 0) return SAME;
  const away = found.every(({ differences }) => differences.length === 0) ? elsewhere(linked, peers) : [];
  return { kind: 'compared', differences: grouped(found, away) };
}

interface OnTarget {
  readonly target: Target;
  readonly differences: readonly Difference[];
}

function grouped(here: readonly OnTarget[], away: readonly OnTarget[]): readonly TargetedDifference[] {
  const out = new Map<string, { readonly first: Difference; readonly targets: string[]; here: number }>();
  for (const [list, isHere] of [
    [here, true],
    [away, false],
  ] as const) {
    for (const { target, differences } of list) {
      for (const one of differences) {
        const key = `${one.kind} ${one.index}`;
        const known = out.get(key) ?? { first: one, targets: [], here: 0 };
        known.targets.push(target.triple);
        if (isHere) known.here++;
        out.set(key, known);
      }
    }
  }
  return [...out.values()].map(({ first, targets, here: count }) => ({
    ...first,
    targets,
    here: count > 0,
    everywhere: count === here.length,
  }));
}

/** Widths and calling conventions that agree here, on targets that code is often built for too. */
function elsewhere(linked: LinkedFn, peers: Peers): readonly OnTarget[] {
  return peers.elsewhere.flatMap((target) => {
    const rust = peers.rustSignature(linked.rust, target);
    const [first] = peers.targets;
    if (!rust || !first) return [];
    // On 32-bit Windows macros that are nothing here are conventions.
    const hidden = peers.inFile(linked.peer.file)?.conventions === true && conventionOn('system', target) !== 'C';
    // What the header says here is what it says there, as a rule; where that makes a difference, it is read for that target.
    const suspected = of(linked.peer.signatures, first).some((one) => telling(pair(rust, one, linked, target)).length > 0);
    if (!suspected && !hidden) return [];
    const made = againstAll(rust, peers.declaredOn(linked.peer, target), linked, target, () => peers.variantsOf(linked.peer, target));
    return made === null || typeof made === 'string' ? [] : [{ target, differences: telling(made) }];
  });
}

function telling(differences: readonly Difference[] | string): readonly Difference[] {
  return typeof differences === 'string' ? [] : differences.filter(({ kind }) => kind === 'width' || kind === 'calling-convention');
}

function of(signatures: readonly Signature[], target: Target): readonly Signature[] {
  return signatures.filter((one) => one.target.triple === target.triple);
}

/** null where one side is not there on the target, a text where it cannot be told. */
function onTarget(linked: LinkedFn, target: Target, peers: Peers): readonly Difference[] | string | null {
  const rust = peers.rustSignature(linked.rust, target);
  if (rust === null) return null;
  const read = peers.targets.some(({ triple }) => triple === target.triple);
  const said = read ? of(linked.peer.signatures, target) : peers.declaredOn(linked.peer, target);
  return againstAll(rust, said, linked, target, () => peers.variantsOf(linked.peer, target));
}

/** Of several ways in which it is declared each must disagree. `variants` are asked for only where those do. */
function againstAll(
  rust: Signature,
  peers: readonly Signature[],
  linked: LinkedFn,
  target: Target,
  variants: () => ReturnType<Peers['variantsOf']>,
): readonly Difference[] | string | null {
  if (peers.length === 0) return null;
  let left: readonly Difference[] | null = null;
  for (const peer of peers) {
    const made = pair(rust, peer, linked, target);
    if (typeof made === 'string') return made;
    left = left === null ? made : left.filter((one) => made.some((other) => other.index === one.index));
  }
  if (!left?.length) return left;
  // Other headers for other builds: one that agrees is enough.
  for (const peer of variants()) {
    const made = pair(rust, peer, linked, target);
    if (typeof made === 'string' && isLacking(peer, made)) continue;
    if (typeof made === 'string') return made;
    left = left.filter((one) => made.some((other) => other.index === one.index));
  }
  return left;
}

function pair(rust: Signature, peer: Signature, linked: LinkedFn, target: Target): readonly Difference[] | string {
  if (rust.doubt !== null) return rust.doubt;
  if (rust.params === null || peer.params === null) return 'nothing is said about parameters';
  const why = unknownIn(rust, 'rust', target) ?? unknownIn(peer, 'c', target);
  if (why !== null) return why;
  const conventions = [conventionOn(rust.convention, target), conventionOn(peer.convention, target)];
  const whole = (kind: DifferenceKind, severity: Severity): Difference => ({ kind, index: null, rust: null, peer: null, severity });
  if (conventions[0] !== conventions[1]) return [{ ...whole('calling-convention', 'warning'), convention: peer.convention }];
  if (rust.variadic !== peer.variadic) return [whole('variadic', 'error')];
  if (rust.params.length !== peer.params.length) {
    // What a caller gives too much, a function of the same convention does not see.
    const ignored = linked.direction === 'export' && rust.params.length < peer.params.length && conventions[0] === 'C';
    return [whole('arity', ignored ? 'warning' : 'error')];
  }
  const out: Difference[] = [];
  for (const [index, param] of rust.params.entries()) {
    const other = peer.params[index];
    const reader = linked.direction === 'export' ? 'rust' : 'peer';
    if (other) out.push(...types({ rust: param, peer: other, index, reader, language: linked.peer.language }, rust, peer, target));
  }
  return [...out, ...results(rust, peer, linked, target)];
}

/** Why a type of the signature is not known; null where all are. */
function unknownIn({ params, result, resolve }: Signature, language: 'rust' | 'c', target: Target): string | null {
  for (const use of [...(params ?? []), ...(result ? [result] : [])]) {
    const value = passedAs(use.shape, language, resolve, target);
    if (value.kind === 'unknown') return `\`${use.written}\`: ${value.reason}`;
    if (value.kind === 'va-list') return '`va_list` has no counterpart in Rust';
  }
  return null;
}

function results(rust: Signature, peer: Signature, linked: LinkedFn, target: Target): readonly Difference[] {
  if (rust.result === null || peer.result === null) return [];
  const [one, other] = [rust.result, peer.result];
  const a = passedAs(one.shape, 'rust', rust.resolve, target);
  const b = passedAs(other.shape, 'c', peer.resolve, target);
  if (a.kind === 'never') return [];
  if (a.kind !== 'nothing' && b.kind !== 'nothing') {
    const reader = linked.direction === 'export' ? 'peer' : 'rust';
    return types({ rust: one, peer: other, index: null, reader, language: linked.peer.language }, rust, peer, target);
  }
  if (a.kind === b.kind) return [];
  // A result in memory takes a hidden argument, which shifts all others.
  const shifted = a.kind === 'aggregate' || b.kind === 'aggregate';
  const garbage = shifted || (linked.direction === 'export' ? a.kind === 'nothing' : b.kind === 'nothing');
  const kind = garbage ? 'return-missing' : 'return-ignored';
  return [{ kind, index: null, rust: one, peer: other, severity: garbage ? 'error' : 'hint' }];
}

interface Met {
  readonly rust: WrittenShape;
  readonly peer: WrittenShape;
  readonly index: number | null;
  readonly reader: 'rust' | 'peer';
  /** Of the peer: others than C tell little of the functions that they hand over, and have rules of their own for it. */
  readonly language: PeerFn['language'];
}

function types({ rust, peer, index, reader, language }: Met, one: Signature, other: Signature, target: Target): readonly Difference[] {
  const make = (kind: DifferenceKind, severity: Severity): Difference => ({ kind, index, rust, peer, severity });
  const a = { shape: rust.shape, resolve: one.resolve };
  const b = { shape: peer.shape, resolve: other.resolve };
  const { code, rust: left, peer: right } = compare(a, b, target);
  switch (code) {
    case 'width':
      // Two enums: which of them is wrong is told once, by enum-width.
      if (isEnum(left) && isEnum(right)) return [];
      return [left.kind === 'bool' || right.kind === 'bool' ? make('bool', 'error') : make('width', 'error')];
    case 'class':
      return [make('class', 'error')];
    case 'aggregate':
    case 'kind':
      return [
        left.kind === 'aggregate' || right.kind === 'aggregate' ? make('by-value', isWrapped() ? 'info' : 'error') : make('class', 'error'),
      ];
    case 'pointer-integer':
      return [make('class', 'info')];
    case 'sign': {
      const narrow = left.kind === 'integer' && left.size < 4;
      // Whether plain char has a sign is a matter of the target: nobody who writes `char` means one.
      return [make('signedness', narrow && !isPlainChar(peer.shape) && !isPlainChar(rust.shape) ? 'warning' : 'hint')];
    }
    case 'bool':
      // Who calls a byte a boolean promises 0 and 1, though no compiler holds him to it.
      return left.kind === 'bool' && reader === 'rust'
        ? [make('bool', peer.via.some(({ name }) => /bool/i.test(name)) ? 'info' : 'warning')]
        : [];
    case 'ok':
      return left.kind === 'pointer' && right.kind === 'pointer' ? pointers(left.shape, right.shape) : [];
    default:
      return [];
  }

  /** A struct of nothing but a pointer or a word is a parameter like any other on all targets; as a result 32-bit Unix returns it in memory. */
  function isWrapped(): boolean {
    const inner = left.kind === 'aggregate' ? soleMember(left, 'rust', one.resolve, target) : left;
    const outer = right.kind === 'aggregate' ? soleMember(right, 'c', other.resolve, target) : right;
    const isWord = (value: Value | null): boolean =>
      value?.kind === 'pointer' || (value?.kind === 'integer' && value.size === target.rust.pointer.size);
    return index !== null && isWord(inner) && isWord(outer);
  }

  function pointers(mine: Extract<Shape, { kind: 'pointer' }>, theirs: Extract<Shape, { kind: 'pointer' }>): readonly Difference[] {
    const verdict = comparePointees(a, b, target);
    if (verdict.code === 'width' && behindEnum(mine, one, target) && behindEnum(theirs, other, target)) return [];
    if (verdict.code === 'width' || verdict.code === 'class' || verdict.code === 'kind') return [make('pointee', 'error')];
    if (mine.fn && theirs.fn) return language === 'c' ? calledBack(mine.fn, theirs.fn) : [];
    if (mine.fn || theirs.fn || mine.const === theirs.const || !isData(mine.pointee, one, target) || !isData(theirs.pointee, other, target))
      return [];
    // The side that gets the pointer may write through it as its own declaration says; whether it does, the rule asks.
    if (reader === 'peer') return mine.const ? [make('const', 'info')] : [];
    return mine.const ? [] : [make('const', 'hint')];
  }

  /** Of the two functions one calls and the other is called: for an import's parameter C calls. What is not known of them says nothing. */
  function calledBack(mine: FnShape, theirs: FnShape): readonly Difference[] {
    // Rust's own convention is told where the type is written.
    if (mine.abi === 'Rust') return [];
    if (conventionOn(mine.abi, target) !== conventionOn(theirs.abi, target))
      return [{ ...make('calling-convention', 'warning'), convention: theirs.abi }];
    if (isGeneric(theirs)) return [];
    const given = reader === 'peer' ? theirs : mine;
    const taken = reader === 'peer' ? mine : theirs;
    if (mine.variadic || theirs.variadic) return mine.variadic === theirs.variadic ? [] : [make('pointee', 'error')];
    const params = mine.params.map((param, i) => [param, theirs.params[i]] as const);
    if (taken.params.length > given.params.length || params.some(([param, by]) => by !== undefined && differ(param, by)))
      return [make('pointee', 'error')];
    const [a, b] = [passedAs(mine.result, 'rust', one.resolve, target).kind, passedAs(theirs.result, 'c', other.resolve, target).kind];
    const [gives, expects] = reader === 'peer' ? [a, b] : [b, a];
    const garbage = gives === 'nothing' && !['nothing', 'never', 'unknown'].includes(expects);
    return garbage || differ(mine.result, theirs.result) ? [make('pointee', 'error')] : [];
  }

  /** Two numbers of different widths or classes, or a number and a struct. */
  function differ(mine: Shape, theirs: Shape): boolean {
    const verdict = compare({ shape: mine, resolve: one.resolve }, { shape: theirs, resolve: other.resolve }, target);
    const [left, right] = [verdict.rust, verdict.peer];
    if ([left, right].some(({ kind }) => kind === 'nothing' || kind === 'never' || kind === 'unknown')) return false;
    if (isEnum(left) && isEnum(right)) return false;
    return ['width', 'class', 'aggregate', 'kind'].includes(verdict.code);
  }
}

/**
 * C's type for any function, `void (*)(void)`: other fn pointers are cast to it and back (C17 6.3.2.3 paragraph 8), as sqlite3's
 * `sqlite3_auto_extension` does. Of `int (*)()` the arguments are not said.
 */
function isGeneric(fn: FnShape): boolean {
  return fn.unprototyped === true || (fn.params.length === 0 && fn.result.kind === 'void' && !fn.variadic);
}

function isEnum(value: Value): boolean {
  return value.kind === 'enum' || (value.kind === 'integer' && value.of === 'enum');
}

function behindEnum({ pointee }: Extract<Shape, { kind: 'pointer' }>, { resolve }: Signature, target: Target): boolean {
  return pointee !== null && isEnum(passedAs(pointee, 'rust', resolve, target));
}

function isPlainChar(shape: Shape): boolean {
  return shape.kind === 'c-int' && shape.name === 'char';
}

/** Of what is only known by its name, or by nothing, it does not matter who writes to it. */
function isData(pointee: Shape | null, { resolve }: Signature, target: Target): boolean {
  // Cells may be written through shared pointers.
  if (pointee === null || pointee.kind === 'no-niche') return false;
  const value = passedAs(pointee, 'c', resolve, target);
  if (value.kind !== 'aggregate') return value.kind !== 'nothing' && value.kind !== 'unknown';
  return value.def !== null && (value.def.kind === 'enum' || value.def.fields.some(({ shape }) => !isEmpty(shape)));
}

function isEmpty(shape: Shape): boolean {
  return shape.kind === 'unit' || (shape.kind === 'array' && shape.length === 0);
}
