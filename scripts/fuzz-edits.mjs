/** `node scripts/fuzz-edits.mjs [--steps N] [--seed N] [--pages N] [FOLDER…]`: random edits; after each, a session's findings against those of a new one. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.mjs';
import { root } from './stamp.mjs';

// Inside of the project, where packages that stay outside of the bundle are found.
const folder = path.join(root, 'out', `fuzz-edits-${process.pid}`);
try {
  const outfile = path.join(folder, 'main.cjs');
  const entryPoints = [path.join(root, 'test/engine/edits/main.ts')];
  await build({ ...bundleOptions, entryPoints, outfile, format: 'cjs', footer: { js: 'module.exports.main();' } });
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
