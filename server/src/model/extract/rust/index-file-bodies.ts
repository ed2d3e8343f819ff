/** What follows an item's keyword: name, the rest of the header, and the body. */
import { BRACE_CLOSE, BRACE_OPEN, HASH, LESS, PAREN_OPEN, SEMICOLON } from '../../../syntax/rust/chars.ts';
import { closerOf, isCloser } from '../../../syntax/rust/groups.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { createScan, END, IDENT, isWord, next } from '../../../syntax/rust/lexer.ts';
import type { Attribute } from '../../rust/attribute.ts';
import { Trigger } from '../../rust/file-index.ts';
import { attributeAt, readAttribute } from './attributes.ts';
import type { Draft, Indexer, Scope } from './index-file-items.ts';
import { DEEPEST, NO_ATTRIBUTES, readItems } from './index-file-items.ts';
import { readForeignItems } from './index-file-inner.ts';
import { TRIGGER_MARKER } from './index-file-marks.ts';
import { indentOf, isFirstOnLine, skipBody } from './index-file-recovery.ts';
import type { Header } from './item-header.ts';
import { isAngleClose, isBody, isName, readImplHeader } from './item-header.ts';
import { keepText, keepToken } from './keep.ts';
import { readExternCrate, readUseTree } from './use-tree.ts';

/** Words that start an item where they are the first of a line that is not indented further than the item before. */
const STARTERS = new Set([
  'pub',
  'fn',
  'struct',
  'enum',
  'union',
  'trait',
  'mod',
  'type',
  'static',
  'use',
  'impl',
  'extern',
  'macro_rules',
  'unsafe',
  'async',
  'const',
]);

/**
 * Reads an item behind its keyword. True where its last token is the last one read;
 * false for an item that breaks off: the last token is then the first one behind it.
 */
export function readItemRest(ix: Indexer, scope: Scope, draft: Draft, header: Header): boolean {
  const { scan } = ix;
  switch (header.kind) {
    case 'use':
      draft.uses = readUseTree(scan);
      return toSemicolon(ix, draft);
    case 'extern-crate':
      setName(scan, draft);
      draft.uses = readExternCrate(scan);
      return toSemicolon(ix, draft);
    case 'impl': {
      const { type, trait } = readImplHeader(scan);
      draft.implType = keepText(type);
      draft.implTrait = trait === null ? null : keepText(trait);
      return toBody(ix, draft) === BRACE_OPEN ? readList(ix, scope, draft) : scan.kind === SEMICOLON;
    }
    case 'extern-block':
      return readList(ix, scope, draft);
    case 'mod':
    case 'trait':
      if (!readName(scan, draft)) return false;
      return toBody(ix, draft) === BRACE_OPEN ? readList(ix, scope, draft) : scan.kind === SEMICOLON;
    case 'fn':
      if (!readName(scan, draft)) return false;
      if (toBody(ix, draft) !== BRACE_OPEN) return scan.kind === SEMICOLON;
      return readFnBody(ix, scope, draft) && readExported(ix, scope, draft);
    case 'struct':
    case 'union':
    case 'enum':
      return readName(scan, draft) && readFields(ix, draft);
    case 'const':
    case 'static':
      // `static mut`, and the `static ref` of lazy_static.
      while (isWord(scan, 'mut') || isWord(scan, 'ref')) next(scan);
      return readName(scan, draft) && toSemicolon(ix, draft);
    case 'type':
      return readName(scan, draft) && toSemicolon(ix, draft);
    case 'macro-rules':
      return readName(scan, draft) && readMacroDefinition(ix, draft);
    case 'macro-call':
      return false;
  }
}

function setName(scan: Scan, draft: Draft): void {
  if (scan.kind !== IDENT) return;
  draft.name = keepToken(scan);
  draft.nameSpan = { start: scan.start, end: scan.end };
}

function readName(scan: Scan, draft: Draft): boolean {
  if (!isName(scan)) return false;
  setName(scan, draft);
  next(scan);
  return true;
}

