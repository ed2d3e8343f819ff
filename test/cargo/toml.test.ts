/** TOML as plain values with their places. */
import { describe, expect, test } from 'vitest';
import { parseToml } from '../../server/src/syntax/toml.ts';
import { asStrings, get, getBoolean, getEntry, getString, getTable } from '../../server/src/syntax/toml-value.ts';
import type { TomlTable, TomlValue } from '../../server/src/syntax/toml-value.ts';

function parse(text: string): TomlTable {
  const { value, problem } = parseToml(text);
  if (value === null) throw new Error(problem?.message);
  return value;
}

/** Values without places. */
function plain(value: TomlValue): unknown {
  if (value.kind === 'array') return value.items.map(plain);
  if (value.kind === 'table') return Object.fromEntries([...value.entries].map(([key, entry]) => [key, plain(entry.value)]));
  return value.value;
}

test.each<[string, unknown]>([
  ['a = 1\nb = -31\nc = 1.5\nd = true\ne = "x\\ty"\nf = \'C:\\dir\'', { a: 1, b: -31, c: 1.5, d: true, e: 'x\ty', f: 'C:\\dir' }],
  ['a.b.c = 1\na.b.d = 2', { a: { b: { c: 1, d: 2 } } }],
  ['[a.b]\nx = 1\n[a]\ny = 2\n[a.c]\nz = 3', { a: { b: { x: 1 }, y: 2, c: { z: 3 } } }],
  [
    '[[a]]\nx = 1\n[a.b]\ny = 2\n[[a]]\nx = 3\n[[a.c]]\nz = 4',
    {
      a: [
        { x: 1, b: { y: 2 } },
        { x: 3, c: [{ z: 4 }] },
      ],
    },
  ],
  ['a = { b.c = 1, d = [1, { e = "f" }] }', { a: { b: { c: 1 }, d: [1, { e: 'f' }] } }],
  ['["a b".\'c.d\']\n"" = 1', { 'a b': { 'c.d': { '': 1 } } }],
  ['d = 2024-05-01T10:00:00Z', { d: '2024-05-01T10:00:00Z' }],
  ['', {}],
])('%j', (text, expected) => {
  expect(plain(parse(text))).toEqual(expected);
});

test('places are UTF-16 offsets, a byte order mark counts', () => {
  const text = '\uFEFF# ✓ 𝒳\n[package] # c\nname = "é𝒳"\n\n[[bin]]\n"path" = \'x\'\n';
  const root = parse(text);
  const shown = (at: { readonly start: number; readonly end: number } | null | undefined): string | null =>
    at ? text.slice(at.start, at.end) : null;
  expect(shown(getTable(root, 'package')?.header)).toBe('[package]');
  expect(shown(getTable(root, 'package')?.span)).toBe('[package] # c\nname = "é𝒳"');
  expect(shown(get(root, 'package', 'name')?.span)).toBe('"é𝒳"');
  expect(shown(getEntry(root, 'package', 'name')?.key)).toBe('name');
  const bins = get(root, 'bin');
  const [bin] = bins?.kind === 'array' ? bins.items : [];
  expect(bin?.kind === 'table' ? [shown(bin.header), shown(bin.entries.get('path')?.key)] : null).toEqual(['[[bin]]', '"path"']);
});

test('asking for what is not there or of another type', () => {
  const root = parse('a = 1\nb = ["x", 2, "y"]\nc = { d = true }');
  expect([getString(root, 'a'), getString(root, 'a', 'b'), getTable(root, 'b'), getString(null, 'a')]).toEqual([null, null, null, null]);
  expect(getBoolean(root, 'c', 'd')).toBe(true);
  expect(asStrings(get(root, 'b'))).toEqual(['x', 'y']);
});

describe('what is not TOML', () => {
  test.each([
    ['a = 1\nb = \nc = 2', 'line 2: a value is missing'],
    ['a = "x\n', 'line 1: '],
    ['a = 1\na = 2', 'line 2: defining a key multiple times is invalid'],
    ['[a]\n\n[a]', 'line 3: defining a key multiple times is invalid'],
    ['a = [1,\n 2', 'line 2: '],
    ['<<<<<<< HEAD\na = 1', 'line 1: unexpected character'],
    [`a = ${'['.repeat(10_000)}`, 'line 1: '],
    [`a = ${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'line 1: nested too deeply'],
  ])('%#', (text, message) => {
    const { value, problem } = parseToml(text);
    expect(value).toBeNull();
    expect(problem?.message).toContain(message);
    expect(problem && problem.span.start <= problem.span.end && problem.span.end <= text.length).toBe(true);
  });
});
