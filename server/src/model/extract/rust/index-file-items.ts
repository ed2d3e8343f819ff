/** The items of one list - a file, a body, a macro call's tokens - and each item's entry. */
import { exact } from '../../../base/exact.ts';
import { BANG, BRACE_CLOSE, COLON, HASH, SEMICOLON } from '../../../syntax/rust/chars.ts';
import { closerOf, isCloser } from '../../../syntax/rust/groups.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { createScan, END, IDENT, next, rewind, tokenText } from '../../../syntax/rust/lexer.ts';
import type { Attribute } from '../../rust/attribute.ts';
import type { Entry, EntryKind, UseName } from '../../rust/file-index.ts';
import { Trigger } from '../../rust/file-index.ts';
import { attributeAt, readAttribute, rewindBehindLine } from './attributes.ts';
import { readItemRest } from './index-file-bodies.ts';
import { readMacroItems } from './index-file-macro.ts';
import type { Recovery } from './index-file-recovery.ts';
import { indentOf, isFirstOnLine, skipBody } from './index-file-recovery.ts';
import type { Header } from './item-header.ts';
import { readHeader } from './item-header.ts';
import { keepText } from './keep.ts';

/** An entry while it is being read. */
export type Draft = { -readonly [K in keyof Entry]: Entry[K] };

export interface Indexer {
  readonly scan: Scan;
  readonly entries: Draft[];
  /** `#![…]` of the file. */
  readonly innerAttributes: Attribute[];
  readonly recovery: Recovery | null;
}

/** The list of items that is being read. */
export interface Scope {
  readonly parent: number;
  /** The kind of the bracket that closes the list, 0 for a file. */
  readonly closer: number;
  /** In a macro call: tokens that are no items stand between them. */
  readonly loose: boolean;
  readonly inMacro: boolean;
  /** Conditions under which all items of the list stand. */
  readonly extra: readonly Attribute[];
  readonly indent: number;
  /** Where the list is cut short in a broken text. */
  readonly stopAt: number;
  readonly depth: number;
}

/** Lists nested deeper than this are skipped; rustc's own limit is 128. */
export const DEEPEST = 100;

export const NO_ATTRIBUTES: readonly Attribute[] = [];
export const NO_USES: readonly UseName[] = [];

/** Reads items up to the list's closing bracket, which becomes the last token. Returns the triggers of all that it read. */
export function readItems(ix: Indexer, scope: Scope): number {
  const { scan } = ix;
  let triggers = 0;
  let mayStart = true;
  while (scan.kind !== END && scan.start < scope.stopAt) {
    scan.marks = scan.tokenMarks;
    if (isCloser(scan.kind)) {
      if (endsList(ix, scope)) return triggers;
      next(scan);
      continue;
    }
    if (mayStart || !scope.loose) {
      const { start } = scan;
      const entry = readItem(ix, scope);
      if (entry !== null) {
        triggers |= entry.triggers;
        mayStart = true;
        continue;
      }
      // Something that only began like an item: the next one may start where it broke off.
      if (scan.start !== start || scan.kind === END) continue;
    }
    mayStart = scan.kind === SEMICOLON;
    if (closerOf(scan.kind) !== 0) {
      const brace = closerOf(scan.kind) === BRACE_CLOSE;
      if (!skipBody(scan, ix.recovery, scope.indent)) continue;
      mayStart = brace;
    }
    triggers |= scan.marks;
    next(scan);
  }
  return triggers;
}

/** The offset behind the item that starts at an offset, -1 where none does; nothing behind `limit` is looked at. */
export function endOfItem(text: string, from: number, limit: number): number {
  const scan = createScan(text, null, from, limit);
  next(scan);
  const ix: Indexer = { scan, entries: [], innerAttributes: [], recovery: null };
  const entry = readItem(ix, {
    parent: -1,
    closer: 0,
    loose: false,
    inMacro: true,
    extra: NO_ATTRIBUTES,
    indent: 0,
    stopAt: Number.POSITIVE_INFINITY,
    depth: DEEPEST,
  });
  return entry === null || scan.broken ? -1 : entry.span.end;
}

/** Whether the closing bracket that is the last token ends the list; one that does not is a stray. */
function endsList(ix: Indexer, scope: Scope): boolean {
  const { scan } = ix;
  if (scan.kind === scope.closer) {
    // In a broken text a brace deeper than the list's own line closes something else.
    return ix.recovery === null || !isFirstOnLine(scan.text, scan.start) || indentOf(scan.text, scan.start) <= scope.indent;
  }
  scan.broken = true;
  return scan.kind === BRACE_CLOSE && scope.closer !== 0;
}

