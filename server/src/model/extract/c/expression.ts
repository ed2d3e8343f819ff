/** Reads constant expressions and type names out of text (C17 6.6, 6.7.7). */
import { tokenize } from '../../../syntax/c/tokens.ts';
import type { Token } from '../../../syntax/c/tokens.ts';
import type { CBaseName, CExpr, CType } from '../../c/ast.ts';
import { baseType, TYPE_WORDS } from './specifiers.ts';

interface State {
  readonly tokens: readonly Token[];
  /** Whether a name is a typedef that was seen: `(name)` is then a cast. */
  readonly isType: (name: string) => boolean;
  at: number;
  depth: number;
}

/** Parentheses and operators nest no deeper than this. */
const DEPTH = 200;

const unknown = (reason: string): CExpr => ({ kind: 'unknown', reason });
const UNREAD = unknown('the expression is not understood');

/** Unknown, with a reason, for what is no constant expression that is understood. */
export function readExpression(text: string, isType: (name: string) => boolean): CExpr {
  const state: State = { tokens: tokenize(text), isType, at: 0, depth: 0 };
  const expr = conditional(state);
  return state.at < state.tokens.length ? UNREAD : expr;
}

/** A type name without a declared name, `struct point *` and the like; null where it is none. */
export function readTypeName(text: string, isType: (name: string) => boolean): CType | null {
  const state: State = { tokens: tokenize(text), isType, at: 0, depth: 0 };
  const type = typeName(state);
  return type && state.at === state.tokens.length ? type : null;
}

const peek = (state: State, by = 0): string => state.tokens[state.at + by]?.text ?? '';

function accept(state: State, text: string): boolean {
  if (peek(state) !== text) return false;
  state.at++;
  return true;
}

const LEVELS: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<', '>', '<=', '>='],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
];

function conditional(state: State): CExpr {
  if (++state.depth > DEPTH) return giveUp(state);
  const test = level(state, 0);
  let expr = test;
  if (accept(state, '?')) {
    const yes = conditional(state);
    expr = accept(state, ':') ? { kind: 'conditional', test, yes, no: conditional(state) } : giveUp(state);
  }
  state.depth--;
  return expr;
}

function giveUp(state: State): CExpr {
  state.at = state.tokens.length;
  return UNREAD;
}

function level(state: State, at: number): CExpr {
  const operators = LEVELS[at];
  if (!operators) return unary(state);
  let left = level(state, at + 1);
  for (;;) {
    const operator = operators.find((one) => accept(state, one));
    if (operator === undefined) return left;
    left = { kind: 'binary', operator, left, right: level(state, at + 1) };
  }
}

function unary(state: State): CExpr {
  if (++state.depth > DEPTH) return giveUp(state);
  const operator = (['-', '+', '~', '!'] as const).find((one) => accept(state, one));
  const expr = operator ? ({ kind: 'unary', operator, operand: unary(state) } as const) : castOrPrimary(state);
  state.depth--;
  return expr;
}

function castOrPrimary(state: State): CExpr {
  if (peek(state) !== '(') return primary(state);
  const from = state.at;
  if (startsType(state, 1)) {
    state.at++;
    const type = typeName(state);
    if (type && accept(state, ')')) return { kind: 'cast', type, operand: unary(state) };
    state.at = from;
  }
  return primary(state);
}

function startsType(state: State, by: number): boolean {
  const token = state.tokens[state.at + by];
  if (token?.kind !== 'name') return false;
  return TYPE_WORDS.has(token.text) || /^(struct|union|enum|const|volatile)$/.test(token.text) || state.isType(token.text);
}

function primary(state: State): CExpr {
  const token = state.tokens[state.at];
  if (!token) return UNREAD;
  state.at++;
  if (token.text === '(') {
    const inner = conditional(state);
    return accept(state, ')') ? inner : giveUp(state);
  }
  if (token.kind === 'number') return integer(token.text) ?? UNREAD;
  if (token.kind === 'literal') return character(token.text) ?? UNREAD;
  switch (token.text) {
    case 'sizeof':
    case '_Alignof':
    case 'alignof':
      return measured(state, token.text === 'sizeof' ? 'sizeof' : 'alignof');
    case 'offsetof':
    case '__builtin_offsetof':
      return offset(state);
    case 'true':
    case 'false':
      return { kind: 'number', value: token.text === 'true' ? 1n : 0n, type: 'int' };
    default:
      return token.kind === 'name' && peek(state) !== '(' ? { kind: 'name', name: token.text } : giveUp(state);
  }
}

