/** Running programs, asking git, knowing the machine. */
import { execFileSync } from 'node:child_process';
import { unlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { changedFiles, stagedFiles } from '../../server/src/host/git.ts';
import { hostTriple, tripleOf, userCacheDir } from '../../server/src/host/platform.ts';
import { runProcess } from '../../server/src/host/process.ts';
import { tempFolder } from '../support/temp-folder.ts';

const node = process.execPath;

describe('running programs', () => {
  test('output, input, environment and exit code', async () => {
    const script =
      'process.stdin.on("data", (d) => process.stdout.write(d + process.env.GREETING)); process.stderr.write("err"); process.exitCode = 3';
    const result = await runProcess(node, ['-e', script], { input: 'in ✓ ', env: { GREETING: 'hello' } });
    expect(result).toEqual({ code: 3, stdout: 'in ✓ hello', stderr: 'err', failure: null });
  });

  test('a time limit ends it and what it started', async () => {
    const child = 'require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { stdio: "inherit" })';
    const result = await runProcess(node, ['-e', `${child}; setInterval(() => {}, 1000)`], { timeout: 300 });
    expect(result).toMatchObject({ code: null, failure: 'took longer than 0.3 s' });
  });

  test('cancelling ends it', async () => {
    const cancellation = { cancelled: false };
    setTimeout(() => {
      cancellation.cancelled = true;
    }, 100);
    const result = await runProcess(node, ['-e', 'setInterval(() => {}, 1000)'], { cancellation });
    expect(result.failure).toBe('was cancelled');
  });

  test('a program that is not there, a folder that is not there, an argument that cannot be', async () => {
    expect((await runProcess('no-such-program', [])).failure).toBe('was not found; is no-such-program installed and in PATH?');
    expect((await runProcess(node, [], { cwd: '/no/such/folder' })).failure).toContain('its folder /no/such/folder does not exist');
    expect((await runProcess(node, ['a\0b'])).failure).toBe('could not be started (ERR_INVALID_ARG_VALUE)');
  });

  test('a program that does not read its input', async () => {
    expect((await runProcess(node, ['-e', '0'], { input: 'x'.repeat(1_000_000) })).code).toBe(0);
  });
});

describe('git', () => {
  function repository(): { readonly folder: string; git(...args: string[]): void } {
    const folder = tempFolder({ 'a.rs': 'a', 'sub/b c.rs': 'b', 'gone.rs': 'g', '.gitignore': 'ignored.rs' });
    const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
    const identity = ['-c', 'user.name=t', '-c', 'user.email=t@example.org'];
    const git = (...args: string[]): void => void execFileSync('git', ['-C', folder, ...identity, ...args], { env, stdio: 'pipe' });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-q', '-m', 'first');
    return { folder, git };
  }

  test('changed, new and staged files', async () => {
    const { folder, git } = repository();
    writeFileSync(`${folder}/sub/b c.rs`, 'changed');
    writeFileSync(`${folder}/näw.rs`, '');
    writeFileSync(`${folder}/ignored.rs`, '');
    unlinkSync(`${folder}/gone.rs`);
    expect(await changedFiles(`${folder}/sub`, 'HEAD')).toEqual({ files: [`${folder}/näw.rs`, `${folder}/sub/b c.rs`] });
    expect(await stagedFiles(folder)).toEqual({ files: [] });
    git('add', '-A');
    writeFileSync(`${folder}/a.rs`, 'not staged');
    expect(await stagedFiles(folder)).toEqual({ files: [`${folder}/näw.rs`, `${folder}/sub/b c.rs`] });
  });

  test('since a branch: what it got later does not count', async () => {
    const { folder, git } = repository();
    git('checkout', '-q', '-b', 'topic');
    writeFileSync(`${folder}/mine.rs`, '');
    git('add', '.');
    git('commit', '-q', '-m', 'mine');
    git('checkout', '-q', 'main');
    writeFileSync(`${folder}/theirs.rs`, '');
    git('add', '.');
    git('commit', '-q', '-m', 'theirs');
    git('checkout', '-q', 'topic');
    expect(await changedFiles(folder, 'main')).toEqual({ files: [`${folder}/mine.rs`] });
  });

  test('what git cannot answer', async () => {
    const { folder } = repository();
    expect(await changedFiles(folder, 'no-such-branch')).toEqual({ failure: 'git knows no commit or branch `no-such-branch`' });
    expect(await changedFiles(folder, '--output=x')).toEqual({ failure: 'git knows no commit or branch `--output=x`' });
    expect(await stagedFiles(tempFolder())).toMatchObject({ failure: expect.stringContaining('not a git repository') });
  });
});

test.each([
  ['linux', 'x64', false, 'x86_64-unknown-linux-gnu'],
  ['linux', 'x64', true, 'x86_64-unknown-linux-musl'],
  ['linux', 'arm64', false, 'aarch64-unknown-linux-gnu'],
  ['linux', 'arm', false, 'armv7-unknown-linux-gnueabihf'],
  ['linux', 'ppc64', false, 'powerpc64le-unknown-linux-gnu'],
  ['darwin', 'arm64', false, 'aarch64-apple-darwin'],
  ['win32', 'x64', false, 'x86_64-pc-windows-msvc'],
  ['win32', 'ia32', false, 'i686-pc-windows-msvc'],
  ['freebsd', 'x64', false, 'x86_64-unknown-freebsd'],
  ['aix', 'ppc64', false, null],
  ['linux', 'sparc', false, null],
])('%s on %s, musl %s', (platform, arch, musl, triple) => {
  expect(tripleOf(platform, arch, musl, true)).toBe(triple);
});

test('this machine has a name', () => {
  expect(hostTriple()).toMatch(/^\w+-/);
});

test.each([
  [{ XDG_CACHE_HOME: '/c' }, 'linux', /^\/c\/ffi-lint$/],
  [{ XDG_CACHE_HOME: 'relative' }, 'linux', /\/\.cache\/ffi-lint$/],
  [{}, 'darwin', /\/Library\/Caches\/ffi-lint$/],
  [{ LOCALAPPDATA: 'C:\\Users\\u\\AppData\\Local' }, 'win32', /^C:\/Users\/u\/AppData\/Local\/ffi-lint\/cache$/],
])('the cache folder with %j on %s', (env, platform, expected) => {
  expect(userCacheDir(env, platform)).toMatch(expected);
});
