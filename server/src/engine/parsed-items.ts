/** Parsed items of earlier pictures, given out again while their text and place are the same. */
import type { Span } from '../base/text.ts';
import type { ItemContext } from '../model/resolve/input.ts';
import type { Item } from '../model/rust/ast-item.ts';

type Parse = (text: string, at: Span, context: ItemContext) => Item | null;

interface Entry {
  readonly item: Item | null;
  /** The version of the file for which it is known to hold. */
  version: number;
}

interface Known {
  readonly entries: Map<string, Entry>;
  version: number;
  /** The text of the version before, kept from a change on; its items may still hold. */
  before: string | null;
  /** Somebody asked since the last change. */
  asked: boolean;
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

  return {
    parse(path, text, at, context) {
      if (path.includes('#')) return parse(text, at, context);
      let known = files.get(path);
      if (!known) {
        known = { entries: new Map(), version: 0, before: null, asked: true };
        files.set(path, known);
      }
      known.asked = true;
      const key = `${context}:${at.start}:${at.end}`;
      const entry = known.entries.get(key);
      if (entry && (entry.version === known.version || (known.before !== null && same(known.before, text, at)))) {
        entry.version = known.version;
        return entry.item;
      }
      const item = parse(text, at, context);
      known.entries.set(key, { item, version: known.version });
      return item;
    },
    outdate(path, text) {
      const known = files.get(path);
      // Of several changes in a row the first one's text is what the items were parsed from.
      if (!known?.asked) return;
      for (const [key, entry] of known.entries) if (entry.version !== known.version) known.entries.delete(key);
      known.version++;
      known.before = text;
      known.asked = false;
    },
    forget: (path) => void files.delete(path),
  };
}

function same(before: string, after: string, at: Span): boolean {
  return before.length >= at.end && before.slice(at.start, at.end) === after.slice(at.start, at.end);
}
