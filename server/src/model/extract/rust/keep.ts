/** Names cut out of a source text, without keeping the whole text in memory. */

import { HASH } from '../../../syntax/rust/chars.ts';
import type { Scan } from '../../../syntax/rust/lexer.ts';
import { IDENT } from '../../../syntax/rust/lexer.ts';

// V8 makes slices of 13 characters and more point into the text that they come from.
const SHARED_FROM = 13;
const MOST = 20_000;
const WIDE = /[^\u0000-\u00ff]/;
const known = new Map<string, string>();

/** The text between two offsets as a string of its own; equal long names share one. */
export function keepSlice(text: string, start: number, end: number): string {
  const slice = text.slice(start, end);
  if (slice.length < SHARED_FROM) return slice;
  const found = known.get(slice);
  if (found !== undefined) return found;
  const encoding = WIDE.test(slice) ? 'utf16le' : 'latin1';
  const own = Buffer.from(slice, encoding).toString(encoding);
  if (known.size >= MOST) known.clear();
  known.set(own, own);
  return own;
}

/** A string that may be cut out of a source text as a string of its own. */
export function keepText(text: string): string {
  return keepSlice(text, 0, text.length);
}

/** The text of the last token as a string of its own; of a raw identifier without `r#`. */
export function keepToken(scan: Scan): string {
  const raw = scan.kind === IDENT && scan.text.charCodeAt(scan.start + 1) === HASH;
  return keepSlice(scan.text, raw ? scan.start + 2 : scan.start, scan.end);
}
