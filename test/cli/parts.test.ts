/** Reports on a part of the files: what they say of pairs of which only one side is among them, and shares of a whole. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { found, MANIFEST, run } from './support.ts';

const JSON_OUT = ['--output-format', 'json', '--isolated'];

const RUST = '#[no_mangle]\npub extern "C" fn clamp_level(level: i32) -> i32 {\n    level.clamp(0, 9)\n}\n';
const FILES = {
  'Cargo.toml': MANIFEST,
  'src/lib.rs': RUST,
  'include/level.h': 'int clamp_level(int level);\n',
  'level.py': [
    'import ctypes',
    'lib = ctypes.CDLL("libsample.so")',
    'lib.clamp_level.argtypes = [ctypes.c_int]',
    'lib.clamp_level.restype = ctypes.c_int',
    'print(lib.clamp_level(3))',
    '',
  ].join('\n'),
};

function repository(files: Readonly<Record<string, string>>) {
  const folder = tempFolder(files);
  const git = (...args: string[]) => spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: folder });
  git('init', '-q');
  git('add', '-A');
  git('commit', '-qm', 'one');
  return { folder, git };
}

describe('of a pair, one side of which changed', () => {
  it('tells the finding that stands in the unchanged Rust file', async () => {
    const { folder, git } = repository(FILES);
    expect(found(await run(folder, [...JSON_OUT]))).toEqual([]);
    writeFileSync(join(folder, 'include/level.h'), 'int clamp_level(int level, int most);\n');
    const told = ['src/lib.rs:2 signature-arity'];
    expect(found(await run(folder, [...JSON_OUT, '--changed']))).toEqual(told);
    expect(found(await run(folder, [...JSON_OUT, '--staged']))).toEqual([]);
    git('add', '-A');
    expect(found(await run(folder, [...JSON_OUT, '--staged']))).toEqual(told);
    expect(found(await run(folder, [...JSON_OUT, 'include/level.h']))).toEqual(told);
    expect(found(await run(folder, [...JSON_OUT, 'level.py']))).toEqual([]);
  });

  it('tells the finding that stands in the unchanged Python file', async () => {
    const { folder } = repository(FILES);
    writeFileSync(join(folder, 'src/lib.rs'), RUST.replace('-> i32', '-> i64').replace('clamp(0, 9)', 'clamp(0, 9).into()'));
    const told = found(await run(folder, [...JSON_OUT, '--changed', '--only', 'ctypes-return-type']));
    expect(told).toEqual(['level.py:4 ctypes-return-type']);
  });

  it('keeps to what the other file hides, and complains of nothing else there', async () => {
    const ignore = '// ffi-lint: ignore[signature-arity] -- the header is of the next release\n';
    const unused = '// ffi-lint: ignore[repr-c-missing] -- of old\nconst LEVELS: i32 = 9;\n';
    const { folder } = repository({ ...FILES, 'src/lib.rs': `${unused}${ignore}${RUST}` });
    writeFileSync(join(folder, 'include/level.h'), 'int clamp_level(int level, int most);\n');
    expect(found(await run(folder, [...JSON_OUT, '--changed']))).toEqual([]);
    expect(found(await run(folder, JSON_OUT))).toEqual(['src/lib.rs:1 unused-suppression']);
  });

  it('leaves out what the configuration excludes', async () => {
    const { folder } = repository(FILES);
    writeFileSync(join(folder, 'include/level.h'), 'int clamp_level(int level, int most);\n');
    expect(found(await run(folder, [...JSON_OUT, '--changed', '--exclude', 'src/**']))).toEqual([]);
  });
});
