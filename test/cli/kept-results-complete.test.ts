/** All that a check asks of the disk is noted with its results: nothing else could tell that they still hold. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { createRandom } from '../abi/fuzz/random.ts';
import { workspaceOfPages } from '../engine/edits/pages.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { run } from './support.ts';

const { asked } = vi.hoisted(() => ({ asked: new Set<string>() }));

/** Every function that takes a path notes it. */
vi.mock('node:fs', async (original) => {
  const fs = await original<Record<string, unknown>>();
  const noting = (one: (...args: readonly unknown[]) => unknown): unknown => {
    const noted = (...args: readonly unknown[]): unknown => {
      if (typeof args[0] === 'string') asked.add(args[0].replace(/\\/g, '/'));
      return one(...args);
    };
    return Object.assign(noted, Object.fromEntries(Object.entries(one).map(([name, inner]) => [name, noting(inner)])));
  };
  const isPlain = (value: unknown): value is (...args: readonly unknown[]) => unknown =>
    typeof value === 'function' && /^[a-z]/.test(value.name);
  return Object.fromEntries(Object.entries(fs).map(([name, value]) => [name, isPlain(value) ? noting(value) : value]));
});

const root = path.resolve(import.meta.dirname, '../..');

/** Code of all kinds, and what cargo keeps of a compilation. */
function workspace(): string {
  const texts = [...workspaceOfPages(root, 12, createRandom(20))].map(([file, text]) => [file.replace('/w/', ''), text] as const);
  const print = 'p0_0/target/debug/.fingerprint/p0_0-0123456789abcdef/output-lib-p0_0';
  return tempFolder({ ...Object.fromEntries(texts), [print]: '', '.gitignore': 'target\n', '.git/info/exclude': 'x\n' });
}

test.each<[string, () => string]>([
  ['the example', () => path.join(root, 'examples')],
  ['a workspace of all kinds of code', workspace],
])('%s', async (_, folder) => {
  const cwd = folder();
  const cache = tempFolder();
  const program = path.join(tempFolder({ program: '' }), 'program');
  asked.clear();
  const { code } = await run(cwd, ['check', '--isolated'], { env: { XDG_CACHE_HOME: cache }, program });
  expect(code).toBeLessThan(2);
  const [file = ''] = readdirSync(`${cache}/ffi-lint/checks`);
  const [, line = ''] = readFileSync(`${cache}/ffi-lint/checks/${file}`, 'utf8').split('\n');
  const noted = JSON.parse(line) as { files: readonly (readonly [string])[]; others: readonly (readonly [string, string])[] };
  const known = new Set([...noted.files.map(([name]) => name), ...noted.others.map(([, name]) => name)]);
  // The machine's C library is part of its target, which the results' name depends on.
  const unknown = [...asked].filter((name) => !known.has(name) && !name.startsWith(cache) && !name.startsWith('/lib'));
  expect(asked.size).toBeGreaterThan(100);
  expect(unknown).toEqual([]);
});