/** One item with its attributes; the last token is then the first one behind it. null where none stands here. */
export function readItem(ix: Indexer, scope: Scope): Draft | null {
  const { scan } = ix;
  let start = scan.docStart >= 0 ? scan.docStart : scan.start;
  const attributes: Attribute[] = [];
  while (scan.kind === HASH) {
    const at = attributeAt(scan);
    if (at === null) return null;
    if (at === 'inner') addInner(ix, scope);
    else readOrSkip(ix, attributes);
    next(scan);
    if (at === 'inner') start = scan.docStart >= 0 ? scan.docStart : scan.start;
  }
  if (scan.kind === COLON ? scope.loose : scan.kind !== IDENT) return null;
  const signature = scan.start;
  const header = readHeader(scan);
  if (header === null && (scan.start !== signature || !macroCallFollows(scan))) return null;
  const draft = createDraft(ix, scope, header, start, signature, attributes);
  ix.entries.push(draft);
  const complete = header === null ? readMacroCall(ix, scope, draft) : readItemRest(ix, scope, draft, header);
  const end = complete ? scan.end : Math.max(scan.previousEnd, draft.nameSpan.end);
  draft.span = { start, end };
  draft.signatureSpan = { start: signature, end };
  draft.triggers = draft.kind === 'extern-crate' ? scan.marks & ~Trigger.Extern : scan.marks;
  if (complete) next(scan);
  return draft;
}

function readOrSkip(ix: Indexer, out: Attribute[]): void {
  const { scan } = ix;
  const { start } = scan;
  if (scan.patience < 0) rewindBehindLine(scan, start);
  else if (!readAttribute(scan, out)) scan.patience -= scan.limit - start;
}

function addInner(ix: Indexer, scope: Scope): void {
  const owner = ix.entries[scope.parent];
  const own: Attribute[] = owner === undefined ? ix.innerAttributes : [...owner.attributes];
  readOrSkip(ix, own);
  if (owner !== undefined) owner.attributes = own;
}

function createDraft(
  ix: Indexer,
  scope: Scope,
  header: Header | null,
  start: number,
  signature: number,
  attributes: readonly Attribute[],
): Draft {
  const own = exact(attributes);
  const kind: EntryKind = header === null ? 'macro-call' : header.kind;
  const nameSpan = header === null ? { start: signature, end: signature } : header.keyword;
  return {
    index: ix.entries.length,
    kind,
    name: '',
    nameSpan,
    span: { start, end: start },
    signatureSpan: { start: signature, end: signature },
    bodySpan: null,
    visibility: header === null ? 'private' : header.visibility,
    parent: scope.parent,
    triggers: 0,
    attributes: scope.extra.length === 0 ? own : [...scope.extra, ...own],
    abi: header === null ? null : header.abi,
    unsafe: header?.unsafe === true,
    uses: NO_USES,
    implType: null,
    implTrait: null,
    inMacro: scope.inMacro,
  };
}

/** Whether `a::b!` starts at the last token; lexing stays there. */
function macroCallFollows(scan: Scan): boolean {
  const { start } = scan;
  let found = false;
  while (scan.kind === IDENT || scan.kind === COLON) {
    if (scan.kind === IDENT && next(scan) === BANG) {
      const after = next(scan);
      found = after === IDENT || closerOf(after) !== 0;
      break;
    }
    if (scan.kind !== COLON) break;
    next(scan);
  }
  rewind(scan, start);
  return found;
}

function readMacroCall(ix: Indexer, scope: Scope, draft: Draft): boolean {
  const { scan } = ix;
  const { start } = scan;
  let name = '';
  while (scan.kind !== BANG && scan.kind !== END) {
    name += scan.kind === IDENT ? tokenText(scan) : ':';
    next(scan);
  }
  draft.name = keepText(name);
  draft.nameSpan = { start, end: scan.previousEnd };
  // The old `name! ident { … }`.
  if (next(scan) === IDENT) next(scan);
  const closer = closerOf(scan.kind);
  if (closer === 0) return false;
  const open = scan.end;
  const marks = scan.marks;
  const closed =
    scope.depth >= DEEPEST
      ? skipBody(scan, ix.recovery, indentOf(scan.text, draft.signatureSpan.start))
      : readMacroItems(ix, scope, draft, readItems);
  scan.marks |= marks;
  draft.bodySpan = { start: open, end: closed ? scan.start : Math.max(open, scan.previousEnd) };
  if (!closed) return false;
  if (closer === BRACE_CLOSE) return true;
  // `name!(…);` ends with its semicolon, `name!{…}` without one.
  const { start: close } = scan;
  if (next(scan) === SEMICOLON) return true;
  rewind(scan, close);
  return true;
}
