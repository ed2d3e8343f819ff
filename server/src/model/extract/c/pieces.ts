/** Cuts preprocessed C into its declarations, so that one that cannot be parsed costs no other. */
import type { Span } from '../../../base/text.ts';

export interface Pieces {
  /** As long as the input: the braces of `extern "C" { … }` are spaces. */
  readonly text: string;
  /** Each ends behind a `;` that stands in no braces; a function's body belongs to the declaration behind it. */
  readonly spans: readonly Span[];
}

const SIGN = /[{};]|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;
const LINKAGE = /\bextern\s*"C(?:\+\+)?"\s*$/;

export function cutPieces(input: string): Pieces {
  const spans: Span[] = [];
  const blanks: Span[] = [];
  /** For each open brace whether it is that of a linkage block. */
  const open: boolean[] = [];
  let depth = 0;
  let start = 0;
  SIGN.lastIndex = 0;
  for (let found = SIGN.exec(input); found; found = SIGN.exec(input)) {
    const at = found.index;
    if (found[0] === '{') {
      const linkage = depth === 0 ? LINKAGE.exec(input.slice(Math.max(start, at - 64), at)) : null;
      open.push(linkage !== null);
      if (linkage) {
        blanks.push({ start: at - linkage[0].length, end: at + 1 });
        start = at + 1;
      } else depth++;
    } else if (found[0] === '}') {
      const linkage = open.pop();
      if (linkage) {
        blanks.push({ start: at, end: at + 1 });
        if (at > start) spans.push({ start, end: at });
        start = at + 1;
      } else if (linkage === false) depth--;
    } else if (found[0] === ';' && depth === 0) {
      spans.push({ start, end: at + 1 });
      start = at + 1;
    }
  }
  if (input.slice(start).trim() !== '') spans.push({ start, end: input.length });
  return { text: blanked(input, blanks), spans: spans.filter((one) => input.slice(one.start, one.end).trim() !== '') };
}

function blanked(text: string, blanks: readonly Span[]): string {
  let out = '';
  let at = 0;
  for (const { start, end } of blanks) {
    out += text.slice(at, start) + ' '.repeat(end - start);
    at = end;
  }
  return out + text.slice(at);
}

/**
 * Neighbours of one file together, up to a length in UTF-16 units: parsing one by one costs more. A file's groups are then the same wherever
 * it is included.
 */
export function groupPieces(spans: readonly Span[], most: number, fileOf: (span: Span) => string): readonly (readonly Span[])[] {
  const out: Span[][] = [];
  let length = 0;
  let file = '';
  for (const one of spans) {
    const group = out.at(-1);
    const size = one.end - one.start;
    const own = fileOf(one);
    if (group && length + size <= most && own === file) group.push(one);
    else {
      out.push([one]);
      length = 0;
    }
    length += size;
    file = own;
  }
  return out;
}
