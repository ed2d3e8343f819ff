/** The items in a fn's body that stand at the boundary: callbacks that are written where they are registered, blocks of imports. */
import { BRACE_CLOSE, BRACE_OPEN, SEMICOLON } from '../../../syntax/rust/chars.ts';
import { createScan, END, next } from '../../../syntax/rust/lexer.ts';
import type { Span } from '../../../base/text.ts';
import { TRIGGER_MARKER } from './index-file-marks.ts';
import type { Draft, Indexer, Scope } from './index-file-items.ts';
import { NO_ATTRIBUTES, readItem } from './index-file-items.ts';

/** `extern "C" fn name`, `unsafe extern "C" {`, with what may stand before; types of fn pointers have no name. */
const FOREIGN =
  /(?:#\s*\[[^\]]*\]\s*)*(?:pub\s*(?:\([^)]*\)\s*)?)?(?:const\s+)?(?:unsafe\s+)?extern\s*(?:r?#*"[^"]*"#*\s*)?(?:fn\s+[A-Za-z_]|\{)/y;

/** Adds their entries behind that of the fn. A statement may start behind `;` and any brace. */
export function readForeignItems(ix: Indexer, scope: Scope, fn: Draft, body: Span): void {
  const scan = createScan(ix.scan.text, TRIGGER_MARKER, body.start, body.end);
  const inner: Indexer = { scan, entries: ix.entries, innerAttributes: [], recovery: null };
  const place: Scope = { ...scope, parent: fn.index, closer: 0, loose: false, extra: NO_ATTRIBUTES, depth: scope.depth + 1 };
  let mayStart = true;
  next(scan);
  while (scan.kind !== END) {
    FOREIGN.lastIndex = scan.start;
    if (mayStart && FOREIGN.test(scan.text)) {
      const { start } = scan;
      readItem(inner, place);
      if (scan.start !== start) continue;
    }
    mayStart = scan.kind === SEMICOLON || scan.kind === BRACE_OPEN || scan.kind === BRACE_CLOSE;
    next(scan);
  }
}
