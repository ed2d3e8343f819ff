/** The preprocessor's output: one text, and for each place in it the file it comes from, what is in doubt, and the packing in force. */
import type { Macro, Place } from './macros.ts';
import type { Packing } from './pragmas.ts';
import type { CSource } from './source.ts';

export interface Doubt {
  readonly start: number;
  readonly end: number;
  readonly reason: string;
}

export interface Preprocessed {
  readonly text: string;
  /** Where the text at an offset is written; for what a macro made, where the macro is used. */
  place(offset: number): Place;
  /** Why text that overlaps the span may not be there, or not mean what it says; null where nothing is in doubt. */
  doubt(start: number, end: number): string | null;
  packing(offset: number): Packing;
  /** A text that is the same for spans of which the three say the same, each seen from its start. */
  trace?(start: number, end: number): string;
  /** Headers that were not found, as written (`<a.h>`, `"b.h"`), and where they are first included. */
  readonly missing: ReadonlyMap<string, Place>;
  /** Files that took part, the first one included; built-in texts are not among them. */
  readonly files: ReadonlySet<string>;
  /** Why not everything was read; null where it was. */
  readonly cut: string | null;
  /** For each condition that asks for some the names that nothing defines, and that a build may define; none that a file defines itself. */
  readonly undecided: readonly (readonly string[])[];
  /** Names of types that stand in the text and may be macros: what they may stand for. */
  readonly typesInDoubt: ReadonlyMap<string, readonly Macro[]>;
}

export interface Output {
  readonly length: number;
  /** Text that stands in a source as it is; offsets are those of the source's text. */
  copy(source: CSource, file: string, start: number, end: number, doubt: string | null): void;
  /** Text that a macro made in place of what starts at an offset. */
  made(text: string, at: Place, doubt: string | null): void;
  packing(packing: Packing): void;
  finish(rest: Pick<Preprocessed, 'missing' | 'files' | 'cut' | 'undecided' | 'typesInDoubt'>): Preprocessed;
}

interface Segment {
  readonly start: number;
  readonly file: string;
  readonly offset: number;
  /** null for what a macro made: all of it comes from one place. */
  readonly source: CSource | null;
}

export function createOutput(): Output {
  const parts: string[] = [];
  const segments: Segment[] = [];
  const doubts: Doubt[] = [];
  const packs: { readonly start: number; readonly packing: Packing }[] = [{ start: 0, packing: null }];
  let length = 0;

  const add = (text: string, segment: Omit<Segment, 'start'>): void => {
    segments.push({ start: length, ...segment });
    parts.push(text);
    length += text.length;
  };

  return {
    get length() {
      return length;
    },
    copy(source, file, start, end, doubt) {
      if (start >= end) return;
      const text = source.text.slice(start, end);
      // White space is never in doubt: a line that holds nothing else changes nothing.
      if (doubt !== null && text.trim() !== '')
        doubts.push({ start: length + text.length - text.trimStart().length, end: length + text.trimEnd().length, reason: doubt });
      add(text, { file, offset: start, source });
    },
    made(text, at, doubt) {
      if (doubt !== null) doubts.push({ start: length, end: length + text.length, reason: doubt });
      add(text, { file: at.file, offset: at.offset, source: null });
    },
    packing(packing) {
      if (packs.at(-1)?.packing !== packing) packs.push({ start: length, packing });
    },
    finish(rest) {
      const text = parts.join('');
      return {
        ...rest,
        text,
        place(offset) {
          const segment = segments[lastBefore(segments, offset)];
          if (!segment) return { file: '', offset: 0 };
          if (segment.source === null) return { file: segment.file, offset: segment.offset };
          return { file: segment.file, offset: segment.source.toFile(segment.offset + offset - segment.start) };
        },
        doubt(start, end) {
          for (let i = Math.max(0, lastBefore(doubts, start)); i < doubts.length; i++) {
            const one = doubts[i];
            if (!one || one.start >= end) break;
            if (one.end > start) return one.reason;
          }
          return null;
        },
        packing: (offset) => packs[lastBefore(packs, offset)]?.packing ?? null,
        trace(start, end) {
          const out: string[] = [];
          for (let i = Math.max(0, lastBefore(segments, start)); i < segments.length; i++) {
            const one = segments[i];
            if (!one || one.start >= end) break;
            if (isBlank(text, Math.max(start, one.start), Math.min(end, segments[i + 1]?.start ?? end))) continue;
            const offset = one.source === null ? one.offset : one.offset + Math.max(0, start - one.start);
            out.push(`${Math.max(0, one.start - start)} ${offset} ${one.source?.id ?? one.file}`);
          }
          for (let i = Math.max(0, lastBefore(doubts, start)); i < doubts.length; i++) {
            const one = doubts[i];
            if (!one || one.start >= end) break;
            if (one.end > start) out.push(`?${one.start - start} ${one.end - start} ${one.reason}`);
          }
          for (let i = Math.max(0, lastBefore(packs, start)); i < packs.length; i++) {
            const one = packs[i];
            if (!one || one.start >= end) break;
            out.push(`#${Math.max(0, one.start - start)} ${one.packing}`);
          }
          return out.join('\n');
        },
      };
    },
  };
}

/** White space says nothing, whoever wrote it. */
function isBlank(text: string, start: number, end: number): boolean {
  let at = start;
  while (at < end && text.charCodeAt(at) <= 32) at++;
  return at >= end;
}

/** The last of ordered entries that starts at or before an offset; -1 without one. */
function lastBefore(list: readonly { readonly start: number }[], offset: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
