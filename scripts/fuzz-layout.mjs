/** `npm run fuzz:layout -- [gcc] [clang] [rustc] [--types N] [--target NAME]… [--seed N]`: random types, our layouts against the compilers'. */
import { mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { root } from './stamp.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-fuzz-'));
try {
  const outfile = path.join(folder, 'main.mjs');
  const entryPoints = [path.join(root, 'test/abi/fuzz/main.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'esm', logLevel: 'warning' });
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
