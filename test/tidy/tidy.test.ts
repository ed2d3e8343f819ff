/** What every file of the project keeps to. */
import { expect, test } from 'vitest';
import { faults, read, sources } from './sources.ts';

const MOST_LINES = 500;
const CORE = /^server\/src\/(base|syntax|model|abi|analysis|probe|generate|rules|config|engine|report)\//;

const scripts = ['server', 'client', 'test', 'scripts'].flatMap((folder) => sources(folder, /\.(ts|mjs)$/));
const rust = sources('native', /\.rs$/);
const texts = sources('', /\.(ts|mts|mjs|cjs|rs|c|h|py|md|json|toml|sh|yml|yaml)$/).filter(({ path }) => path !== 'package-lock.json');

/** A line without its comments and with empty strings; good enough for one-line questions. */
function code(line: string): string {
  return line
    .replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''")
    .replace(/\/\*.*?(\*\/|$)|\/\/.*$/g, '')
    .replace(/^\s*\*.*$/, '');
}

test('files stay small', () => {
  const long = [...scripts, ...rust].filter(({ text }) => text.split('\n').length > MOST_LINES + 1);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test('each file starts with one sentence that says what it is', () => {
  const opening = /^(#!.*\n)?\/\*\* .+/;
  const silent = [
    ...scripts.filter(({ text }) => !opening.test(text)),
    ...rust.filter(({ text }) => !/^\/\/! .+/.test(text)),
    ...sources('', /^[^/]+\.mts$/).filter(({ text }) => !opening.test(text)),
  ];
  expect(silent.map(({ path }) => path)).toEqual([]);
});

test('types are not given up', () => {
  const given = /(:|<|\bas|\||&|=>)\s*any\b|\bany\[\]/;
  const typed = scripts.filter(({ path }) => path.endsWith('.ts'));
  expect(faults(typed, (line) => (given.test(code(line)) ? line.trim() : null))).toEqual([]);
  // A test may hand in a part of a thing for the whole; the product may not.
  const product = typed.filter(({ path }) => !path.startsWith('test/'));
  expect(faults(product, (line) => (/\bas unknown as\b|@ts-(ignore|nocheck|expect-error)/.test(line) ? line.trim() : null))).toEqual([]);
});

test('the core prints nothing', () => {
  const core = scripts.filter(({ path }) => CORE.test(path));
  expect(faults(core, (line) => (/\bconsole\./.test(code(line)) ? line.trim() : null))).toEqual([]);
});

test('nothing is left for later, and no test is left out', () => {
  const later = new RegExp(`\\b(${['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X', 'HA' + 'CK'].join('|')})\\b`);
  expect(faults(texts, (line) => (later.test(line) ? line.trim() : null))).toEqual([]);
  const left = /\b(test|it|describe)\.(only|skip|todo)\(/;
  expect(faults(sources('test', /\.ts$/), (line) => (left.test(code(line)) ? line.trim() : null))).toEqual([]);
});

test("no path of somebody's machine is written down", () => {
  const machine = new RegExp(`(^|[\\s'"\`(=])/(${['wo' + 'rk', 'ro' + 'ot'].join('|')})/`);
  expect(faults(texts, (line) => (machine.test(line) ? line.trim() : null))).toEqual([]);
});

test('the versions of package, native helper and first release agree', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  expect(read('native/Cargo.toml')).toContain(`version = "${version}"`);
  expect(read('CHANGELOG.md')).toContain(`## ${version}`);
});
