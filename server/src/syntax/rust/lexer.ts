/** The Rust lexer: one mutable cursor over a text, one token at a time, no object per token; it never throws. */
import {
  APOSTROPHE,
  BANG,
  CLASS_DIGIT,
  CLASS_IDENT,
  CLASS_PUNCTUATION,
  CLASS_QUOTE,
  CLASS_SLASH,
  CLASS_SPACE,
  EQUAL,
  HASH,
  IDENT_CONTINUE,
  QUOTE,
  SLASH,
  STAR,
  START_CLASS,
  isIdentContinue,
  isIdentStart,
  isWideSpace,
} from './chars.ts';
import {
  countHashes,
  endOfBlockComment,
  endOfChar,
  endOfLifetime,
  endOfLine,
  endOfNumber,
  endOfRawString,
  endOfString,
} from './literals.ts';
import type { Marker } from './marker.ts';
import { bitsOf } from './marker.ts';

/** Token kinds; a punctuation token has its character code as kind (`chars.ts`), one character each. */
export const END: number = 0;
export const IDENT: number = 1;
export const LIFETIME: number = 2;
/** Strings of every sort: plain, raw, byte and C strings. */
export const STRING: number = 3;
/** Characters and bytes. */
export const CHAR: number = 4;
export const NUMBER: number = 5;

/** The lexer's state. The last token is `kind` from `start` to `end`; offsets are UTF-16 units. */
export interface Scan {
  readonly text: string;
  /** Where lexing stops; a token boundary. */
  readonly limit: number;
  /** Where the next token is looked for. */
  at: number;
  kind: number;
  start: number;
  end: number;
  /** Kind and end of the token before the last one. */
  previous: number;
  previousEnd: number;
  /** Where the first outer doc comment right before the last token starts, -1 without one. */
  docStart: number;
  readonly marker: Marker | null;
  /** Bits of the marker met so far; whoever reads them may reset them. */
  marks: number;
  /** Bits of the last token. */
  tokenMarks: number;
  /** Set where a comment, string or bracket is not closed. */
  broken: boolean;
  /** Set where a plain string runs to the end of the text: a quote is missing somewhere before. */
  openString: boolean;
  /** Block comments that are not closed. */
  openComments: number;
  /** By number of hashes: the offset behind which no raw string is closed any more. */
  openRaw: number[] | null;
  /** Characters that may still be read in vain, looking for brackets that do not come: no text takes quadratic time. */
  patience: number;
  /** Ends a plain string that is cut short at the end of its first line; asked for each string over several lines. */
  cutString: ((text: string, start: number, end: number) => boolean) | null;
}

/** A cursor before the first token of `text` between `from` and `limit`. */
export function createScan(text: string, marker: Marker | null = null, from = 0, limit = text.length): Scan {
  return {
    text,
    limit,
    marker,
    at: from,
    kind: END,
    start: from,
    end: from,
    previous: END,
    previousEnd: from,
    docStart: -1,
    marks: 0,
    tokenMarks: 0,
    broken: false,
    openString: false,
    openComments: 0,
    openRaw: null,
    patience: 1_000_000 + 4 * (limit - from),
    cutString: null,
  };
}

/** Moves to the next token and returns its kind; `END` at the limit, again and again. */
export function next(scan: Scan): number {
  const { text, limit } = scan;
  let at = scan.at;
  scan.previous = scan.kind;
  scan.previousEnd = scan.end;
  scan.docStart = -1;
  scan.tokenMarks = 0;
  for (;;) {
    if (at >= limit) return finish(scan, END, limit, limit);
    const c = text.charCodeAt(at);
    // The table holds every index below 128.
    switch (c < 128 ? START_CLASS[c] : isWideSpace(c) ? CLASS_SPACE : CLASS_IDENT) {
      case CLASS_SPACE:
        at++;
        continue;
      case CLASS_PUNCTUATION:
        if (c === BANG) markCall(scan, at);
        return finish(scan, c, at, at + 1);
      case CLASS_IDENT:
        return identifier(scan, at);
      case CLASS_SLASH: {
        const second = text.charCodeAt(at + 1);
        if (second !== SLASH && second !== STAR) return finish(scan, c, at, at + 1);
        if (scan.docStart < 0 && isOuterDoc(text, at, second)) scan.docStart = at;
        at = second === SLASH ? endOfLine(text, at) : blockComment(scan, at);
        continue;
      }
      case CLASS_DIGIT:
        return finish(scan, NUMBER, at, endOfNumber(text, at));
      case CLASS_QUOTE:
        return plainString(scan, at, at);
      default:
        return apostrophe(scan, at);
    }
  }
}

/** Moves to the token at an offset, a token boundary, as if lexing had just come there. Marks stay. */
export function rewind(scan: Scan, offset: number): number {
  scan.at = offset;
  scan.kind = END;
  scan.end = offset;
  return next(scan);
}

/** The text of the last token; of a raw identifier without `r#`. */
export function tokenText(scan: Scan): string {
  const raw = scan.kind === IDENT && scan.text.charCodeAt(scan.start + 1) === HASH;
  return scan.text.slice(raw ? scan.start + 2 : scan.start, scan.end);
}

