/** Code frames: lines of source with marks under a span. */
import type { Location } from '../base/text.ts';
import type { Places } from './places.ts';
import type { Paint, Style } from './style.ts';
import { paint, printable } from './style.ts';

const TAB = 4;
/** Longer lines are cut around what is marked. In terminal columns; a narrow terminal has less, but never less than `NARROWEST`. */
const WIDEST = 140;
const NARROWEST = 40;

export interface FrameOptions {
  readonly mark: '^' | '-';
  readonly paint: Paint;
  readonly style: Style;
  /** Columns of the line numbers. */
  readonly gutter: number;
}

/** The lines of a frame without line ends; none where the text is not there. Of a long span only the first and last line. */
export function frame(at: Location, places: Places, options: FrameOptions): readonly string[] {
  const { start, end } = places.range(at);
  const first = places.line(at.file, start.line);
  if (first.trim() === '' && start.line === end.line) return [];
  const lines: string[] = [];
  // A span that ends at a line's start ends with the line before.
  const lastLine = end.line > start.line && end.column === 1 ? end.line - 1 : end.line;
  const lastText = places.line(at.file, lastLine);
  const lastEnd = lastLine === end.line ? end.column - 1 : lastText.length;
  if (lastLine === start.line) {
    lines.push(...marked(start.line, first, start.column - 1, lastEnd, options));
  } else {
    lines.push(...marked(start.line, first, start.column - 1, first.trimEnd().length, options));
    if (lastLine > start.line + 1) lines.push(`${' '.repeat(options.gutter - 1)}${paint(options.style, 'blue', '...')}`);
    lines.push(...marked(lastLine, lastText, lastText.length - lastText.trimStart().length, lastEnd, options));
  }
  return lines;
}

/** One line and the marks under the UTF-16 columns `from` to `to`. */
function marked(number: number, text: string, from: number, to: number, options: FrameOptions): readonly string[] {
  const { style, gutter, mark } = options;
  const cells = cellsOf(text);
  const before = widthOf(cells.filter(({ at }) => at < from));
  const length = Math.max(1, widthOf(cells.filter(({ at }) => at >= from && at < to)));
  // Behind the gutter stand a blank, a bar and a blank; a line that is cut has an ellipsis on both sides.
  const widest = style.columns === undefined ? WIDEST : Math.max(NARROWEST, Math.min(WIDEST, style.columns - gutter - 5));
  const { shown, shift, room } = cut(cells, before, widest);
  const bar = paint(style, 'blue', '|');
  const line = `${paint(style, 'blue', String(number).padStart(gutter))} ${bar} ${shown}`;
  const marks = mark.repeat(Math.max(1, Math.min(length, room)));
  return [line.trimEnd(), `${' '.repeat(gutter)} ${bar} ${' '.repeat(Math.max(0, before - shift))}${paint(style, options.paint, marks)}`];
}

/** Columns that line numbers need, for frames that stand together. */
export function gutterWidth(places: Places, locations: readonly Location[]): number {
  return Math.max(4, ...locations.map((at) => String(places.range(at).end.line).length + 1));
}

interface Cell {
  /** UTF-16 offset in the line. */
  readonly at: number;
  readonly text: string;
  readonly width: number;
}

function cellsOf(line: string): readonly Cell[] {
  const cells: Cell[] = [];
  let at = 0;
  let column = 0;
  for (const sign of line) {
    const tab = sign === '\t';
    const width = tab ? TAB - (column % TAB) : signWidth(sign);
    cells.push({ at, text: tab ? ' '.repeat(width) : printable(sign), width });
    at += sign.length;
    column += width;
  }
  return cells;
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

/** The part of a long line around a column; `shift` is how many columns the rest moved left, `room` what is right of the column. */
function cut(
  cells: readonly Cell[],
  column: number,
  widest: number,
): { readonly shown: string; readonly shift: number; readonly room: number } {
  const total = widthOf(cells);
  if (total <= widest) return { shown: cells.map(({ text }) => text).join(''), shift: 0, room: widest };
  // How much of a long line is shown before the mark.
  const lead = Math.min(40, Math.floor(widest / 3));
  const from = column + lead <= widest ? 0 : column - lead;
  let shown = '';
  let at = 0;
  let dropped = 0;
  let cutOff = false;
  for (const { text, width } of cells) {
    if (at < from) dropped = at + width;
    else if (at + width - dropped > widest) cutOff = true;
    else shown += text;
    at += width;
  }
  const ellipsis = dropped > 0 ? '…' : '';
  const shift = dropped - ellipsis.length;
  return { shown: `${ellipsis}${shown}${cutOff ? '…' : ''}`, shift, room: widest - (column - shift) };
}

/** Terminal columns of a sign: none for combining marks, two for East Asian wide and emoji (Unicode Standard Annex 11). */
function signWidth(sign: string): number {
  const code = sign.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (/^\p{M}$/u.test(sign) || (code >= 0x200b && code <= 0x200d) || code === 0xfeff) return 0;
  return WIDE.some(([low, high]) => low <= code && code <= high) ? 2 : 1;
}

const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
];
