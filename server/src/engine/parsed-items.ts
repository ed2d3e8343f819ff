/** Parsed items of earlier pictures, given out again while their text is the same: where it moved, with all places moved. */
import type { Span } from '../base/text.ts';
import type { ItemContext } from '../model/resolve/input.ts';
import type { Item } from '../model/rust/ast-item.ts';

type Parse = (text: string, at: Span, context: ItemContext) => Item | null;

/** By context and place. */
type Items = Map<string, Item | null>;

interface Known {
  items: Items;
  /** Those of the version before, and its text, from a change on: they may still hold. */
  older: Items;
  before: string | null;
  /** Where the text of now and the one before differ; null until somebody asks. */
  change: Change | null;
  /** Somebody asked since the last change. */
  asked: boolean;
}

/** All that differs between two texts, taken for one stretch that was replaced. */
export interface Change {
  readonly start: number;
  /** Its end in the new text. */
  readonly end: number;
  /** How far what stands behind it moved. */
  readonly by: number;
}

export interface ParsedItems {
  parse(path: string, text: string, at: Span, context: ItemContext): Item | null;
  /** The file changes; `text` is what its items were parsed from. */
  outdate(path: string, text: string): void;
  forget(path: string): void;
}

/** Expansions of macros are not kept: their paths are numbered anew in each picture. */
export function createParsedItems(parse: Parse): ParsedItems {
  const files = new Map<string, Known>();

  function again(known: Known, text: string, at: Span, context: ItemContext): Item | null | undefined {
    if (known.before === null) return undefined;
    known.change ??= changeOf(known.before, text);
    const { start, end, by } = known.change;
    if (at.end <= start) return known.older.get(keyOf(at, context));
    if (at.start < end) return undefined;
    const item = known.older.get(keyOf({ start: at.start - by, end: at.end - by }, context));
    return item && by !== 0 ? moved(item, by) : item;
  }

  return {
    parse(path, text, at, context) {
      if (path.includes('#')) return parse(text, at, context);
      let known = files.get(path);
      if (!known) {
        known = { items: new Map(), older: new Map(), before: null, change: null, asked: true };
        files.set(path, known);
      }
      known.asked = true;
      const key = keyOf(at, context);
      const now = known.items.get(key);
      if (now !== undefined) return now;
      const kept = again(known, text, at, context);
      const item = kept === undefined ? parse(text, at, context) : kept;
      known.items.set(key, item);
      return item;
    },
    outdate(path, text) {
      const known = files.get(path);
      // Of several changes in a row the first one's text is what the items were parsed from.
      if (!known?.asked) return;
      files.set(path, { items: new Map(), older: known.items, before: text, change: null, asked: false });
    },
    forget: (path) => void files.delete(path),
  };
}

function keyOf({ start, end }: Span, context: ItemContext): string {
  return `${context}:${start}:${end}`;
}

export function changeOf(before: string, after: string): Change {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  let same = 0;
  while (same < most - start && before.charCodeAt(before.length - 1 - same) === after.charCodeAt(after.length - 1 - same)) same++;
  return { start, end: after.length - same, by: after.length - before.length };
}

/** The same with all spans moved. Items are plain data in which every node stands once, and numbers are offsets. */
export function moved<T>(value: T, by: number): T {
  if (Array.isArray(value)) {
    const list: unknown[] = value.map((one: unknown) => moved(one, by));
    // What it is made of stays of the same kind.
    return list as T;
  }
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = { ...(value as object) };
  for (const key of Object.keys(copy)) {
    const part = copy[key];
    if (typeof part === 'number') copy[key] = part + by;
    else if (typeof part === 'object' && part !== null) copy[key] = moved(part, by);
  }
  return copy as T;
}