function measured(state: State, kind: 'sizeof' | 'alignof'): CExpr {
  if (peek(state) === '(' && (startsType(state, 1) || state.tokens[state.at + 1]?.kind === 'name')) {
    state.at++;
    const type = typeName(state);
    if (type && accept(state, ')')) return { kind, type };
  }
  giveUp(state);
  return unknown(`\`${kind}\` of an expression is not understood`);
}

function offset(state: State): CExpr {
  if (!accept(state, '(')) return giveUp(state);
  const type = typeName(state);
  if (!type || !accept(state, ',')) return giveUp(state);
  const member = [peek(state)];
  state.at++;
  while (accept(state, '.')) {
    member.push(peek(state));
    state.at++;
  }
  return accept(state, ')') ? { kind: 'offsetof', type, member } : giveUp(state);
}

/** Specifiers, then `*` and `[n]`; pointers to functions and arrays are not read. */
function typeName(state: State): CType | null {
  const written: string[] = [];
  let type: CType | null = null;
  for (; state.tokens[state.at]?.kind === 'name'; state.at++) {
    const word = peek(state);
    if (/^(const|volatile)$/.test(word)) continue;
    if (/^(struct|union|enum)$/.test(word) && !type && written.length === 0) {
      const name = state.tokens[++state.at];
      if (name?.kind !== 'name') return null;
      type = { kind: 'tag', tag: word === 'struct' ? 'struct' : word === 'union' ? 'union' : 'enum', name: name.text };
    } else if (TYPE_WORDS.has(word)) written.push(word);
    else if (!type && written.length === 0) type = { kind: 'named', name: word };
    else return null;
  }
  if (written.length > 0) {
    const name = type ? null : baseType(written);
    if (name === null) return null;
    type = { kind: 'base', name };
  }
  if (!type) return null;
  while (accept(state, '*')) {
    while (accept(state, 'const') || accept(state, 'volatile'));
    type = { kind: 'pointer', to: type, const: false };
  }
  const lengths: CExpr[] = [];
  while (accept(state, '[')) {
    lengths.push(conditional(state));
    if (!accept(state, ']')) return null;
  }
  for (const length of lengths.reverse()) type = { kind: 'array', of: type, length };
  return type;
}

/** C17 6.4.4.1: the first type that holds it, 32-bit `int` and 64-bit `long long` taken for granted. */
function integer(text: string): CExpr | null {
  const found = /^(0[xX][\da-fA-F']+|0[bB][01']+|\d[\d']*)([uUlL]*|[uU]?i(?:8|16|32|64))$/.exec(text);
  if (!found) return null;
  const digits = (found[1] ?? '').replace(/'/g, '');
  if (/^0\d*[89]/.test(digits)) return null;
  const value = BigInt(/^0\d/.test(digits) ? `0o${digits.slice(1)}` : digits);
  const suffix = (found[2] ?? '').toLowerCase();
  const unsigned = suffix.includes('u');
  const wide = suffix.includes('l') || suffix.endsWith('i64') || value >= (unsigned || /^0\w/.test(digits) ? 1n << 32n : 1n << 31n);
  const big = unsigned || value >= (wide ? 1n << 63n : 1n << 31n);
  const type: CBaseName = wide ? (big ? 'unsigned long long' : 'long long') : big ? 'unsigned int' : 'int';
  return value >= 1n << 64n ? null : { kind: 'number', value, type };
}

const ESCAPES: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, '0': 0, a: 7, b: 8, f: 12, v: 11, "'": 39, '"': 34, '\\': 92 };

function character(text: string): CExpr | null {
  const found = /^'(?:([^\\'])|\\(.))'$/.exec(text);
  const code = found?.[1] !== undefined ? found[1].charCodeAt(0) : ESCAPES[found?.[2] ?? ''];
  return code === undefined || code > 127 ? null : { kind: 'number', value: BigInt(code), type: 'int' };
}
