/** The tokens of a macro's definition or arguments as flat lists, with each bracket knowing its partner. */
import { BRACKET_CLOSE, BRACKET_OPEN, EQUAL, HASH, NEWLINE, SLASH, STAR } from '../../../syntax/rust/chars.ts';
import { closerOf, isCloser } from '../../../syntax/rust/groups.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { createScan, END, IDENT, LIFETIME, NUMBER, next, STRING } from '../../../syntax/rust/lexer.ts';
import { endOfBlockComment, endOfLine } from '../../../syntax/rust/literals.ts';

/** Tokens by index; offsets are those of `text`. Punctuation is one character a token. */
export interface Tokens {
  readonly text: string;
  readonly count: number;
  readonly kinds: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Of a bracket: the index of its partner. -1 for other tokens. */
  readonly partners: readonly number[];
  /** The tokens that a doc comment stands for (Reference, "Doc comments"); all have the comment's span. */
  readonly made: ReadonlyMap<number, string>;
}

/** The tokens of a text, or null where its brackets do not match or it has more than `most` tokens. */
export function readTokens(text: string, most: number): Tokens | null {
  const kinds: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const partners: number[] = [];
  const made = new Map<number, string>();
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
  const addMade: AddMade = (kind, written, start, end) => {
    made.set(kinds.length, written);
    add(kind, start, end);
  };
  for (;;) {
    const kind = next(scan);
    if (kinds.length > most) return null;
    if (scan.docStart >= 0) addDocs(scan, addMade);
    if (kind === END) break;
    const opener = kinds[open[open.length - 1] ?? -1] ?? 0;
    if (isCloser(scan.kind) && closerOf(opener) !== scan.kind) return null;
    add(scan.kind, scan.start, scan.end);
  }
  if (open.length > 0 || scan.broken) return null;
  return { text, count: kinds.length, kinds, starts, ends, partners, made };
}

type AddMade = (kind: number, text: string, start: number, end: number) => void;

/** `#[doc = "…"]` for each outer doc comment in front of the last token. */
function addDocs(scan: Scan, add: AddMade): void {
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
    if (text.charCodeAt(at + 2) === second && text.charCodeAt(at + 3) !== second && (!block || end - at > 4)) {
      add(HASH, '#', at, end);
      add(BRACKET_OPEN, '[', at, end);
      add(IDENT, 'doc', at, end);
      add(EQUAL, '=', at, end);
      add(STRING, `"${docText(text.slice(at, end)).replace(/[\\"]/g, '\\$&')}"`, at, end);
      add(BRACKET_CLOSE, ']', at, end);
    }
    at = end;
  }
}

/** How many tokens a doc comment stands for. */
export const DOC_TOKENS = 6;

function docText(comment: string): string {
  return comment.startsWith('/**') ? comment.slice(3, -2) : comment.slice(3).trimEnd();
}

/** A token as it is written in an expansion. */
export function textOf(tokens: Tokens, index: number): string {
  return tokens.made.get(index) ?? tokens.text.slice(tokens.starts[index], tokens.ends[index]);
}

/** Whether a token is this identifier. */
export function isWordAt(tokens: Tokens, index: number, word: string): boolean {
  if (tokens.kinds[index] !== IDENT) return false;
  const start = tokens.starts[index] ?? 0;
  if ((tokens.ends[index] ?? 0) - start === word.length && tokens.text.startsWith(word, start)) return true;
  return tokens.made.get(index) === word;
}

/** The text of an identifier or lifetime, empty for other tokens. */
export function wordAt(tokens: Tokens, index: number): string {
  const kind = tokens.kinds[index];
  return kind === IDENT || kind === LIFETIME ? textOf(tokens, index) : '';
}

/** Rust's operators of several characters (Reference, "Punctuation"). */
const OPERATORS = new Set('<<= >>= ... ..= :: -> => == != <= >= && || += -= *= /= %= ^= &= |= << >> ..'.split(' '));

/** The operator or bracket at a token: as many adjacent punctuation tokens as Rust reads as one. Empty for other tokens and at the end. */
export function operatorAt(tokens: Tokens, index: number, end: number): string {
  if (index >= end) return '';
  const { text, starts, kinds } = tokens;
  const kind = kinds[index] ?? END;
  if (kind <= NUMBER) return '';
  if (closerOf(kind) !== 0 || isCloser(kind) || tokens.made.has(index)) return String.fromCharCode(kind);
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
