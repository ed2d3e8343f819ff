/** What is kept of earlier parses never differs from a fresh parse, whatever is edited in between. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { ItemContext } from '../../server/src/model/resolve/input.ts';
import type { Item } from '../../server/src/model/rust/ast-item.ts';
import { createParsedItems, moved } from '../../server/src/engine/parsed-items.ts';
import { indexRustFile } from '../../server/src/model/extract/rust/index-file.ts';
import { parseItem } from '../../server/src/model/extract/rust/parse-item.ts';
import { parsePage } from '../support/literate.ts';
import { testParsers } from '../support/parsers.ts';

/** Stands for a parsed item: knows only the text that it came from. */
function standIn(text: string): Item {
  return { name: text } as unknown as Item;
}

function cache() {
  let parses = 0;
  const items = createParsedItems((text, at) => {
    parses++;
    return standIn(text.slice(at.start, at.end));
  });
  const ask = (text: string, start: number, end: number, context: ItemContext = 'module') =>
    items.parse('/a.rs', text, { start, end }, context)?.name;
  return { items, ask, parses: () => parses };
}

test('an unchanged item is parsed once, one before an edit is kept', () => {
  const { items, ask, parses } = cache();
  expect([ask('aaabbb', 0, 3), ask('aaabbb', 3, 6), ask('aaabbb', 0, 3)]).toEqual(['aaa', 'bbb', 'aaa']);
  expect(parses()).toBe(2);
  items.outdate('/a.rs', 'aaabbb');
  expect([ask('aaabXb', 0, 3), ask('aaabXb', 3, 6)]).toEqual(['aaa', 'bXb']);
  expect(parses()).toBe(3);
});

test('what stands behind an edit is moved', () => {
  let parses = 0;
  const items = createParsedItems((text, at) => {
    parses++;
    return { name: text.slice(at.start, at.end), span: { ...at }, members: [{ span: { ...at } }] } as unknown as Item;
  });
  const ask = (text: string, start: number, end: number) => items.parse('/a.rs', text, { start, end }, 'module');
  ask('aaabbbccc', 3, 6);
  const before = ask('aaabbbccc', 6, 9);
  items.outdate('/a.rs', 'aaabbbccc');
  const at = { start: 7, end: 10 };
  expect(ask('aaabXbbccc', 7, 10)).toEqual({ name: 'ccc', span: at, members: [{ span: at }] });
  expect(ask('aaabXbbccc', 3, 7)).toMatchObject({ name: 'bXbb' });
  expect(parses).toBe(3);
  expect(before).toMatchObject({ span: { start: 6, end: 9 } });
});

test("every item of the rules' pages that is moved is the same as one that is parsed there", async () => {
  const parsers = await testParsers();
  const folder = path.resolve(import.meta.dirname, '../rules');
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
  let count = 0;
  for (const page of pages.filter((_, i) => i % 4 === 0)) {
    for (const { text } of parsePage(readFileSync(path.join(folder, page), 'utf8'), page).flatMap(({ blocks }) => blocks.slice(0, 1))) {
      const index = indexRustFile(text);
      for (const i of index.top) {
        const span = index.entries[i]?.span;
        const item = span && parseItem(parsers, text, span, 'module');
        if (!item) continue;
        const there = parseItem(parsers, `////${text}`, { start: span.start + 4, end: span.end + 4 }, 'module');
        expect(moved(item, 4)).toEqual(there);
        expect(repeated(item), page).toEqual([]);
        count++;
      }
    }
  }
  expect(count).toBeGreaterThan(200);
});

/** Nodes that stand in more than one place. */
function repeated(item: Item): readonly unknown[] {
  const seen = new Set<object>();
  const out: unknown[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (seen.has(value) && 'kind' in value) out.push(value);
    seen.add(value);
    for (const part of Object.values(value)) walk(part);
  };
  walk(item);
  return out;
}

test('a text that comes back after two edits is not taken for the one in between', () => {
  const { items, ask } = cache();
  expect(ask('one', 0, 3)).toBe('one');
  items.outdate('/a.rs', 'one');
  expect(ask('two', 0, 3)).toBe('two');
  items.outdate('/a.rs', 'two');
  expect(ask('one', 0, 3)).toBe('one');
  items.outdate('/a.rs', 'one');
  items.outdate('/a.rs', 'never asked');
  expect(ask('one', 0, 3)).toBe('one');
});

test('random edits, with the seed in the name of what fails', () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000);
  let state = seed + 1;
  const random = (below: number) => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state % below;
  };
  const { items, ask } = cache();
  let text = 'abcdefghijklmnopqrstuvwxyz';
  for (let step = 0; step < 2000; step++) {
    const start = random(20);
    const end = start + 1 + random(6);
    expect(ask(text, start, end), `FUZZ_SEED=${seed}, step ${step}`).toBe(text.slice(start, end));
    if (random(3) === 0) {
      items.outdate('/a.rs', text);
      const at = random(text.length);
      text = text.slice(0, at) + 'abc'[random(3)] + text.slice(at + random(2));
      if (text.length > 40) text = text.slice(0, 26);
    }
  }
});
