/** Right ways to write the boundary: each compiles, and `check` has nothing to say about it at warning or above. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { compile } from '../support/compile/compile.ts';
import { CASE, testEngine } from '../support/engine.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const TIMEOUT = 600_000;

/** A lone file is the library of a package that is made up. */
const MANIFEST = '[package]\nname = "idiom"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib", "lib"]\n';

/** By relative path, forward slashes. */
function filesOf(name: string): ReadonlyMap<string, string> {
  const place = path.join(here, name);
  if (!statSync(place).isDirectory()) {
    return new Map([
      ['Cargo.toml', MANIFEST],
      ['src/lib.rs', readFileSync(place, 'utf8')],
    ]);
  }
  const inside = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(path.join(place, file)).isFile());
  return new Map(inside.map((file) => [file.replaceAll('\\', '/'), readFileSync(path.join(place, file), 'utf8')]));
}

const idioms = readdirSync(here).filter((name) => name.endsWith('.rs') || statSync(path.join(here, name)).isDirectory());

describe.each(idioms)('%s', (name) => {
  test('nothing to say', async () => {
    const files = filesOf(name);
    const { findings, problems } = await (await testEngine(files, rules, defaultConfig({ profile: 'recommended' }))).check();
    const loud = findings.filter(({ severity, suppressed }) => suppressed === null && (severity === 'error' || severity === 'warning'));
    const lineOf = (file: string, offset: number): number =>
      (files.get(file.slice(CASE.length + 1)) ?? '').slice(0, offset).split('\n').length;
    expect(problems).toEqual([]);
    expect(loud.map(({ rule, message, at }) => `${lineOf(at.file, at.span.start)}: ${rule}: ${message}`)).toEqual([]);
  });

  test(
    'compiles',
    async ({ skip }) => {
      const result = await compile(filesOf(name));
      if ('unavailable' in result) return skip(result.unavailable);
      expect(result.codes, result.output).toEqual([]);
    },
    TIMEOUT,
  );
});

test('each idiom says what it shows', () => {
  const silent = idioms.filter((name) => !/^(\/\*|\/\/!) ?\w/.test(filesOf(name).get('src/lib.rs') ?? ''));
  expect(silent).toEqual([]);
});
