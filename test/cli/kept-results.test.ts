/** Results of checks that are kept between runs: told again where nothing has changed, and only there. */
import { readFileSync, readdirSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { rules } from '../../server/src/rules/registry.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { CLEAN, MANIFEST, PAIR, run } from './support.ts';
import type { Ran, RunOptions } from './support.ts';

const TOLD_AGAIN = /^nothing has changed since an earlier check, .*\n/m;

/** A folder to check, with a cache and a program of its own. */
function project(files: Readonly<Record<string, string | Uint8Array>> = {}) {
  const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': PAIR, ...files });
  const cache = tempFolder();
  const program = join(tempFolder({ program: '1' }), 'program');
  const options = { env: { XDG_CACHE_HOME: cache }, program };
  const check = async (argv: readonly string[] = [], more: RunOptions = {}): Promise<Ran & { readonly again: boolean }> => {
    const ran = await run(folder, ['check', '-v', ...argv], { ...options, ...more });
    return { ...ran, err: ran.err.replace(TOLD_AGAIN, ''), again: TOLD_AGAIN.test(ran.err) };
  };
  const kept = join(cache, 'ffi-lint/checks');
  return {
    folder,
    program,
    kept,
    check,
    path: (name: string) => join(folder, name),
    /** The only kept run. */
    file: () => join(kept, readdirSync(kept)[0] ?? ''),
    edit: (name: string, text: string) => writeFileSync(join(folder, name), text),
  };
}

const untimed = (text: string): string => text.replace(/"milliseconds": ?[\d.]+|\btime="[\d.]+"/g, '');

afterEach(() => {
  vi.useRealTimers();
});

/** As if files had been left alone for a while before they are checked. */
function later(): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 60_000 });
}

describe('what is told again', () => {
  it('is what a new check says, in every format, to every exit code', async () => {
    const one = project({ 'src/more.rs': CLEAN });
    expect((await one.check()).again).toBe(false);
    const formats = ['text', 'concise', 'json', 'jsonl', 'sarif', 'github', 'gitlab', 'junit', 'checkstyle', 'rdjson', 'markdown'];
    for (const flags of [
      ...formats.map((format) => ['-f', format]),
      ['--severity', 'error'],
      ['--max-warnings', '0'],
      ['--exit-zero'],
      ['--statistics'],
      ['--timeout', '100'],
    ]) {
      const told = await one.check(flags);
      const anew = await one.check([...flags, '--no-cache']);
      expect([told.again, anew.again], flags.join(' ')).toEqual([true, false]);
      expect({ ...told, out: untimed(told.out), again: false }).toEqual({ ...anew, out: untimed(anew.out) });
    }
  });

  it('is judged by the baseline of the moment', async () => {
    const one = project();
    await one.check();
    expect(await one.check(['--write-baseline'])).toMatchObject({ again: true, code: 0 });
    expect(await one.check()).toMatchObject({ again: true, code: 0 });
    one.edit('src/lib.rs', CLEAN);
    await one.check(['--isolated']);
    const env = { CI: 'true', XDG_CACHE_HOME: join(one.kept, '../..') };
    expect(await one.check([], { env })).toMatchObject({ again: false, code: 1 });
    const stale = await one.check([], { env });
    expect(stale).toMatchObject({ again: true, code: 1 });
    expect(stale.err).toContain('no longer there');
    expect(await one.check(['--prune-baseline'])).toMatchObject({ again: true, code: 0 });
  });

  it('stays with what no check looks at', async () => {
    const one = project();
    await one.check();
    one.edit('README.md', 'hello');
    one.edit('src/notes.txt', 'hello');
    one.edit('ffi-lint-baseline.json.tmp', '');
    expect((await one.check()).again).toBe(true);
  });

  it('stays where texts are what they were, though their files are not', async () => {
    const one = project();
    await one.check();
    rmSync(one.path('src/lib.rs'));
    one.edit('src/lib.rs', PAIR);
    utimesSync(one.path('Cargo.toml'), 1, 1);
    expect((await one.check()).again).toBe(true);
  });

  it('lies beside no source, nor is it looked at where it does', async () => {
    const one = project();
    await one.check();
    expect(readdirSync(one.folder).sort()).toEqual(['Cargo.toml', 'src']);
    expect((await one.check(['--cache-dir', 'kept'])).again).toBe(false);
    expect(readdirSync(one.folder).sort()).toEqual(['Cargo.toml', 'kept', 'src']);
    expect((await one.check(['--cache-dir', 'kept'])).again).toBe(true);
  });
});

