/** What is known of variables and pointers at one point of a fn, and how that joins where two paths meet. */
import type { Span } from '../../base/text.ts';
import type { ClosureExpr, Expr } from '../../model/rust/ast-expr.ts';

/** Where a value comes from; aliases and casts share it. Identity counts. */
export interface Source {
  readonly kind: 'param' | 'result' | 'plain';
  readonly name: string;
  readonly span: Span;
  /** Of a parameter of a signed type: stands for its sign, as a source of its own. Facts about it say "not negative". */
  readonly sign?: Source;
}

/** What is known of a source not being null (of a number: not being zero, of a sign: not being negative). Of two paths the lower holds. */
export const LEVEL = { unknown: 0, debug: 1, undecided: 2, checked: 3 } as const;
export type Level = (typeof LEVEL)[keyof typeof LEVEL];

export interface Known {
  readonly source: Source;
  readonly level: Level;
}

export type Value =
  | {
      readonly kind: 'pointer';
      readonly source: Source /** An offset in it is bounded by something that the fn looks at. */;
      readonly bounded: boolean /** Of `slice_from_raw_parts`. */;
      readonly slice: boolean;
    }
  /** Anything whose comparison with zero may matter. */
  | {
      readonly kind: 'plain';
      readonly source: Source;
      /** It is the signed parameter itself, or the same cast to an unsigned type; absent where it is neither any more. */
      readonly signed?: 'signed' | 'cast';
    }
  | { readonly kind: 'bool'; readonly yes: readonly Known[]; readonly no: readonly Known[] }
  /** An Option or Result: what is known where it is `Some` or `Ok`. */
  | { readonly kind: 'option'; readonly some: readonly Known[] }
  | { readonly kind: 'tuple'; readonly elements: readonly Value[] }
  | { readonly kind: 'closure'; readonly closure: ClosureExpr }
  | { readonly kind: 'null' }
  | { readonly kind: 'number'; readonly zero: boolean }
  | { readonly kind: 'other' };

export const OTHER: Value = { kind: 'other' };

export interface State {
  readonly env: Map<string, Value>;
  readonly facts: Map<Source, Level>;
  /** The first unchecked use of each source that certainly ran before. */
  readonly used: Map<Source, SeenUse>;
  /** `maybe`: something that may not return stands before it, such as an unknown macro. */
  live: 'yes' | 'maybe' | 'no';
}

export function emptyState(): State {
  return { env: new Map(), facts: new Map(), used: new Map(), live: 'yes' };
}

export function clone(state: State): State {
  return { env: new Map(state.env), facts: new Map(state.facts), used: new Map(state.used), live: state.live };
}

/** Takes over another state. */
export function become(state: State, next: State): void {
  if (state === next) return;
  const env = [...next.env];
  const facts = [...next.facts];
  const used = [...next.used];
  state.env.clear();
  state.facts.clear();
  state.used.clear();
  for (const [name, value] of env) state.env.set(name, value);
  for (const [source, level] of facts) state.facts.set(source, level);
  for (const [source, use] of used) state.used.set(source, use);
  state.live = next.live;
}

export function levelOf(state: State, source: Source): Level {
  return state.facts.get(source) ?? LEVEL.unknown;
}

export function learn(state: State, known: readonly Known[]): void {
  for (const { source, level } of known) if (level > levelOf(state, source)) state.facts.set(source, level);
}

/** A copy that knows more. */
export function knowing(state: State, known: readonly Known[]): State {
  const next = clone(state);
  learn(next, known);
  return next;
}

/** What holds after two paths meet. A path that does not get there counts for nothing, one that may not get there makes facts undecided. */
export function join(a: State, b: State): State {
  if (a.live === 'no') return clone(b);
  if (b.live === 'no') return clone(a);
  const facts = new Map<Source, Level>();
  for (const source of new Set([...a.facts.keys(), ...b.facts.keys()])) {
    const level = joinLevel(levelOf(a, source), a.live, levelOf(b, source), b.live);
    if (level !== LEVEL.unknown) facts.set(source, level);
  }
  const env = new Map<string, Value>();
  for (const [name, value] of a.env) env.set(name, joinValues(value, b.env.get(name)));
  const used = new Map([...a.used].filter(([source]) => b.used.has(source)));
  return { env, facts, used, live: a.live === 'yes' || b.live === 'yes' ? 'yes' : 'maybe' };
}

function joinLevel(a: Level, liveA: State['live'], b: Level, liveB: State['live']): Level {
  const low = a < b ? a : b;
  const high = a < b ? b : a;
  const lowIsDoubtful = liveA !== liveB && (a < b ? liveA : liveB) === 'maybe';
  return lowIsDoubtful && high > LEVEL.undecided ? LEVEL.undecided : lowIsDoubtful ? high : low;
}

/** What a variable is after two paths that give it these values: the same, or nothing is known. */
export function joinValues(a: Value, b: Value | undefined): Value {
  if (!b) return OTHER;
  if (a === b) return a;
  if (a.kind === 'pointer' && b.kind === 'pointer' && a.source === b.source) return { ...a, bounded: a.bounded || b.bounded };
  if (a.kind === 'plain' && b.kind === 'plain' && a.source === b.source) return a.signed === b.signed ? a : unsigned(a);
  return OTHER;
}

/** What `after` knows more than `before`; nothing where it is not reached. */
export function gained(before: State, after: State): readonly Known[] {
  const known: Known[] = [];
  if (after.live === 'no') return known;
  for (const [source, level] of after.facts) if (level > levelOf(before, source)) known.push({ source, level });
  return known;
}

/** A number that is no longer as negative as the parameter that it comes from; other values are themselves. */
export function unsigned(value: Value): Value {
  return value.kind === 'plain' && value.signed ? { kind: 'plain', source: value.source } : value;
}

/** A value's source where it is a pointer or a plain value. */
export function sourceOf(value: Value): Source | null {
  return value.kind === 'pointer' || value.kind === 'plain' ? value.source : null;
}

/** One use of a pointer, as the walk meets it. */
export interface SeenUse {
  readonly kind: 'deref' | 'slice' | 'cstr' | 'from-raw';
  readonly source: Source;
  readonly span: Span;
  readonly expr: Expr;
  readonly length: Expr | null;
  readonly level: Level;
}

/** A check that comes too late: the pointer was certainly used before. */
export interface SeenLateCheck {
  readonly use: SeenUse;
  readonly span: Span;
}

/** A length that is negative where its parameter is. */
export interface SeenLength {
  readonly source: Source;
  readonly expr: Expr;
}
