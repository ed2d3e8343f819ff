/** `ffi-lint check` on real folders: results, exit codes, streams, selection, fixing. */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { CLEAN, found, MANIFEST, PAIR, run } from './support.ts';

const crate = (lib = PAIR, more: Record<string, string> = {}) => tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': lib, ...more });
const JSON_OUT = ['-f', 'json'];

describe('exit codes and streams', () => {
  it('1 with findings, which alone are on stdout', async () => {
    const { code, out, err } = await run(crate(), ['src']);
    expect(code).toBe(1);
    expect(out).toMatch(/^src\/lib\.rs:1:12: error\[repr-c-missing\]: /);
    expect(err).toMatch(/^checked 1 Rust file for \S+; 1 error \(1 fixable with --fix\)\n$/);
  });

  it('0 when clean, and with --exit-zero', async () => {
    expect(await run(crate(CLEAN), [])).toMatchObject({ code: 0, out: '' });
    expect((await run(crate(), ['--exit-zero'])).code).toBe(0);
  });

  it('counts warnings with --max-warnings', async () => {
    const folder = crate();
    expect((await run(folder, ['-W', 'repr-c-missing'])).code).toBe(0);
    expect((await run(folder, ['-W', 'repr-c-missing', '--max-warnings', '1'])).code).toBe(0);
    expect((await run(folder, ['-W', 'repr-c-missing', '--max-warnings', '0'])).code).toBe(1);
  });

  it('130 when interrupted, 2 when out of time', async () => {
    expect(await run(crate(), [], { interrupted: true })).toMatchObject({ code: 130, out: '' });
    const late = await run(crate(), ['--timeout', '0.000001']);
    expect(late).toMatchObject({ code: 2, out: '' });
    expect(late.err).toContain('gave up after');
  });

  it('takes several rules behind one flag', async () => {
    const folder = crate();
    expect((await run(folder, ['--only', 'rust-type-by-value,missing-null-check'])).code).toBe(0);
    expect((await run(folder, ['--only', 'rust-type-by-value,repr-c-missing'])).code).toBe(1);
    expect((await run(folder, ['--skip', 'types,pointers'])).code).toBe(0);
    expect((await run(folder, ['--only', 'repr-c-missing,nonsense'])).err).toContain('`nonsense`');
  });

  it('says nothing but errors with -q', async () => {
    expect((await run(crate(), ['-q'])).err).toBe('');
  });
});

