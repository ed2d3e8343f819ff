/** ctypes classes as they are read against what the interpreter of this machine says. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { brief } from './support.ts';

const file = fileURLToPath(new URL('classes.py', import.meta.url));
const onLinux = process.platform === 'linux' && process.arch === 'x64' && spawnSync('python3', ['--version']).status === 0;

test.runIf(onLinux)('classes are laid out as Python lays them out', async () => {
  const ours = await brief(readFileSync(file, 'utf8'));
  const said = spawnSync('python3', ['-I', file], { encoding: 'utf8' });
  expect(said.stderr).toBe('');
  expect([...ours].sort()).toEqual(said.stdout.trim().split('\n').sort());
  expect(ours.length).toBeGreaterThan(14);
});
