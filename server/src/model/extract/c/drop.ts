/** Keeps account of declarations that are not understood. */
import type { Span } from '../../../base/text.ts';
import type { Preprocessed } from '../../../syntax/c/output.ts';
import { locate } from './context.ts';
import type { Collected } from './context.ts';

/** Of a longer declaration only the start is looked at, in UTF-16 units. */
const LOOKED_AT = 1 << 16;

const TAG = /\b(?:struct|union|enum|class)\s+(?:[A-Za-z_]\w*\s+)*([A-Za-z_]\w*)\s*(?::[^{;]*)?\{/;

/** `text` is that of the whole output; the span is the declaration's. */
export function drop(collected: Pick<Collected, 'dropped'>, source: Preprocessed, text: string, span: Span): void {
  const piece = text.slice(span.start, Math.min(span.end, span.start + LOOKED_AT));
  const tag = TAG.exec(piece);
  const alias = /^\s*typedef\b/.test(piece) ? /([A-Za-z_]\w*)\s*;\s*$/.exec(piece) : null;
  const name = tag?.[1] ?? alias?.[1] ?? null;
  const start = tag ? tag.index + tag[0].lastIndexOf(tag[1] ?? '') : alias ? alias.index : piece.length - piece.trimStart().length;
  const at = { start: span.start + start, end: span.start + start + (name?.length ?? 1) };
  const reason =
    source.doubt(span.start, span.end) ?? (name === null ? 'a declaration that cannot be parsed' : 'its declaration cannot be parsed');
  collected.dropped.push({ name, reason, at: locate(source, at) });
}
