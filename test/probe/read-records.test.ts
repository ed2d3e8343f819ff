/** Records as TypeScript reads them: through the native helper, in a worker process that may crash or hang. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createRecordReader } from '../../server/src/probe/read-records.ts';
import type { RecordReader } from '../../server/src/probe/read-records.ts';
import { nativeFiles } from '../../server/src/probe/native-files.ts';
import { nodeFileSystem } from '../../server/src/host/file-system.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { root } from '../tidy/sources.ts';

const built = existsSync(join(root, 'dist/probe-worker.cjs')) && nativeFiles(nodeFileSystem(), root).library !== null;
const open: RecordReader[] = [];

afterEach(() => {
  for (const reader of open.splice(0)) reader.close();
});

function reader(folder: string, timeout = 20_000): RecordReader {
  const made = createRecordReader({ root: folder, timeout });
  open.push(made);
  return made;
}

/** An installation whose worker is this text, with a helper library that is never looked at. */
function installation(worker: string): string {
  const folder = tempFolder({ 'dist/probe-worker.cjs': worker });
  const release = join(folder, 'native/target/release');
  mkdirSync(release, { recursive: true });
  for (const name of ['libffi_lint_native.so', 'libffi_lint_native.dylib', 'ffi_lint_native.dll']) writeFileSync(join(release, name), '');
  return folder;
}

test('values of all records come through, in file order and as wide as they are', async ({ skip }) => {
  skip(!built, 'the native helper or its worker is not built: run `npm start`');
  const folder = tempFolder({ records: 'junk@FFI1|1,16,18446744073709551615!\0@FFI1|2,!@FFI1|3!', none: 'nothing here' });
  const records = reader(root);
  expect(await records.check()).toBe(null);
  expect(await records.read(join(folder, 'records'))).toEqual({
    records: [{ values: [1n, 16n, 0xffff_ffff_ffff_ffffn] }, { values: [3n] }],
    rejected: 1,
  });
  expect(await records.read(join(folder, 'none'))).toEqual({ records: [], rejected: 0 });
});

test('many records are read at once, questions queue', async ({ skip }) => {
  skip(!built, 'the native helper or its worker is not built: run `npm start`');
  const text = Array.from({ length: 1000 }, (_, at) => `@FFI1|${at},${'8,'.repeat(40)}1!`).join('\n');
  const folder = tempFolder({ many: text });
  const records = reader(root);
  const [first, second] = await Promise.all([records.read(join(folder, 'many')), records.read(join(folder, 'many'))]);
  expect(first).toEqual(second);
  expect('records' in first && first.records.length).toBe(1000);
  expect('records' in first && first.records[999]?.values.length).toBe(42);
});

/** Triples by the format of their objects, big-endian ones among them. */
const OBJECTS = [
  ['ELF, little-endian', 'x86_64-unknown-linux-gnu'],
  ['ELF, big-endian', 's390x-unknown-linux-gnu'],
  ['ELF, 32 bits, big-endian', 'powerpc-unknown-linux-gnu'],
  ['COFF', 'x86_64-pc-windows-msvc'],
  ['Mach-O', 'arm64-apple-darwin'],
  ['wasm', 'wasm32-unknown-unknown'],
] as const;

const clang = ['clang-19', 'clang'].find((name) => spawnSync(name, ['--version']).status === 0);

for (const [format, triple] of OBJECTS) {
  test(`records are read out of objects: ${format}`, async ({ skip }) => {
    skip(!built, 'the native helper or its worker is not built: run `npm start`');
    if (clang === undefined) return skip('clang is not installed');
    const folder = tempFolder({ 'probe.c': 'const char record[] = "@FFI1|7,4294967296,3!";\nint code(int x) { return x + 1; }\n' });
    const object = join(folder, 'probe.o');
    const made = spawnSync(clang, [`--target=${triple}`, '-c', join(folder, 'probe.c'), '-o', object], { encoding: 'utf8' });
    expect(made.stderr).toBe('');
    expect(await reader(root).read(object)).toEqual({ records: [{ values: [7n, 1n << 32n, 3n] }], rejected: 0 });
  });
}

test('what cannot be read is a failure that names the file', async ({ skip }) => {
  skip(!built, 'the native helper or its worker is not built: run `npm start`');
  const folder = tempFolder({});
  expect(await reader(root).read(join(folder, 'missing'))).toEqual({ failure: expect.stringContaining(join(folder, 'missing')) });
  expect(await reader(root).read(folder)).toEqual({ failure: expect.stringContaining(folder) });
});

test('without the helper there is a reason', async () => {
  const failure = expect.stringContaining('the native helper is not built for this platform');
  const bare = reader(tempFolder({}));
  expect(await bare.check()).toEqual(failure);
  expect(await bare.read('/anything')).toEqual({ failure });
});

test('a file that is no library, or that lacks the functions, is a failure', async ({ skip }) => {
  skip(!built, 'the native helper or its worker is not built: run `npm start`');
  const folder = installation('');
  mkdirSync(join(folder, 'real'));
  const worker = join(root, 'dist/probe-worker.cjs');
  writeFileSync(join(folder, 'dist/probe-worker.cjs'), `require(${JSON.stringify(worker)});`);
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  expect(await reader(folder).check()).toMatch(/^the native helper .*ffi_lint_native\.\w+ cannot be loaded: /);
});

test('a worker that crashes costs one answer, the next question gets a new one', async () => {
  const folder = installation(`
    process.on('message', ({ path }) => {
      if (path === '/crash') process.kill(process.pid, 'SIGSEGV');
      else if (path === '/exit') process.exit(7);
      else process.send({ ok: true, records: [{ values: [1n] }], rejected: 0 });
    });`);
  const records = reader(folder);
  const [crash, fine, exit, again] = await Promise.all(['/crash', '/fine', '/exit', '/again'].map((path) => records.read(path)));
  expect(crash).toEqual({ failure: 'the worker of the native helper was ended by SIGSEGV' });
  expect(exit).toEqual({ failure: 'the worker of the native helper ended with code 7' });
  expect(fine).toEqual({ records: [{ values: [1n] }], rejected: 0 });
  expect(again).toEqual(fine);
});

test('a worker that hangs is ended', async () => {
  const folder = installation(
    `process.on('message', ({ path }) => { while (path === '/hang'); process.send({ ok: true, records: [], rejected: 0 }); });`,
  );
  const records = reader(folder, 500);
  expect(await records.read('/hang')).toEqual({ failure: 'the worker of the native helper took longer than 0.5 s' });
  expect(await reader(folder).read('/fine')).toEqual({ records: [], rejected: 0 });
});