describe('is asked anew', () => {
  type Edit = (one: ReturnType<typeof project>) => void;
  const MORE = {
    'src/other.rs': CLEAN,
    'include/pair.h': 'double pair_sum(double);\n',
    'py/use.py': 'import ctypes\n',
    '.ignore': 'gone.rs\n',
  };
  it.each<[string, Edit]>([
    ['an edited source', ({ edit }) => edit('src/lib.rs', CLEAN)],
    ['an edited header', ({ edit }) => edit('include/pair.h', 'float pair_sum(double);\n')],
    ['an edited script', ({ edit }) => edit('py/use.py', 'import ctypes as c\n')],
    ['an edited manifest', ({ edit }) => edit('Cargo.toml', MANIFEST.replace('cdylib', 'rlib'))],
    ['a new source', ({ edit }) => edit('src/new.rs', CLEAN)],
    ['a source that is gone', ({ path }) => rmSync(path('src/other.rs'))],
    ['a renamed source', ({ path }) => renameSync(path('src/other.rs'), path('src/another.rs'))],
    ['a source that has become a folder', ({ path, folder }) => replaceByFolder(path('src/other.rs'), folder)],
    ['a link to another text', ({ path }) => symlinkSync(path('src/lib.rs'), path('src/link.rs'))],
    ['a configuration', ({ edit }) => edit('ffi-lint.toml', 'profile = "all"\n')],
    ['a configuration in the manifest', ({ edit }) => edit('Cargo.toml', `${MANIFEST}[package.metadata.ffi-lint]\nprofile = "all"\n`)],
    ['an ignore file', ({ edit }) => edit('.ffi-lintignore', 'other.rs\n')],
    ['an edited ignore file', ({ edit }) => edit('.ignore', 'other.rs\n')],
    ['another program', ({ program }) => writeFileSync(program, '2')],
    ['a lock file', ({ edit }) => edit('Cargo.lock', 'version = 4\n')],
  ])('for %s', async (_, change) => {
    const one = project(MORE);
    later();
    await one.check();
    expect((await one.check()).again).toBe(true);
    change(one);
    expect((await one.check()).again).toBe(false);
    expect((await one.check()).again).toBe(true);
  });

  it.each<[string, readonly string[], RunOptions]>([
    ['other rules on the command line', ['--only', 'types'], {}],
    ['other levels', ['-W', 'repr-c-missing'], {}],
    ['another target', ['--target', 'i686-unknown-linux-gnu'], {}],
    ['other paths', ['src'], {}],
    ['no configuration', ['--isolated'], {}],
    ['no ignore files', ['--no-ignore'], {}],
    ['globs', ['--exclude', 'x'], {}],
    ['another package', ['-p', 'sample'], {}],
    ['a program with other rules', [], { rules: rules.slice(1) }],
  ])('for %s', async (_, argv, more) => {
    const one = project();
    await one.check();
    expect((await one.check(argv, more)).again).toBe(false);
    expect((await one.check(argv, more)).again).toBe(true);
    expect((await one.check()).again).toBe(true);
  });

  it('for a text of the same size, however its file is dated', async () => {
    const one = project();
    const swapped = PAIR.replace('f64', 'i64');
    for (const [at, settled] of [false, true, false].entries()) {
      if (settled) later();
      one.edit('src/lib.rs', PAIR);
      utimesSync(one.path('src/lib.rs'), 1000, 1000);
      await one.check();
      expect((await one.check()).again, `${at}`).toBe(true);
      one.edit('src/lib.rs', swapped);
      utimesSync(one.path('src/lib.rs'), 1000, 1000);
      expect(await one.check(), `${at}`).toMatchObject({ again: false, out: (await one.check(['--no-cache'])).out });
    }
  });

  it('where a run does more than tell', async () => {
    const one = project();
    for (const argv of [['--diff'], ['--timing'], ['--fix-only', 'pointers'], ['--unsafe-fixes', '--diff'], ['--probe', 'off', '--diff']]) {
      await one.check(argv);
      expect((await one.check(argv)).again, argv.join(' ')).toBe(false);
    }
    const stdin = { stdin: PAIR };
    await one.check(['-', '--stdin-filename', 'src/lib.rs'], stdin);
    expect((await one.check(['-', '--stdin-filename', 'src/lib.rs'], stdin)).again).toBe(false);
    await one.check(['--add-ignore']);
    expect((await one.check(['--no-cache'])).again).toBe(false);
    expect(() => readdirSync(one.kept)).toThrow();
  });

  it('where a run was not complete', async () => {
    const one = project({ 'src/latin.rs': new Uint8Array([0x2f, 0x2f, 0xe9, 0x0a]) });
    expect(await one.check()).toMatchObject({ code: 2, again: false });
    expect(await one.check()).toMatchObject({ code: 2, again: false });
  });

  it('where a run was stopped', async () => {
    const one = project();
    expect((await one.check([], { interrupted: true })).code).toBe(130);
    expect(await one.check()).toMatchObject({ code: 1, again: false });
  });

  it('with --no-cache, unless --cache follows', async () => {
    const one = project();
    await one.check();
    expect((await one.check(['--no-cache'])).again).toBe(false);
    expect((await one.check(['--cache', '--no-cache'])).again).toBe(false);
    expect((await one.check(['--no-cache', '--cache'])).again).toBe(true);
  });

  it('by a program that runs from its sources', async () => {
    const { folder, kept } = project();
    for (const _ of [1, 2]) expect((await run(folder, ['check', '-v'], { env: { XDG_CACHE_HOME: kept } })).err).not.toMatch(TOLD_AGAIN);
  });
});

