/** Turns locations into relative paths, ranges and lines of text. */
import type { Location, Position, Range } from '../base/text.ts';
import { LineIndex } from '../base/text.ts';

export interface Places {
  /** Relative to the base folder, forward slashes; `..` where it lies beside it, absolute on another drive. */
  path(file: string): string;
  range(at: Location): Range;
  /** `src/lib.rs:1:12` */
  text(at: Location): string;
  /** A line (from 1) without its end. */
  line(file: string, line: number): string;
  /** The text of a stretch of lines up to a position, for columns in other units. */
  before(file: string, position: Position): string;
}

/** `text` gives a file's text, empty where it cannot be read; all positions in it are then 1:1. */
export function createPlaces(base: string, text: (file: string) => string): Places {
  const known = new Map<string, { readonly text: string; readonly lines: LineIndex }>();
  const look = (file: string) => {
    const before = known.get(file);
    if (before) return before;
    const content = text(file);
    const made = { text: content, lines: new LineIndex(content) };
    known.set(file, made);
    return made;
  };
  const path = (file: string) => relativePath(base, file);
  const range = (at: Location) => look(at.file).lines.range(at.span);
  const line = (file: string, number: number) => {
    const { text: content, lines } = look(file);
    const end = number < lines.lineCount ? lines.lineStart(number + 1) : content.length;
    return content.slice(lines.lineStart(number), end).replace(/[\r\n]+$/, '');
  };
  return {
    path,
    range,
    text(at) {
      const { start } = range(at);
      return `${path(at.file)}:${start.line}:${start.column}`;
    },
    line,
    before: (file, position) => line(file, position.line).slice(0, position.column - 1),
  };
}

/** From a folder to a file, both absolute with forward slashes. */
export function relativePath(from: string, to: string): string {
  const a = from.split('/').filter((part) => part !== '');
  const b = to.split('/').filter((part) => part !== '');
  if (/^[A-Za-z]:$/.test(b[0] ?? '') && a[0] !== b[0]) return to;
  let common = 0;
  while (common < a.length && common < b.length - 1 && a[common] === b[common]) common++;
  return [...a.slice(common).map(() => '..'), ...b.slice(common)].join('/');
}
