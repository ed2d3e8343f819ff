/** Every pair of types of the compatibility table, on nine targets. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { compare } from '../../server/src/abi/compare/compare.ts';
import type { VerdictCode } from '../../server/src/abi/compare/verdict.types.ts';
import { peerShapes, resolvePeer, resolveRust, rustShape } from './type-matrix-shapes.ts';
import { target } from './layouts.ts';

/** What the table calls the verdicts. */
const WORDS: Readonly<Record<VerdictCode, string>> = {
  ok: 'OK',
  sign: 'SIGN',
  bool: 'BOOL-U8',
  'value-range': 'VALUE-RANGE',
  'scalar-value': 'SCALAR-VALUE',
  'pointer-integer': 'PTR-INT',
  'code-data': 'OK-CODE/DATA-PTR',
  layout: 'LAYOUT',
  'short-enums': 'COND:short-enums',
  nothing: 'RET-RULE',
  width: 'BAD:width',
  class: 'BAD:class',
  aggregate: 'BAD:agg-vs-scalar',
  kind: 'BAD',
  'fat-pointer': 'BAD:fat-pointer',
  'array-by-value': 'BAD:array-by-value',
  'va-list': 'BAD:va_list',
  unknown: 'COND',
};

/**
 * `COND` in the table: it depends on a setting. Where this table differs from an older one, that one was wrong:
 * - `i128` and `unsigned __int128` (and the reverse) have the same width and other signs;
 * - an integer and a `long double` of the same size (8 bytes on Windows, Apple and 32-bit Arm; 16 on Linux and WebAssembly) go in registers of other
 *   classes: clang's data layouts;
 * - `c_char` of ctypes has no sign of its own, it is a `bytes` of length one: it is C's `char`;
 * - C#'s `char` has one byte or two: what neither fits is wrong under any CharSet.
 */

interface Row {
  readonly rust: string;
  readonly language: string;
  readonly peer: string;
  /** One for each target. */
  readonly verdicts: readonly string[];
}

const text = readFileSync(new URL('../fixtures/type-matrix.txt', import.meta.url), 'utf8');
const TRIPLES = (text.split('\n')[1] ?? '').slice(2).split(' ');

function readTable(): readonly Row[] {
  const rows: Row[] = [];
  let rust = '';
  let verdicts: readonly string[] = [];
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('# ')) continue;
    if (line.startsWith('## ')) rust = line.slice(3);
    else if (line.startsWith('  ')) {
      const [language = '', ...peers] = line.slice(2).split('\t');
      rows.push(...peers.map((peer) => ({ rust, language, peer, verdicts })));
    } else {
      const words = line.split(' ');
      verdicts = words.length === 1 ? TRIPLES.map(() => line) : words;
    }
  }
  return rows;
}

const ROWS = readTable();

test('the table has a row for each of 59 Rust types and 199 peers', () => {
  expect(TRIPLES).toHaveLength(9);
  expect([ROWS.length, new Set(ROWS.map(({ rust }) => rust)).size]).toEqual([11_741, 59]);
});

describe.each(TRIPLES.map((triple, at) => ({ triple, at })))('$triple', ({ triple, at }) => {
  const on = target(triple);
  test('says what the table says', () => {
    const different = ROWS.flatMap(({ rust, language, peer, verdicts }) => {
      const rustSide = { shape: rustShape(rust), resolve: resolveRust };
      const all = peerShapes(language, peer).map((shape) => WORDS[compare(rustSide, { shape, resolve: resolvePeer }, on).code]);
      const said = new Set(all).size === 1 ? all[0] : 'COND';
      return said === verdicts[at] ? [] : [`${rust} × ${language} ${peer}: ${said}, not ${verdicts[at]}`];
    });
    expect(different).toEqual([]);
  });
});