describe('what is kept', () => {
  it.each<[string, (text: string) => string]>([
    ['cut short', (text) => text.slice(0, -20)],
    ['cut in the middle of a word', (text) => text.slice(0, text.length / 2)],
    ['empty', () => ''],
    ['damaged', (text) => text.replace('repr-c-missing', 'repr-c-massing')],
    ['something else', () => '{"findings": []}\n[]\n'],
  ])('is ignored and written anew where it is %s', async (_, change) => {
    const one = project();
    const { out } = await one.check();
    const good = readFileSync(one.file(), 'utf8');
    writeFileSync(one.file(), change(good));
    expect(await one.check()).toMatchObject({ code: 1, out, again: false });
    expect(readFileSync(one.file(), 'utf8')).not.toBe(change(good));
    expect((await one.check()).again).toBe(true);
  });

  it('is ignored under the name of another run', async () => {
    const one = project();
    await one.check(['--severity', 'error']);
    const other = one.file();
    await one.check(['-W', 'repr-c-missing']);
    const [file] = readdirSync(one.kept)
      .map((name) => join(one.kept, name))
      .filter((path) => path !== other);
    writeFileSync(file ?? '', readFileSync(other));
    expect(await one.check(['-W', 'repr-c-missing'])).toMatchObject({ code: 0, again: false });
  });

  it('is told in a line where it cannot be', async () => {
    const one = project();
    const file = join(tempFolder({ file: '' }), 'file');
    const env = { XDG_CACHE_HOME: file };
    const { code, err } = await one.check([], { env });
    expect(code).toBe(1);
    expect(err).toMatch(/^results are not kept: \S+\/file\/ffi-lint\S* /m);
    expect((await run(one.folder, [], { env, program: one.program })).err).not.toContain('kept');
  });

  it('is written by many runs at once', async () => {
    const one = project();
    const all = await Promise.all(Array.from({ length: 8 }, () => one.check()));
    expect(new Set(all.map(({ out }) => out)).size).toBe(1);
    expect(readdirSync(one.kept)).toHaveLength(1);
    expect((await one.check()).again).toBe(true);
  });

  it('is bounded: what was not used for longest goes', async () => {
    const one = project();
    await one.check();
    const first = one.file();
    for (let i = 0; i < 70; i++) {
      const path = join(one.kept, `old-${i}.json`);
      writeFileSync(path, '');
      utimesSync(path, 1000 + i, 1000 + i);
    }
    utimesSync(first, 10, 10);
    expect((await one.check()).again).toBe(true);
    await one.check(['-W', 'types']);
    const names = readdirSync(one.kept);
    expect(names).toHaveLength(64);
    expect(names).toContain(first.slice(one.kept.length + 1));
    expect(names).not.toContain('old-0.json');
    expect(names).toContain('old-69.json');
  });

  it('is named by doctor and removed by clean', async () => {
    const one = project();
    await one.check();
    const env = { XDG_CACHE_HOME: join(one.kept, '../..') };
    expect((await run(one.folder, ['doctor'], { env })).out).toMatch(/^cache: .*\/ffi-lint, results of 1 check in \S+ kB$/m);
    await run(one.folder, ['clean'], { env });
    expect((await one.check()).again).toBe(false);
  });
});

function replaceByFolder(path: string, folder: string): void {
  rmSync(path);
  renameSync(join(folder, 'py'), path);
}
