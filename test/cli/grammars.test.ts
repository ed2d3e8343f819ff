/** Grammars are loaded for the languages that a run has files of. */
import { copyFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { installedParsers } from '../../server/src/cli/parsers.ts';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '../..');
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function installation(...languages: readonly string[]): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-grammars-'));
  folders.push(folder);
  mkdirSync(path.join(folder, 'grammars'));
  for (const name of ['web-tree-sitter', ...languages.map((language) => `tree-sitter-${language}`)])
    copyFileSync(path.join(root, 'grammars', `${name}.wasm`), path.join(folder, 'grammars', `${name}.wasm`));
  return folder;
}

const NONE = { headers: [], python: [], javascript: [] };

it('a run over Rust alone needs the grammar of Rust alone', async () => {
  const parsers = await installedParsers(installation('rust'), NONE);
  expect(parsers.parse('rust', 'fn f() {}', 0).hasError(0)).toBe(false);
});

it('headers, and texts of C in JavaScript, need that of C', async () => {
  const only = installation('rust');
  for (const files of [
    { ...NONE, headers: ['/w/a.h'] },
    { ...NONE, javascript: ['/w/a.js'] },
  ])
    await expect(installedParsers(only, files)).rejects.toThrow(/the grammars in .* cannot be loaded: that of c is missing or broken/);
  const both = await installedParsers(installation('rust', 'c'), { ...NONE, headers: ['/w/a.h'] });
  expect(both.parse('c', 'int f(void);', 0).hasError(0)).toBe(false);
});

it('Python needs both, and so does a run that does not say what it looks at', async () => {
  await expect(installedParsers(installation('rust', 'c'), { ...NONE, python: ['/w/a.py'] })).rejects.toThrow('that of python');
  await expect(installedParsers(installation('rust', 'c'))).rejects.toThrow('that of python');
});
