/** What stands in front of an item's name: visibility, qualifiers, ABI and the keyword that says what it is. */
import {
  BANG,
  BRACE_OPEN,
  COLON,
  COMMA,
  EQUAL,
  GREATER,
  HASH,
  LESS,
  MINUS,
  PAREN_CLOSE,
  PAREN_OPEN,
  SEMICOLON,
} from '../../../syntax/rust/chars.ts';
import { closerOf, isCloser, skipClosedGroup } from '../../../syntax/rust/groups.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { END, IDENT, isWord, LIFETIME, next, rewind, STRING, tokenText } from '../../../syntax/rust/lexer.ts';
import { stringValue } from '../../../syntax/rust/string-value.ts';
import type { Visibility } from '../../rust/ast-item.ts';
import type { EntryKind } from '../../rust/file-index.ts';
import { keepText } from './keep.ts';

export interface Header {
  readonly kind: EntryKind;
  readonly visibility: Visibility;
  readonly unsafe: boolean;
  readonly abi: string | null;
  /** Where the keyword stands that says what it is; `extern` for blocks. */
  readonly keyword: { readonly start: number; readonly end: number };
}

const KEYWORDS: ReadonlyMap<string, EntryKind> = new Map<string, EntryKind>([
  ['fn', 'fn'],
  ['struct', 'struct'],
  ['enum', 'enum'],
  ['trait', 'trait'],
  ['impl', 'impl'],
  ['type', 'type'],
  ['mod', 'mod'],
  ['use', 'use'],
  ['static', 'static'],
  ['const', 'const'],
  ['union', 'union'],
]);

/** What may follow a qualifier for it to be one; anything else makes it a name or a keyword of its own. */
const FOLLOWERS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['const', new Set(['fn', 'unsafe', 'async', 'extern', 'trait', 'impl'])],
  ['unsafe', new Set(['fn', 'impl', 'trait', 'extern', 'mod', 'auto', 'static'])],
  ['async', new Set(['fn', 'unsafe', 'extern', 'gen'])],
  ['gen', new Set(['fn', 'unsafe', 'extern'])],
  ['safe', new Set(['fn', 'static', 'extern'])],
  ['default', new Set(['fn', 'const', 'async', 'unsafe', 'extern', 'impl', 'type'])],
  ['auto', new Set(['trait'])],
]);

/**
 * Reads up to the token behind the item's keyword (the opening brace of an extern block), which becomes the last token.
 * null where no item stands there; lexing is then at the first token that does not fit, or where it was.
 */
export function readHeader(scan: Scan): Header | null {
  const visibility = readVisibility(scan);
  let unsafe = false;
  let abi: string | null = null;
  for (;;) {
    if (scan.kind !== IDENT) return null;
    const { start, end } = scan;
    const word = scan.text.slice(start, end);
    const followers = FOLLOWERS.get(word);
    if (followers && qualifies(scan, followers)) {
      unsafe ||= word === 'unsafe';
      continue;
    }
    const keyword = { start, end };
    if (word === 'extern') {
      const kind = readExtern(scan);
      if (kind === null) return null;
      if (kind.kind !== 'fn') return { kind: kind.kind, visibility, unsafe, abi: kind.abi, keyword };
      abi = kind.abi;
      continue;
    }
    const kind = KEYWORDS.get(word) ?? macroKind(scan, word);
    if (kind === null) return null;
    if (word === 'union' && !unionFollows(scan)) return null;
    if (kind !== 'macro-rules') next(scan);
    if (NAMED.has(kind) && !isName(scan)) return null;
    return { kind, visibility, unsafe, abi, keyword };
  }
}

/** Keywords that are no names (Reference, "Keywords"), those that start items and types before all. */
const RESERVED = new Set(
  (
    'as async await break const continue crate dyn else enum extern false fn for if impl in let loop match mod move mut pub ref return ' +
    'self Self static struct super trait true type unsafe use where while'
  ).split(' '),
);

/** Kinds that have a name behind their keyword; `mut` and `ref` may stand before that of a static. */
const NAMED: ReadonlySet<EntryKind> = new Set<EntryKind>(['fn', 'struct', 'union', 'enum', 'type', 'mod', 'trait', 'macro-rules']);

/** Whether the last token can be an item's name. */
export function isName(scan: Scan): boolean {
  return scan.kind === IDENT && !RESERVED.has(scan.text.slice(scan.start, scan.end));
}

/** Moves on where one of the words follows, else stays. */
function qualifies(scan: Scan, followers: ReadonlySet<string>): boolean {
  const { start } = scan;
  if (next(scan) === IDENT && followers.has(scan.text.slice(scan.start, scan.end))) return true;
  rewind(scan, start);
  return false;
}

function readVisibility(scan: Scan): Visibility {
  const { start } = scan;
  if (isWord(scan, 'pub')) {
    if (next(scan) !== PAREN_OPEN) return 'pub';
    // `pub(crate)`, `pub(in a::b)`: read word by word, so that a missing bracket costs nothing.
    next(scan);
    while (scan.kind === COLON || (scan.kind === IDENT && (scan.previous !== IDENT || isWordBefore(scan, 'in')))) next(scan);
    if (scan.kind === PAREN_CLOSE) next(scan);
    else scan.broken = true;
    return 'restricted';
  }
  // The old `crate fn`; `crate::name!` is a path.
  if (!isWord(scan, 'crate')) return 'private';
  if (next(scan) === IDENT) return 'restricted';
  rewind(scan, start);
  return 'private';
}

