/** `macro_rules!` definitions: each rule's matcher and transcriber as data. */
import { DOLLAR, EQUAL, GREATER, PAREN_OPEN, SEMICOLON } from '../../../syntax/rust/chars.ts';
import { closerOf } from '../../../syntax/rust/groups.ts';
import { IDENT } from '../../../syntax/rust/lexer.ts';
import type { Tokens } from './macro-tokens.ts';
import { gapBefore, operatorAt, readTokens, textOf, wordAt } from './macro-tokens.ts';

export type Repeat = '*' | '+' | '?';

/** A part of what a rule matches. */
export type Matcher =
  /** An operator, identifier, lifetime or literal as written. */
  | { readonly kind: 'token'; readonly text: string }
  | { readonly kind: 'group'; readonly open: number; readonly parts: readonly Matcher[] }
  | { readonly kind: 'fragment'; readonly name: string; readonly fragment: string }
  | { readonly kind: 'repeat'; readonly parts: readonly Matcher[]; readonly separator: string | null; readonly operator: Repeat };

/** A part of what a rule writes. Brackets are tokens of their own; `gap` is the white space in front. */
export type Transcriber =
  | { readonly kind: 'token'; readonly token: number; readonly gap: string }
  | { readonly kind: 'variable'; readonly name: string; readonly token: number; readonly gap: string }
  | { readonly kind: 'crate'; readonly token: number; readonly gap: string }
  | {
      readonly kind: 'repeat';
      readonly parts: readonly Transcriber[];
      /** Tokens of the separator, none without one. */
      readonly separator: readonly number[];
      readonly operator: Repeat;
      readonly gap: string;
    };

export interface MacroRule {
  readonly matcher: readonly Matcher[];
  readonly transcriber: readonly Transcriber[];
  /** The transcriber's tokens in the definition, brackets left out. */
  readonly from: number;
  readonly to: number;
}

export interface MacroDefinition {
  readonly tokens: Tokens;
  /** Where the definition's text stands in its file. */
  readonly offset: number;
  readonly rules: readonly MacroRule[];
}

export interface Unknown {
  /** Why nothing is known. */
  readonly unknown: string;
}

export function isUnknown(value: object): value is Unknown {
  return 'unknown' in value;
}

const MOST_TOKENS = 200_000;
/** Groups and repetitions nested deeper than this are not followed. */
const DEEPEST = 64;

/**
 * Reads the text between the brackets of a `macro_rules!` definition that stands at `offset` of its file.
 * Unknown where it does not follow the grammar, or uses metavariable expressions (unstable).
 */
export function parseMacroRules(text: string, offset: number): MacroDefinition | Unknown {
  const tokens = readTokens(text, MOST_TOKENS);
  if (tokens === null) return { unknown: 'the brackets of the macro definition do not match' };
  const rules: MacroRule[] = [];
  let at = 0;
  while (at < tokens.count) {
    const close = tokens.partners[at] ?? -1;
    const body = close + 3;
    const arrow = tokens.kinds[close + 1] === EQUAL && tokens.kinds[close + 2] === GREATER;
    if (close < at || !arrow || body >= tokens.count || closerOf(tokens.kinds[body] ?? 0) === 0)
      return { unknown: 'a macro rule cannot be read' };
    const end = tokens.partners[body] ?? -1;
    const matcher = readMatchers(tokens, at + 1, close, 0);
    const transcriber = readTranscribers(tokens, body + 1, end, 0);
    if (matcher === null || transcriber === null) return { unknown: 'a macro rule uses syntax that is not known' };
    rules.push({ matcher, transcriber, from: body + 1, to: end });
    at = end + 1;
    if (tokens.kinds[at] === SEMICOLON) at++;
  }
  return { tokens, offset, rules };
}

/** Whether any transcriber mentions one of the identifiers. */
export function macroContains(definition: MacroDefinition, names: readonly string[]): boolean {
  const wanted = new Set(names);
  return definition.rules.some(({ from, to }) => {
    for (let at = from; at < to; at++) if (wanted.has(wordAt(definition.tokens, at))) return true;
    return false;
  });
}

interface Repetition {
  readonly inside: readonly [number, number];
  readonly separator: readonly [number, number];
  readonly operator: Repeat;
  readonly end: number;
}

