/** Where Rust comments, strings, characters, numbers and lifetimes end; each function takes the offset at which the token starts. */
import { APOSTROPHE, BACKSLASH, DOT, HASH, MINUS, NEWLINE, PLUS, QUOTE, SLASH, STAR, isIdentContinue, isIdentStart } from './chars.ts';

/** The end of the line that `at` stands in, its line feed left out. */
export function endOfLine(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end < 0 ? text.length : end;
}

/** The end of a block comment that starts at `at`, nested ones counted; -1 where it is not closed in front of `limit`. */
export function endOfBlockComment(text: string, at: number, limit = text.length): number {
  const length = Math.min(limit, text.length);
  let depth = 1;
  let i = at + 2;
  while (i < length) {
    const c = text.charCodeAt(i);
    if (c === STAR && text.charCodeAt(i + 1) === SLASH) {
      i += 2;
      if (--depth === 0) return i;
    } else if (c === SLASH && text.charCodeAt(i + 1) === STAR) {
      depth++;
      i += 2;
    } else i++;
  }
  return -1;
}

/** The end of a string whose opening quote stands at `quote`, escapes skipped; -1 where it is not closed. */
export function endOfString(text: string, quote: number): number {
  const length = text.length;
  let at = quote + 1;
  while (at < length) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) return at + 1;
    at += c === BACKSLASH ? 2 : 1;
  }
  return -1;
}

/** Hashes from `at` on. */
export function countHashes(text: string, at: number): number {
  let end = at;
  while (text.charCodeAt(end) === HASH) end++;
  return end - at;
}

/** The end of a raw string whose hashes (perhaps none) start at `at`, the quote behind them; -1 where it is not closed. */
export function endOfRawString(text: string, at: number, hashes: number): number {
  const from = at + hashes + 1;
  const close = hashes === 0 ? text.indexOf('"', from) : text.indexOf(`"${'#'.repeat(hashes)}`, from);
  return close < 0 ? -1 : close + 1 + hashes;
}

/** The end of a character literal whose apostrophe stands at `at`; -1 where a lifetime or a lone apostrophe stands there. */
export function endOfChar(text: string, at: number): number {
  const c = text.charCodeAt(at + 1);
  if (c === BACKSLASH) return endOfEscapedChar(text, at);
  const width = c >= 0xd800 && c <= 0xdbff ? 2 : 1;
  if (c === NEWLINE || text.charCodeAt(at + 1 + width) !== APOSTROPHE) return -1;
  return at + 2 + width;
}

function endOfEscapedChar(text: string, at: number): number {
  let end = at + 3;
  // The longest escape is `\u{10FFFF}`; underscores may stand in it.
  while (end < at + 24) {
    const c = text.charCodeAt(end);
    if (c === APOSTROPHE) return end + 1;
    if (c === NEWLINE || Number.isNaN(c)) return -1;
    end++;
  }
  return -1;
}

/** The end of a lifetime whose apostrophe stands at `at`; `at` itself where no name follows. */
export function endOfLifetime(text: string, at: number): number {
  let end = at + 1;
  if (!isIdentStart(text.charCodeAt(end))) return at;
  if (text.charCodeAt(end) === 0x72 && text.charCodeAt(end + 1) === HASH && isIdentStart(text.charCodeAt(end + 2))) end += 2;
  while (isIdentContinue(text.charCodeAt(end))) end++;
  return end;
}

/** The end of a number, its suffix included. `1..2` and `1.max(2)` end before the dot. */
export function endOfNumber(text: string, at: number): number {
  const radix = text.charCodeAt(at) === 0x30 ? text.charCodeAt(at + 1) | 0x20 : 0;
  let end = endOfDigits(text, at);
  if (radix === 0x78 || radix === 0x6f || radix === 0x62) return end;
  if (text.charCodeAt(end) === DOT) {
    const next = text.charCodeAt(end + 1);
    if (next !== DOT && !isIdentStart(next)) end = endOfDigits(text, end + 1);
  }
  return endOfExponent(text, end);
}

/** `1e-5`: the digits behind a signed exponent, where the number so far ends in `e`. */
function endOfExponent(text: string, end: number): number {
  const sign = text.charCodeAt(end);
  if ((sign !== MINUS && sign !== PLUS) || (text.charCodeAt(end - 1) | 0x20) !== 0x65) return end;
  const digit = text.charCodeAt(end + 1);
  return digit >= 0x30 && digit <= 0x39 ? endOfDigits(text, end + 1) : end;
}

function endOfDigits(text: string, at: number): number {
  let end = at;
  while (isIdentContinue(text.charCodeAt(end))) end++;
  return end;
}
