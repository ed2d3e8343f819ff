/** The text of an expansion while it is written, piece by piece, with the place that each piece comes from. */
import type { Span } from '../../../base/text.ts';
import { isIdentContinue } from '../../../syntax/rust/chars.ts';

/** A stretch of an expansion's text that is copied from one place. */
export interface Piece {
  /** In the expansion's text. */
  readonly start: number;
  readonly end: number;
  /** Whether it is written in the call's arguments or in the macro's definition. */
  readonly source: 'args' | 'definition';
  /** Where it is written, in the file of its source. */
  readonly origin: Span;
}

export interface Output {
  readonly chunks: string[];
  readonly pieces: Piece[];
  length: number;
  /** The last character code, 0 at the start. */
  last: number;
  /** Set between the rounds of a repetition: a space is due, unless the next piece follows the last one where both are written. */
  between: boolean;
}

export function createOutput(): Output {
  return { chunks: [], pieces: [], length: 0, last: 0, between: false };
}

/** Writes text that comes from nowhere in particular: white space, brackets around an expression. */
export function writeMade(out: Output, text: string): void {
  if (text === '') return;
  out.chunks.push(text);
  out.length += text.length;
  out.last = text.charCodeAt(text.length - 1);
}

/** Writes a piece behind `gap`, with a space where it would run together with what stands before it. */
export function writePiece(out: Output, gap: string, text: string, source: Piece['source'], origin: Span): void {
  const needed = runsTogether(out.last, text.charCodeAt(0)) || (out.between && !isAdjacent(out, source, origin));
  out.between = false;
  writeMade(out, gap === '' && needed ? ' ' : gap);
  const start = out.length;
  writeMade(out, text);
  out.pieces.push({ start, end: out.length, source, origin });
}

function isAdjacent(out: Output, source: Piece['source'], origin: Span): boolean {
  const before = out.pieces[out.pieces.length - 1];
  return before !== undefined && before.source === source && before.origin.end === origin.start;
}

/** Two words, a word and a quote or hash that would make it a prefix, or a literal and a word that would be its suffix. */
function runsTogether(before: number, after: number): boolean {
  const quoteBefore = before === 0x22 || before === 0x27;
  if (!isIdentContinue(before) && !quoteBefore) return false;
  return isIdentContinue(after) || (!quoteBefore && (after === 0x22 || after === 0x27 || after === 0x23));
}
