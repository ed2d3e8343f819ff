/** Where an expression or statement ends in a macro's arguments: by operators and operands, without parsing it. */
import { BRACE_OPEN, HASH, LESS, PAREN_OPEN, BRACKET_OPEN, DOT } from '../../../syntax/rust/chars.ts';
import { closerOf } from '../../../syntax/rust/groups.ts';
import { CHAR, IDENT, LIFETIME, NUMBER, STRING } from '../../../syntax/rust/lexer.ts';
import type { Tokens } from './macro-tokens.ts';
import { endOfTree, isWordAt, operatorAt, wordAt } from './macro-tokens.ts';
import { endOfAngles, endOfPath, endOfType } from './macro-types.ts';

// Indices as in macro-types.ts: the end of the list goes in, the index behind the expression or -1 comes out.

const BINARY = new Set('+ - * / % ^ & | && || << >> == != < > <= >= = += -= *= /= %= ^= &= |= <<= >>= .. ..= ...'.split(' '));

/** Keywords that start no expression. */
const NO_EXPRESSION = new Set('as dyn else enum extern fn impl in mod mut pub ref struct trait type use where _'.split(' '));

const CONDITIONED = new Set(['if', 'while', 'match', 'for']);
const BLOCK_WORDS = new Set(['unsafe', 'loop', 'const', 'try']);
const LEAVING = new Set(['return', 'break', 'continue', 'yield', 'become']);

/** Expressions inside each other without brackets - closures, `return`, `let` - are followed this deep. */
const DEEPEST = 200;

// Shared by all calls: every way out of `endOfExpression` takes back what it added.
let depth = 0;

export function endOfExpression(t: Tokens, from: number, end: number): number {
  if (depth >= DEEPEST) return -1;
  depth++;
  const at = endOfOperands(t, from, end);
  depth--;
  return at;
}

function endOfOperands(t: Tokens, from: number, end: number): number {
  let at = from;
  for (;;) {
    at = endOfOperand(t, at, end);
    if (at < 0 || at >= end) return at;
    const operator = operatorAt(t, at, end);
    if (!BINARY.has(operator)) return at;
    at += operator.length;
    if (operator.startsWith('..') && !startsOperand(t, at, end)) return at;
  }
}

/** `let …`, or an expression; up to but without the semicolon. */
export function endOfStatement(t: Tokens, from: number, end: number): number {
  if (!isWordAt(t, from, 'let')) return endOfExpression(t, from, end);
  let at = from;
  while (at >= 0 && at < end && operatorAt(t, at, end) !== ';') at = endOfTree(t, at, end);
  return at;
}

function startsOperand(t: Tokens, at: number, end: number): boolean {
  if (at >= end) return false;
  const kind = t.kinds[at] ?? 0;
  if (kind === IDENT) return !NO_EXPRESSION.has(wordAt(t, at));
  if (kind === STRING || kind === CHAR || kind === NUMBER || kind === LIFETIME || closerOf(kind) !== 0) return true;
  return ['&', '&&', '*', '!', '-', '|', '||', '<', '::', '..', '..=', '#'].includes(operatorAt(t, at, end));
}

/** Prefix operators, a primary expression, and what is called on it. */
function endOfOperand(t: Tokens, from: number, end: number): number {
  let at = from;
  for (;;) {
    if (!startsOperand(t, at, end)) return -1;
    const operator = operatorAt(t, at, end);
    if (operator === '&' || operator === '&&') {
      at += operator.length;
      if (isWordAt(t, at, 'raw') && (isWordAt(t, at + 1, 'const') || isWordAt(t, at + 1, 'mut'))) at += 2;
      else if (isWordAt(t, at, 'mut')) at++;
    } else if (operator === '*' || operator === '!' || operator === '-') at++;
    else if (operator === '..' || operator === '..=') {
      at += operator.length;
      if (!startsOperand(t, at, end)) return at;
    } else if (operator === '#' && t.kinds[at + 1] === BRACKET_OPEN) at = (t.partners[at + 1] ?? at) + 1;
    else break;
  }
  if (t.kinds[at] === HASH) return -1;
  const primary = endOfPrimary(t, at, end);
  return primary < 0 ? -1 : endOfPostfix(t, primary, end);
}

function endOfPostfix(t: Tokens, from: number, end: number): number {
  let at = from;
  while (at >= 0 && at < end) {
    const kind = t.kinds[at] ?? 0;
    if (kind === PAREN_OPEN || kind === BRACKET_OPEN) at = (t.partners[at] ?? at) + 1;
    else if (operatorAt(t, at, end) === '?') at++;
    else if (isWordAt(t, at, 'as')) at = endOfType(t, at + 1, end);
    else if (kind === DOT && operatorAt(t, at, end) === '.') {
      at += 2;
      if (operatorAt(t, at, end) === '::' && t.kinds[at + 2] === LESS) at = endOfAngles(t, at + 2, end);
    } else return at;
  }
  return Math.min(at, end);
}

