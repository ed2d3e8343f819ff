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
  expect(golden).not.toMatch(/^examples\/(geometry|interop|threads)\//m);
  // With names of ordinary length, a message is a short sentence still.
  expect(golden.split('\n').filter((line) => line.replace(/^.*?\]: /, '').length > 100)).toEqual([]);
});

test('the mistakes that the examples are there to show', () => {
  const golden = readFileSync(path.join(root, 'test/examples/findings.txt'), 'utf8');
  const wanted = [
    ...['repr-c-missing', 'layout-missing-repr', 'rust-type-by-value', 'fat-pointer-in-ffi', 'no-mangle-rust-abi'],
    ...['signature-width', 'signature-arity', 'symbol-not-declared'],
    ...['missing-null-check', 'slice-from-null', 'cstr-from-null', 'from-raw-null'],
    ...['panic-in-extern-fn', 'unwrap-in-extern-fn', 'cstr-to-str-unwrap', 'callback-calls-closure'],
    ...['ctypes-missing-restype', 'ctypes-missing-argtypes', 'ctypes-arity', 'ctypes-return-type', 'ctypes-owned-string'],
    ...['ctypes-str-not-bytes', 'ctypes-callback-signature'],
    ...['pyo3-gil-held-blocking', 'pyo3-gil-held-compute', 'pyo3-redundant-attach', 'pyo3-panic-in-pyfunction'],
    ...['pyo3-gil-held-join', 'pyo3-lock-guard-across-attach', 'pyo3-lock-attached', 'pyo3-std-once-init-python'],
    ...['pyo3-self-borrow-across-detach', 'pyo3-missing-traverse', 'pyo3-swallowed-pyerr', 'pyo3-token-forged'],
    ...['pyo3-panic-in-module-init', 'pyo3-free-threading-unsafe'],
  ];
  expect(wanted.filter((id) => !golden.includes(`[${id}]`))).toEqual([]);
  expect(wanted.filter((id) => !rules.some((rule) => rule.id === id))).toEqual([]);
});
