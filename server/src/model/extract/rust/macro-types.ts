/** Where types, paths, patterns and other fragments but expressions end in a macro's arguments. */
import { BRACE_OPEN, BRACKET_OPEN, EQUAL, GREATER, LESS, MINUS, PAREN_OPEN } from '../../../syntax/rust/chars.ts';
import { closerOf } from '../../../syntax/rust/groups.ts';
import { CHAR, IDENT, LIFETIME, NUMBER, STRING } from '../../../syntax/rust/lexer.ts';
import type { Tokens } from './macro-tokens.ts';
import { endOfTree, isWordAt, operatorAt, wordAt } from './macro-tokens.ts';

// All functions take the index of a first token and the index at which their list ends,
// and return the index behind what they found, -1 where it is not there.

/** Keywords that no path starts with or goes on with. */
const NO_SEGMENT = new Set([
  'pub',
  'struct',
  'enum',
  'trait',
  'mod',
  'use',
  'type',
  'where',
  'let',
  'match',
  'if',
  'return',
  'const',
  'static',
]);

/** Result types inside each other - `fn() -> fn() -> …` - are followed this deep. */
const DEEPEST = 200;

// Shared by all calls: every way out of `endOfType` takes back what it added.
let depth = 0;

export function endOfType(t: Tokens, from: number, end: number): number {
  if (depth >= DEEPEST) return -1;
  depth++;
  const at = endOfPlainType(t, from, end);
  depth--;
  return at;
}

function endOfPlainType(t: Tokens, from: number, end: number): number {
  let at = from;
  for (;;) {
    if (at >= end) return -1;
    const operator = operatorAt(t, at, end);
    if (operator === '&' || operator === '&&') {
      at += operator.length;
      if (t.kinds[at] === LIFETIME) at++;
      if (isWordAt(t, at, 'mut')) at++;
    } else if (operator === '*') {
      if (!isWordAt(t, at + 1, 'const') && !isWordAt(t, at + 1, 'mut')) return -1;
      at += 2;
    } else break;
  }
  const kind = t.kinds[at];
  if (kind === PAREN_OPEN || kind === BRACKET_OPEN) return (t.partners[at] ?? at) + 1;
  if (operatorAt(t, at, end) === '!' || isWordAt(t, at, '_')) return at + 1;
  return isWordAt(t, at, 'dyn') || isWordAt(t, at, 'impl') ? endOfBounds(t, at + 1, end) : endOfBareType(t, at, end);
}

/** A fn pointer type or a path, with the `+ Bound`s of an old trait object. */
function endOfBareType(t: Tokens, from: number, end: number): number {
  let at = skipHigherRanked(t, from, end);
  while (isWordAt(t, at, 'unsafe') || isWordAt(t, at, 'extern')) {
    at++;
    if (t.kinds[at] === STRING) at++;
  }
  if (isWordAt(t, at, 'fn')) return t.kinds[at + 1] === PAREN_OPEN ? endOfResult(t, (t.partners[at + 1] ?? at) + 1, end) : -1;
  if (at !== from && !isWordAt(t, from, 'for')) return -1;
  const path = endOfPath(t, at, end);
  if (path < 0 || operatorAt(t, path, end) !== '+') return path;
  return endOfBounds(t, path + 1, end);
}

function skipHigherRanked(t: Tokens, at: number, end: number): number {
  return isWordAt(t, at, 'for') && t.kinds[at + 1] === LESS ? endOfAngles(t, at + 1, end) : at;
}

function endOfResult(t: Tokens, at: number, end: number): number {
  return operatorAt(t, at, end) === '->' ? endOfType(t, at + 2, end) : at;
}

function endOfBounds(t: Tokens, from: number, end: number): number {
  let at = from;
  for (;;) {
    if (operatorAt(t, at, end) === '?') at++;
    if (t.kinds[at] === LIFETIME) at++;
    else if (t.kinds[at] === PAREN_OPEN) at = (t.partners[at] ?? at) + 1;
    else at = endOfPath(t, skipHigherRanked(t, at, end), end);
    if (at < 0 || operatorAt(t, at, end) !== '+') return at;
    at++;
  }
}

