/** Reports on a part of the files: what they say of pairs of which only one side is among them, and shares of a whole. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readArguments } from '../../server/src/cli/arguments.ts';
import { cargoArguments } from '../../server/src/cli/layout/settings.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { found, MANIFEST, PAIR, run } from './support.ts';

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

describe('--shard', () => {
  it('gives each finding to one of the shares, manifests and unchanged sides too', async () => {
    const file = (name: string) => PAIR.replaceAll('Pair', `Pair${name}`).replace('pair_sum', `pair_${name}`);
    const names = ['a', 'b', 'c', 'd', 'e'];
    const { folder } = repository({
      ...FILES,
      ...Object.fromEntries(names.map((name) => [`src/${name}.rs`, file(name)])),
      'src/lib.rs': names.map((name) => `mod ${name};\n`).join('') + RUST,
      'include/level.h': 'int clamp_level(int level, int most);\n',
    });
    const whole = found(await run(folder, JSON_OUT));
    expect(whole.length).toBe(6);
    const shares = await Promise.all(['1/3', '2/3', '3/3'].map(async (share) => found(await run(folder, [...JSON_OUT, '--shard', share]))));
    expect(shares.flat().sort()).toEqual([...whole].sort());
    expect(shares.filter((share) => share.length > 0).length).toBeGreaterThan(1);
    writeFileSync(join(folder, 'include/level.h'), 'int clamp_level(int level, int most, int least);\n');
    const changed = await Promise.all(
      ['1/2', '2/2'].map(async (share) => found(await run(folder, [...JSON_OUT, '--changed', '--shard', share]))),
    );
    expect(changed.flat()).toEqual(['src/lib.rs:7 signature-arity']);
  });

  it('takes nothing out of the baseline, which the other shares need', async () => {
    const { folder } = repository({ ...FILES, 'src/lib.rs': PAIR });
    await run(folder, ['--write-baseline']);
    writeFileSync(join(folder, 'src/lib.rs'), RUST);
    for (const share of ['1/2', '2/2']) {
      expect((await run(folder, ['--shard', share], { env: { CI: 'true' } })).code).toBe(0);
      expect((await run(folder, ['--shard', share])).err).not.toContain('baseline');
    }
    expect((await run(folder, [], { env: { CI: 'true' } })).code).toBe(1);
  });

  it.each(['0/2', '3/2', '1', 'a/b', '1/0'])('refuses %s', async (share) => {
    const ran = await run(tempFolder(FILES), ['--shard', share]);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain(`--shard needs which share of how many, not \`${share}\``);
  });
});

it('--preview runs rules that are off by themselves, unless the configuration says otherwise', async () => {
  const source = '#[no_mangle]\npub extern "C" fn hello() {\n    println!("hello");\n}\n';
  const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': source });
  const told = async (...args: string[]) => found(await run(folder, ['--output-format', 'json', ...args]));
  expect(await told()).toEqual([]);
  expect(await told('--preview')).toEqual(['src/lib.rs:3 println-in-extern-fn']);
  expect(await told('--preview', '-A', 'panics')).toEqual([]);
  writeFileSync(join(folder, 'ffi-lint.toml'), 'rules = { println-in-extern-fn = "off" }\n');
  expect(await told('--preview')).toEqual([]);
});

it('--jobs goes to cargo, and must be a number', async () => {
  expect(cargoArguments(readArguments(['check', '-j', '3', '--all-features']))).toEqual(['--all-features', '--jobs', '3']);
  for (const bad of ['0', 'x', '-1']) {
    const ran = await run(tempFolder(FILES), [`--jobs=${bad}`]);
    expect([ran.code, ran.err]).toEqual([2, expect.stringContaining(`--jobs needs a whole number from 1, not \`${bad}\``)]);
  }
});

it('on a screen, a blank line parts the findings from the summary', async () => {
  const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': PAIR });
  expect((await run(folder, ['--no-cache'], { terminal: true })).err).toMatch(/^\n/);
  expect((await run(folder, ['--no-cache'])).err).toMatch(/^checked/);
  expect((await run(folder, ['--no-cache', '-f', 'json'], { terminal: true })).err).not.toMatch(/^\n/);
});
