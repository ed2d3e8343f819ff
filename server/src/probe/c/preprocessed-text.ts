/** What `cc -E` printed, as the output of our own preprocessor would be: text, and for each place in it where it is written. */
import { isAbsolute, joinPath } from '../../base/paths.ts';
import { LineIndex } from '../../base/text.ts';
import type { Place } from '../../syntax/c/macros.ts';
import type { Preprocessed } from '../../syntax/c/output.ts';
import type { Packing } from '../../syntax/c/pragmas.ts';
import { createPackState } from '../../syntax/c/pragmas.ts';

/** Lines of the output that come from one file, one after the other. */
interface Segment {
  /** UTF-16 units of the output. */
  readonly start: number;
  readonly file: string;
  /** Of its first line, from 1. */
  readonly line: number;
}

/** `cwd` is where the compiler ran; `read` gives the text of a source, null where it cannot be read. */
export function preprocessedText(output: string, cwd: string, read: (file: string) => string | null): Preprocessed {
  const segments: Segment[] = [];
  const packs: { readonly start: number; readonly packing: Packing }[] = [];
  const pack = createPackState();
  const files = new Set<string>();
  // Markers and pragmas become spaces: what stands behind keeps its place.
  const text = output.replace(/^[ \t]*#[ \t]*(.*)\r?$/gm, (line, rest: string, at: number) => {
    const marker = /^(?:line[ \t]+)?(\d+)[ \t]+"((?:[^"\\]|\\.)*)"/.exec(rest);
    const pragma = /^pragma\b(.*)/.exec(rest);
    if (marker?.[1] !== undefined && marker[2] !== undefined) {
      const file = fileOf(marker[2], cwd);
      if (!file.startsWith('<')) files.add(file);
      segments.push({ start: at + line.length + 1, file, line: Number(marker[1]) });
    } else if (pragma?.[1] !== undefined) {
      pack.apply(pragma[1]);
      packs.push({ start: at, packing: pack.current });
    }
    return ' '.repeat(line.length);
  });
  const outputLines = new LineIndex(text);
  const sources = new Map<string, Source | null>();
  const sourceOf = (file: string): Source | null => {
    const known = sources.get(file);
    if (known !== undefined) return known;
    const source = file.startsWith('<') ? null : read(file);
    const made = source === null ? null : { text: source, lines: new LineIndex(source) };
    sources.set(file, made);
    return made;
  };
  return {
    text,
    place(offset) {
      const segment = lastBefore(segments, offset);
      if (!segment) return { file: '', offset: 0 };
      const { line } = outputLines.position(offset);
      const at = segment.line + line - outputLines.position(segment.start).line;
      return placeIn(segment.file, sourceOf(segment.file), at, text, outputLines.lineStart(line), offset);
    },
    doubt: () => null,
    packing: (offset) => lastBefore(packs, offset)?.packing ?? null,
    missing: new Map(),
    files,
    cut: null,
    undecided: [],
    typesInDoubt: new Map(),
  };
}

interface Source {
  readonly text: string;
  readonly lines: LineIndex;
}

/** Spaces are not what they were: a word is found again by which of its like it is on the line. */
function placeIn(file: string, source: Source | null, line: number, text: string, lineStart: number, offset: number): Place {
  if (!source) return { file, offset: 0 };
  const start = source.lines.lineStart(line);
  let from = offset;
  while (from > lineStart && /[\w$]/.test(text[from - 1] ?? '')) from--;
  const word = /^[\w$]+/.exec(text.slice(from, offset + 256))?.[0];
  if (word === undefined) return { file, offset: start };
  const like = new RegExp(`(?<![\\w$])${word.replace(/\$/g, '\\$')}(?![\\w$])`, 'g');
  const before = [...text.slice(lineStart, from).matchAll(like)].length;
  const end = line < source.lines.lineCount ? source.lines.lineStart(line + 1) : source.text.length;
  const found = [...source.text.slice(start, end).matchAll(like)];
  const match = found[before] ?? found.at(-1);
  return { file, offset: match ? start + match.index + (offset - from) : start };
}

function fileOf(written: string, cwd: string): string {
  const path = written.replace(/\\(\d{3}|.)/g, (_, one: string) => (one.length === 3 ? String.fromCharCode(parseInt(one, 8)) : one));
  if (path.startsWith('<')) return path;
  return isAbsolute(path) ? joinPath(path, '.') : joinPath(cwd, path);
}

function lastBefore<T extends { readonly start: number }>(list: readonly T[], offset: number): T | undefined {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.start ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return list[low - 1];
}
