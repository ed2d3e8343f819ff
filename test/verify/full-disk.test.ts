/** A disk that is full where ffi-lint keeps what it learns and builds: findings stay as they are, and one line says why. */
import { spawnSync } from 'node:child_process';
import type { SpawnSyncReturns } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const TIMEOUT = 180_000;

/** A package whose library calls another package, so that rustc writes before its own turn comes. */
const FILES = {
  'Cargo.toml': '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n\n[dependencies]\nhelper = { path = "helper" }\n',
  'Cargo.lock':
    'version = 3\n\n[[package]]\nname = "helper"\nversion = "0.1.0"\n\n[[package]]\nname = "sample"\nversion = "0.1.0"\ndependencies = ["helper"]\n',
  'helper/Cargo.toml': '[package]\nname = "helper"\nversion = "0.1.0"\nedition = "2021"\n',
  'helper/src/lib.rs': 'pub fn one() -> u32 {\n    1\n}\n',
  'src/lib.rs': `#[no_mangle]
pub extern "C" fn byte(v: u32) -> u8 {
    u8::try_from(v + helper::one()).unwrap()
}
`,
};

/** Runs a shell script where a file system of a few kilobytes stands at a folder, for this process and its children alone. */
function withSmallDisk(folder: string, kilobytes: number, script: string): SpawnSyncReturns<string> {
  mkdirSync(folder, { recursive: true });
  const mounted = `mount -t tmpfs -o size=${kilobytes}k tmpfs '${folder}' && ${script}`;
  return spawnSync('unshare', ['--user', '--map-root-user', '--mount', 'sh', '-c', mounted], { encoding: 'utf8', timeout: TIMEOUT });
}

function whyNotHere(): string | null {
  if (!existsSync(path.join(root, 'native/target/release/ffi-rustc')))
    return 'the rustc wrapper is not built: `cargo build --release` in native/';
  if (!existsSync(path.join(root, 'dist/cli.cjs'))) return 'dist/cli.cjs is not built: run `npm run bundle`';
  if (process.platform !== 'linux') return 'needs a tmpfs of Linux';
  return withSmallDisk(tempFolder(), 4, 'true').status === 0 ? null : 'needs `unshare --user --mount`, which is not allowed here';
}

interface Checked {
  readonly findings: readonly string[];
  readonly labels: readonly string[];
  /** Lines that say that something was not verified. */
  readonly said: readonly string[];
  readonly status: number | null;
}

/** `check` with a small disk at one of the folders that it writes to. */
function check(at: 'cache' | 'temporary', kilobytes: number, verify: string): Checked {
  const folder = tempFolder(FILES);
  const places = { cache: path.join(folder, 'the cache'), temporary: path.join(folder, 'the temporary') };
  for (const place of Object.values(places)) mkdirSync(place);
  const settings = `XDG_CACHE_HOME='${places.cache}' TMPDIR='${places.temporary}' CARGO_INCREMENTAL=0`;
  const command = `'${process.execPath}' '${path.join(root, 'bin/ffi-lint.cjs')}' check src -f json --verify ${verify}`;
  const ran = withSmallDisk(places[at], kilobytes, `cd '${folder}' && ${settings} exec ${command}`);
  const report: { readonly findings: readonly { readonly rule: string; readonly verification?: string }[] } = JSON.parse(ran.stdout);
  const { findings } = report;
  return {
    findings: findings.map(({ rule }) => rule),
    labels: [...new Set(findings.map(({ verification = 'none' }) => verification))],
    said: ran.stderr.split('\n').filter((line) => line.includes('not verified')),
    status: ran.status,
  };
}

describe('a full disk', () => {
  const plain = () => check('cache', 4096, 'off');

  for (const [what, at, kilobytes] of [
    ['the cache folder has no room for what cargo notes', 'cache', 4],
    ['the target directory has no room for the second package', 'cache', 20],
    ['the temporary folder has no room for what rustc writes', 'temporary', 4],
  ] as const) {
    test(
      what,
      ({ skip }) => {
        const missing = whyNotHere();
        if (missing !== null) skip(missing);
        const { findings, status } = plain();
        expect(findings).toContain('unwrap-in-extern-fn');
        const ran = check(at, kilobytes, 'auto');
        expect(ran).toMatchObject({ findings, labels: ['unverified'], status });
        expect(ran.said).toHaveLength(1);
        expect(ran.said[0]).toMatch(/sample: .*(No space left on device|the disk is full)/);
        expect(check(at, kilobytes, 'require').status).toBe(2);
      },
      TIMEOUT,
    );
  }

  test(
    'wherever the room ends, at a dependency, at the answer or not at all',
    ({ skip }) => {
      const missing = whyNotHere();
      if (missing !== null) skip(missing);
      const { findings, status } = plain();
      for (const kilobytes of [28, 48, 72]) {
        const ran = check('cache', kilobytes, 'auto');
        expect(ran).toMatchObject({ findings, status });
        // An answer that cannot be kept is used all the same.
        expect(ran.said.length, `${kilobytes} kB: ${ran.said.join()}`).toBe(ran.labels.includes('confirmed') ? 0 : 1);
      }
    },
    TIMEOUT,
  );
});
