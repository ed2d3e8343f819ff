/** Compilers, objects, headers and machines that do not behave: what was computed stays, the reason is told, and the next run is as good as new. */
import { describe, expect, test } from 'vitest';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cLayouts } from '../../server/src/abi/c-layouts.ts';
import { mergeMeasured } from '../../server/src/abi/measured.ts';
import { createCUnits } from '../../server/src/engine/layouts/c-units.ts';
import { nodeFileSystem } from '../../server/src/host/file-system.ts';
import { programInPath } from '../../server/src/host/stamps.ts';
import { NO_FLAGS } from '../../server/src/model/c/flags.ts';
import { createCMeasurer } from '../../server/src/probe/c/measure-c.ts';
import { snapshotOf } from '../model/snapshot.ts';
import { testParsers } from '../support/parsers.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { root } from '../tidy/sources.ts';
import { LINUX, has, line, plainReader, target } from './c/support.ts';
import { ownSurroundings } from './own-surroundings.ts';
import { measure, shown, whyNot } from './rust/support.ts';

const cache = ownSurroundings();

const POSIX = process.platform === 'linux' && process.arch === 'x64';
const SPOT = 'struct spot { char kind; double at; unsigned few : 3; };\n';
const COMPUTED = 'computed struct spot 24/8: kind@0 at@8 few@128:3';
const MEASURED = COMPUTED.replace('computed', 'cc');

/** A program of this name in a folder of its own. */
function script(text: string, name = 'cc'): string {
  const path = join(tempFolder({ [name]: `#!/bin/sh\n${text}\n` }), name);
  chmodSync(path, 0o755);
  return path;
}

/** A header's types in the end, and what is said. */
async function measured(text: string, compiler: string, cancellation = { cancelled: false }): Promise<readonly string[]> {
  const folder = tempFolder({ 'spot.h': text });
  const fs = nodeFileSystem();
  const parsers = await testParsers();
  const on = target(LINUX);
  const headers = [`${folder}/spot.h`];
  const unit = createCUnits(fs, headers, parsers).read(`${folder}/spot.h`, on);
  const computed = unit ? cLayouts(unit, on, (file) => file === `${folder}/spot.h`) : { types: [], unknown: [] };
  const { workspace, surface } = await snapshotOf({ 'src/lib.rs': '' });
  const run = createCMeasurer({
    fs,
    parsers,
    reader: plainReader,
    flagsOf: () => NO_FLAGS,
    env: { CC: compiler },
    cache: `${folder}/cache`,
  });
  const made = await run({ workspace, surface, target: on, computed, headers, python: [], cancellation });
  const merged = mergeMeasured(computed, made);
  return [
    ...merged.entries.types.map((one) => `${one.provenance} ${line(one)}`),
    ...[...made.problems, ...merged.problems].map(({ message }) => message.replaceAll(folder, '')),
  ];
}

/** It says that it is gcc. */
const ANSWERS = 'case "$1" in --version | -dumpmachine) exec gcc "$@" ;; esac';

/** gcc, but for the object, which the script makes of gcc's own at `$o`. */
const withObject = (then: string): string =>
  script(`last=; for one in "$@"; do [ "$last" = -o ] && o="$one"; last="$one"; done\ngcc "$@" || exit 1\n[ -n "$o" ] || exit 0\n${then}`);

