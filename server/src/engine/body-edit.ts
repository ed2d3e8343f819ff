/** Tells whether a file's text changed inside of one fn body alone, so that nothing else of it says anything else than before. */
import type { Span } from '../base/text.ts';
import { sliceSpan } from '../base/text.ts';
import type { Entry, FileIndex } from '../model/rust/file-index.ts';
import type { Change } from './parsed-items.ts';
import { changeOf } from './parsed-items.ts';

export interface Version {
  readonly text: string;
  readonly index: FileIndex;
  /** Whether the file is among those in which a word may stand. */
  mayName(word: string): boolean;
}

export interface BodyEdit {
  /** What was replaced, in the text of before. */
  readonly replaced: Span;
  /** How far what stands behind it moved. */
  readonly by: number;
  /** Whether a pattern matches a stretch of the text of now. */
  matches(at: Span, pattern: RegExp): boolean;
  /** Whether it may be another answer now where a word stands. */
  mayTell(word: string): boolean;
}

/** null where more may have changed than what one fn does: a signature, a name, an attribute, a macro, brackets. */
export function bodyEdit(before: Version, after: Version): BodyEdit | null {
  const change = changeOf(before.text, after.text);
  const replaced = { start: change.start, end: change.end - change.by };
  const { index } = before;
  const around = index.entries.filter(({ span }) => span.start <= replaced.end && replaced.start <= span.end);
  if (!around.some(({ kind }) => kind === 'fn') || !around.every((entry) => holds(entry, replaced))) return null;
  if (!index.balanced || !isSame(index, after.index, replaced, change.by)) return null;
  const words = wordsAt(before.text, after.text, change);
  return {
    replaced,
    by: change.by,
    matches: (at, pattern) => pattern.test(sliceSpan(after.text, at)),
    mayTell: (word) => words.has(word) || !WORDS.test(word) || before.mayName(word) !== after.mayName(word),
  };
}

/** Where an offset of before is now; null for one at the place of the edit. */
export function movedOffset(offset: number, { replaced, by }: Pick<BodyEdit, 'replaced' | 'by'>): number | null {
  if (offset < replaced.start) return offset;
  return offset > replaced.end ? offset + by : null;
}

/** What stands in other entries than fns (a foreign item's signature, a macro's arguments) is more than a body. */
function holds({ kind, bodySpan }: Entry, { start, end }: Span): boolean {
  if (kind !== 'fn' && kind !== 'impl' && kind !== 'trait' && kind !== 'mod') return false;
  return bodySpan !== null && bodySpan.start < start && end < bodySpan.end;
}

/** The tables of contents are the same but for the places, which moved. */
function isSame(before: FileIndex, after: FileIndex, replaced: Span, by: number): boolean {
  function same(one: unknown, other: unknown, key: string): boolean {
    if (typeof one === 'number' && (key === 'start' || key === 'end')) return movedOffset(one, { replaced, by }) === other;
    if (typeof one !== 'object' || one === null) return one === other;
    if (typeof other !== 'object' || other === null) return false;
    const [mine, others] = [Object.entries(one), Object.entries(other)];
    return mine.length === others.length && mine.every(([name, value], i) => others[i]?.[0] === name && same(value, others[i]?.[1], name));
  }
  return same({ ...before, length: 0 }, { ...after, length: 0 }, '');
}

const WORD = /[\p{L}\p{N}_]/u;
const WORDS = /^[\p{L}\p{N}_]+$/u;

/** The words that stand at the place, before or now; of all others it is the same as before where they stand. */
function wordsAt(before: string, after: string, { start, end, by }: Change): ReadonlySet<string> {
  let from = start;
  while (from > 0 && WORD.test(after[from - 1] ?? ' ')) from--;
  let to = end;
  while (to < after.length && WORD.test(after[to] ?? ' ')) to++;
  const texts = [before.slice(from, to - by), after.slice(from, to)];
  return new Set(texts.flatMap((text) => [...(text.match(/[\p{L}\p{N}_]+/gu) ?? []), ...(text.match(/\w+/g) ?? [])]));
}