/** `$( … ) separator operator` from its `$` on; null where it is none. */
function readRepetition(t: Tokens, at: number, end: number): Repetition | null {
  if (t.kinds[at + 1] !== PAREN_OPEN) return null;
  const close = t.partners[at + 1] ?? -1;
  const own = repeatAt(t, close + 1, end);
  if (own !== null) return { inside: [at + 2, close], separator: [close + 1, close + 1], operator: own, end: close + 2 };
  const behind = close + 1 + Math.max(1, operatorAt(t, close + 1, end).length);
  const operator = repeatAt(t, behind, end);
  return operator === null ? null : { inside: [at + 2, close], separator: [close + 1, behind], operator, end: behind + 1 };
}

function repeatAt(t: Tokens, at: number, end: number): Repeat | null {
  if (at >= end) return null;
  const kind = String.fromCharCode(t.kinds[at] ?? 0);
  return kind === '*' || kind === '+' || kind === '?' ? kind : null;
}

function readMatchers(t: Tokens, from: number, end: number, depth: number): readonly Matcher[] | null {
  if (depth > DEEPEST) return null;
  const out: Matcher[] = [];
  let at = from;
  while (at < end) {
    const kind = t.kinds[at] ?? 0;
    // rustc ignores doc comments in matchers.
    if (t.made.has(at)) at++;
    else if (kind === DOLLAR && t.kinds[at + 1] === PAREN_OPEN) {
      const repetition = readRepetition(t, at, end);
      const parts = repetition && readMatchers(t, repetition.inside[0], repetition.inside[1], depth + 1);
      if (repetition === null || parts === null) return null;
      const separator = textBetween(t, repetition.separator);
      out.push({ kind: 'repeat', parts, separator: separator === '' ? null : separator, operator: repetition.operator });
      at = repetition.end;
    } else if (kind === DOLLAR && t.kinds[at + 1] === IDENT) {
      if (operatorAt(t, at + 2, end) !== ':' || t.kinds[at + 1] !== IDENT || t.kinds[at + 3] !== IDENT) return null;
      out.push({ kind: 'fragment', name: wordAt(t, at + 1), fragment: wordAt(t, at + 3) });
      at += 4;
    } else if (closerOf(kind) !== 0) {
      const close = t.partners[at] ?? -1;
      const parts = readMatchers(t, at + 1, close, depth + 1);
      if (parts === null) return null;
      out.push({ kind: 'group', open: kind, parts });
      at = close + 1;
    } else {
      const operator = operatorAt(t, at, end);
      out.push({ kind: 'token', text: operator === '' ? textOf(t, at) : operator });
      at += Math.max(1, operator.length);
    }
  }
  return out;
}

function textBetween(t: Tokens, [from, to]: readonly [number, number]): string {
  let out = '';
  for (let at = from; at < to; at++) out += textOf(t, at);
  return out;
}

function readTranscribers(t: Tokens, from: number, end: number, depth: number): readonly Transcriber[] | null {
  if (depth > DEEPEST) return null;
  const out: Transcriber[] = [];
  let at = from;
  while (at < end) {
    const gap = at === from ? '' : gapBefore(t, at);
    const dollar = t.kinds[at] === DOLLAR;
    if (dollar && t.kinds[at + 1] === PAREN_OPEN) {
      const repetition = readRepetition(t, at, end);
      const parts = repetition && readTranscribers(t, repetition.inside[0], repetition.inside[1], depth + 1);
      if (repetition === null || parts === null) return null;
      const [first, last] = repetition.separator;
      const separator = Array.from({ length: last - first }, (_, index) => first + index);
      out.push({ kind: 'repeat', parts, separator, operator: repetition.operator, gap });
      at = repetition.end;
    } else if (dollar && closerOf(t.kinds[at + 1] ?? 0) !== 0) return null;
    else if (dollar && t.kinds[at + 1] === IDENT) {
      const name = wordAt(t, at + 1);
      out.push(name === 'crate' ? { kind: 'crate', token: at + 1, gap } : { kind: 'variable', name, token: at + 1, gap });
      at += 2;
    } else out.push({ kind: 'token', token: at++, gap });
  }
  return out;
}
