/** A C file as the preprocessor reads it: lines spliced, comments blanked, every offset traceable to the file (C17 5.1.1.2, phases 2 and 3). */

import { LineIndex } from '../../base/text.ts';

export interface CSource {
  /** Another one for each reading of a file. */
  readonly id: number;
  /** As long as the file less its line splices; comments are spaces, so that a comment over several lines is one line. */
  readonly text: string;
  /** The offset in the file (UTF-16 units) of an offset in `text`. */
  toFile(offset: number): number;
  /** The line, from 1, of an offset in `text`; spliced lines count as one. */
  line(offset: number): number;
}

const QUOTE = 34;
const APOSTROPHE = 39;
const SLASH = 47;
const STAR = 42;
const BACKSLASH = 92;
const NEWLINE = 10;

let readings = 0;

export function readSource(file: string): CSource {
  const spliced = splice(file.includes('\r') ? file.replace(/\r(?!\n)/g, '\n') : file);
  const text = blankComments(spliced.text);
  let lines: LineIndex | null = null;
  return {
    id: ++readings,
    text,
    toFile: spliced.toFile,
    line(offset) {
      lines ??= new LineIndex(text);
      return lines.position(offset).line;
    },
  };
}

/** Takes out each backslash with the end of line behind it; a carriage return before a newline becomes a space. */
function splice(file: string): Pick<CSource, 'text' | 'toFile'> {
  const plain = file.includes('\r') ? file.replace(/\r\n/g, ' \n') : file;
  const cuts: number[] = [];
  let text = '';
  let kept = 0;
  for (let at = plain.indexOf('\\'); at >= 0; at = plain.indexOf('\\', at + 1)) {
    // Compilers take white space between the backslash and the end of line as if it were not there.
    let end = at + 1;
    while (plain[end] === ' ' || plain[end] === '\t') end++;
    if (plain.charCodeAt(end) !== NEWLINE) continue;
    text += plain.slice(kept, at);
    kept = end + 1;
    cuts.push(text.length, kept - text.length);
    at = end;
  }
  if (cuts.length === 0) return { text: plain, toFile: (offset) => offset };
  return { text: text + plain.slice(kept), toFile: (offset) => offset + shiftAt(cuts, offset) };
}

/** Pairs of an offset and the shift from there on, in order. */
function shiftAt(cuts: readonly number[], offset: number): number {
  let low = 0;
  let high = cuts.length / 2;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((cuts[middle * 2] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low === 0 ? 0 : (cuts[low * 2 - 1] ?? 0);
}

/** Every comment becomes as many spaces; an unterminated one reaches to the end. */
function blankComments(text: string): string {
  const out: string[] = [];
  let kept = 0;
  let at = 0;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === QUOTE || c === APOSTROPHE) {
      at = literalEnd(text, at);
      continue;
    }
    if (c !== SLASH) {
      at++;
      continue;
    }
    const end = commentEnd(text, at);
    if (end === at) {
      at++;
      continue;
    }
    out.push(text.slice(kept, at), ' '.repeat(end - at));
    kept = end;
    at = end;
  }
  return kept === 0 ? text : out.join('') + text.slice(kept);
}

function commentEnd(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  if (next === SLASH) {
    const end = text.indexOf('\n', at);
    return end < 0 ? text.length : end;
  }
  if (next !== STAR) return at;
  const end = text.indexOf('*/', at + 2);
  return end < 0 ? text.length : end + 2;
}

/** Behind a string or character literal; a quote that nothing closes on its line is a lone sign (`#error don't`). */
function literalEnd(text: string, at: number): number {
  const quote = text.charCodeAt(at);
  for (let i = at + 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === BACKSLASH) i++;
    else if (c === quote) return i + 1;
    else if (c === NEWLINE) break;
  }
  return at + 1;
}