describe('a C compiler', () => {
  const why = POSIX && has('gcc') ? null : 'needs gcc on 64-bit Linux; the stand-ins are shell scripts';

  test('that is missing is passed over', async ({ skip }) => {
    if (why !== null) skip(why);
    expect(await measured(SPOT, '/nowhere/cc')).toEqual([MEASURED]);
  });

  test('that is missing, with all others, is told', async ({ skip }) => {
    if (why !== null) skip(why);
    process.env['PATH'] = tempFolder({});
    expect(await measured(SPOT, '/nowhere/cc')).toEqual([COMPUTED, expect.stringContaining('no C compiler was found')]);
  });

  test.for([
    ['prints garbage and fails', 'head -c 4000 /dev/urandom; head -c 4000 /dev/urandom >&2; exit 3'],
    ['prints garbage and is content', 'head -c 4000 /dev/urandom'],
    ['says nothing', 'exit 0'],
    ['kills itself', 'kill -9 $$'],
  ] as const)('that %s', async ([, text], { skip }) => {
    if (why !== null) skip(why);
    expect(await measured(SPOT, script(`${ANSWERS}\n${text}`))).toEqual([COMPUTED, expect.stringContaining('were not measured')]);
  });

  test('that hangs ends when it is cancelled', async ({ skip }) => {
    if (why !== null) skip(why);
    const cancellation = { cancelled: false };
    setTimeout(() => {
      cancellation.cancelled = true;
    }, 300);
    expect((await measured(SPOT, script(`${ANSWERS}\nsleep 60`), cancellation))[0]).toBe(COMPUTED);
  });

  test.for([
    ['is empty', ': > "$o"'],
    ['ends early', 'head -c 100 "$o" > "$o.new"; mv "$o.new" "$o"'],
    ['ends within a record', 'at=$(grep -abo "@FFI1" "$o" | head -1 | cut -d: -f1); head -c $((at + 9)) "$o" > "$o.new"; mv "$o.new" "$o"'],
    ['holds random bytes', 'head -c 20000 /dev/urandom > "$o"'],
    ['holds records of types that nobody asked about', 'printf "@FFI1|99,1,1!@FFI1|18446744073709551615,1!@FFI1|!" > "$o"'],
    [
      'holds records with too few and too many figures',
      'printf "@FFI1|0!@FFI1|0,1!@FFI1|0,24,8,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16!" > "$o"',
    ],
  ] as const)('whose object %s', async ([, then], { skip }) => {
    if (why !== null) skip(why);
    const [first] = await measured(SPOT, withObject(then));
    expect(first).toBe(COMPUTED);
  });

  test('does not end in a header that includes itself, and says why', async ({ skip }) => {
    if (why !== null) skip(why);
    const made = await measured(`#include "spot.h"\n${SPOT}`, 'gcc');
    expect(made.at(-1)).toMatch(/were not measured.*(nested|redefinition)/);
  });

  test('tells of a header whose data look like records', async ({ skip }) => {
    if (why !== null) skip(why);
    const [first] = await measured(`${SPOT}const char evil[] = "@FFI1|0,1,1!@FFI1|1,2,2!";\n`, 'gcc');
    expect([COMPUTED, MEASURED]).toContain(first);
  });
});

const LOCK = 'version = 3\n\n[[package]]\nname = "spots"\nversion = "0.1.0"\n';
const CRATE = {
  'Cargo.toml': '[package]\nname = "spots"\nversion = "0.1.0"\nedition = "2021"\n',
  'Cargo.lock': LOCK,
  'src/lib.rs': '#[repr(C)] pub struct Spot { kind: u8, at: u32 }\n',
};
const SHOWN = ['struct Spot 8/4: kind 0+1, at 4+4'];