/** Whether the last token starts the next item, so that the one being read breaks off here. */
function startsNext(ix: Indexer, draft: Draft): boolean {
  const { scan } = ix;
  if (scan.kind === HASH) {
    if (attributeAt(scan) === null) return false;
  } else if (scan.kind !== IDENT || !STARTERS.has(scan.text.slice(scan.start, scan.end))) return false;
  return isFirstOnLine(scan.text, scan.start) && indentOf(scan.text, scan.start) <= indentOf(scan.text, draft.signatureSpan.start);
}

/** Skips a group inside a header; false where the item breaks off in it. */
function skipInHeader(ix: Indexer, draft: Draft): boolean {
  const { recovery, scan } = ix;
  return skipBody(scan, recovery, recovery === null ? 0 : indentOf(scan.text, draft.signatureSpan.start));
}

/** To the `;` that ends the item. */
function toSemicolon(ix: Indexer, draft: Draft): boolean {
  const { scan } = ix;
  for (;;) {
    if (scan.kind === SEMICOLON) return true;
    if (scan.kind === END || isCloser(scan.kind) || startsNext(ix, draft)) return false;
    if (closerOf(scan.kind) !== 0 && !skipInHeader(ix, draft)) return false;
    next(scan);
  }
}

/** To the `{` of the body or the `;`; returns the kind of the token that it stopped at, 0 where the item breaks off. */
function toBody(ix: Indexer, draft: Draft): number {
  const { scan } = ix;
  let angles = 0;
  for (;;) {
    if (scan.kind === SEMICOLON || (scan.kind === BRACE_OPEN && (angles <= 0 || isBody(scan)))) return scan.kind;
    if (scan.kind === END || isCloser(scan.kind) || startsNext(ix, draft)) return 0;
    if (scan.kind === LESS) angles++;
    else if (isAngleClose(scan)) angles--;
    else if (isWord(scan, 'where')) angles = 0;
    else if (closerOf(scan.kind) !== 0 && !skipInHeader(ix, draft)) return 0;
    next(scan);
  }
}

/** Generics, fields and where clause of a struct, union or enum. */
function readFields(ix: Indexer, draft: Draft): boolean {
  const { scan } = ix;
  let angles = 0;
  let where = false;
  for (;;) {
    if (scan.kind === SEMICOLON) return true;
    if (scan.kind === BRACE_OPEN && (angles <= 0 || isBody(scan))) return readBody(ix, draft);
    if (scan.kind === END || isCloser(scan.kind) || startsNext(ix, draft)) return false;
    if (scan.kind === LESS) angles++;
    else if (isAngleClose(scan)) angles--;
    else if (isWord(scan, 'where')) {
      where = true;
      angles = 0;
    } else if (closerOf(scan.kind) !== 0) {
      const tuple = scan.kind === PAREN_OPEN && angles <= 0 && !where;
      if (!skipInHeader(ix, draft)) return false;
      next(scan);
      // Behind a tuple struct's fields only its semicolon or where clause can stand.
      if (tuple && scan.kind !== SEMICOLON && !isWord(scan, 'where')) return false;
      continue;
    }
    next(scan);
  }
}

/** A body that is not looked into, but for the inner attributes at its start. */
function readBody(ix: Indexer, draft: Draft): boolean {
  const { scan } = ix;
  const open = scan.end;
  if (draft.kind === 'fn') addInnerAttributes(scan, draft);
  const closed = skipInHeader(ix, draft);
  draft.bodySpan = { start: open, end: closed ? scan.start : Math.max(open, scan.previousEnd) };
  return closed;
}

const MODULE = /(^|::)pymodule$/;
const EXPORTED = /(^|::)(pyfn|pyfunction)$/;

