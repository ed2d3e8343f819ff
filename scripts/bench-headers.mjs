/** Edits of a header and of the Rust behind it in a workspace of 1,000 files: made up, measured in a process of its own. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { benchFolder } from './bench-corpus.mjs';
import { bundleOptions } from './bundle.mjs';
import { root } from './stamp.mjs';

/** Files of the workspace, and what an edit is followed by, from the change to the findings: milliseconds of the clock and of the processor. */
export async function headerEdits(files, steps) {
  const outfile = path.join(benchFolder, 'headers.cjs');
  const { build } = await import('esbuild');
  await build({ ...bundleOptions, absWorkingDir: root, entryPoints: ['test/bench/headers.ts'], outfile, format: 'cjs' });
  const result = spawnSync(process.execPath, [outfile, root, String(files), String(steps)], { encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`the bench of headers failed\n${result.stderr.slice(-2000)}`);
  return JSON.parse(result.stdout);
}
