/** Lists of names, written as text so that they stay short to read. */

/** The words of a text, white space between them. */
export function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
