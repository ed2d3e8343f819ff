/** Verdicts on findings in published crates: the file keeps its format, and findings without a verdict stand out. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { compareVerdicts, countBy, parseVerdicts, precision, verdictTable } from '../../scripts/ecosystem-verdicts.mjs';

const root = path.join(import.meta.dirname, '../..');
const rows = parseVerdicts(readFileSync(path.join(root, 'test/ecosystem/verdicts.tsv'), 'utf8'));

describe('verdicts.tsv', () => {
  it('names each place once, and pinned crates only', () => {
    const keys = rows.map(({ crate, version, file, line, rule }) => `${crate} ${version} ${file}:${line} ${rule}`);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    const pinned = ['crates.json', 'unseen.json'].flatMap(
      (list) => JSON.parse(readFileSync(path.join(root, 'test/ecosystem', list), 'utf8')) as { name: string; version: string }[],
    );
    const known = new Set(pinned.map(({ name, version }) => `${name} ${version}`));
    expect([...new Set(rows.map(({ crate, version }) => `${crate} ${version}`))].filter((crate) => !known.has(crate))).toEqual([]);
  });

  it('gives reasons of twelve words at most', () => {
    expect(rows.filter(({ why }) => why.split(/\s+/).length > 12)).toEqual([]);
  });

  it('refuses a row with an unknown verdict', () => {
    expect(() => parseVerdicts('a\t1.0.0\tsrc/lib.rs\t3\tsome-rule\tperhaps\twhy')).toThrow('verdicts.tsv:1');
  });
});

describe('compareVerdicts', () => {
  const place = { crate: 'a', version: '1.0.0', file: 'src/lib.rs', rule: 'some-rule' };
  const text = [
    '# comment',
    'a\t1.0.0\tsrc/lib.rs\t3\tsome-rule\tright\tC passes null',
    'a\t1.0.0\tsrc/lib.rs\t9\tsome-rule\twrong\tchecked',
  ];
  const compared = compareVerdicts(
    [
      { ...place, line: 3 },
      { ...place, line: 5 },
    ],
    parseVerdicts(text.join('\n')),
    [place],
  );

  it('tells what is judged, what is not, and what is gone', () => {
    expect(compared.judged.map(({ row }) => row?.verdict ?? null)).toEqual(['right', null]);
    expect(compared.gone.map(({ line }) => line)).toEqual([9]);
    const [count] = countBy('rule', compared);
    expect(count).toMatchObject({ name: 'some-rule', findings: 2, right: 1, unjudged: 1, gone: 1 });
  });

  it('counts what is gone where nothing is left', () => {
    const none = compareVerdicts([], parseVerdicts(text.join('\n')), [place]);
    expect(none.gone).toHaveLength(2);
    expect(compareVerdicts([], parseVerdicts(text.join('\n')), []).gone).toEqual([]);
  });

  it('prints a table with the share of what was judged', () => {
    const lines = verdictTable('rule', countBy('rule', compared)).split('\n');
    expect(lines.at(-2)).toBe('| `some-rule` | 2 | 1 | 0 | 0 | 1 | 100.0 % | 1 |');
    expect(lines.at(-1)).toMatch(/^\| all \| 2 /);
    expect(precision({ right: 0, debatable: 0, wrong: 0 })).toBe('–');
  });
});
