/** The examples teach what they claim: the correct packages are clean, the faulty ones have the findings of the golden file. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { runCli } from '../../server/src/cli/run.ts';
import { rules } from '../../server/src/rules/registry.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..').replace(/\\/g, '/');

async function check(...args: string[]): Promise<{ readonly code: number; readonly out: string; readonly err: string }> {
  let out = '';
  let err = '';
  const code = await runCli(
    ['check', ...args],
    {
      stdout: (text) => (out += text),
      stderr: (text) => (err += text),
      stdin: async () => '',
      cwd: root,
      env: {},
      stdoutIsTerminal: false,
      stderrIsTerminal: false,
      interrupted: { cancelled: false },
    },
    { root, version: '0.0.0', rules },
  );
  return { code, out, err };
}

test('the faulty twins have these findings, the correct ones none', async () => {
  const { code, out } = await check('examples', '-f', 'concise', '-q');
  const golden = readFileSync(path.join(root, 'test/examples/findings.txt'), 'utf8');
  expect(out).toBe(golden);
  expect(code).toBe(1);
  expect(golden).not.toMatch(/^examples\/(geometry|interop)\//m);
});

test('nearly every rule has a place in the examples', async () => {
  const golden = readFileSync(path.join(root, 'test/examples/findings.txt'), 'utf8');
  const shown = rules.filter((rule) => golden.includes(`[${rule.id}]`)).map((rule) => rule.id);
  expect(rules.map((rule) => rule.id).filter((id) => !shown.includes(id))).toEqual([
    // These need a crate of another kind: no cdylib, edition 2024, or the strict profile; or a comment of the linter's own.
    'unused-suppression',
    'extern-fn-not-exported',
    'missing-cdylib',
    'missing-unsafe-extern',
  ]);
});
