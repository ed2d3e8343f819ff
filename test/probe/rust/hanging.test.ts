/** A compiler that hangs, and a disk that is really full: what was computed stays and is shown as computed, the reason is told, the next run is as good as new. */
import { describe, expect, test } from 'vitest';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { programInPath } from '../../../server/src/host/stamps.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { root } from '../../tidy/sources.ts';
import { ownSurroundings } from '../own-surroundings.ts';
import { measure, whyNot } from './support.ts';
import type { Outcome } from './support.ts';

const cache = ownSurroundings();

const POSIX = process.platform === 'linux' && process.arch === 'x64';
const CRATE = {
  'Cargo.toml': '[package]\nname = "spots"\nversion = "0.1.0"\nedition = "2021"\n',
  'Cargo.lock': 'version = 3\n\n[[package]]\nname = "spots"\nversion = "0.1.0"\n',
  'src/lib.rs': '#[repr(C)] pub struct Spot { kind: u8, at: u32 }\n',
};

/** A program of this name that does what the shell is told. */
function script(name: string, text: string): string {
  const path = join(tempFolder({ [name]: `#!/bin/sh\n${text}\n` }), name);
  chmodSync(path, 0o755);
  return path;
}

/** rustc, but for the questions, on which it sleeps. */
function sleepy(): string {
  return script('rustc', `case "$*" in *--cap-lints*) sleep 300 ;; esac\nexec ${programInPath('rustc')} "$@"`);
}

const sourcesOf = ({ entries }: Outcome): readonly string[] => entries.types.map(({ name, provenance }) => `${name} ${provenance}`);
const saidOf = ({ measured }: Outcome): readonly string[] => measured.problems.map(({ message }) => message);

describe('rustc', { timeout: 240_000 }, () => {
  const why = whyNot() ?? (POSIX ? null : 'the stand-ins are shell scripts');

  test('that hangs is ended after the time that it has, and asked again the next time', async ({ skip }) => {
    if (why !== null) skip(why);
    const folder = tempFolder(CRATE);
    const own = mkdtempSync(join(cache, 'slow-'));
    process.env['RUSTC'] = sleepy();
    const made = await measure(folder, { cache: own, timeout: 5_000 });
    expect(sourcesOf(made)).toEqual(['Spot computed']);
    expect(saidOf(made)).toEqual([
      'the Rust layouts of `spots` could not be measured: cargo took longer than 5 s; what it has built stays, so that asking again goes on from there',
    ]);
    expect(existsSync(join(own, 'layouts'))).toBe(false);
    delete process.env['RUSTC'];
    expect(sourcesOf(await measure(folder, { cache: own }))).toEqual(['Spot rustc']);
  });

  test('that hangs ends when it is cancelled, and nothing of it is kept', async ({ skip }) => {
    if (why !== null) skip(why);
    const folder = tempFolder(CRATE);
    const own = mkdtempSync(join(cache, 'cancelled-'));
    const cancellation = { cancelled: false };
    process.env['RUSTC'] = sleepy();
    setTimeout(() => {
      cancellation.cancelled = true;
    }, 1_500);
    const started = performance.now();
    expect(sourcesOf(await measure(folder, { cache: own, cancellation }))).toEqual(['Spot computed']);
    expect(performance.now() - started).toBeLessThan(120_000);
    expect(existsSync(join(own, 'layouts'))).toBe(false);
    delete process.env['RUSTC'];
    expect(sourcesOf(await measure(folder, { cache: own }))).toEqual(['Spot rustc']);
  });
});

test('a cargo that hangs is ended after the time that it has, and the definitions alone are measured', { timeout: 240_000 }, async ({
  skip,
}) => {
  const why = whyNot() ?? (POSIX ? null : 'the stand-ins are shell scripts');
  if (why !== null) skip(why);
  const cargo = script('cargo', 'sleep 300');
  process.env['PATH'] = `${join(cargo, '..')}:${process.env['PATH']}`;
  const made = await measure(tempFolder(CRATE), { cache: mkdtempSync(join(cache, 'cargo-')), timeout: 10_000 });
  expect(saidOf(made)).toEqual([expect.stringContaining('were measured without cargo: cargo took longer than 10 s')]);
  expect(sourcesOf(made)).toEqual(['Spot rustc']);
});

/** null, or why no file system of a few pages can be mounted here. */
function whyNoTmpfs(): string | null {
  if (!POSIX) return 'needs Linux';
  const made = spawnSync('unshare', ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=64k none /mnt'], { encoding: 'utf8' });
  return made.status === 0 ? null : `needs user and mount namespaces: ${made.error?.message ?? made.stderr.trim()}`;
}

test('a cache folder on a full disk costs the measurement alone', { timeout: 240_000 }, ({ skip }) => {
  const why =
    whyNot() ?? whyNoTmpfs() ?? (existsSync(join(root, 'dist/cli.cjs')) ? null : 'dist/cli.cjs is not built: run `npm run bundle`');
  if (why !== null) skip(why);
  const folder = tempFolder(CRATE);
  const own = mkdtempSync(join(cache, 'full-'));
  const layout = '"$0" "$1" layout . -f json';
  const command = `mount -t tmpfs -o size=64k none "$XDG_CACHE_HOME" && (head -c 1000000 /dev/zero > "$XDG_CACHE_HOME/filling" || true) && ${layout}`;
  const env = { ...process.env, XDG_CACHE_HOME: own };
  const program = [process.execPath, join(root, 'bin/ffi-lint.cjs')];
  const full = spawnSync('unshare', ['-rm', 'sh', '-c', command, ...program], { cwd: folder, env, encoding: 'utf8' });
  expect(full.stderr).toMatch(/could not be measured|were measured without cargo/);
  expect(full.stderr).toMatch(/No space left|there is no room|ENOSPC|disk is full/i);
  expect(full.status).toBe(0);
  expect(JSON.parse(full.stdout).types).toHaveLength(1);
  const again = spawnSync('sh', ['-c', layout, ...program], { cwd: folder, env, encoding: 'utf8' });
  expect([again.stderr, JSON.parse(again.stdout).types[0].provenance]).toEqual(['', 'rustc']);
});