/** Whether the last token is this identifier; a raw identifier is never a keyword. */
export function isWord(scan: Scan, word: string): boolean {
  return scan.kind === IDENT && scan.end - scan.start === word.length && scan.text.startsWith(word, scan.start);
}

function finish(scan: Scan, kind: number, start: number, end: number): number {
  scan.kind = kind;
  scan.start = start;
  scan.end = Math.min(end, scan.limit);
  scan.at = scan.end;
  return kind;
}

function markCall(scan: Scan, at: number): void {
  const { marker } = scan;
  if (marker !== null && scan.previous === IDENT && scan.previousEnd === at && scan.text.charCodeAt(at + 1) !== EQUAL) {
    scan.tokenMarks = marker.callBits;
    scan.marks |= marker.callBits;
  }
}

/** `///` but not `////`; `/**` but not `/***` nor the empty comment. */
function isOuterDoc(text: string, at: number, second: number): boolean {
  if (text.charCodeAt(at + 2) !== second) return false;
  const third = text.charCodeAt(at + 3);
  return third !== second && !(second === STAR && third === SLASH);
}

/** How far a block comment is looked at where earlier ones were not closed, so that many of them do not add up. */
const REACH_AFTER_FIRST = 20_000;
const REACH_AFTER_MANY = 200;
const MANY = 32;

/** An unclosed block comment counts as closed at the end of its line, so that what follows is not lost. */
function blockComment(scan: Scan, at: number): number {
  const { openComments, text } = scan;
  const reach = openComments === 0 ? text.length : openComments < MANY ? REACH_AFTER_FIRST : REACH_AFTER_MANY;
  const end = endOfBlockComment(text, at, at + reach);
  if (end >= 0) return end;
  scan.broken = true;
  scan.openComments++;
  return endOfLine(text, at);
}

function identifier(scan: Scan, start: number): number {
  const { text, marker } = scan;
  let end = start + 1;
  for (;;) {
    const c = text.charCodeAt(end);
    if (c < 128 ? IDENT_CONTINUE[c] === 1 : isIdentContinue(c)) end++;
    else {
      if (end - start <= 2 && (c === QUOTE || c === HASH || c === APOSTROPHE)) {
        const kind = prefixed(scan, start, end, c);
        if (kind !== END) return kind;
      }
      break;
    }
  }
  if (marker !== null) {
    const bits = bitsOf(marker, text, start, end, scan.previous);
    scan.tokenMarks = bits;
    scan.marks |= bits;
  }
  return finish(scan, IDENT, start, end);
}

/** What a prefix of one or two letters right before a quote, hash or apostrophe makes; `END` where it is an identifier of its own. */
function prefixed(scan: Scan, start: number, end: number, c: number): number {
  const { text } = scan;
  const first = text.charCodeAt(start);
  const raw = text.charCodeAt(end - 1) === 0x72;
  const byteOrC = first === 0x62 || first === 0x63;
  if (end - start === 2 ? !(byteOrC && raw) : !(byteOrC || raw)) return END;
  if (c === APOSTROPHE) return first === 0x62 && !raw ? byteChar(scan, start, end) : END;
  if (!raw) return c === QUOTE ? plainString(scan, start, end) : END;
  const hashes = countHashes(text, end);
  if (text.charCodeAt(end + hashes) === QUOTE) return rawString(scan, start, end, hashes);
  if (hashes !== 1 || end - start !== 1 || !isIdentStart(text.charCodeAt(end + 1))) return END;
  let close = end + 2;
  while (isIdentContinue(text.charCodeAt(close))) close++;
  return finish(scan, IDENT, start, close);
}

function plainString(scan: Scan, start: number, quote: number): number {
  const { text } = scan;
  let end = endOfString(text, quote);
  if (end < 0 || end > scan.limit) {
    scan.broken = true;
    scan.openString = true;
    end = scan.cutString === null ? scan.limit : endOfLine(text, quote);
  } else if (scan.cutString?.(text, quote, end)) {
    end = endOfLine(text, quote);
  }
  return finish(scan, STRING, start, end);
}

function rawString(scan: Scan, start: number, at: number, hashes: number): number {
  const end = at >= (scan.openRaw?.[hashes] ?? scan.limit) ? -1 : endOfRawString(scan.text, at, hashes);
  if (end >= 0) return finish(scan, STRING, start, end);
  scan.broken = true;
  scan.openRaw ??= [];
  if (hashes < 256) scan.openRaw[hashes] = at;
  return finish(scan, STRING, start, endOfLine(scan.text, at));
}

function byteChar(scan: Scan, start: number, at: number): number {
  const end = endOfChar(scan.text, at);
  return end < 0 ? END : finish(scan, CHAR, start, end);
}

function apostrophe(scan: Scan, at: number): number {
  const char = endOfChar(scan.text, at);
  if (char >= 0) return finish(scan, CHAR, at, char);
  const lifetime = endOfLifetime(scan.text, at);
  return lifetime > at ? finish(scan, LIFETIME, at, lifetime) : finish(scan, APOSTROPHE, at, at + 1);
}
