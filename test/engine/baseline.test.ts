/** The baseline and the fingerprints: what survives moved lines. */
import { expect, it } from 'vitest';
import { applyBaseline, baselineOf, formatBaseline, parseBaseline } from '../../server/src/engine/baseline.ts';
import { withFingerprints } from '../../server/src/engine/fingerprint.ts';
import type { Finding } from '../../server/src/engine/finding.ts';

/** A finding of `a-rule` at each place of `word` in /w/a.rs. */
function findingsAt(text: string, word: string): readonly Finding[] {
  return [...text.matchAll(new RegExp(word, 'g'))].map((found) => ({
    rule: 'a-rule',
    group: 'types',
    severity: 'error',
    message: 'm',
    at: { file: '/w/a.rs', span: { start: found.index, end: found.index + word.length } },
    related: [],
    help: null,
    note: null,
    url: '',
    fingerprint: '',
    fixes: [],
    target: null,
    suppressed: null,
  }));
}

const input = (text: string) => ({ relative: (file: string) => file.replace('/w/', ''), text: () => text });
const always = () => true;

it('hides as many equal findings as it counts, wherever they have moved', () => {
  const baseline = baselineOf(findingsAt('A B A', 'A'), input('A B A'));
  const later = '\n\nA\nA A';
  const { findings, stale } = applyBaseline(findingsAt(later, 'A'), baseline, input(later), always);
  expect(findings.map(({ suppressed }) => suppressed)).toEqual(['baseline', 'baseline', null]);
  expect(stale).toEqual([]);
});

it('says what is stale and shrinks, but only where this run could tell', () => {
  const baseline = baselineOf(findingsAt('A A', 'A'), input('A A'));
  const gone = applyBaseline(findingsAt('A', 'A'), baseline, input('A'), always);
  expect(gone.stale.map(({ count }) => count)).toEqual([1]);
  expect(gone.pruned.entries.map(({ count }) => count)).toEqual([1]);
  const unchecked = applyBaseline([], baseline, input(''), () => false);
  expect(unchecked.stale).toEqual([]);
  expect(unchecked.pruned.entries.map(({ count }) => count)).toEqual([2]);
});

it('is a file that people can read and merge', () => {
  const baseline = baselineOf(findingsAt('A', 'A'), input('A'));
  const text = formatBaseline(baseline);
  expect(text).toBe(
    '{\n  "version": 1,\n  "findings": [\n    {"file":"a.rs","rule":"a-rule","hash":"' +
      `${baseline.entries[0]?.hash}` +
      '","count":1}\n  ]\n}\n',
  );
  expect(parseBaseline(text)).toEqual(baseline);
  expect(parseBaseline(formatBaseline({ entries: [] }))).toEqual({ entries: [] });
});

it.each([
  ['{', 'is not valid JSON'],
  ['[]', 'is not a baseline of version 1'],
  ['{"version": 1}', 'has no list'],
  ['{"version": 1, "findings": [{"file": "a"}]}', 'has entries without'],
])('says what is wrong with %s', (text, message) => {
  expect(JSON.stringify(parseBaseline(text))).toContain(message);
});

it('gives fingerprints that do not depend on lines or spaces, and tell equal findings apart', () => {
  const prints = (text: string, word: string) =>
    withFingerprints(findingsAt(text, word), input(text)).map(({ fingerprint }) => fingerprint);
  expect(prints('A', 'A')).toEqual(prints('\n\n  A', 'A'));
  expect(prints('f( x )', 'f\\( x \\)').length).toBe(1);
  const [first, second] = prints('A A', 'A');
  expect(first).not.toBe(second);
  expect(prints('A', 'A')[0]).toMatch(/^[0-9a-f]{16}$/);
});
