/** Rust attributes, read token by token into plain data; `unsafe(…)` and `cfg_attr(…)` are unwrapped. */
import { exact } from '../../../base/exact.ts';
import {
  BANG,
  BRACKET_CLOSE,
  BRACKET_OPEN,
  CLASS_SPACE,
  COLON,
  COMMA,
  EQUAL,
  HASH,
  PAREN_CLOSE,
  PAREN_OPEN,
  START_CLASS,
} from '../../../syntax/rust/chars.ts';
import { closerOf, isCloser, skipGroup } from '../../../syntax/rust/groups.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { CHAR, END, IDENT, next, NUMBER, rewind, STRING } from '../../../syntax/rust/lexer.ts';
import { endOfLine } from '../../../syntax/rust/literals.ts';
import { stringValue } from '../../../syntax/rust/string-value.ts';
import type { Attribute, Cfg, Meta } from '../../rust/attribute.ts';
import { and, cfgFromMeta } from '../../rust/cfg.ts';
import type { Span } from '../../../base/text.ts';
import { keepSlice, keepText, keepToken } from './keep.ts';

/** `cfg_attr`s and argument lists nested deeper than this are left unread. */
const DEEPEST = 32;

interface Context {
  readonly inner: boolean;
  readonly condition: Cfg | null;
  readonly unsafe: boolean;
  /** Of the whole attribute; its end is filled in when it is known. */
  readonly span: { start: number; end: number };
  readonly depth: number;
}

/** Where an attribute's `#` is the last token: whether it is `#![`, `#[` or neither. */
export function attributeAt(scan: Scan): 'outer' | 'inner' | null {
  if (scan.kind !== HASH) return null;
  const { text } = scan;
  let at = scan.end;
  while (isSpace(text.charCodeAt(at))) at++;
  const inner = text.charCodeAt(at) === BANG;
  if (inner) at++;
  while (isSpace(text.charCodeAt(at))) at++;
  return text.charCodeAt(at) !== BRACKET_OPEN ? null : inner ? 'inner' : 'outer';
}

/**
 * Reads the attribute whose `#` is the last token, and stops with its `]` as the last token.
 * False where the bracket is not closed: nothing is added then, and lexing goes on behind its line.
 */
export function readAttribute(scan: Scan, out: Attribute[]): boolean {
  const span = { start: scan.start, end: scan.end };
  const before = out.length;
  const inner = next(scan) === BANG;
  if (inner) next(scan);
  const open = scan.start;
  next(scan);
  readContent(scan, out, { inner, condition: null, unsafe: false, span, depth: 0 });
  // Whatever stood behind the content, the bracket decides where the attribute ends.
  if (scan.kind !== BRACKET_CLOSE) {
    rewind(scan, open);
    if (!skipGroup(scan)) {
      out.length = before;
      rewindBehindLine(scan, open);
      return false;
    }
  }
  span.end = scan.end;
  return true;
}

/** Makes the rest of a line look like one token that was just read. */
export function rewindBehindLine(scan: Scan, offset: number): void {
  const end = Math.min(endOfLine(scan.text, offset), scan.limit);
  scan.at = end;
  scan.start = offset;
  scan.end = end;
}

function isSpace(c: number): boolean {
  return c < 128 && START_CLASS[c] === CLASS_SPACE;
}

/** One `path`, `path = value` or `path(args)`; the first token is the last one read, and so is the one behind it afterwards. */
function readContent(scan: Scan, out: Attribute[], context: Context): void {
  const path = readPath(scan);
  if (path === null) return;
  const deeper = context.depth < DEEPEST;
  if (scan.kind === PAREN_OPEN && deeper && path.text === 'unsafe') {
    next(scan);
    readContent(scan, out, { ...context, unsafe: true, depth: context.depth + 1 });
    if (scan.kind === PAREN_CLOSE) next(scan);
    return;
  }
  if (scan.kind === PAREN_OPEN && deeper && path.text === 'cfg_attr') {
    readCfgAttr(scan, out, context);
    return;
  }
  let value: string | null = null;
  let args: readonly Meta[] | null = null;
  let text: string | null = null;
  if (scan.kind === EQUAL) {
    next(scan);
    value = readValue(scan);
  } else if (closerOf(scan.kind) !== 0) {
    const from = scan.end;
    args = readList(scan, 0);
    text = keepSlice(scan.text, from, scan.start);
    next(scan);
  }
  const { condition, inner, span } = context;
  out.push({ path: path.text, value, args, text, unsafe: context.unsafe, condition, inner, span, pathSpan: path.span });
}

