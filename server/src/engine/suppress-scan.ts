/** Finds the comments of a text, and blanks what is no code, for Rust, C and what has its comments, Python and TOML. */
import type { Span } from '../base/text.ts';
import { span } from '../base/text.ts';

/** Languages in whose comments findings can be suppressed. */
export type CommentLanguage = 'rust' | 'c' | 'script' | 'python' | 'toml';

export interface Comment {
  /** Markers included; a line comment ends before its line break. */
  readonly span: Span;
  /** A Rust doc comment: documentation, never a directive. */
  readonly doc: boolean;
  /** Only blanks stand before it on its line. */
  readonly ownLine: boolean;
}

export interface Scan {
  readonly comments: readonly Comment[];
  /** The text with comments and strings turned into blanks of the same length; line breaks stay. */
  readonly code: string;
}

const LANGUAGES: Readonly<Record<string, CommentLanguage>> = {
  rs: 'rust',
  c: 'c',
  h: 'c',
  cc: 'c',
  cpp: 'c',
  cxx: 'c',
  hh: 'c',
  hpp: 'c',
  hxx: 'c',
  'h++': 'c',
  py: 'python',
  pyi: 'python',
  toml: 'toml',
  // Comments and strings are those of C, but for templates.
  js: 'script',
  mjs: 'script',
  cjs: 'script',
  ts: 'script',
  mts: 'script',
  cts: 'script',
  cs: 'script',
};

/** By the file's extension; null where its comments are not known. */
export function commentLanguage(path: string): CommentLanguage | null {
  return LANGUAGES[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? null;
}

interface Piece {
  readonly kind: 'line' | 'block' | 'string';
  readonly end: number;
}

/** Comments and code of a text. A string or comment that is never closed runs to the end of the text. */
export function scanComments(language: CommentLanguage, text: string): Scan {
  const pieceAt = language === 'rust' ? rustPiece : language === 'c' ? cPiece : language === 'script' ? scriptPiece : hashPiece(language);
  const comments: Comment[] = [];
  const code: string[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const piece = pieceAt(text, at);
    if (!piece) {
      at++;
      continue;
    }
    if (piece.kind !== 'string') comments.push(comment(language, text, at, piece.end));
    // A string keeps one sign at its place, so that it still counts as code on its line.
    const blank = text.slice(at, piece.end).replace(/[^\r\n]/g, ' ');
    code.push(text.slice(from, at), piece.kind === 'string' ? `"${blank.slice(1)}` : blank);
    at = piece.end;
    from = at;
  }
  code.push(text.slice(from));
  return { comments, code: code.join('') };
}

function comment(language: CommentLanguage, text: string, start: number, end: number): Comment {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  const head = text.slice(start, start + 4);
  // `////` and `/***` are plain comments, `/**/` is an empty one.
  const doc = language === 'rust' && /^(?:\/\/!|\/\*!|\/\/\/(?!\/)|\/\*\*(?![*/]))/.test(head);
  return { span: span(start, end), doc, ownLine: /^[ \t\uFEFF]*$/.test(text.slice(lineStart, start)) };
}

function lineEnd(text: string, from: number): number {
  for (let i = from; i < text.length; i++) if (text[i] === '\n' || text[i] === '\r') return i;
  return text.length;
}

/** The end of a string with backslash escapes; `from` is behind its opening quote. */
function quoted(text: string, from: number, quote: string, multiline: boolean): number {
  for (let i = from; i < text.length; i++) {
    const c = text[i];
    if (c === '\\') i++;
    else if (c === quote) return i + 1;
    else if (!multiline && c === '\n') return i;
  }
  return text.length;
}

function isWord(c: string | undefined): boolean {
  return c !== undefined && /[\p{L}\p{N}_]/u.test(c);
}

/** Rust: nested block comments, raw strings, and `'` as a character or a lifetime. */
function rustPiece(text: string, at: number): Piece | null {
  const c = text[at];
  if (c === '/' && text[at + 1] === '/') return { kind: 'line', end: lineEnd(text, at) };
  if (c === '/' && text[at + 1] === '*') return { kind: 'block', end: nestedEnd(text, at) };
  if (c === '"') return { kind: 'string', end: quoted(text, at + 1, '"', true) };
  if (c === "'") {
    const character = /^'(?:\\(?:[^u]|u\{[^}]*\})[^']{0,3}|[^\\'\r\n]|[\uD800-\uDBFF][\uDC00-\uDFFF])'/.exec(text.slice(at, at + 16));
    return character ? { kind: 'string', end: at + character[0].length } : null;
  }
  if (c === 'r' && (text[at + 1] === '"' || text[at + 1] === '#')) {
    const before = text[at - 1];
    if (isWord(before) && !((before === 'b' || before === 'c') && !isWord(text[at - 2]))) return null;
    let hashes = 0;
    while (text[at + 1 + hashes] === '#') hashes++;
    if (text[at + 1 + hashes] !== '"') return null;
    const close = text.indexOf(`"${'#'.repeat(hashes)}`, at + 2 + hashes);
    return { kind: 'string', end: close < 0 ? text.length : close + 1 + hashes };
  }
  return null;
}

function nestedEnd(text: string, at: number): number {
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    if (text[i] === '/' && text[i + 1] === '*') {
      depth++;
      i++;
    } else if (text[i] === '*' && text[i + 1] === '/') {
      depth--;
      i++;
      if (depth === 0) return i + 1;
    }
  }
  return text.length;
}

