/** Words that the lexer looks out for while it runs over tokens, as bits whose meaning the caller gives. */

/** One word and the bits that its identifier sets; `after` asks for the token kind right before it. */
export interface Mark {
  readonly word: string;
  readonly bits: number;
  readonly after?: number;
}

/** A compiled set of words. */
export interface Marker {
  /** Index + 1 into `marks` of the last word with a hash, 0 without one. */
  readonly heads: Uint8Array;
  /** Index + 1 of the next word with the same hash. */
  readonly chain: Uint8Array;
  readonly marks: readonly Mark[];
  /** Two characters at which bits are set whatever follows them in the identifier. */
  readonly prefixFirst: number;
  readonly prefixSecond: number;
  readonly prefixBits: number;
  /** Bits of a `!` that follows an identifier without space and does not start `!=`. */
  readonly callBits: number;
}

const SLOTS = 1024;

/** Compiles at most 255 words of two characters or more. */
export function createMarker(marks: readonly Mark[], prefix: { readonly text: string; readonly bits: number }, callBits: number): Marker {
  const heads = new Uint8Array(SLOTS);
  const chain = new Uint8Array(marks.length + 1);
  marks.forEach((mark, index) => {
    const { word } = mark;
    const slot = hashOf(word.charCodeAt(0), word.charCodeAt(1), word.charCodeAt(word.length - 1), word.length);
    chain[index + 1] = heads[slot] ?? 0;
    heads[slot] = index + 1;
  });
  return {
    heads,
    chain,
    marks,
    callBits,
    prefixFirst: prefix.text.charCodeAt(0),
    prefixSecond: prefix.text.charCodeAt(1),
    prefixBits: prefix.bits,
  };
}

function hashOf(first: number, second: number, last: number, length: number): number {
  return (first ^ (second << 2) ^ (last << 5) ^ (length << 4)) & (SLOTS - 1);
}

/** The bits of the identifier at `start`; `previous` is the kind of the token before it. */
export function bitsOf(marker: Marker, text: string, start: number, end: number, previous: number): number {
  const length = end - start;
  if (length < 2) return 0;
  const first = text.charCodeAt(start);
  const second = text.charCodeAt(start + 1);
  let at = marker.heads[hashOf(first, second, text.charCodeAt(end - 1), length)] ?? 0;
  let bits = first === marker.prefixFirst && second === marker.prefixSecond ? marker.prefixBits : 0;
  while (at !== 0) {
    const mark = marker.marks[at - 1];
    if (mark && mark.word.length === length && text.startsWith(mark.word, start) && (mark.after === undefined || mark.after === previous)) {
      bits |= mark.bits;
    }
    at = marker.chain[at] ?? 0;
  }
  return bits;
}
