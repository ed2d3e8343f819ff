/** Notes which texts a piece of work reads, at the few doors through which texts and bodies are asked for. */
import type { Span } from './text.ts';

/** What was read of a workspace's texts. What hangs on no fn's body (names, signatures, attributes) is not noted. */
export interface Reads {
  /** By path, starts and ends in turns, in UTF-16 offsets; an end may lie behind the text's. */
  readonly spans: Map<string, number[]>;
  /** Of a stretch only whether it matches a pattern, by path. Each test belongs to one of these alone: its place may be changed. */
  readonly tests: Map<string, Test[]>;
  /** Words for which it was asked where they stand. */
  readonly words: Set<string>;
}

export interface Test {
  start: number;
  end: number;
  readonly pattern: RegExp;
  readonly matches: boolean;
}

export function nothingRead(): Reads {
  return { spans: new Map(), tests: new Map(), words: new Set() };
}

/** The work under way; work is synchronous, so that there is at most one. */
let current: Reads | null = null;

export function noteSpan(path: string, { start, end }: Span): void {
  if (!current) return;
  const known = current.spans.get(path);
  if (!known) current.spans.set(path, [start, end]);
  // Asked for again and again, mostly in a row.
  else if (known.at(-2) !== start || known.at(-1) !== end) known.push(start, end);
}

export function noteTest(path: string, { start, end }: Span, pattern: RegExp, matches: boolean): void {
  if (!current) return;
  const known = current.tests.get(path);
  const test = { start, end, pattern, matches };
  if (known) known.push(test);
  else current.tests.set(path, [test]);
}

export function noteText(path: string): void {
  if (current) noteSpan(path, EVERYTHING);
}

export function noteWord(word: string): void {
  current?.words.add(word);
}

/** All of a text. */
export const EVERYTHING: Span = { start: 0, end: Number.MAX_SAFE_INTEGER };

/** Notes in `reads` what the work reads, and for the work around it too. */
export function noting<T>(reads: Reads, work: () => T): T {
  const outer = current;
  current = reads;
  try {
    return work();
  } finally {
    current = outer;
    if (outer) replay(reads);
  }
}

function replay({ spans, tests, words }: Reads): void {
  for (const [path, list] of spans) for (let i = 0; i < list.length; i += 2) noteSpan(path, { start: list[i] ?? 0, end: list[i + 1] ?? 0 });
  for (const [path, list] of tests) for (const test of list) noteTest(path, test, test.pattern, test.matches);
  for (const word of words) noteWord(word);
}

/** What was made once, with what was read for it. */
export interface Made<T> {
  readonly value: T;
  readonly reads: Reads;
}

/** Makes something once for a key; whoever asks for it has read what it was made from. */
export function madeOnce<K extends object, T>(table: WeakMap<K, Made<T>>, key: K, make: () => T): T {
  const before = table.get(key);
  if (before) {
    if (current) replay(before.reads);
    return before.value;
  }
  const reads = nothingRead();
  const made = { value: noting(reads, make), reads };
  table.set(key, made);
  return made.value;
}
