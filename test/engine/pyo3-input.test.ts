/** The rules about PyO3 on input that nobody wrote for them: cut off, wrapped in macros, with PyO3 from git, in a large workspace. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { rules } from '../../server/src/rules/registry.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import type { CheckResult } from '../../server/src/engine/finding.ts';
import { testEngine } from '../support/engine.ts';
import { parsePage } from '../support/literate.ts';

const folder = path.join(path.dirname(fileURLToPath(import.meta.url)), '../rules/pyo3');
const own: readonly Rule[] = rules.filter(({ group }) => group === 'pyo3');
const MANIFEST = (name: string, pyo3: string): string =>
  `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2021"\n[lib]\ncrate-type = ["cdylib"]\n[dependencies]\npyo3 = ${pyo3}\n`;

/** One Rust text of each page, the first case's. */
const texts: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.md'))
  .sort()
  .flatMap((name) => {
    const [first] = parsePage(readFileSync(path.join(folder, name), 'utf8'), name);
    return first?.blocks.find(({ language, role }) => language === 'rust' && role === 'source')?.text ?? [];
  });

async function check(files: Readonly<Record<string, string>>): Promise<CheckResult> {
  const engine = await testEngine(new Map(Object.entries(files)), own, defaultConfig({ profile: 'all' }));
  return engine.check();
}

/** A rule that fails says so as a problem; what is wrong with the input itself may be one as well. */
function failures({ problems }: CheckResult): readonly string[] {
  return problems.map(({ message }) => message).filter((message) => /failed here/.test(message));
}

test('there are pages to take texts from', () => {
  expect(texts.length).toBeGreaterThan(30);
});

describe('half-written modules', () => {
  test.each([0.2, 0.4, 0.6, 0.8, 0.95])('cut off at %d', async (part) => {
    const files = Object.fromEntries(texts.map((text, i) => [`src/m${i}.rs`, text.slice(0, Math.floor(text.length * part))]));
    const lib = texts.map((_, i) => `mod m${i};`).join('\n');
    expect(failures(await check({ 'Cargo.toml': MANIFEST('sample', '"0.27"'), 'src/lib.rs': lib, ...files }))).toEqual([]);
  });

  test('every other line is missing', async () => {
    const files = Object.fromEntries(
      texts.map((text, i) => [
        `src/m${i}.rs`,
        text
          .split('\n')
          .filter((_, line) => line % 2 === i % 2)
          .join('\n'),
      ]),
    );
    const lib = texts.map((_, i) => `mod m${i};`).join('\n');
    expect(failures(await check({ 'Cargo.toml': MANIFEST('sample', '"0.27"'), 'src/lib.rs': lib, ...files }))).toEqual([]);
  });
});

describe('macros around everything', () => {
  test('of the workspace, which hand all on', async () => {
    const lib = `macro_rules! all { ($($t:tt)*) => { $($t)* }; }\n${texts.map((text, i) => `mod m${i} { all! {\n${text}\n} }`).join('\n')}`;
    expect(failures(await check({ 'Cargo.toml': MANIFEST('sample', '"0.27"'), 'src/lib.rs': lib }))).toEqual([]);
  });

  test('of another crate, of which nothing is known: nothing is said', async () => {
    const lib = texts.map((text, i) => `mod m${i} { other::all! {\n${text}\n} }`).join('\n');
    const result = await check({ 'Cargo.toml': MANIFEST('sample', '"0.27"'), 'src/lib.rs': `use other;\n${lib}` });
    expect(failures(result)).toEqual([]);
    expect(result.findings.filter(({ severity }) => severity === 'error').map(({ rule, at }) => `${rule} ${at.span.start}`)).toEqual([]);
  });
});

test('PyO3 from git has no version: rules that depend on it are silent', async () => {
  const files = Object.fromEntries(texts.map((text, i) => [`src/m${i}.rs`, text]));
  const lib = texts.map((_, i) => `mod m${i};`).join('\n');
  const result = await check({ 'Cargo.toml': MANIFEST('sample', '{ git = "https://github.com/PyO3/pyo3" }'), 'src/lib.rs': lib, ...files });
  expect(failures(result)).toEqual([]);
  const gated =
    /^pyo3-(deprecated-api|removed-api|missing-traverse|pyclass-not-sync|py-clone-detached|utf8error-question-mark|vec-u8-return|free-threading-unsafe|missing-signature)$/;
  expect(result.findings.map(({ rule }) => rule).filter((rule) => gated.test(rule))).toEqual([]);
});

test('a manifest and a project that are broken', async () => {
  const result = await check({
    'Cargo.toml': MANIFEST('sample', '{ version = '),
    'pyproject.toml': '[tool.maturin\nmodule-name = 3',
    'src/lib.rs': texts[0] ?? '',
  });
  expect(failures(result)).toEqual([]);
});

test('a workspace of 200 crates', async () => {
  const names = Array.from({ length: 200 }, (_, i) => `crate-${i}`);
  const files: Record<string, string> = { 'Cargo.toml': '[workspace]\nmembers = ["crates/*"]\nresolver = "2"\n' };
  names.forEach((name, i) => {
    files[`crates/${name}/Cargo.toml`] = MANIFEST(name, '"0.27"');
    files[`crates/${name}/src/lib.rs`] = texts[i % texts.length] ?? '';
  });
  const started = performance.now();
  const result = await check(files);
  expect(failures(result)).toEqual([]);
  expect(result.findings.length).toBeGreaterThan(200);
  // Some seconds on a machine that does other things too; a rule that walked the workspace for each file would take minutes.
  expect(performance.now() - started).toBeLessThan(60_000);
}, 90_000);