/** C: block comments do not nest, a line comment goes on behind a backslash at its line's end. */
function cPiece(text: string, at: number): Piece | null {
  const c = text[at];
  if (c === '/' && text[at + 1] === '/') {
    let end = lineEnd(text, at);
    while (text[end - 1] === '\\' && end < text.length) end = lineEnd(text, text.startsWith('\r\n', end) ? end + 2 : end + 1);
    return { kind: 'line', end };
  }
  if (c === '/' && text[at + 1] === '*') {
    const close = text.indexOf('*/', at + 2);
    return { kind: 'block', end: close < 0 ? text.length : close + 2 };
  }
  if (c === '"') return { kind: 'string', end: quoted(text, at + 1, '"', false) };
  // `1'000` of C23 separates digits.
  if (c === "'" && !/[0-9A-Fa-f]/.test(text[at - 1] ?? '')) return { kind: 'string', end: quoted(text, at + 1, "'", false) };
  return null;
}

/** JavaScript, TypeScript and C#: as C, with strings in single quotes and templates over several lines. */
function scriptPiece(text: string, at: number): Piece | null {
  const c = text[at];
  if (c === '`') return { kind: 'string', end: quoted(text, at + 1, '`', true) };
  if (c === "'") return { kind: 'string', end: quoted(text, at + 1, "'", false) };
  // A regular expression may hold quotes: it is skipped where it can only be one.
  const regular = c === '/' ? /^\/(?![/*])(?:[^\\/\n[]|\\.|\[(?:[^\\\]\n]|\\.)*\])+\//.exec(text.slice(at, at + 200)) : null;
  if (regular && /[=(,:[!&|?{};]\s*$/.test(text.slice(Math.max(0, at - 20), at))) return { kind: 'string', end: at + regular[0].length };
  return cPiece(text, at);
}

/** Python and TOML: `#` comments; strings of one or three quotes, without escapes in TOML's `'`. */
function hashPiece(language: 'python' | 'toml'): (text: string, at: number) => Piece | null {
  return (text, at) => {
    const c = text[at];
    if (c === '#') return { kind: 'line', end: lineEnd(text, at) };
    if (c !== '"' && c !== "'") return null;
    const literal = language === 'toml' && c === "'";
    const triple = c.repeat(3);
    if (text.startsWith(triple, at)) return { kind: 'string', end: tripleEnd(text, at + 3, triple, literal) };
    if (!literal) return { kind: 'string', end: quoted(text, at + 1, c, false) };
    const close = text.indexOf(c, at + 1);
    const limit = lineEnd(text, at);
    return { kind: 'string', end: close < 0 || close > limit ? limit : close + 1 };
  };
}

function tripleEnd(text: string, from: number, triple: string, literal: boolean): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] === '\\' && !literal) i++;
    else if (text.startsWith(triple, i)) return i + 3;
  }
  return text.length;
}
