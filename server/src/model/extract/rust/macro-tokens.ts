/** The tokens of a macro's definition or arguments as flat lists, with each bracket knowing its partner. */
import { BRACKET_CLOSE, BRACKET_OPEN, HASH, NEWLINE, SLASH, STAR } from '../../../syntax/rust/chars.ts';
import { closerOf, isCloser } from '../../../syntax/rust/groups.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { createScan, END, IDENT, LIFETIME, next } from '../../../syntax/rust/lexer.ts';
import { endOfBlockComment, endOfLine } from '../../../syntax/rust/literals.ts';

/**
 * What stands between the brackets that a doc comment's `#[doc = "…"]` is for a macro (Reference, "Doc comments").
 * Its bracket and hash tokens are made up and have the comment's span.
 */
export const DOC = 6;

/** Tokens by index; offsets are those of `text`. Punctuation is one character a token. */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly kinds: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Of a bracket: the index of its partner. -1 for other tokens. */
  readonly partners: readonly number[];
}

/** The tokens of a text, or null where its brackets do not match or it has more than `most` tokens. */
export function readTokens(text: string, most: number): Tokens | null {
  const kinds: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const partners: number[] = [];
  const open: number[] = [];
  const add = (kind: number, start: number, end: number): void => {
    partners.push(-1);
    starts.push(start);
    ends.push(end);
    const index = kinds.push(kind) - 1;
    if (closerOf(kind) !== 0) open.push(index);
    else if (isCloser(kind)) {
      const partner = open.pop() ?? -1;
      partners[index] = partner;
      if (partner >= 0) partners[partner] = index;
    }
  };
  const scan = createScan(text);
  while (next(scan) !== END) {
    if (kinds.length > most) return null;
    if (scan.docStart >= 0) addDocs(scan, add);
    const opener = kinds[open[open.length - 1] ?? -1] ?? 0;
    if (isCloser(scan.kind) && closerOf(opener) !== scan.kind) return null;
    add(scan.kind, scan.start, scan.end);
  }
  if (open.length > 0 || scan.broken) return null;
  return { text, count: kinds.length, kinds, starts, ends, partners };
}

function addDocs(scan: Scan, add: (kind: number, start: number, end: number) => void): void {
  const { text, start: limit } = scan;
  let at = scan.docStart;
  while (at < limit) {
    if (text.charCodeAt(at) !== SLASH) {
      at++;
      continue;
    }
    const second = text.charCodeAt(at + 1);
    const block = second === STAR;
    const end = block ? endOfBlockComment(text, at) : endOfLine(text, at);
    if (end < 0) return;
    if (text.charCodeAt(at + 2) === second && text.charCodeAt(at + 3) !== second && end - at > (block ? 4 : 2)) {
      for (const kind of [HASH, BRACKET_OPEN, DOC, BRACKET_CLOSE]) add(kind, at, end);
    }
    at = end;
  }
}

/** Whether a token stands in the text as it is; what a doc comment is taken for does not. */
export function isWritten(tokens: Tokens, index: number): boolean {
  const kind = tokens.kinds[index] ?? END;
  return kind <= DOC ? kind !== DOC : (tokens.ends[index] ?? 0) - (tokens.starts[index] ?? 0) === 1;
}

/** A token as it is written in an expansion. */
export function textOf(tokens: Tokens, index: number): string {
  const kind = tokens.kinds[index] ?? END;
  if (kind === DOC) return `doc = "${docText(sliceOf(tokens, index)).replace(/[\\"]/g, '\\$&')}"`;
  return kind > DOC ? String.fromCharCode(kind) : sliceOf(tokens, index);
}

function sliceOf(tokens: Tokens, index: number): string {
  return tokens.text.slice(tokens.starts[index], tokens.ends[index]);
}

function docText(comment: string): string {
  return comment.startsWith('/**') ? comment.slice(3, -2) : comment.slice(3).trimEnd();
}

/** Whether a token is this identifier. */
export function isWordAt(tokens: Tokens, index: number, word: string): boolean {
  if (tokens.kinds[index] !== IDENT) return false;
  const start = tokens.starts[index] ?? 0;
  return (tokens.ends[index] ?? 0) - start === word.length && tokens.text.startsWith(word, start);
}

/** The text of an identifier or lifetime, empty for other tokens. */
export function wordAt(tokens: Tokens, index: number): string {
  const kind = tokens.kinds[index];
  return kind === IDENT || kind === LIFETIME ? sliceOf(tokens, index) : '';
}

/** Rust's operators of several characters (Reference, "Punctuation"). */
const OPERATORS = new Set('<<= >>= ... ..= :: -> => == != <= >= && || += -= *= /= %= ^= &= |= << >> ..'.split(' '));

/** The operator or bracket at a token: as many adjacent punctuation tokens as Rust reads as one. Empty for other tokens and at the end. */
export function operatorAt(tokens: Tokens, index: number, end: number): string {
  if (index >= end) return '';
  const { text, starts, kinds } = tokens;
  const kind = kinds[index] ?? END;
  if (kind <= DOC || closerOf(kind) !== 0 || isCloser(kind) || !isWritten(tokens, index))
    return kind > DOC ? String.fromCharCode(kind) : '';
  const start = starts[index] ?? 0;
  for (let length = 3; length > 1; length--) {
    const last = index + length - 1;
    if (last < end && starts[last] === start + length - 1 && OPERATORS.has(text.slice(start, start + length))) {
      return text.slice(start, start + length);
    }
  }
  return String.fromCharCode(kind);
}

/** The index behind the token tree at `index`: a group, an operator or one token. -1 at the end. */
export function endOfTree(tokens: Tokens, index: number, end: number): number {
  if (index >= end) return -1;
  const partner = tokens.partners[index] ?? -1;
  if (partner >= index) return partner + 1;
  return index + Math.max(1, operatorAt(tokens, index, end).length);
}

/** Whether white space stands between a token and the one before it; then also whether a line ends there. */
export function gapBefore(tokens: Tokens, index: number): '' | ' ' | '\n' {
  const from = index > 0 ? (tokens.ends[index - 1] ?? 0) : 0;
  const to = tokens.starts[index] ?? 0;
  if (to <= from) return '';
  for (let at = from; at < to; at++) if (tokens.text.charCodeAt(at) === NEWLINE) return '\n';
  return ' ';
}
