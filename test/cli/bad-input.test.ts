/** Input that cannot be checked: each fault is told with its file, the rest is checked, and the exit code says so. */
import { chmodSync, closeSync, mkdirSync, openSync, symlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../server/src/rules/registry.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { Ran } from './support.ts';
import { CLEAN, found, MANIFEST, PAIR, run } from './support.ts';

const JSON_OUT = ['-f', 'json'];
const FOUND = 'src/lib.rs:1 repr-c-missing';

function problems(ran: Ran): readonly string[] {
  const report: { readonly problems: readonly { readonly file: string; readonly message: string }[] } = JSON.parse(ran.out);
  return report.problems.map(({ file, message }) => `${file}: ${message}`);
}

/** A crate with a finding in src/lib.rs and `mod` declarations. */
const crate = (mods: string, more: Record<string, string | Uint8Array> = {}) =>
  tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': `${PAIR}${mods}`, ...more });

describe('files', () => {
  it('that are not UTF-8', async () => {
    const bytes = Buffer.concat([Buffer.from('pub fn a() {}\n'), Buffer.from([0xff, 0xfe]), Buffer.from('\n')]);
    const folder = crate('mod bad;\n', { 'src/bad.rs': bytes });
    const ran = await run(folder, JSON_OUT);
    expect(ran.code).toBe(2);
    expect(found(ran)).toEqual([FOUND]);
    expect(problems(ran)).toEqual(['src/bad.rs: is not valid UTF-8 (byte 14)']);
    expect(ran.err).toContain('error: src/bad.rs: is not valid UTF-8 (byte 14)');
    expect((await run(folder, ['--exit-zero'])).code).toBe(2);
  });

  it('that may not be read, or a link that leads to itself', async () => {
    const folder = crate('mod closed;\nmod round;\n', { 'src/closed.rs': CLEAN });
    chmodSync(join(folder, 'src/closed.rs'), 0);
    symlinkSync('round.rs', join(folder, 'src/round.rs'));
    const ran = await run(folder, JSON_OUT);
    expect(found(ran)).toEqual([FOUND]);
    // The superuser reads every file.
    const closed = process.getuid?.() === 0 ? [] : ['src/closed.rs: cannot be opened: permission denied'];
    expect(problems(ran)).toEqual(closed);
    expect(ran.code).toBe(closed.length > 0 ? 2 : 1);
  });

  it('that are very large', async () => {
    const folder = crate('mod big;\n');
    const file = openSync(join(folder, 'src/big.rs'), 'w');
    // As a tool writes tables: few items, long lines.
    const block = Buffer.from(`pub static TABLE: &[u8] = b"${'\\x00\\xff'.repeat(125_000)}";\n`);
    for (let size = 0; size < 50e6; size += block.length) writeSync(file, block);
    writeSync(file, PAIR.replaceAll('Pair', 'Last').replaceAll('pair', 'last'));
    closeSync(file);
    const ran = await run(folder, JSON_OUT);
    expect(ran.code).toBe(1);
    expect(found(ran).some((one) => one === FOUND)).toBe(true);
    expect(found(ran).some((one) => one.startsWith('src/big.rs:'))).toBe(true);
  }, 60_000);

  it('that no parser understands', async () => {
    const folder = crate('mod broken;\nmod nest;\n', {
      'src/broken.rs': 'pub extern "C" fn ((( { struct \u0000 } #[',
      'src/nest.rs': `const X: u8 = ${'('.repeat(20_000)}1${')'.repeat(20_000)};\n#[no_mangle]\npub extern "C" fn f() { ${'{'.repeat(20_000)} }\n`,
    });
    const ran = await run(folder, JSON_OUT);
    expect(ran.code).toBe(1);
    expect(found(ran)).toContain(FOUND);
  });

  it('that are empty, or start with a byte order mark', async () => {
    const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': `\ufeff${PAIR}mod empty;\n`, 'src/empty.rs': '' });
    expect(found(await run(folder, JSON_OUT))).toEqual([FOUND]);
    await run(folder, ['--fix']);
    expect((await run(folder, [])).code).toBe(0);
  });
});

it('folders that lead into each other are walked once', async () => {
  const folder = crate('');
  mkdirSync(join(folder, 'src/deep'));
  symlinkSync('..', join(folder, 'src/deep/up'));
  symlinkSync(folder, join(folder, 'src/self'));
  expect(found(await run(folder, JSON_OUT))).toEqual([FOUND]);
});

describe('manifests', () => {
  it('that are no TOML cost their package only', async () => {
    const folder = crate('', { 'other/Cargo.toml': '[package\nname = "x"\n', 'other/src/lib.rs': CLEAN });
    const ran = await run(folder, JSON_OUT);
    expect(ran.code).toBe(2);
    expect(found(ran)).toEqual([FOUND]);
    expect(problems(ran)[0]).toMatch(/^other\/Cargo\.toml: is not valid TOML/);
    expect(ran.err).toMatch(/^error: other\/Cargo\.toml:\d+:\d+: /m);
  });
});

describe('configuration that is wrong prints nothing on stdout and exits 2', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ['an unknown key', 'profil = "strict"\n', 'ffi-lint.toml: line 1: unknown key `profil`, did you mean `profile`'],
    ['an unknown rule', '[rules]\nrepr-c-mising = "off"\n', 'unknown rule or group `repr-c-mising`, did you mean `repr-c-missing`'],
    ['a wrong value', 'profile = "lax"\n', '`profile` cannot be `lax`'],
    ['no TOML', 'profile = \n', 'ffi-lint.toml: is not valid TOML'],
  ];
  it.each(cases)('%s', async (_, text, message) => {
    const ran = await run(crate('', { 'ffi-lint.toml': text }), JSON_OUT);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain(message);
  });
});

