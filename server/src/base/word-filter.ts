/** Remembers which words stand in a text, in a sixteenth of its size: it may say yes to a word that does not, never no to one that does. */

export type WordFilter = Uint32Array;

const A_WORD = /^[A-Za-z0-9_]+$/;

/** The filter of a text's words, comments and strings included; a word is a run of ASCII letters, digits and underscores. */
export function wordFilter(text: string): WordFilter {
  // A power of two of at least half a bit for each character.
  const words = 1 << Math.max(2, Math.ceil(Math.log2(text.length / 2 + 1)) - 5);
  const filter = new Uint32Array(words);
  const mask = words * 32 - 1;
  let hash = SEED;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 128 && WORD[c] === 1) hash = Math.imul(hash ^ c, PRIME);
    else if (hash !== SEED) {
      add(filter, hash, mask);
      hash = SEED;
    }
  }
  add(filter, hash, mask);
  return filter;
}

/** Tells for filters whether a word may stand in their texts; always true for what is no word. */
export function wordTest(word: string): (filter: WordFilter) => boolean {
  if (!A_WORD.test(word)) return () => true;
  let hash = SEED;
  for (let i = 0; i < word.length; i++) hash = Math.imul(hash ^ word.charCodeAt(i), PRIME);
  const place = spread(hash);
  return (filter) => {
    const bit = place & (filter.length * 32 - 1);
    return ((filter[bit >>> 5] ?? 0) & (1 << (bit & 31))) !== 0;
  };
}

// FNV-1a, 32 bits.
const SEED = 0x811c9dc5 | 0;
const PRIME = 0x01000193;

const WORD = new Uint8Array(128);
for (let c = 0; c < 128; c++) WORD[c] = A_WORD.test(String.fromCharCode(c)) ? 1 : 0;

function add(filter: WordFilter, hash: number, mask: number): void {
  const bit = spread(hash) & mask;
  const at = bit >>> 5;
  filter[at] = (filter[at] ?? 0) | (1 << (bit & 31));
}

/** The low bits of the sum depend on all of its bits. */
function spread(hash: number): number {
  return hash ^ (hash >>> 15);
}