/** Whether the token before the last one is this word. */
function isWordBefore(scan: Scan, word: string): boolean {
  return scan.text.startsWith(word, scan.previousEnd - word.length);
}

/** Behind `extern`: stops at `fn`, behind `crate`, or at the block's brace. */
function readExtern(scan: Scan): { kind: 'fn' | 'extern-block' | 'extern-crate'; abi: string | null } | null {
  let abi = 'C';
  if (next(scan) === STRING) {
    abi = keepText(stringValue(scan.text.slice(scan.start, scan.end)) ?? '');
    next(scan);
  } else if (isWord(scan, 'crate')) {
    next(scan);
    return { kind: 'extern-crate', abi: null };
  }
  if (scan.kind === BRACE_OPEN) return { kind: 'extern-block', abi };
  return isWord(scan, 'fn') ? { kind: 'fn', abi } : null;
}

/** `macro_rules! name` and `macro name`: stops at the name. */
function macroKind(scan: Scan, word: string): EntryKind | null {
  if (word !== 'macro_rules' && word !== 'macro') return null;
  const { start } = scan;
  if (word === 'macro_rules' ? next(scan) === BANG && next(scan) === IDENT : next(scan) === IDENT) return 'macro-rules';
  rewind(scan, start);
  return null;
}

/** `union` is a keyword only in front of a name. */
function unionFollows(scan: Scan): boolean {
  const { start } = scan;
  const name = next(scan) === IDENT;
  rewind(scan, start);
  return name;
}

export interface ImplHeader {
  readonly type: string;
  readonly trait: string | null;
}

/**
 * The trait and type of an impl, without generics and lifetimes, from the token behind `impl` up to the body, `where` or end.
 * A negative impl's trait starts with `!`.
 */
export function readImplHeader(scan: Scan): ImplHeader {
  skipImplGenerics(scan);
  if (isWord(scan, 'const')) next(scan);
  const first = readTypeText(scan);
  if (!isWord(scan, 'for')) return { type: first, trait: null };
  next(scan);
  return { trait: first, type: readTypeText(scan) };
}

/** `<…>` behind `impl` are generics unless a qualified path starts there. */
function skipImplGenerics(scan: Scan): void {
  if (scan.kind !== LESS) return;
  const { start } = scan;
  const first = next(scan);
  let generics = first === GREATER || first === HASH || first === LIFETIME || isWord(scan, 'const');
  if (first === IDENT && !generics) {
    const second = next(scan);
    generics = second === GREATER || second === COMMA || second === EQUAL || (second === COLON && next(scan) !== COLON);
  }
  rewind(scan, start);
  if (generics) skipAngles(scan);
}

/** From `<` to the token behind its `>`; stops early at a body, semicolon, closing bracket or the end. */
export function skipAngles(scan: Scan): void {
  let depth = 0;
  for (;;) {
    if (scan.kind === LESS) depth++;
    else if (isAngleClose(scan)) depth--;
    else if (scan.kind === END || scan.kind === SEMICOLON || isCloser(scan.kind) || isBody(scan) || isWord(scan, 'where')) return;
    else if (closerOf(scan.kind) !== 0) skipClosedGroup(scan);
    next(scan);
    if (depth <= 0) return;
  }
}

/** A brace among angle brackets that is no const argument, so that a `>` must be missing. */
export function isBody(scan: Scan): boolean {
  return scan.kind === BRACE_OPEN && scan.previous !== LESS && scan.previous !== COMMA && scan.previous !== EQUAL;
}

/** A `>` that is not the end of `->` or `=>`. */
export function isAngleClose(scan: Scan): boolean {
  if (scan.kind !== GREATER) return false;
  return scan.previousEnd !== scan.start || (scan.previous !== MINUS && scan.previous !== EQUAL);
}

/** Words that end a type in an impl's header, in a broken one too. */
const NO_TYPE = new Set(['for', 'where', 'struct', 'enum', 'trait', 'mod', 'use', 'static', 'type', 'pub', 'macro_rules']);

function readTypeText(scan: Scan): string {
  let out = '';
  if (scan.kind === LESS) {
    const { start } = scan;
    skipAngles(scan);
    out = scan.text.slice(start, scan.previousEnd).replace(/\s+/g, ' ');
  }
  let wordBefore = false;
  for (;;) {
    if (scan.kind === LESS) {
      skipAngles(scan);
      // A turbofish's colons belong to the arguments that are left out.
      continue;
    }
    if (scan.kind === END || scan.kind === BRACE_OPEN || scan.kind === SEMICOLON || isCloser(scan.kind)) return out;
    const word = scan.kind === IDENT;
    if (word && NO_TYPE.has(scan.text.slice(scan.start, scan.end))) return out;
    if (closerOf(scan.kind) !== 0) {
      const { start } = scan;
      skipClosedGroup(scan);
      out += scan.text.slice(start, scan.end).replace(/\s+/g, ' ');
    } else if (scan.kind !== LIFETIME) out += (wordBefore && word ? ' ' : '') + tokenText(scan);
    wordBefore = word;
    next(scan);
  }
}
