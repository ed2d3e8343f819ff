/** What is kept of earlier parses never differs from a fresh parse, whatever is edited in between. */
import { expect, test } from 'vitest';
import type { ItemContext } from '../../server/src/model/resolve/input.ts';
import type { Item } from '../../server/src/model/rust/ast-item.ts';
import { createParsedItems } from '../../server/src/engine/parsed-items.ts';

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
