/** Names cut out of a source text, without keeping the whole text in memory. */

// V8 makes slices of 13 characters and more point into the text that they come from.
const SHARED_FROM = 13;
const MOST = 20_000;
const known = new Map<string, string>();

/** The text between two offsets as a string of its own; equal long names share one. */
export function keepSlice(text: string, start: number, end: number): string {
  const slice = text.slice(start, end);
  if (slice.length < SHARED_FROM) return slice;
  const found = known.get(slice);
  if (found !== undefined) return found;
  // A slice of a fresh flat string: it keeps that small string alive, not the source.
  const own = Buffer.from(slice, 'utf16le').toString('utf16le');
  if (known.size >= MOST) known.clear();
  known.set(own, own);
  return own;
}
