/** Places in a text: offsets, lines and columns, all in UTF-16 code units. */

/** A half-open stretch of a text, in UTF-16 code units from its start. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** A place as people count it: line and column from 1, the column in UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A half-open range; `end` is the first position that does not belong to it. */
export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A span in a named file. `file` is an absolute path with forward slashes. */
export interface Location {
  readonly file: string;
  readonly span: Span;
}

export function span(start: number, end: number): Span {
  return { start, end };
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

export function sliceSpan(text: string, at: Span): string {
  return text.slice(at.start, at.end);
}

/** The offsets at which a text's lines start; `\n`, `\r\n` and a lone `\r` end a line. */
export class LineIndex {
  readonly #starts: readonly number[];
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (c === 10 || (c === 13 && text.charCodeAt(i + 1) !== 10)) starts.push(i + 1);
    }
    this.#starts = starts;
    this.#length = text.length;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  /** The position of an offset; offsets outside the text are clamped to it. */
  position(offset: number): Position {
    const at = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - (this.#starts[low] ?? 0) + 1 };
  }

  range(at: Span): Range {
    return { start: this.position(at.start), end: this.position(at.end) };
  }

  /** The offset of a position; a line or column outside the text is clamped to it. */
  offset(at: Position): number {
    const line = Math.max(1, Math.min(at.line, this.#starts.length));
    const start = this.#starts[line - 1] ?? 0;
    const next = this.#starts[line] ?? this.#length;
    return Math.min(start + Math.max(0, at.column - 1), Math.max(start, next));
  }

  /** Where a line (from 1) starts. */
  lineStart(line: number): number {
    return this.#starts[Math.max(0, Math.min(line, this.#starts.length) - 1)] ?? 0;
  }
}
