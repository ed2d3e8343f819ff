/** Findings that rustc and clippy report too: a crate that cargo really checks, with the setting on and off. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { groupsOf } from '../../server/src/engine/suppress-attributes.ts';
import { readDiagnostics } from '../../server/src/model/extract/rustc-json.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { run as runCli } from '../cli/support.ts';
import { run } from '../support/compile/process.ts';
import { tempFolder } from '../support/temp-folder.ts';

/** The equivalents of the rules, but those of PyO3, whose crate is not built for this. */
const PAIRS = rules.filter(({ group }) => group !== 'pyo3').flatMap(({ id, equivalents }) => equivalents.map((lint) => `${id}: ${lint}`));
const EQUIVALENTS = [...new Set(rules.flatMap(({ equivalents }) => equivalents))];

/** Lints of other compilers than the one at hand: names that were renamed, and some that are to come with Rust 1.98. */
const OTHER_COMPILERS = [
  'clippy::temporary_cstring_as_ptr',
  'invalid_runtime_symbol_definitions',
  'suspicious_runtime_symbol_definitions',
  'temporary_cstring_as_ptr',
];

/** Pairs of which only an allow counts: this rustc stops at the first pointer of a definition. */
const ALLOW_ONLY = ['repr-c-missing-behind-pointer: improper_ctypes_definitions'];

const SOURCE = readFileSync(path.join(import.meta.dirname, 'reported-lints.rs.txt'), 'utf8');
const MANIFEST = `[package]
name = "twice-told"
version = "0.1.0"
edition = "2021"
rust-version = "1.85"

[lib]
crate-type = ["cdylib"]

[workspace]
`;

const hasClippy = (await run('cargo', ['clippy', '--version'], process.cwd())).status === 0;
const NO_CLIPPY = 'needs clippy: `rustup component add clippy`';

/** What rustc and clippy say, as cargo tells it: `line lint` by where they point first. */
async function clippy(folder: string): Promise<ReadonlySet<string>> {
  const asked = EQUIVALENTS.filter((lint) => !OTHER_COMPILERS.includes(lint)).flatMap((lint) => ['-W', lint]);
  const args = ['clippy', '--offline', '--message-format=json', '--', ...asked];
  const { status, stdout, stderr } = await run('cargo', args, folder, { CARGO_TARGET_DIR: path.join(folder, 'target') });
  if (status !== 0) throw new Error(stderr);
  const messages = stdout.split('\n').flatMap((line) => {
    const { reason, message } = line.startsWith('{') ? JSON.parse(line) : {};
    return reason === 'compiler-message' ? [JSON.stringify(message)] : [];
  });
  const told = readDiagnostics(messages.join('\n'), () => true);
  return new Set(told.flatMap(({ code, primary }) => primary.map(({ line }) => `${line} ${code}`)));
}

/** `line rule` of what the command line shows. */
async function shown(folder: string, dedupe: 'auto' | 'off'): Promise<ReadonlySet<string>> {
  writeFileSync(path.join(folder, 'ffi-lint.toml'), `profile = "all"\ndedupe-with-rustc = "${dedupe}"\n`);
  const { out, err } = await runCli(folder, ['check', '--output-format', 'json']);
  if (!out.startsWith('{')) throw new Error(err);
  const report: { findings: { rule: string; range: { start: { line: number } } }[] } = JSON.parse(out);
  return new Set(report.findings.map(({ rule, range }) => `${range.start.line} ${rule}`));
}

/** `line rule` of findings beside which an equivalent lint speaks, with the pairs that this makes. */
function told(findings: ReadonlySet<string>, lints: ReadonlySet<string>): { readonly at: readonly string[]; readonly pairs: Set<string> } {
  const pairs = new Set<string>();
  const at = [...findings].filter((finding) => {
    const [line, id] = finding.split(' ');
    const same = (rules.find((rule) => rule.id === id)?.equivalents ?? []).filter((lint) => lints.has(`${line} ${lint}`));
    for (const lint of same) pairs.add(`${id}: ${lint}`);
    return same.length > 0;
  });
  return { at, pairs };
}

describe('findings that a compiler reports too', () => {
  it('are hidden on exactly the lines on which it speaks, unless the setting is off', { timeout: 240_000 }, async ({ skip }) => {
    skip(!hasClippy, NO_CLIPPY);
    // A variable of whoever runs the tests would lead elsewhere.
    vi.stubEnv('CARGO_TARGET_DIR', '');
    vi.stubEnv('CARGO_BUILD_TARGET_DIR', '');
    const folder = tempFolder({ 'Cargo.toml': MANIFEST, 'src/lib.rs': SOURCE });
    const before = await shown(folder, 'auto');
    const lints = await clippy(folder);
    const [off, auto] = [await shown(folder, 'off'), await shown(folder, 'auto')];
    expect([...before].sort()).toEqual([...off].sort());
    const { at, pairs } = told(off, lints);
    expect([...off].filter((one) => !auto.has(one)).sort()).toEqual([...at].sort());
    expect([...auto].filter((one) => !off.has(one))).toEqual([]);
    const missing = PAIRS.filter((pair) => !pairs.has(pair) && !OTHER_COMPILERS.some((lint) => pair.endsWith(`: ${lint}`)));
    expect(missing.sort()).toEqual(ALLOW_ONLY);
    // A line that is another one since then is looked at anew.
    const changed = SOURCE.replace('lookup(key).unwrap()', 'lookup(key + 1).unwrap()');
    writeFileSync(path.join(folder, 'src/lib.rs'), changed);
    const line = SOURCE.slice(0, SOURCE.indexOf('lookup(key).unwrap()')).split('\n').length;
    expect(auto.has(`${line} unwrap-in-extern-fn`)).toBe(false);
    expect((await shown(folder, 'auto')).has(`${line} unwrap-in-extern-fn`)).toBe(true);
    // Built elsewhere, it is found where the variable says.
    writeFileSync(path.join(folder, 'src/lib.rs'), SOURCE);
    renameSync(path.join(folder, 'target'), path.join(folder, 'built'));
    expect((await shown(folder, 'auto')).has(`${line} unwrap-in-extern-fn`)).toBe(true);
    vi.stubEnv('CARGO_TARGET_DIR', path.join(folder, 'built'));
    expect((await shown(folder, 'auto')).has(`${line} unwrap-in-extern-fn`)).toBe(false);
    vi.unstubAllEnvs();
  });

  it('have lints that this compiler knows, in the groups that an allow may name', { timeout: 60_000 }, async ({ skip }) => {
    skip(!hasClippy, NO_CLIPPY);
    const { stdout } = await run('clippy-driver', ['-W', 'help'], tempFolder());
    const name = (text: string): string => text.trim().replaceAll('-', '_');
    const known = new Set([...stdout.matchAll(/^\s+([a-z][\w:-]+)\s+(?:allow|warn|deny|forbid)\b/gm)].map(([, lint = '']) => name(lint)));
    expect(EQUIVALENTS.filter((lint) => !known.has(lint) && !OTHER_COMPILERS.includes(lint))).toEqual([]);
    const groups = [...stdout.matchAll(/^\s+([a-z][\w:-]+)\s{2,}([a-z][\w:-]+(?:, [a-z][\w:-]+)*)$/gm)];
    expect(groups.length).toBeGreaterThan(10);
    for (const lint of EQUIVALENTS.filter((one) => known.has(one))) {
      const real = groups
        .filter(([, , lints = '']) => lints.split(',').some((one) => name(one) === lint))
        .map(([, group = '']) => name(group));
      expect([...groupsOf(lint)].sort(), lint).toEqual(real.sort());
    }
  });
});
