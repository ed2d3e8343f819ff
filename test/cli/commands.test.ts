/** The commands besides check. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { rules } from '../../server/src/rules/registry.ts';
import { SHELLS } from '../../server/src/cli/command-table.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { CLEAN, MANIFEST, run } from './support.ts';

it('rule lists and explains', async () => {
  const list = JSON.parse((await run('/', ['rule', '--all', '-f', 'json'])).out);
  expect(list.length).toBe(rules.length);
  expect(Object.keys(list[0])).toEqual(['id', 'group', 'severity', 'summary', 'fix', 'since', 'equivalents', 'url']);
  expect((await run('/', ['rule'])).out).toContain('repr-c-missing');
  expect((await run('/', ['rule', 'repr-c-missing', '-f', 'markdown'])).out).toMatch(/^# repr-c-missing\n/);
});

it('config shows what holds', async () => {
  const folder = tempFolder({
    'Cargo.toml': MANIFEST,
    'src/lib.rs': CLEAN,
    'ffi-lint.toml': 'profile = "strict"\nexclude = ["gen"]\n',
    'gen/a.rs': '',
    'use.mjs': '',
    'Use.cs': '',
  });
  expect((await run(folder, ['config'])).out).toBe('ffi-lint.toml\n');
  expect((await run(folder, ['config', '--files'])).out).toBe('Cargo.toml\nUse.cs\nsrc/lib.rs\nuse.mjs\n');
  const missing = await run(folder, ['config', '--print', 'src/gone.rs']);
  expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('--print: src/gone.rs does not exist')]);
  expect((await run(folder, ['config', '--print', 'src/lib.rs'])).out).toMatch(/^# from ffi-lint\.toml\n# for src\/lib\.rs\n/);
  expect((await run(folder, ['config', '--print', 'src/lib.rs'])).out).toContain('profile = "strict"');
  expect((await run(folder, ['config', '--print', 'src/lib.rs', '--isolated'])).out).toContain('profile = "recommended"');
  expect(JSON.parse((await run(folder, ['config', '--schema'])).out).title).toBe('ffi-lint.toml');
});

it('init writes a configuration that can be used, once', async () => {
  const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': CLEAN });
  const { code, out } = await run(folder, ['init']);
  expect(code).toBe(0);
  expect(out).toContain('uses: ffi-lint/ffi-lint/ci@main');
  expect((await run(folder, [])).code).toBe(0);
  const again = await run(folder, ['init']);
  expect(again.code).toBe(2);
  expect(again.err).toContain('ffi-lint.toml is there already');
  expect((await run(folder, ['init', '--force'])).code).toBe(0);
});

it('doctor tells everything, a broken configuration included', async () => {
  const folder = tempFolder({ 'ffi-lint.toml': 'profil = 1\n' });
  const { code, out } = await run(folder, ['doctor']);
  expect(code).toBe(0);
  for (const name of [
    'ffi-lint',
    'node',
    'host',
    'rustc',
    'cargo',
    'cc',
    'python3',
    'targets',
    'grammars',
    'native',
    'ffi-rustc',
    'config',
    'cache',
  ]) {
    expect(out).toMatch(new RegExp(`^${name}: `, 'm'));
  }
  expect(out).toMatch(/^config: .*profil/m);
});

it('clean removes the cache folder', async () => {
  const cache = tempFolder({ 'ffi-lint/a/b': '1' });
  const env = { XDG_CACHE_HOME: cache };
  expect((await run('/', ['clean'], { env })).err).toContain(`removed ${cache}/ffi-lint`);
  expect((await run('/', ['clean'], { env })).err).toContain('nothing to remove');
});

it('version says which', async () => {
  expect((await run('/', ['version'])).out).toBe('ffi-lint 1.2.3\n');
  expect((await run('/', ['-V'])).out).toBe('ffi-lint 1.2.3\n');
});

it.each(SHELLS)('completions for %s know commands, flags, choices and rules', async (shell) => {
  const { out } = await run('/', ['completions', shell]);
  for (const word of ['check', 'explain', 'output-format', 'checkstyle', 'repr-c-missing']) expect(out).toContain(word);
});

it('bash completes', async () => {
  const { out } = await run('/', ['completions', 'bash']);
  const complete = (...words: string[]) => {
    const script = `${out}\nCOMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _ffi_lint; printf '%s\\n' "\${COMPREPLY[@]}"`;
    return spawnSync('bash', ['-c', script], { encoding: 'utf8', cwd: tempFolder() }).stdout.trim().split('\n');
  };
  expect(complete('ffi-lint', 'che')).toEqual(['check']);
  expect(complete('ffi-lint', 'check', '--output-fo')).toEqual(['--output-format']);
  expect(complete('ffi-lint', 'check', '-f', 'sa')).toEqual(['sarif']);
  expect(complete('ffi-lint', 'rule', 'repr-c-missing-')).toEqual(['repr-c-missing-behind-pointer']);
  expect(complete('ffi-lint', 'completions', 'f')).toEqual(['fish']);
});

it('the programs in bin/ start the bundle or say how to build it', () => {
  const root = new URL('../../', import.meta.url).pathname;
  const start = readFileSync(join(root, 'bin/start.cjs'), 'utf8');
  const folder = tempFolder({
    'bin/start.cjs': start,
    'bin/cargo-ffi-lint.cjs': readFileSync(join(root, 'bin/cargo-ffi-lint.cjs'), 'utf8'),
    'package.json': '{}',
  });
  const missing = spawnSync(process.execPath, [join(folder, 'bin/cargo-ffi-lint.cjs')], { encoding: 'utf8' });
  expect(missing).toMatchObject({ status: 2, stdout: '' });
  expect(missing.stderr).toContain('run "npm start" once to build');
  const built = tempFolder({
    'bin/start.cjs': start,
    'bin/cargo-ffi-lint.cjs': readFileSync(join(root, 'bin/cargo-ffi-lint.cjs'), 'utf8'),
    'dist/cli.cjs': 'exports.main = (root, argv) => console.log(JSON.stringify(argv));',
  });
  const cargo = spawnSync(process.execPath, [join(built, 'bin/cargo-ffi-lint.cjs'), 'ffi-lint', 'check', 'ffi-lint'], { encoding: 'utf8' });
  expect(JSON.parse(cargo.stdout)).toEqual(['check', 'ffi-lint']);
});
