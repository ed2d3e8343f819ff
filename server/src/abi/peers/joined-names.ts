/** Which names the macros of some texts may put together: what `##` joins stands in them as words. */

/** A macro joins no more words than this. */
const PARTS = 5;

/** The runs of letters, digits, underscores and dollar signs of a text, those in comments included. */
export function wordsOf(text: string): ReadonlySet<string> {
  return new Set(text.match(/[\w$]+/g) ?? []);
}

/** Whether a name is a row of at most a few of the words; one that is a word itself is. */
export function isJoined(name: string, words: ReadonlySet<string>): boolean {
  /** The fewest words that make up the name to each place. */
  const fewest: number[] = [0];
  for (let end = 1; end <= name.length; end++) {
    let best = PARTS + 1;
    for (let start = 0; start < end; start++) {
      const parts = (fewest[start] ?? PARTS) + 1;
      if (parts < best && words.has(name.slice(start, end))) best = parts;
    }
    fewest.push(best);
  }
  return (fewest[name.length] ?? 0) <= PARTS;
}