describe('a rule that fails', () => {
  const throwing: Rule = {
    id: 'always-throws',
    group: 'house',
    since: '0.1.0',
    severity: 'error',
    languages: ['rust'],
    equivalents: [],
    fix: 'none',
    messages: {},
    docs: { what: 'throws', why: '', bad: '', good: '', exceptions: [], fixSafety: null, references: [] },
    check: () => {
      throw new Error('no such thing');
    },
  };

  it('is named with the file, and costs its own findings only', async () => {
    const ran = await run(crate(''), JSON_OUT, { rules: [throwing, ...rules] });
    expect(ran.code).toBe(2);
    expect(found(ran)).toEqual([FOUND]);
    expect(problems(ran)[0]).toMatch(/^src\/lib\.rs: rule always-throws failed here \(no such thing\)/);
    expect(ran.err).not.toMatch(/^\s+at /m);
  });
});

describe('what cannot be written', () => {
  it('is told for reports and fixes', async () => {
    const folder = crate('');
    const report = await run(folder, ['-f', 'json', '-o', 'no/folder/a.json']);
    expect(report.code).toBe(2);
    expect(report.err).toContain('--output-file: no/folder/a.json cannot be written: its folder does not exist');
  });

  it('is told for a baseline that is no baseline', async () => {
    const folder = crate('', { 'ffi-lint-baseline.json': '{"version": 7}' });
    const ran = await run(folder, []);
    expect(ran).toMatchObject({ code: 2, out: '' });
    expect(ran.err).toContain('the baseline ffi-lint-baseline.json is not a baseline of version 1');
    expect((await run(folder, ['--write-baseline'])).code).toBe(0);
  });
});

it('a target in the configuration that does not exist', async () => {
  const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': CLEAN, 'ffi-lint.toml': 'targets = ["x86_64-unknown-linux-gun"]\n' });
  const ran = await run(folder, JSON_OUT);
  expect([ran.code, ran.out]).toEqual([2, '']);
  expect(ran.err).toContain('ffi-lint.toml: there is no target `x86_64-unknown-linux-gun`; did you mean `x86_64-unknown-linux-gnu`?');
});

it('quiet runs tell no warnings of what could not be asked', async () => {
  const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': CLEAN });
  const args = ['-', '--stdin-filename', 'src/lib.rs', '--verify', 'auto'];
  expect((await run(folder, args, { stdin: CLEAN })).err).toContain('warning: not verified: standard input is not compiled');
  expect((await run(folder, [...args, '--quiet'], { stdin: CLEAN })).err).toBe('');
});