/** A path as in a type: `a::B<C>`, `Fn(A) -> B`, `<T as U>::V`, and a macro call in its place. */
export function endOfPath(t: Tokens, from: number, end: number): number {
  let at = from;
  if (operatorAt(t, at, end) === '::') at += 2;
  else if (t.kinds[at] === LESS) {
    at = endOfAngles(t, at, end);
    if (at < 0 || operatorAt(t, at, end) !== '::') return -1;
    at += 2;
  }
  for (;;) {
    if (at >= end || t.kinds[at] !== IDENT || NO_SEGMENT.has(wordAt(t, at))) return -1;
    at++;
    if (operatorAt(t, at, end) === '::' && t.kinds[at + 2] === LESS) at += 2;
    if (at < end && t.kinds[at] === LESS) {
      at = endOfAngles(t, at, end);
      if (at < 0) return -1;
    } else if (at < end && t.kinds[at] === PAREN_OPEN) at = endOfResult(t, (t.partners[at] ?? at) + 1, end);
    if (at < 0) return -1;
    if (operatorAt(t, at, end) !== '::') break;
    at += 2;
  }
  const called = operatorAt(t, at, end) === '!' && at + 1 < end && closerOf(t.kinds[at + 1] ?? 0) !== 0;
  return called ? (t.partners[at + 1] ?? at) + 1 : at;
}

/** From `<` to behind its `>`, one character at a time: `>>` closes two. */
export function endOfAngles(t: Tokens, from: number, end: number): number {
  let depth = 0;
  for (let at = from; at < end; at++) {
    const kind = t.kinds[at] ?? 0;
    if (kind === LESS) depth++;
    else if (kind === GREATER && !isArrowEnd(t, at)) {
      if (--depth === 0) return at + 1;
    } else if (closerOf(kind) !== 0) at = t.partners[at] ?? end;
  }
  return -1;
}

function isArrowEnd(t: Tokens, at: number): boolean {
  const before = t.kinds[at - 1];
  return (before === MINUS || before === EQUAL) && t.ends[at - 1] === t.starts[at];
}

/** Up to what may follow a pattern: `=>`, `,`, `=`, `if`, `in`, and `|` where alternatives are not part of it. */
export function endOfPattern(t: Tokens, from: number, end: number, alternatives: boolean): number {
  let at = from;
  while (at < end) {
    const operator = operatorAt(t, at, end);
    if (operator === '=>' || operator === ',' || operator === '=' || operator === ';' || operator === ':') break;
    if ((operator === '|' && !alternatives) || isWordAt(t, at, 'if') || isWordAt(t, at, 'in')) break;
    const generic = operator === '::' && t.kinds[at + 2] === LESS;
    at = generic ? endOfAngles(t, at + 2, end) : endOfTree(t, at, end);
    if (at < 0) return -1;
  }
  return at > from ? at : -1;
}

/** `pub`, `pub(crate)`, `crate`; where none stands, `from` itself. */
export function endOfVisibility(t: Tokens, from: number, end: number): number {
  if (from >= end) return from;
  if (isWordAt(t, from, 'crate')) return operatorAt(t, from + 1, end) === '::' ? from : from + 1;
  if (!isWordAt(t, from, 'pub')) return from;
  const restricted = from + 1 < end && t.kinds[from + 1] === PAREN_OPEN && ['crate', 'self', 'super', 'in'].includes(wordAt(t, from + 2));
  return restricted ? (t.partners[from + 1] ?? from) + 1 : from + 1;
}

export function endOfLiteral(t: Tokens, from: number, end: number): number {
  if (from >= end) return -1;
  const kind = t.kinds[from];
  if (operatorAt(t, from, end) === '-') return from + 1 < end && t.kinds[from + 1] === NUMBER ? from + 2 : -1;
  const literal = kind === STRING || kind === CHAR || kind === NUMBER || isWordAt(t, from, 'true') || isWordAt(t, from, 'false');
  return literal ? from + 1 : -1;
}

/** The content of an attribute: a path, with arguments in brackets or a value behind `=`. */
export function endOfMeta(t: Tokens, from: number, end: number, endOfExpr: (t: Tokens, from: number, end: number) => number): number {
  if (from >= end) return -1;
  let at = from;
  if (operatorAt(t, at, end) === '::') at += 2;
  while (at < end && t.kinds[at] === IDENT && operatorAt(t, at + 1, end) === '::') at += 3;
  if (at >= end || t.kinds[at] !== IDENT) return -1;
  at++;
  if (at < end && closerOf(t.kinds[at] ?? 0) !== 0) return (t.partners[at] ?? at) + 1;
  return operatorAt(t, at, end) === '=' ? endOfExpr(t, at + 1, end) : at;
}

export function endOfBlock(t: Tokens, from: number, end: number): number {
  return from < end && t.kinds[from] === BRACE_OPEN ? (t.partners[from] ?? from) + 1 : -1;
}
