/** Words that messages about several languages share. */

/** `a`, `a and b`, `a, b and 3 more`. */
export function targetList(triples: readonly string[]): string {
  const [first = '', second] = triples;
  if (second === undefined) return first;
  if (triples.length === 2) return `${first} and ${second}`;
  return `${first}, ${second} and ${triples.length - 2} more`;
}

export function count(number: number, one: string): string {
  return `${number} ${one}${number === 1 ? '' : 's'}`;
}
