/** The scaffold, in a copy of the project: what it writes compiles, passes and is up to date. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root } from '../tidy/sources.ts';

const COPIED = [
  'client',
  'server',
  'test',
  'scripts',
  'grammars',
  'docs',
  'schema',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
  'vitest.config.mts',
];
const TIMEOUT = 120_000;

let copy = '';

beforeAll(() => {
  copy = mkdtempSync(path.join(tmpdir(), 'ffi-lint-copy-'));
  for (const name of COPIED)
    if (existsSync(path.join(root, name))) cpSync(path.join(root, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(root, 'node_modules'), path.join(copy, 'node_modules'));
});

afterAll(() => rmSync(copy, { recursive: true, force: true }));

function node(...args: readonly string[]) {
  return spawnSync(process.execPath, [...args], { cwd: copy, encoding: 'utf8' });
}

test(
  'a new rule compiles, passes its page and keeps the generated files up to date',
  () => {
    const made = node('scripts/new-rule.mjs', 'no-such-habit', 'pointers');
    expect(made.stderr).toBe('');
    expect(made.stdout).toContain('written: server/src/rules/pointers/no-such-habit.ts\nwritten: test/rules/pointers/no-such-habit.md\n');
    expect(made.stdout).toContain('written: docs/rules/no-such-habit.md');
    expect(readFileSync(path.join(copy, 'server/src/rules/registry.ts'), 'utf8')).toContain(
      "import noSuchHabit from './pointers/no-such-habit.ts';",
    );

    expect(node('scripts/generate.mjs', '--check')).toMatchObject({ status: 0 });
    const faults = node('node_modules/typescript/bin/tsc', '-p', 'server', '--noEmit').stdout.split('\n');
    expect(faults.filter((line) => /no-such-habit|registry/.test(line))).toEqual([]);
    const ran = node('node_modules/vitest/vitest.mjs', 'run', 'test/rules/rules.test.ts', '-t', '^no-such-habit ', '--reporter=json');
    expect(JSON.parse(ran.stdout)).toMatchObject({ numPassedTests: 4, numFailedTests: 0 });
  },
  TIMEOUT,
);

test(
  'a stale generated file is named',
  () => {
    const page = path.join(copy, 'docs/rules.md');
    rmSync(page);
    expect(node('scripts/generate.mjs', '--check')).toMatchObject({
      status: 1,
      stdout: expect.stringMatching(/^stale: docs\/rules\.md$/m),
    });
    expect(node('scripts/generate.mjs')).toMatchObject({ status: 0 });
    expect(existsSync(page)).toBe(true);
  },
  TIMEOUT,
);

test(
  'what is wrong with a name or group is said, and nothing is written',
  () => {
    const refused = (...args: readonly string[]) => node('scripts/new-rule.mjs', ...args);
    expect(refused()).toMatchObject({ status: 2, stderr: 'usage: npm run new-rule NAME GROUP\n' });
    expect(refused('Bad_Name', 'types')).toMatchObject({ status: 2, stderr: expect.stringContaining('`Bad_Name` is no rule name') });
    expect(refused('good-name', 'nowhere')).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no group `nowhere`; there are types,'),
    });
    expect(existsSync(path.join(copy, 'server/src/rules/types/good-name.ts'))).toBe(false);
  },
  TIMEOUT,
);
