/** The native helper as a C program sees it: header and library agree, and records come through. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(path.dirname(here));
const folder = path.join(root, 'native/target/release');

test('a C program reads records through the header', ({ skip, onTestFinished }) => {
  skip(process.platform === 'win32', 'the C compiler of this test is gcc or clang');
  skip(spawnSync('cc', ['--version']).status !== 0, 'no C compiler: install gcc or clang');
  const library = ['libffi_lint_native.so', 'libffi_lint_native.dylib'].map((name) => path.join(folder, name)).find(existsSync);
  if (!library) return skip('the native helper is not built: install cargo');

  const work = mkdtempSync(path.join(tmpdir(), 'ffi-lint-native-'));
  onTestFinished(() => rmSync(work, { recursive: true, force: true }));
  const program = path.join(work, 'caller');
  const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', `-I${path.join(root, 'native/include')}`];
  const built = spawnSync('cc', [...flags, path.join(here, 'caller.c'), library, `-Wl,-rpath,${folder}`, '-o', program], {
    encoding: 'utf8',
  });
  expect(built.stderr).toBe('');

  const input = path.join(work, 'records');
  writeFileSync(input, 'junk@FFI1|1,16,8!\0@FFI1|2,!@FFI1|3!');
  const run = (file: string) => spawnSync(program, [file], { encoding: 'utf8' });
  expect(run(input)).toMatchObject({ status: 0, stdout: '4: 1 16 8\n27: 3\nrejected 1\n' });
  expect(run(path.join(work, 'missing'))).toMatchObject({ status: 1, stdout: expect.stringMatching(/missing: No such file/) });
});