/** The fns that PyO3 exports from inside of a `#[pymodule] fn`, where `#[pyfn(m)]` has to stand; always true. */
function readExported(ix: Indexer, scope: Scope, module: Draft): boolean {
  const { bodySpan } = module;
  if (bodySpan === null || !module.attributes.some(({ path }) => MODULE.test(path))) return true;
  const inside = createScan(ix.scan.text, TRIGGER_MARKER, bodySpan.start, bodySpan.end);
  next(inside);
  const found: Indexer = { scan: inside, entries: [], innerAttributes: [], recovery: null };
  readItems(found, {
    parent: -1,
    closer: 0,
    loose: true,
    inMacro: scope.inMacro,
    extra: NO_ATTRIBUTES,
    indent: 0,
    stopAt: bodySpan.end,
    depth: scope.depth + 1,
  });
  for (const draft of found.entries) {
    if (draft.kind !== 'fn' || draft.parent !== -1 || !draft.attributes.some(({ path }) => EXPORTED.test(path))) continue;
    draft.index = ix.entries.length;
    draft.parent = module.index;
    ix.entries.push(draft);
  }
  return true;
}

/** A fn's body: of the items inside only those have entries that other languages call, or that are theirs. */
function readFnBody(ix: Indexer, scope: Scope, draft: Draft): boolean {
  const { scan } = ix;
  const { marks } = scan;
  scan.marks = 0;
  const closed = readBody(ix, draft);
  const body = draft.bodySpan;
  if (closed && body && (scan.marks & Trigger.Extern) !== 0 && scope.depth < DEEPEST) readForeignItems(ix, scope, draft, body);
  scan.marks |= marks;
  return closed;
}

const INNER_ATTRIBUTE = /\s*#\s*!\s*\[/y;

function addInnerAttributes(scan: Scan, draft: Draft): void {
  INNER_ATTRIBUTE.lastIndex = scan.end;
  if (!INNER_ATTRIBUTE.test(scan.text)) return;
  const ahead = createScan(scan.text, null, scan.end, scan.limit);
  const own: Attribute[] = [...draft.attributes];
  while (next(ahead) === HASH && attributeAt(ahead) === 'inner' && readAttribute(ahead, own));
  draft.attributes = own.length === 0 ? NO_ATTRIBUTES : own;
}

/** The members of a module, impl, trait or extern block from its brace on. */
function readList(ix: Indexer, scope: Scope, draft: Draft): boolean {
  const { scan } = ix;
  if (scope.depth >= DEEPEST) return readBody(ix, draft);
  const open = scan.end;
  const marks = scan.marks;
  const indent = indentOf(scan.text, draft.signatureSpan.start);
  const stopAt = Math.min(scope.stopAt, listEnd(ix, indent));
  next(scan);
  const members = readItems(ix, {
    parent: draft.index,
    closer: BRACE_CLOSE,
    loose: false,
    inMacro: scope.inMacro,
    extra: NO_ATTRIBUTES,
    indent,
    stopAt,
    depth: scope.depth + 1,
  });
  scan.marks = marks | members;
  const closed = scan.kind === BRACE_CLOSE && scan.start < stopAt;
  if (!closed) scan.broken = true;
  draft.bodySpan = { start: open, end: closed ? scan.start : Math.max(open, scan.previousEnd) };
  return closed;
}

/** In a broken text: where a list whose brace is the last token has to stop although it is not closed there. */
export function listEnd(ix: Indexer, indent: number): number {
  const { scan, recovery } = ix;
  if (recovery === null || scan.patience < 0) return Number.POSITIVE_INFINITY;
  const { start, end, marks } = scan;
  const closed = skipBody(scan, recovery, indent);
  const stop = closed || scan.kind === END ? Number.POSITIVE_INFINITY : scan.start;
  const kind = scan.text.charCodeAt(start);
  Object.assign(scan, { at: end, kind, start, end, marks, docStart: -1 });
  return stop;
}

/** `macro_rules! name { … }` or `(…);`, and `macro name { … }` or `macro name(…) { … }`. */
function readMacroDefinition(ix: Indexer, draft: Draft): boolean {
  const { scan } = ix;
  if (scan.kind === PAREN_OPEN && scan.text.startsWith('macro_rules', draft.signatureSpan.start) === false) {
    if (!skipInHeader(ix, draft)) return false;
    next(scan);
  }
  const brace = scan.kind === BRACE_OPEN;
  if (closerOf(scan.kind) === 0 || !readBody(ix, draft)) return false;
  if (brace) return true;
  if (next(scan) === SEMICOLON) return true;
  return false;
}