describe('rustc', { timeout: 120_000 }, () => {
  const why = whyNot() ?? (POSIX ? null : 'the stand-ins are shell scripts');

  test.for([
    ['prints garbage', 'head -c 4000 /dev/urandom; head -c 4000 /dev/urandom >&2; exit 1'],
    ['prints JSON that breaks off', 'printf "{\\"level\\":\\"error\\",\\"mess" >&2; exit 1'],
    ['prints records that break off', 'printf "{\\"message\\":\\"evaluation panicked: @FFI1|0,8,4,0" >&2; exit 1'],
    ['is content with everything', 'exit 0'],
  ] as const)('that %s leaves what was computed', async ([, text], { skip }) => {
    if (why !== null) skip(why);
    const real = programInPath('rustc');
    process.env['RUSTC'] = script(`case "$*" in *--cap-lints*) ${text} ;; esac\nexec ${real} "$@"`, 'rustc');
    const made = await measure(tempFolder(CRATE), { cache });
    expect(made.entries.types.map(({ name, provenance }) => `${name} ${provenance}`)).toEqual(['Spot computed']);
  });

  test('asked by two editors at once about one crate answers both', async ({ skip }) => {
    if (why !== null) skip(why);
    const folder = tempFolder(CRATE);
    const own = mkdtempSync(join(cache, 'two-'));
    const both = await Promise.all([measure(folder, { cache: own }), measure(folder, { cache: own })]);
    for (const { measured: one } of both) expect([one.problems, shown(one.entries.types)]).toEqual([[], SHOWN]);
  });

  test('is asked again where a run was killed half-way', async ({ skip }) => {
    if (why !== null) skip(why);
    if (!existsSync(join(root, 'dist/cli.cjs'))) skip('dist/cli.cjs is not built: run `npm run bundle`');
    const folder = tempFolder(CRATE);
    const own = mkdtempSync(join(cache, 'killed-'));
    const slow = script(`case "$*" in *--cap-lints*) touch ${own}/asked; sleep 4 ;; esac\nexec ${programInPath('rustc')} "$@"`, 'rustc');
    const child = spawn(process.execPath, [join(root, 'bin/ffi-lint.cjs'), 'layout', folder], {
      env: { ...process.env, XDG_CACHE_HOME: own, RUSTC: slow },
      stdio: 'ignore',
    });
    const ended = once(child, 'exit');
    for (let i = 0; i < 400 && !existsSync(`${own}/asked`); i++) await new Promise((done) => setTimeout(done, 100));
    child.kill('SIGKILL');
    await ended;
    expect(existsSync(`${own}/asked`)).toBe(true);
    const made = await measure(folder, { cache: join(own, 'ffi-lint') });
    expect([made.measured.problems, shown(made.measured.entries.types)]).toEqual([[], SHOWN]);
  });

  test('on a disk without room costs the measurement alone', async ({ skip }) => {
    if (why !== null) skip(why);
    if (!existsSync(join(root, 'dist/cli.cjs'))) skip('dist/cli.cjs is not built: run `npm run bundle`');
    const folder = tempFolder({ ...CRATE, 'spot.h': SPOT });
    const own = mkdtempSync(join(cache, 'full-'));
    // No file may have more than 512 bytes: each write beyond fails as on a full disk.
    const command = `ulimit -f 1; exec "$0" "$1" layout . -f json`;
    const env = { ...process.env, XDG_CACHE_HOME: own };
    const made = spawnSync('bash', ['-c', command, process.execPath, join(root, 'bin/ffi-lint.cjs')], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(made.stderr).toMatch(/could not be measured|were measured without cargo|not measured/);
    expect(made.status).toBe(0);
    const again = spawnSync(process.execPath, [join(root, 'bin/ffi-lint.cjs'), 'layout', '.', '-f', 'json'], {
      cwd: folder,
      env,
      encoding: 'utf8',
    });
    expect(again.stderr).toBe('');
    expect(again.stdout).toContain('"provenance": "rustc"');
  });
});

/** Written where a stand-in is not enough. */
test('a kept answer that was cut short is measured anew', { timeout: 120_000 }, async ({ skip }) => {
  const why = whyNot();
  if (why !== null) skip(why);
  const folder = tempFolder(CRATE);
  const own = mkdtempSync(join(cache, 'cut-'));
  await measure(folder, { cache: own });
  const { readdirSync } = await import('node:fs');
  for (const name of readdirSync(join(own, 'layouts'))) writeFileSync(join(own, 'layouts', name), '{"answers":[[0,{"kind":"val');
  expect(shown((await measure(folder, { cache: own })).measured.entries.types)).toEqual(SHOWN);
});
