/** The tokens of a Rust text as plain arrays, and the paths that are written with them. */
import type { Span } from '../../base/text.ts';
import { COLON, DOT, GREATER, LESS, MINUS, PAREN_CLOSE, PAREN_OPEN } from '../../syntax/rust/chars.ts';
import { END, IDENT, createScan, next } from '../../syntax/rust/lexer.ts';

export interface Tokens {
  readonly text: string;
  /** Punctuation has its character code, one character a token. */
  readonly kinds: readonly number[];
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export function tokensOf(text: string, from = 0, limit = text.length): Tokens {
  const kinds: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const scan = createScan(text, null, from, limit);
  while (next(scan) !== END) {
    kinds.push(scan.kind);
    starts.push(scan.start);
    ends.push(scan.end);
  }
  return { text, kinds, starts, ends };
}

/** The identifier at a place, without `r#`; empty for any other token. */
export function identAt(tokens: Tokens, at: number): string {
  if (tokens.kinds[at] !== IDENT) return '';
  const name = tokens.text.slice(tokens.starts[at], tokens.ends[at]);
  return name.startsWith('r#') ? name.slice(2) : name;
}

/** Whether two colons stand at a place and behind it. */
export function isPathSeparator(tokens: Tokens, at: number): boolean {
  return tokens.kinds[at] === COLON && tokens.kinds[at + 1] === COLON && tokens.ends[at] === tokens.starts[at + 1];
}

/** Whether the identifier is a method's or field's name. */
export function isBehindDot(tokens: Tokens, at: number): boolean {
  return tokens.kinds[at - 1] === DOT && tokens.kinds[at - 2] !== DOT;
}

export interface WrittenPath {
  /** A leading `::` is an empty first segment. Generic arguments are left out. */
  readonly segments: readonly string[];
  readonly span: Span;
}

/** The path that ends in the identifier at a place; null where it starts with `<T as Trait>`, `$crate` or something else. */
export function pathTo(tokens: Tokens, at: number): WrittenPath | null {
  const segments = [identAt(tokens, at)];
  let first = at;
  while (isPathSeparator(tokens, first - 2)) {
    let before = first - 3;
    if (tokens.kinds[before] === GREATER) {
      before = openingAngle(tokens, before) - 1;
      if (isPathSeparator(tokens, before - 1)) before -= 2;
      if (tokens.kinds[before] !== IDENT) return null;
    }
    if (tokens.kinds[before] !== IDENT) {
      // Behind an expression or keyword the path is a global one; behind `>` it hangs on a type.
      return { segments: ['', ...segments], span: { start: tokens.starts[first - 2] ?? 0, end: tokens.ends[at] ?? 0 } };
    }
    segments.unshift(identAt(tokens, before));
    first = before;
  }
  if (tokens.text[(tokens.starts[first] ?? 0) - 1] === '$') return null;
  return { segments, span: { start: tokens.starts[first] ?? 0, end: tokens.ends[at] ?? 0 } };
}

/** The `<` of a `>`; -1 where there is none near. */
function openingAngle(tokens: Tokens, close: number): number {
  let depth = 0;
  for (let i = close; i >= 0 && close - i < 200; i--) {
    if (tokens.kinds[i] === GREATER && tokens.kinds[i - 1] !== MINUS) depth++;
    else if (tokens.kinds[i] === LESS && --depth === 0) return i;
  }
  return -1;
}

/** The end of the call whose name stands at a place: behind its `)`; null where it is not called. */
export function endOfCall(tokens: Tokens, at: number): number | null {
  let i = at + 1;
  if (isPathSeparator(tokens, i) && tokens.kinds[i + 2] === LESS) {
    let depth = 0;
    for (i += 2; i < tokens.kinds.length; i++) {
      if (tokens.kinds[i] === LESS) depth++;
      else if (tokens.kinds[i] === GREATER && tokens.kinds[i - 1] !== MINUS && --depth === 0) break;
    }
    i++;
  }
  if (tokens.kinds[i] !== PAREN_OPEN) return null;
  let depth = 0;
  for (; i < tokens.kinds.length; i++) {
    if (tokens.kinds[i] === PAREN_OPEN) depth++;
    else if (tokens.kinds[i] === PAREN_CLOSE && --depth === 0) return tokens.ends[i] ?? null;
  }
  return null;
}
