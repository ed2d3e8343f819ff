/** The filter of a text's words never denies one that stands there. */
import { describe, expect, test } from 'vitest';
import { wordFilter, wordTest } from '../../server/src/base/word-filter.ts';

describe('word filter', () => {
  const text = 'pub fn open_file(path: &str) -> u8 { /* r#type, naïve */ a1::B_2("last") }';

  test('says yes to every word of the text', () => {
    const filter = wordFilter(text);
    for (const word of text.match(/[A-Za-z0-9_]+/g) ?? []) expect(wordTest(word)(filter), word).toBe(true);
  });

  test('says no to most other words', () => {
    const filter = wordFilter(text);
    const others = Array.from({ length: 200 }, (_, i) => `other_${i}`);
    expect(others.filter((word) => wordTest(word)(filter)).length).toBeLessThan(60);
  });

  test('does not judge what is no ASCII word', () => {
    expect(wordTest('naïve')(wordFilter(''))).toBe(true);
    expect(wordTest('')(wordFilter(''))).toBe(true);
  });

  test('knows no word of an empty text', () => {
    expect(wordTest('open')(wordFilter(''))).toBe(false);
  });
});
