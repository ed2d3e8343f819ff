/** Items that stand in the tokens of a macro call at item level, with the conditions of `cfg_if!` and its kin. */
import { closerOf } from '../../../syntax/rust/groups.ts';
import { next } from '../../../syntax/rust/lexer.ts';
import type { Draft, Indexer, readItems, Scope } from './index-file-items.ts';
import { NO_ATTRIBUTES } from './index-file-items.ts';
import { indentOf } from './index-file-recovery.ts';
import { listEnd } from './index-file-bodies.ts';

/** Reads a macro call from its opening bracket to its closing one, which becomes the last token; false where it is not closed. */
export function readMacroItems(ix: Indexer, scope: Scope, call: Draft, read: typeof readItems): boolean {
  const { scan } = ix;
  const closer = closerOf(scan.kind);
  const indent = indentOf(scan.text, call.signatureSpan.start);
  const stopAt = Math.min(scope.stopAt, listEnd(ix, indent));
  const marks = scan.marks;
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
  const triggers = read(ix, inner);
  scan.marks = marks | triggers;
  return scan.kind === closer && scan.start < stopAt;
}
