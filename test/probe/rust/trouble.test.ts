/** Measuring where something is in the way: broken code, old editions, no lock file, no cargo, killed compilers, folders that cannot be written. */
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { tempFolder } from '../../support/temp-folder.ts';
import { DEMO } from './demo.ts';
import { measure, shown, treeHash, whyNot } from './support.ts';

const TIMEOUT = 120_000;
const missing = whyNot();
const cache = mkdtempSync(join(tmpdir(), 'ffi-lint-cache-'));
const environment = { ...process.env };

afterAll(() => rmSync(cache, { recursive: true, force: true }));
afterEach(() => {
  for (const name of ['RUSTC', 'PATH', 'CARGO_HOME']) {
    if (environment[name] === undefined) delete process.env[name];
    else process.env[name] = environment[name];
  }
});

function manifest(edition: string): string {
  return `[package]\nname = "a-crate"\nversion = "0.1.0"\nedition = "${edition}"\n`;
}

const LOCK = 'version = 3\n\n[[package]]\nname = "a-crate"\nversion = "0.1.0"\n';

const POINT = '#[repr(C)]\npub struct Point { x: u8, y: u32 }\n';
const POINT_SHOWN = 'struct Point 8/4: x 0+1, y 4+4';

const EDITIONS: readonly (readonly [string, string])[] = [
  ['2015', `extern crate core as mine;\nmod core {}\nmod inner {\n${POINT}mod std {}\n}\n`],
  ['2018', `#![no_std]\n#![no_implicit_prelude]\nmod inner { ${POINT} }\n`],
  ['2021', `#![no_std]\n#![deny(clippy::all, warnings, unsafe_code)]\n${POINT}struct usize;\n`],
  ['2024', `mod inner { #![allow(dead_code)]\n${POINT}} // no line end`],
];

for (const [edition, text] of EDITIONS) {
  test(
    `edition ${edition}`,
    async ({ skip }) => {
      if (missing !== null) skip(missing);
      const made = await measure(tempFolder({ 'Cargo.toml': manifest(edition), 'Cargo.lock': LOCK, 'src/lib.rs': text }), { cache });
      expect(made.measured.problems).toEqual([]);
      expect(shown(made.measured.entries.types)).toEqual([POINT_SHOWN]);
    },
    TIMEOUT,
  );
}

test(
  'without a lock file none is written: a mirror of the workspace gets it, paths out of the workspace included',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = tempFolder({
      'work/Cargo.toml': '[workspace]\nmembers = ["a"]\nresolver = "2"\n',
      'work/a/Cargo.toml': `${manifest('2021')}[dependencies]\nother = { path = "../../other" }\n`,
      'work/a/src/lib.rs': `${POINT}#[repr(C)]\npub struct Holder { pub other: other::Other }\n`,
      'other/Cargo.toml': '[package]\nname = "other"\nversion = "0.1.0"\nedition = "2021"\n',
      'other/src/lib.rs': 'pub struct Other(pub u64);\n',
    });
    const before = treeHash(folder);
    const made = await measure(join(folder, 'work'), { cache });
    expect(made.measured.problems).toEqual([]);
    expect(shown(made.measured.entries.types)).toEqual(['struct Holder 8/8: other 0+8', POINT_SHOWN]);
    expect(treeHash(folder)).toBe(before);
    expect(existsSync(join(folder, 'work/Cargo.lock'))).toBe(false);
  },
  TIMEOUT,
);

test(
  'a lock file that is out of date stays as it is',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = tempFolder({
      'Cargo.toml': `${manifest('2021')}[workspace]\n[dependencies]\nother = { path = "other" }\n`,
      'Cargo.lock': LOCK,
      'src/lib.rs': `${POINT}#[repr(C)]\npub struct Holder { pub other: other::Other }\n`,
      'other/Cargo.toml': '[package]\nname = "other"\nversion = "0.1.0"\nedition = "2021"\n',
      'other/src/lib.rs': 'pub struct Other(pub u64);\n',
    });
    const before = treeHash(folder);
    const made = await measure(folder, { cache });
    expect(made.measured.problems).toEqual([]);
    expect(shown(made.measured.entries.types)).toEqual(['struct Holder 8/8: other 0+8', POINT_SHOWN]);
    expect(treeHash(folder)).toBe(before);
  },
  TIMEOUT,
);

