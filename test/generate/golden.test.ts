/** What `ffi-lint generate` writes; `npx vitest run test/generate/golden.test.ts -u` rewrites the files under golden/. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { run } from '../cli/support.ts';

const fixture = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../fixtures/bindings');
const LINUX = ['--target', 'x86_64-unknown-linux-gnu'];

const FILES = {
  c: 'bindings.h',
  ctypes: 'bindings_ctypes.py',
  cffi: 'bindings_cffi.py',
  koffi: 'bindings_koffi.mjs',
  deno: 'bindings_deno.ts',
  bun: 'bindings_bun.ts',
  csharp: 'Bindings.cs',
  asserts: 'asserts.rs',
};

describe('from Rust', () => {
  it.each(Object.entries(FILES))('%s', async (format, file) => {
    const { out } = await run(fixture, ['generate', format, 'src', ...LINUX]);
    await expect(out).toMatchFileSnapshot(`golden/${file}.txt`);
  });
});

describe('from a header', () => {
  it.each([
    ['rust', 'shapes.rs'],
    ['ctypes', 'shapes_ctypes.py'],
    ['cffi', 'shapes_cffi.py'],
    ['koffi', 'shapes_koffi.mjs'],
    ['csharp', 'Shapes.cs'],
    ['asserts', 'asserts.c'],
  ])('%s', async (format, file) => {
    const { out } = await run(fixture, ['generate', format, 'shapes.h', ...LINUX]);
    await expect(out).toMatchFileSnapshot(`golden/${file}.txt`);
  });
});
