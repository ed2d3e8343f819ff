/** Parses single items of a file and lowers them to plain data. */
import type { Item } from '../../../model/rust/ast-item.ts';
import type { Span } from '../../../base/text.ts';
import type { NodeId } from '../../../syntax/flat-tree.ts';
import type { Parsers } from '../../../syntax/parsers.types.ts';
import { parts, startLowering } from './lower-context.ts';
import type { Lowering } from './lower-context.ts';
import { isItemKind, lowerItems } from './lower-item.ts';

/** What an item stands in: it decides what may be written (`safe fn`, `self`, declarations without a body). */
export type ItemContext = 'module' | 'impl' | 'trait' | 'extern-block';

const OPENING: Readonly<Record<ItemContext, string>> = { module: '', impl: 'impl X {', trait: 'trait X {', 'extern-block': 'extern "C" {' };

/**
 * The item that stands at a span of a file (UTF-16), all spans in it being of the file.
 * null where no item can be made out; what is broken inside of it is `unknown` there.
 */
export function parseItem(parsers: Parsers, fileText: string, span: Span, context: ItemContext): Item | null {
  const opening = OPENING[context];
  const text = `${opening}${fileText.slice(span.start, span.end)}\n${opening === '' ? '' : '}'}`;
  const ctx = startLowering(parsers, text, span.start - opening.length, 0);
  const list = opening === '' ? 0 : declarations(ctx);
  return lowerItems(ctx, list).find((item) => item.kind !== 'unknown' || item.name !== '') ?? null;
}

/** All items of a text, in order; those inside of modules are left out with the modules' bodies. */
export function parseFileItems(parsers: Parsers, text: string): readonly Item[] {
  return lowerItems(startLowering(parsers, text, 0, 0), 0);
}

/** The list inside of the block that was written around the item; the root where the parser did not find it. */
function declarations(ctx: Lowering): NodeId {
  for (const outer of parts(ctx, 0)) {
    if (!isItemKind(ctx.tree.kind(outer))) continue;
    const list = parts(ctx, outer).find((part) => ctx.tree.kind(part) === 'declaration_list');
    if (list !== undefined) return list;
  }
  return 0;
}
