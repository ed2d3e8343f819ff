/** What the parts of the null walk share: the fn at hand, what was met, and the way back into the walk. */
import type { Span } from '../../base/text.ts';
import type { ClosureExpr, Expr, Pattern } from '../../model/rust/ast-expr.ts';
import type { Scope, SourceFile, Workspace } from '../../model/workspace.ts';
import { bindings } from '../walk.ts';
import type { Known, SeenLateCheck, SeenLength, SeenUse, Source, State, Value } from './state.ts';
import { LEVEL, OTHER, levelOf, sourceOf } from './state.ts';

export interface Branches {
  readonly yes: State;
  readonly no: State;
}

/** A loop or labelled block that is being walked: the states at its breaks. */
export interface Frame {
  readonly label: string | null;
  readonly isLoop: boolean;
  readonly breaks: State[];
}

export interface Flow {
  readonly workspace: Workspace;
  readonly scope: Scope;
  readonly file: SourceFile;
  /** Of the fn's file. */
  text(at: Span): string;
  readonly frames: Frame[];
  /** Numbers that the fn compares with something, or that a loop or an iterator counts. */
  readonly compared: Set<Source>;
  readonly uses: SeenUse[];
  readonly late: SeenLateCheck[];
  readonly lengths: SeenLength[];
  /** Walks an expression that runs in this state, which it changes. */
  eval(expr: Expr, state: State): Value;
  /** Walks a closure's body as if it ran here; the state given is not changed. */
  run(closure: ClosureExpr, args: readonly Value[], state: State): void;
}

/** Notes a use of a pointer where null would be wrong, unless the place is not reached or the pointer's offset is bounded. */
export function noteUse(
  flow: Flow,
  kind: SeenUse['kind'],
  value: Value,
  at: { span: Span; expr: Expr; length?: Expr | null },
  state: State,
): void {
  if (value.kind !== 'pointer' || value.bounded || state.live === 'no') return;
  const level = levelOf(state, value.source);
  if (level === LEVEL.checked) return;
  const use: SeenUse = {
    kind: value.slice ? 'slice' : kind,
    source: value.source,
    span: at.span,
    expr: at.expr,
    length: at.length ?? null,
    level,
  };
  flow.uses.push(use);
  if (level !== LEVEL.undecided && !state.used.has(value.source)) state.used.set(value.source, use);
}

/** Notes a look at a pointer's nullness, which tells nothing any more where the pointer was used before. */
export function noteCheck(flow: Flow, source: Source, span: Span, state: State): void {
  const use = state.live === 'no' ? undefined : state.used.get(source);
  if (use && levelOf(state, source) < LEVEL.undecided) flow.late.push({ use, span });
}

/** Notes a number that is taken as a length, count or offset, where it is a signed parameter whose sign nothing looked at. */
export function noteLength(flow: Flow, value: Value | undefined, expr: Expr | undefined, state: State): void {
  if (value?.kind !== 'plain' || value.signed !== 'cast' || !expr || state.live === 'no') return;
  const { source } = value;
  if (source.sign && levelOf(state, source.sign) === LEVEL.unknown) flow.lengths.push({ source, expr });
}

/** Gives the pattern's names their values: the value itself to a plain name, the content of `Some(x)` of a number to `x`. */
export function bind(pattern: Pattern, value: Value, state: State): void {
  if (pattern.kind === 'binding') {
    state.env.set(pattern.name, pattern.byRef ? OTHER : named(value, pattern.name, pattern.nameSpan));
    if (pattern.sub) bind(pattern.sub, value, state);
  } else if (pattern.kind === 'tuple' && value.kind === 'tuple' && pattern.elements.length === value.elements.length) {
    pattern.elements.forEach((element, i) => {
      bind(element, value.elements[i] ?? OTHER, state);
    });
  } else if (pattern.kind === 'tuple-struct' && pattern.elements.length === 1 && pattern.elements[0]) {
    bind(pattern.elements[0], value.kind === 'plain' ? value : OTHER, state);
  } else {
    for (const inner of bindings(pattern)) state.env.set(inner.name, named(OTHER, inner.name, inner.nameSpan));
  }
}

/** A value that can be compared later even if nothing is known of it. */
function named(value: Value, name: string, at: Span): Value {
  return value.kind === 'other' || value.kind === 'number' ? { kind: 'plain', source: { kind: 'plain', name, span: at } } : value;
}

/** Binds the names of a closure's parameter or a `for` pattern: whatever they count is bounded by who runs it. */
export function bindCounted(flow: Flow, pattern: Pattern, value: Value, state: State): void {
  bind(pattern, value, state);
  for (const inner of bindings(pattern)) {
    const bound = state.env.get(inner.name);
    if (bound?.kind === 'plain') flow.compared.add(bound.source);
  }
}

export interface Match {
  /** What is known where the pattern matches, and where it does not. */
  readonly yes: readonly Known[];
  readonly no: readonly Known[];
}

const NOTHING: Match = { yes: [], no: [] };

/** What matching a value against a pattern tells. */
export function matchPattern(pattern: Pattern, value: Value): Match {
  switch (pattern.kind) {
    case 'tuple-struct':
    case 'path': {
      const name = pattern.path.segments.at(-1)?.name;
      if (value.kind !== 'option') return NOTHING;
      if (name === 'Some' || name === 'Ok') return { yes: value.some, no: [] };
      return name === 'None' || name === 'Err' ? { yes: [], no: value.some } : NOTHING;
    }
    case 'literal':
      return matchLiteral(pattern.value, value);
    case 'tuple': {
      if (value.kind !== 'tuple' || value.elements.length !== pattern.elements.length) return NOTHING;
      const parts = pattern.elements.map((element, i) => matchPattern(element, value.elements[i] ?? OTHER));
      const refutable = pattern.elements.filter((element) => element.kind !== 'wildcard' && element.kind !== 'binding');
      return { yes: parts.flatMap((part) => part.yes), no: refutable.length === 1 ? parts.flatMap((part) => part.no) : [] };
    }
    case 'or':
      return { yes: [], no: pattern.alternatives.flatMap((alternative) => matchPattern(alternative, value).no) };
    case 'range':
      return { yes: doubtfulSign(value), no: [] };
    case 'reference':
      return matchPattern(pattern.pattern, value);
    case 'binding':
      return pattern.sub ? matchPattern(pattern.sub, value) : NOTHING;
    default:
      return NOTHING;
  }
}

function matchLiteral(literal: Expr, value: Value): Match {
  if (literal.kind !== 'literal') return NOTHING;
  if (value.kind === 'bool') return literal.text === 'true' ? { yes: value.yes, no: value.no } : { yes: value.no, no: value.yes };
  const source = sourceOf(value);
  if (!source || literal.literal !== 'int') return NOTHING;
  const known: readonly Known[] = [{ source, level: LEVEL.checked }];
  const sign = certainSign(value);
  return isZero(literal.text) ? { yes: sign, no: known } : { yes: [...known, ...sign], no: [] };
}

/** A number is not negative. */
export function certainSign(value: Value): readonly Known[] {
  return value.kind === 'plain' && value.source.sign ? [{ source: value.source.sign, level: LEVEL.checked }] : [];
}

/** Something looked at a number in a way that may have told its sign. */
export function doubtfulSign(value: Value): readonly Known[] {
  return value.kind === 'plain' && value.source.sign ? [{ source: value.source.sign, level: LEVEL.undecided }] : [];
}

/** Whether an integer literal is zero. */
export function isZero(text: string): boolean {
  return /^0([xob])?[0_]*([iu](8|16|32|64|128|size))?$/.test(text);
}