function readCfgAttr(scan: Scan, out: Attribute[], context: Context): void {
  next(scan);
  const predicate = readMeta(scan, 0);
  const own: Cfg = predicate ? cfgFromMeta(predicate) : { kind: 'unknown', text: '' };
  const condition = context.condition ? and(context.condition, own) : own;
  while (scan.kind === COMMA) {
    next(scan);
    readContent(scan, out, { ...context, condition, depth: context.depth + 1 });
  }
  if (scan.kind === PAREN_CLOSE) next(scan);
}

/** `a::b`; stops at the token behind it. null where no identifier stands. */
function readPath(scan: Scan): { text: string; span: Span } | null {
  const start = scan.start;
  let text = '';
  while (scan.kind === COLON) {
    text += ':';
    next(scan);
  }
  if (scan.kind !== IDENT) return null;
  for (;;) {
    text += keepToken(scan);
    const end = scan.end;
    if (next(scan) !== COLON) return { text, span: { start, end } };
    if (next(scan) !== COLON || next(scan) !== IDENT) return { text, span: { start, end } };
    text += '::';
  }
}

/** Arguments from the opening bracket, the last token, to the closing one, which becomes the last token. */
function readList(scan: Scan, depth: number): readonly Meta[] | null {
  if (depth > DEEPEST) {
    skipGroup(scan);
    return null;
  }
  const metas: Meta[] = [];
  next(scan);
  while (scan.kind !== END && !isCloser(scan.kind)) {
    const meta = readMeta(scan, depth);
    if (meta) metas.push(meta);
    if (scan.kind === COMMA) next(scan);
  }
  return exact(metas);
}

/** One argument; stops at the comma, closing bracket or end behind it. */
function readMeta(scan: Scan, depth: number): Meta | null {
  const start = scan.start;
  let name = '';
  let value: string | null = null;
  let args: readonly Meta[] | null = null;
  const path = readPath(scan);
  if (path) name = path.text;
  if (path && scan.kind === EQUAL) {
    next(scan);
    value = readValue(scan);
  } else if (path && scan.kind === PAREN_OPEN) {
    args = readList(scan, depth + 1);
    if (scan.kind !== END) next(scan);
  } else if (!path && isLiteral(scan.kind)) {
    const literal = scan.text.slice(scan.start, scan.end);
    value = keepText(stringValue(literal) ?? literal);
    next(scan);
  }
  if (!atEnd(scan)) {
    // Neither of the known forms: its text stands for it.
    skipToEnd(scan);
    name = keepSlice(scan.text, start, scan.previousEnd);
    value = null;
    args = null;
  }
  return scan.previousEnd <= start ? null : { name, value, args, span: { start, end: scan.previousEnd } };
}

/** Reads one argument - a predicate of `cfg(…)`, say - whose first token is the last one read. */
export function readArgument(scan: Scan): Meta | null {
  return readMeta(scan, 0);
}

/** The value behind `=`; stops at the comma, closing bracket or end behind it. */
function readValue(scan: Scan): string {
  const { start, end, kind } = scan;
  skipToEnd(scan);
  const literal = kind === STRING && scan.previousEnd === end ? stringValue(scan.text.slice(start, end)) : null;
  return literal === null ? keepSlice(scan.text, start, Math.max(start, scan.previousEnd)) : keepText(literal);
}

function skipToEnd(scan: Scan): void {
  while (!atEnd(scan)) {
    if (closerOf(scan.kind) !== 0 && !skipGroup(scan)) return;
    next(scan);
  }
}

function atEnd(scan: Scan): boolean {
  return scan.kind === COMMA || scan.kind === END || isCloser(scan.kind);
}

function isLiteral(kind: number): boolean {
  return kind === STRING || kind === NUMBER || kind === CHAR;
}
