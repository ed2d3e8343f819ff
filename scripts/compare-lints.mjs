/** `node scripts/compare-lints.mjs [RULE]`: rustc and clippy over the rules' test cases, written to docs/rules/comparison.md. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.mjs';
import { root } from './stamp.mjs';

const folder = path.join(root, 'out', 'comparison');
mkdirSync(folder, { recursive: true });
try {
  const outfile = path.join(folder, 'main.cjs');
  const entryPoints = [path.join(root, 'test/comparison/main.ts')];
  await build({ ...bundleOptions, entryPoints, outfile, format: 'cjs', footer: { js: 'module.exports.main();' } });
  const page = path.join(root, 'docs', 'rules', 'comparison.md');
  const { status } = spawnSync(process.execPath, [outfile, page, ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
