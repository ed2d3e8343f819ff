/** Compilers that die, speak another language or have no room: findings stay as they are without one, and one line says why. */
import { chmodSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../cli/support.ts';
import { tempFolder } from '../support/temp-folder.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const TIMEOUT = 120_000;

const SOURCE = `#[no_mangle]
pub extern "C" fn byte(v: u32) -> u8 {
    u8::try_from(v).unwrap()
}
`;
const FILES = {
  'Cargo.toml': '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n',
  'Cargo.lock': 'version = 3\n\n[[package]]\nname = "sample"\nversion = "0.1.0"\n',
  'src/lib.rs': SOURCE,
};

const wrapper = path.join(here, '../../native/target/release/ffi-rustc');
const missing =
  process.platform === 'win32'
    ? 'needs programs of a Unix shell'
    : existsSync(wrapper)
      ? null
      : 'the rustc wrapper is not built: `cargo build --release` in native/';

/** The programs behind rustup's proxies, so that what stands in for them is asked and not passed by. */
function real(name: string): string {
  const sysroot = spawnSync('rustc', ['--print', 'sysroot'], { encoding: 'utf8' }).stdout.trim();
  return path.join(sysroot, 'bin', name);
}

describe.skipIf(missing !== null)(`compilers that fail${missing === null ? '' : ` (${missing})`}`, () => {
  let folder = '';
  const before = { ...process.env };
  beforeEach(() => {
    folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'ffi-lint-bad-')));
    process.env['XDG_CACHE_HOME'] = path.join(folder, 'cache');
  });
  afterEach(() => {
    for (const name of ['PATH', 'RUSTC', 'XDG_CACHE_HOME']) {
      const value = before[name];
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** Puts a shell script in front of a program; `$REAL` is the program. */
  function inFrontOf(name: string, script: string): void {
    const file = path.join(folder, name);
    writeFileSync(file, `#!/bin/sh\nREAL='${real(name)}'\n${script}\nexec "$REAL" "$@"\n`);
    chmodSync(file, 0o755);
    process.env['PATH'] = `${folder}:${before['PATH'] ?? ''}`;
    if (name === 'rustc') process.env['RUSTC'] = file;
  }

  /** What is found, the labels, and the lines that say that something was not verified. */
  async function check(): Promise<{ readonly findings: readonly string[]; readonly said: readonly string[]; readonly code: number }> {
    const at = tempFolder(FILES);
    const plain = await run(at, ['check', '-f', 'json']);
    const ran = await run(at, ['check', '--verify', 'auto', '-f', 'json']);
    const rules = (text: string): readonly string[] => JSON.parse(text).findings.map(({ rule }: { rule: string }) => rule);
    expect(rules(ran.out), ran.err).toEqual(rules(plain.out));
    expect(rules(plain.out)).toContain('unwrap-in-extern-fn');
    expect(ran.code).toBe(plain.code);
    const required = await run(at, ['check', '--verify', 'require', '-f', 'json']);
    expect(required.code, required.err).toBe(2);
    return {
      findings: JSON.parse(ran.out).findings.map(({ verification }: { verification: string }) => verification),
      said: ran.err.split('\n').filter((line) => line.includes('not verified')),
      code: ran.code,
    };
  }

  function expectUnverified({ findings, said }: Awaited<ReturnType<typeof check>>, why: RegExp): void {
    expect(new Set(findings)).toEqual(new Set(['unverified']));
    expect(said).toHaveLength(1);
    expect(said[0]).toMatch(why);
  }

  test(
    'rustc is killed while it writes',
    async () => {
      inFrontOf('rustc', 'case "$*" in *"-C metadata="*unpretty=mir*) kill -9 $$ ;; esac');
      expectUnverified(await check(), /sample: rustc was killed$/);
    },
    TIMEOUT,
  );

  test(
    'a nightly prints another MIR',
    async () => {
      inFrontOf(
        'rustc',
        `case "$*" in
-vV) "$REAL" -vV | sed '1s/.*/rustc 1.99.0-nightly (0123456789 2027-01-01)/'; exit 0 ;;
*unpretty=mir*)
  for last in "$@"; do :; done
  "$REAL" "$@" || exit $?
  sed -i 's/ -> \\[return: / ~> {return = /' "$last"
  exit 0 ;;
esac`,
      );
      expectUnverified(await check(), /sample: the MIR of rustc 1\.99\.0-nightly .* is not understood$/);
    },
    TIMEOUT,
  );

  test(
    'a nightly prints the small sample alike, and something of the crate otherwise',
    async () => {
      inFrontOf(
        'rustc',
        `case "$*" in
*"-C metadata="*unpretty=mir*)
  for last in "$@"; do :; done
  "$REAL" "$@" || exit $?
  sed -i 's/^fn byte(_1: u32)/fn byte(in(reg) _1: u32)/' "$last"
  exit 0 ;;
esac`,
      );
      expectUnverified(await check(), /sample: \d+ lines? of rustc's MIR (is|are) not understood$/);
    },
    TIMEOUT,
  );

  test(
    'the disk is full while rustc writes',
    async () => {
      inFrontOf('rustc', 'case "$*" in *unpretty=mir*) trap \'\' XFSZ; ulimit -f 1 ;; esac');
      expectUnverified(await check(), /sample: (rustc .* does not compile a small sample|it does not compile): .*File too large/);
    },
    TIMEOUT,
  );

  test(
    'there is no room for a build folder',
    async () => {
      writeFileSync(path.join(folder, 'cache'), 'a file where a folder has to be\n');
      expectUnverified(await check(), /sample: .*cache/);
    },
    TIMEOUT,
  );

  test(
    'there is no compiler',
    async () => {
      process.env['PATH'] = folder;
      expectUnverified(await check(), /sample: rustc .*/);
    },
    TIMEOUT,
  );
});