test(
  'a broken type costs itself, errors in functions cost nothing',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const text = `${POINT}
#[repr(C)] pub struct Endless { a: [u8; { let mut n = 0; n -= 1usize; n }] }
#[repr(C)] pub struct Missing { a: Nowhere }
#[repr(C, packed)] pub struct Wrong { a: u8, b: String }
fn broken() -> u8 { "text" }
`;
    const folder = tempFolder({ 'Cargo.toml': manifest('2021'), 'Cargo.lock': LOCK, 'src/lib.rs': text });
    const made = await measure(folder, { cache });
    expect(made.measured.problems).toEqual([]);
    expect(shown(made.measured.entries.types)).toContain(POINT_SHOWN);
    expect(made.measured.entries.unknown.map(({ name }) => name).sort()).toEqual(['Endless', 'Missing']);

    // A function that cannot be parsed ends the compilation early; the definitions alone still say what they can.
    writeFileSync(join(folder, 'src/lib.rs'), `${text}fn unfinished( {}\n`);
    const worse = await measure(folder, { cache });
    expect(worse.measured.problems).toEqual([
      {
        file: join(folder, 'Cargo.toml'),
        message: 'the Rust layouts of `a_crate` were measured without cargo: it does not compile: this file contains an unclosed delimiter',
      },
    ]);
    expect(shown(worse.measured.entries.types)).toContain(POINT_SHOWN);
    expect(worse.measured.entries.unknown.map(({ name }) => name).sort()).toEqual(['Endless', 'Missing']);
  },
  TIMEOUT,
);

test(
  'dependencies that are not there cost only the types that use them',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = tempFolder({
      'Cargo.toml': `${manifest('2021')}[features]\ndefault = ["on"]\non = []\n[dependencies]\nno-such-crate-anywhere = "99"\n`,
      'src/lib.rs': `use no_such_crate_anywhere::{derive_it, Thing};
mod other;
#[derive(Debug, Clone, Copy, derive_it)]
#[repr(C)] #[derive_it(x)]
pub struct Point { x: u8, #[derive_it] y: u32, #[cfg(feature = "on")] z: u8 }
#[repr(C)] pub struct Lost { thing: Thing }
#[repr(C)] pub struct After { lost: *const Lost, point: Point }
impl Thing for Point {}
pub const fn length() -> usize { 3 }
no_such_crate_anywhere::make!(struct X);
`,
      'src/other.rs': '#![cfg_attr(no_such, feature(x))]\nuse super::*;\n#[repr(C)] pub struct Inside { list: [u16; length()] }\n',
    });
    const made = await measure(folder, { cache });
    expect(made.measured.problems).toHaveLength(1);
    expect(made.measured.problems[0]?.message).toMatch(/`a_crate` were measured without cargo: cargo could not prepare it: /);
    expect(shown(made.measured.entries.types)).toEqual([
      'struct After 24/8: lost 0+8, point 8+12',
      'struct Inside 6/2: list 0+6',
      'struct Point 12/4: x 0+1, y 4+4, z 8+1',
    ]);
    expect(made.measured.entries.unknown.map(({ name }) => name).sort()).toEqual(['Lost', 'Thing']);
  },
  TIMEOUT,
);

test(
  'a file that is included is measured as part of the crate that includes it',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = tempFolder({
      'Cargo.toml': manifest('2021'),
      'Cargo.lock': LOCK,
      'src/lib.rs': 'mod sys { include!("bindings.rs"); }\n',
      'src/bindings.rs': `use std::ffi::c_int;\n${POINT}#[repr(C)]\npub struct Two { a: c_int, b: Point }\n`,
    });
    const made = await measure(folder, { cache });
    expect(made.measured.problems).toEqual([]);
    expect(shown(made.entries.types)).toEqual([POINT_SHOWN, 'struct Two 12/4: a 0+4, b 4+8']);
    expect(made.entries.types.map(({ provenance, at }) => [provenance, at.file])).toEqual([
      ['rustc', join(folder, 'src/bindings.rs')],
      ['rustc', join(folder, 'src/bindings.rs')],
    ]);
  },
  TIMEOUT,
);