function endOfPrimary(t: Tokens, at: number, end: number): number {
  const kind = t.kinds[at] ?? 0;
  if (kind === STRING || kind === CHAR || kind === NUMBER) return at + 1;
  if (closerOf(kind) !== 0) return (t.partners[at] ?? at) + 1;
  if (kind === LIFETIME) {
    const labelled = operatorAt(t, at + 1, end) === ':' && at + 2 < end && t.kinds[at + 2] !== LIFETIME;
    return labelled ? endOfPrimary(t, at + 2, end) : -1;
  }
  const operator = operatorAt(t, at, end);
  if (operator === '|' || operator === '||') return endOfClosure(t, at, end);
  const word = wordAt(t, at);
  if (CONDITIONED.has(word)) return endOfConditioned(t, at, end);
  if (LEAVING.has(word)) {
    const value = t.kinds[at + 1] === LIFETIME && operatorAt(t, at + 2, end) !== ':' ? at + 2 : at + 1;
    return startsOperand(t, value, end) ? endOfExpression(t, value, end) : Math.min(value, end);
  }
  if (BLOCK_WORDS.has(word) && t.kinds[at + 1] === BRACE_OPEN) return (t.partners[at + 1] ?? at) + 1;
  if (word === 'async' || word === 'move' || word === 'static') return endOfMoved(t, at + 1, end);
  if (word === 'let') return endOfLet(t, at, end);
  return endOfPathExpression(t, at, end);
}

/** A path, a macro call or a struct literal. */
function endOfPathExpression(t: Tokens, from: number, end: number): number {
  let at = from;
  if (t.kinds[at] === LESS) return endOfPath(t, at, end);
  if (operatorAt(t, at, end) === '::') at += 2;
  for (;;) {
    if (at >= end || t.kinds[at] !== IDENT) return -1;
    at++;
    if (operatorAt(t, at, end) !== '::') break;
    at += 2;
    if (t.kinds[at] !== LESS) continue;
    at = endOfAngles(t, at, end);
    if (at < 0) return -1;
    if (operatorAt(t, at, end) !== '::') break;
    at += 2;
  }
  if (operatorAt(t, at, end) === '!' && at + 1 < end && closerOf(t.kinds[at + 1] ?? 0) !== 0) return (t.partners[at + 1] ?? at) + 1;
  return at < end && t.kinds[at] === BRACE_OPEN ? (t.partners[at] ?? at) + 1 : at;
}

function endOfClosure(t: Tokens, from: number, end: number): number {
  let at = from + 1;
  while (at >= 0 && at < end && operatorAt(t, at, end)[0] !== '|') at = endOfTree(t, at, end);
  if (at < 0 || at >= end) return -1;
  at++;
  if (operatorAt(t, at, end) !== '->') return endOfExpression(t, at, end);
  const result = endOfType(t, at + 2, end);
  return result >= 0 && t.kinds[result] === BRACE_OPEN ? (t.partners[result] ?? result) + 1 : -1;
}

/** Behind `async`, `move` or `static`: a block or a closure. */
function endOfMoved(t: Tokens, from: number, end: number): number {
  const at = isWordAt(t, from, 'move') ? from + 1 : from;
  if (at < end && t.kinds[at] === BRACE_OPEN) return (t.partners[at] ?? at) + 1;
  return operatorAt(t, at, end)[0] === '|' ? endOfClosure(t, at, end) : -1;
}

function endOfLet(t: Tokens, from: number, end: number): number {
  let at = from;
  while (at >= 0 && at < end && operatorAt(t, at, end) !== '=') at = endOfTree(t, at, end);
  return at < 0 || at >= end ? -1 : endOfExpression(t, at + 1, end);
}

/** `if`, `while`, `for` and `match` with their bodies; `else` follows an `if`. */
function endOfConditioned(t: Tokens, from: number, end: number): number {
  let at = from;
  for (;;) {
    const body = bodyBehind(t, at + 1, end, isWordAt(t, at, 'for'));
    if (body < 0) return -1;
    const close = (t.partners[body] ?? body) + 1;
    if (!isWordAt(t, at, 'if') || close >= end || !isWordAt(t, close, 'else')) return close;
    if (t.kinds[close + 1] === BRACE_OPEN) return (t.partners[close + 1] ?? close) + 1;
    if (!isWordAt(t, close + 1, 'if')) return -1;
    at = close + 1;
  }
}

/** The brace that opens the body behind a condition; braces of patterns, closures and blocks in it are passed over. */
function bodyBehind(t: Tokens, from: number, end: number, pattern: boolean): number {
  let at = from;
  let inPattern = pattern;
  while (at >= 0 && at < end) {
    const operator = operatorAt(t, at, end);
    if (isWordAt(t, at, 'let')) inPattern = true;
    else if (operator === '=' || isWordAt(t, at, 'in')) inPattern = false;
    else if (operator === '{' && !inPattern && !opensOperand(t, at)) return at;
    at = endOfTree(t, at, end);
  }
  return -1;
}

function opensOperand(t: Tokens, at: number): boolean {
  const before = wordAt(t, at - 1);
  return before === 'unsafe' || before === 'async' || before === 'loop' || before === 'else' || t.text[t.starts[at - 1] ?? 0] === '|';
}
