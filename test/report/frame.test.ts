/** Code frames fit the terminal, with the marks under what they mean. */
import { describe, expect, it } from 'vitest';
import { frame } from '../../server/src/report/frame.ts';
import { createPlaces } from '../../server/src/report/places.ts';
import { summaryText } from '../../server/src/report/summary.ts';
import { sample } from './sample.ts';

const LINE = `pub unsafe extern "C" fn first(${Array.from({ length: 12 }, (_, i) => `argument_${i}: *const u8`).join(', ')}) {}`;

function framed(word: string, columns?: number): readonly string[] {
  const places = createPlaces('/w', () => LINE);
  const start = LINE.indexOf(word);
  const at = { file: '/w/lib.rs', span: { start, end: start + word.length } };
  const style = { color: false, hyperlinks: false, ...(columns === undefined ? {} : { columns }) };
  return frame(at, places, { mark: '^', paint: 'red', style, gutter: 4 });
}

describe('a long line', () => {
  it.each([
    ['first', 80],
    ['argument_3', 80],
    ['argument_11', 80],
    ['argument_7', 50],
    ['argument_7', 200],
    ['argument_7', undefined],
  ])('shows `%s` in %s columns', (word, columns) => {
    const [text = '', marks = ''] = framed(word, columns);
    expect(Math.max(text.length, marks.length)).toBeLessThanOrEqual(Math.min(columns ?? 149, 149));
    const from = marks.indexOf('^');
    expect(text.slice(from, from + word.length)).toBe(word);
    expect(marks.slice(from)).toBe('^'.repeat(word.length));
  });

  it('is cut no further in a terminal that is too narrow for anything', () => {
    expect(framed('argument_7', 5)[0]?.length).toBe(4 + 3 + 42);
  });
});

it('the summary has the colours of the findings', () => {
  const { result } = sample();
  const text = summaryText(result, { color: true, hyperlinks: false });
  expect(text).toContain('\u001b[1;31m2 errors\u001b[0m, \u001b[1;33m1 warning\u001b[0m');
  expect(text.replace(/\u001b\[[\d;]*m/g, '')).toBe(summaryText(result));
});