test(
  'a lone file needs no cargo',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = tempFolder({
      'lone.rs': `use std::ffi::c_long;\n${POINT}#[repr(C)]\npub struct Long { a: c_long, b: Unknown }\nfn main() {}\n`,
    });
    const made = await measure(folder, { cache });
    expect(made.measured.problems).toEqual([]);
    expect(shown(made.measured.entries.types)).toEqual([POINT_SHOWN]);
  },
  TIMEOUT,
);

test(
  'a rustc that is killed, a cargo that is missing and folders that cannot be written are reasons, and the computed layouts stay',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    skip(process.platform === 'win32', 'the stand-in for rustc is a shell script');
    const files = { 'Cargo.toml': manifest('2021'), 'Cargo.lock': LOCK, 'src/lib.rs': POINT };
    const expectComputed = async (folder: string, reason: RegExp, options: { cache?: string; root?: string } = {}, by = 'computed') => {
      const made = await measure(folder, { cache, ...options });
      expect(made.measured.problems.map(({ message }) => message)).toEqual([expect.stringMatching(reason)]);
      expect(made.entries.types.map(({ name, provenance }) => `${name} ${provenance}`)).toEqual([`Point ${by}`]);
    };
    const installation = tempFolder({});
    await expectComputed(tempFolder(files), /could not be measured: there is no rustc wrapper in /, { root: installation });

    const occupied = tempFolder({ file: '' });
    await expectComputed(
      tempFolder(files),
      /the build folder .*file.* cannot be made|does not exist/,
      { cache: join(occupied, 'file') },
      'rustc',
    );

    // A folder that cannot be made and seems to be missing; without a lock file the mirror of the workspace would stand there.
    const { 'Cargo.lock': _, ...unlocked } = files;
    await expectComputed(tempFolder(unlocked), /nowhere.* (cannot be made|does not exist)/, { cache: '/proc/nowhere' }, 'rustc');

    const scripts = tempFolder({ rustc: '#!/bin/sh\ncase "$*" in *--cap-lints*) kill -9 $$ ;; esac\nexec real-rustc "$@"\n' });
    const real = (await import('../../../server/src/host/stamps.ts')).programInPath('rustc');
    writeFileSync(join(scripts, 'rustc'), `#!/bin/sh\ncase "$*" in *--cap-lints*) kill -9 $$ ;; esac\nexec ${real} "$@"\n`);
    chmodSync(join(scripts, 'rustc'), 0o755);
    process.env['PATH'] = `${scripts}:${environment['PATH']}`;
    process.env['RUSTC'] = join(scripts, 'rustc');
    await expectComputed(tempFolder(files), /rustc was killed/);
    process.env['PATH'] = scripts;
    await expectComputed(tempFolder(files), /cargo was not found/);
  },
  TIMEOUT,
);

test(
  'other targets: those with a standard library are measured, the others give the reason',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const folder = tempFolder({ 'Cargo.toml': manifest('2021'), 'Cargo.lock': LOCK, 'src/lib.rs': POINT });
    const made = await measure(folder, { cache, target: 'sparc64-unknown-openbsd' });
    expect(made.measured.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/rustup target add sparc64-unknown-openbsd/),
    ]);
    expect(made.entries.types.map(({ provenance }) => provenance)).toEqual(['computed']);
  },
  TIMEOUT,
);

test(
  'each package of a workspace is measured, a library in front of those that use it',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const { 'macros/src/lib.rs': macros = '', ...rest } = DEMO;
    const folder = tempFolder({
      ...rest,
      'macros/src/lib.rs': `${macros}${POINT}`,
      'src/main.rs': `#[repr(C)] struct InMain(u8);\nfn main() {}\n`,
    });
    const made = await measure(folder, { cache });
    expect(made.measured.problems).toEqual([]);
    expect([...made.compiled].sort()).toEqual(['demo_crate', 'demo_crate', 'demo_macros']);
    expect(shown(made.measured.entries.types)).toEqual(
      expect.arrayContaining([POINT_SHOWN, 'struct InMain 1/1: 0 0+1', 'struct Tuple 12/4: 0 0+1, 1 4+4, 2 8+1']),
    );
  },
  TIMEOUT,
);
