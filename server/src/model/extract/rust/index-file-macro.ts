/** Items that stand in the tokens of a macro call at item level, with the conditions of `cfg_if!` and its kin. */
import { BRACE_CLOSE, BRACE_OPEN, COMMA, EQUAL, GREATER, HASH } from '../../../syntax/rust/chars.ts';
import { closerOf, isCloser, skipGroup } from '../../../syntax/rust/groups.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { createScan, END, isWord, next } from '../../../syntax/rust/lexer.ts';
import type { Attribute, Meta } from '../../rust/attribute.ts';
import { attributeAt, readArgument, readAttribute } from './attributes.ts';
import { listEnd } from './index-file-bodies.ts';
import type { Draft, Indexer, readItems, Scope } from './index-file-items.ts';
import { NO_ATTRIBUTES } from './index-file-items.ts';
import { indentOf } from './index-file-recovery.ts';
import { keepSlice } from './keep.ts';

/** Macros whose arms are `predicate => { items }`: of std, of the match_cfg crate, and std's before it was renamed. */
const ARM_MACROS = new Set(['cfg_select', 'match_cfg', 'cfg_match']);

/** Reads a macro call from its opening bracket to its closing one, which becomes the last token; false where it is not closed. */
export function readMacroItems(ix: Indexer, scope: Scope, call: Draft, read: typeof readItems): boolean {
  const { scan } = ix;
  const closer = closerOf(scan.kind);
  const indent = indentOf(scan.text, call.signatureSpan.start);
  const stopAt = Math.min(scope.stopAt, listEnd(ix, indent));
  let { marks } = scan;
  next(scan);
  const inner: Scope = {
    parent: call.index,
    closer,
    loose: true,
    inMacro: true,
    extra: NO_ATTRIBUTES,
    indent,
    stopAt,
    depth: scope.depth + 1,
  };
  if (isWord(scan, 'if')) marks |= readChain(ix, inner, read);
  else if (ARM_MACROS.has(call.name.slice(call.name.lastIndexOf(':') + 1))) marks |= readArms(ix, inner, read);
  marks |= read(ix, inner);
  scan.marks = marks;
  const closed = scan.kind === closer && scan.start < stopAt;
  if (!closed) scan.broken = true;
  return closed;
}

/** `if #[cfg(a)] { … } else if #[cfg(b)] { … } else { … }`; stops at the first token that does not fit. */
function readChain(ix: Indexer, scope: Scope, read: typeof readItems): number {
  const { scan } = ix;
  const earlier: Attribute[] = [];
  let triggers = 0;
  for (;;) {
    const own: Attribute[] = [];
    if (isWord(scan, 'if')) {
      next(scan);
      readConditions(scan, own);
    }
    if (scan.kind !== BRACE_OPEN) return triggers;
    triggers |= readBranch(ix, scope, [...earlier, ...own], read);
    if (scan.kind !== BRACE_CLOSE) return triggers;
    next(scan);
    if (own.length === 0 || !isWord(scan, 'else')) return triggers;
    earlier.push(...own.map(negated));
    next(scan);
  }
}

/** `unix => { … } all(a, b) => { … } _ => { … }`, or with `#[cfg(…)]` in front of the arrow. */
function readArms(ix: Indexer, scope: Scope, read: typeof readItems): number {
  const { scan } = ix;
  const earlier: Attribute[] = [];
  let triggers = 0;
  while (scan.kind !== END && !isCloser(scan.kind) && scan.start < scope.stopAt) {
    const own = readArmHead(scan);
    if (scan.kind !== BRACE_OPEN) return triggers;
    triggers |= readBranch(ix, scope, [...earlier, ...own], read);
    if (scan.kind !== BRACE_CLOSE) return triggers;
    earlier.push(...own.map(negated));
    if (next(scan) === COMMA) next(scan);
  }
  return triggers;
}

/** Up to the token behind the arm's `=>`. */
function readArmHead(scan: Scan): readonly Attribute[] {
  const { start } = scan;
  while (scan.kind !== EQUAL || scan.text.charCodeAt(scan.end) !== GREATER) {
    if (scan.kind === END || isCloser(scan.kind) || (closerOf(scan.kind) !== 0 && !skipGroup(scan))) return [];
    next(scan);
  }
  const arrow = scan.start;
  next(scan);
  next(scan);
  const head = createScan(scan.text, null, start, arrow);
  next(head);
  if (head.kind === HASH) {
    const own: Attribute[] = [];
    readConditions(head, own);
    return own;
  }
  const meta = isWord(head, '_') ? null : readArgument(head);
  if (meta === null) return [];
  const predicate = meta.name === 'cfg' && meta.args?.length === 1 ? (meta.args[0] ?? meta) : meta;
  return [condition(predicate, keepSlice(scan.text, predicate.span.start, predicate.span.end))];
}

function readConditions(scan: Scan, out: Attribute[]): void {
  while (attributeAt(scan) === 'outer' && readAttribute(scan, out)) next(scan);
}

/** The items of a branch, from its brace to the closing one, which becomes the last token. */
function readBranch(ix: Indexer, scope: Scope, extra: readonly Attribute[], read: typeof readItems): number {
  const { scan } = ix;
  const indent = indentOf(scan.text, scan.start);
  const stopAt = Math.min(scope.stopAt, listEnd(ix, indent));
  next(scan);
  const triggers = read(ix, { ...scope, closer: BRACE_CLOSE, loose: false, extra: [...scope.extra, ...extra], indent, stopAt });
  if (scan.kind !== BRACE_CLOSE) scan.broken = true;
  return triggers;
}

function condition(meta: Meta, text: string): Attribute {
  const { span } = meta;
  return { path: 'cfg', value: null, args: [meta], text, unsafe: false, condition: null, inner: false, span, pathSpan: span };
}

/** What holds in the branches behind one with this condition. */
function negated(attribute: Attribute): Attribute {
  const meta: Meta = { name: 'not', value: null, args: attribute.args ?? [], span: attribute.span };
  return { ...condition(meta, `not(${attribute.text ?? ''})`), pathSpan: attribute.pathSpan };
}