describe('output', () => {
  it('is for GitHub where GitHub runs it, unless a format is asked for', async () => {
    const folder = crate();
    const env = { GITHUB_ACTIONS: 'true', GITHUB_WORKSPACE: folder };
    expect((await run(join(folder, 'src'), [], { env })).out).toMatch(/^::error title=ffi-lint repr-c-missing,file=src\/lib\.rs,line=1,/);
    expect((await run(folder, ['-f', 'concise'], { env })).out).toMatch(/^src\/lib\.rs:1:12: error/);
  });

  it('goes to files in pairs, in either order', async () => {
    const folder = crate();
    const { out } = await run(folder, ['-f', 'sarif', '-o', 'a.sarif', '-o', 'b.json', '-f', 'json', '-f', 'concise']);
    expect(out).toMatch(/^src\/lib\.rs:1:12/);
    expect(JSON.parse(readFileSync(join(folder, 'a.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8')).version).toBe(1);
  });

  it('is coloured where that is wanted', async () => {
    const folder = crate();
    const coloured = async (argv: readonly string[], env: Record<string, string>, terminal: boolean) =>
      (await run(folder, argv, { env, terminal })).out.includes('\u001b[');
    expect(await coloured([], {}, false)).toBe(false);
    expect(await coloured([], {}, true)).toBe(true);
    expect(await coloured([], { NO_COLOR: '1' }, true)).toBe(false);
    expect(await coloured([], { FORCE_COLOR: '1' }, false)).toBe(true);
    expect(await coloured(['--color', 'never'], { FORCE_COLOR: '1' }, true)).toBe(false);
    expect(await coloured(['--color', 'always'], { NO_COLOR: '1' }, false)).toBe(true);
  });

  it('counts and times on stderr', async () => {
    const { err } = await run(crate(), ['--statistics', '--timing']);
    expect(err).toMatch(/^ {5}1 {2}error {4}repr-c-missing \(1 fixable\)$/m);
    expect(err).toMatch(/ms {2}repr-c-missing$/m);
  });
});

describe('selection', () => {
  it('takes and leaves rules and groups, the last of -A, -W, -D first', async () => {
    const folder = crate();
    const severity = async (...argv: string[]) => JSON.parse((await run(folder, [...JSON_OUT, ...argv])).out).findings[0]?.severity;
    expect(await severity('--only', 'panics')).toBe(undefined);
    expect(await severity('--only', 'types')).toBe('error');
    expect(await severity('--skip', 'repr-c-missing')).toBe(undefined);
    expect(await severity('-A', 'types')).toBe(undefined);
    expect(await severity('-A', 'repr-c-missing', '-W', 'repr-c-missing')).toBe('warning');
    expect(await severity('-W', 'repr-c-missing', '-A', 'repr-c-missing')).toBe(undefined);
    expect(await severity('-W', 'repr-c-missing', '--severity', 'error')).toBe(undefined);
  });

  it('reports on a package, on a manifest, on what was named, on what changed', async () => {
    const member = (name: string) => MANIFEST.replace('sample', name);
    const folder = tempFolder({
      'Cargo.toml': '[workspace]\nmembers = ["a", "b"]\n',
      'a/Cargo.toml': member('a'),
      'a/src/lib.rs': PAIR,
      'b/Cargo.toml': member('b'),
      'b/src/lib.rs': PAIR.replace('pair_sum', 'pair_total'),
    });
    const b = ['b/src/lib.rs:1 repr-c-missing'];
    expect(found(await run(folder, JSON_OUT))).toEqual(['a/src/lib.rs:1 repr-c-missing', ...b]);
    expect(found(await run(folder, [...JSON_OUT, '-p', 'b']))).toEqual(b);
    expect(found(await run(folder, [...JSON_OUT, '--manifest-path', 'b/Cargo.toml']))).toEqual(b);
    expect(found(await run(folder, [...JSON_OUT, 'b/src/lib.rs']))).toEqual(b);
    expect(found(await run(folder, [...JSON_OUT, '--exclude', 'a']))).toEqual(b);
    expect((await run(folder, ['-p', 'bb'])).err).toContain('did you mean `b`?');
    const git = (...args: string[]) => spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t', ...args], { cwd: folder });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'one');
    expect(found(await run(folder, [...JSON_OUT, '--changed']))).toEqual([]);
    writeFileSync(join(folder, 'b/src/lib.rs'), `${PAIR.replace('pair_sum', 'pair_total')}\n`);
    expect(found(await run(folder, [...JSON_OUT, '--changed']))).toEqual(b);
    expect(found(await run(folder, [...JSON_OUT, '--since', 'HEAD']))).toEqual(b);
    expect(found(await run(folder, [...JSON_OUT, '--staged']))).toEqual([]);
    git('add', '-A');
    expect(found(await run(folder, [...JSON_OUT, '--staged']))).toEqual(b);
    expect((await run(folder, ['--since', 'nowhere'])).err).toContain('--since: git knows no commit or branch `nowhere`');
  });

  it('checks standard input in place of a file', async () => {
    const folder = crate(CLEAN);
    const there = await run(folder, ['-', '--stdin-filename', 'src/lib.rs', ...JSON_OUT], { stdin: PAIR });
    expect(found(there)).toEqual(['src/lib.rs:1 repr-c-missing']);
    const nowhere = await run(folder, ['-', '--stdin-filename', 'other/new.rs', ...JSON_OUT], { stdin: PAIR });
    expect(found(nowhere)).toEqual(['other/new.rs:1 repr-c-missing']);
  });

  it('says of sources that no module names that they are not looked at', async () => {
    const folder = crate(CLEAN);
    writeFileSync(join(folder, 'src/old.rs'), PAIR);
    const { code, out, err } = await run(folder, ['-v']);
    expect([code, out]).toEqual([0, '']);
    expect(err).toContain('src/old.rs:1:1: not decided: no target of the package includes the file');
    expect(err).toContain('1 place unresolved');
    writeFileSync(join(folder, 'src/lib.rs'), 'mod old;\n');
    expect(found(await run(folder, JSON_OUT))).toEqual(['src/old.rs:1 repr-c-missing']);
  });

  it('names the target of what holds for one target only', async () => {
    const { out, err } = await run(crate(), [...JSON_OUT, '--target', 'x86_64-unknown-linux-gnu', '--target', 'x86_64-pc-windows-msvc']);
    expect(JSON.parse(out).findings.length).toBe(1);
    expect(JSON.parse(out).findings[0].target).toBe(undefined);
    expect(err).toContain('for x86_64-unknown-linux-gnu, x86_64-pc-windows-msvc;');
  });
});

describe('fixing', () => {
  const fixed = `#[repr(C)]\n${PAIR}`;
  const text = (folder: string) => readFileSync(join(folder, 'src/lib.rs'), 'utf8');

  it('--fix writes safe fixes and reports what is left', async () => {
    const folder = crate();
    const ran = await run(folder, ['--fix']);
    expect(ran).toMatchObject({ code: 0, out: '' });
    expect(ran.err).toContain('fixed 1 finding in 1 file');
    expect(text(folder)).toBe(fixed);
    expect((await run(crate(), ['--fix', '--exit-non-zero-on-fix'])).code).toBe(1);
  });

  it('--diff writes a patch to stdout and nothing else', async () => {
    const folder = crate();
    const ran = await run(folder, ['--diff']);
    expect(ran.code).toBe(1);
    expect(ran.out).toBe(
      '--- a/src/lib.rs\n+++ b/src/lib.rs\n@@ -1,3 +1,4 @@\n+#[repr(C)]\n pub struct Pair {\n     pub x: f64,\n     pub y: f64,\n',
    );
    expect(text(folder)).toBe(PAIR);
    expect(await run(crate(CLEAN), ['--diff'])).toMatchObject({ code: 0, out: '' });
  });

  it('--fix-only fixes nothing else', async () => {
    const folder = crate();
    expect((await run(folder, ['--fix-only', 'panics'])).code).toBe(1);
    expect(text(folder)).toBe(PAIR);
    expect((await run(folder, ['--fix-only', 'types'])).code).toBe(0);
  });

  it('--add-ignore hides what is found, with a reason', async () => {
    const folder = crate();
    expect((await run(folder, ['--add-ignore=old ABI'])).code).toBe(0);
    expect(text(folder)).toBe(PAIR.replace('{', '{ // ffi-lint: ignore[repr-c-missing] -- old ABI'));
    expect((await run(folder, [])).err).toContain('1 suppressed');
  });

  it('fixes a comment that hides nothing', async () => {
    const folder = crate(`// ffi-lint: file-ignore[repr-c-missing]\n${CLEAN}`);
    expect((await run(folder, [...JSON_OUT])).out).toContain('unused-suppression');
    expect(found(await run(folder, [...JSON_OUT, '--report-unused-suppressions', 'off']))).toEqual([]);
    await run(folder, ['--fix']);
    expect(text(folder)).toBe(CLEAN);
  });
});

describe('baseline', () => {
  it('hides what it knows, shrinks by itself, but not in CI', async () => {
    const folder = crate();
    expect((await run(folder, ['--write-baseline'])).err).toContain('wrote 1 finding to ffi-lint-baseline.json');
    expect((await run(folder, [])).code).toBe(0);
    const file = join(folder, 'ffi-lint-baseline.json');
    const before = readFileSync(file, 'utf8');
    writeFileSync(join(folder, 'src/lib.rs'), CLEAN);
    const inCi = await run(folder, [], { env: { CI: 'true' } });
    expect(inCi.code).toBe(1);
    expect(inCi.err).toContain('src/lib.rs: repr-c-missing');
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await run(folder, ['--only', 'panics'])).code).toBe(0);
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect((await run(folder, [])).err).toContain('took 1 finding out of ffi-lint-baseline.json');
    expect(JSON.parse(readFileSync(file, 'utf8')).findings).toEqual([]);
  });

  it('does not hide a second one, and is passed by with --isolated', async () => {
    const folder = crate();
    await run(folder, ['--write-baseline', '--baseline', 'known.json']);
    expect((await run(folder, ['--baseline', 'known.json'])).code).toBe(0);
    expect((await run(folder, ['--isolated'])).code).toBe(1);
    const more = PAIR.replace('Pair {', 'Other {').replaceAll('Pair', 'Other').replaceAll('pair', 'other');
    writeFileSync(join(folder, 'src/lib.rs'), PAIR + more);
    expect(found(await run(folder, [...JSON_OUT, '--baseline', 'known.json']))).toEqual(['src/lib.rs:10 repr-c-missing']);
  });
});

it('--watch checks again when a file changes, until Ctrl-C', async () => {
  const folder = crate();
  let runs = 0;
  const ran = await run(folder, ['--watch', '-f', 'concise'], {
    watch(err) {
      const now = err.split('watching for changes').length - 1;
      if (now === 1 && runs === 0) writeFileSync(join(folder, 'src/lib.rs'), `\n${PAIR}`);
      runs = now;
      return now === 2;
    },
  });
  expect(ran.code).toBe(130);
  expect(ran.out.split('\n').map((line) => line.slice(0, 15))).toEqual(['src/lib.rs:1:12', 'src/lib.rs:2:12', '']);
});

it('paths stand behind --', async () => {
  expect((await run(crate(), ['check', '-f', 'concise', '--', 'src'])).out).toMatch(/^src\/lib\.rs:1:12/);
});
