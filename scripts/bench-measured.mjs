/** Measured layouts of a crate against `cargo check` of it, all that it depends on being checked. */
import { rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { benchFolder } from './bench-corpus.mjs';
import { cpuSeconds } from './bench-measure.mjs';
import { bundleOptions } from './bundle.mjs';
import { root } from './stamp.mjs';

/** Runs over the crate in `directory`; the first, which checks its dependencies, is made here and not counted. */
export async function measuredCrate(directory) {
  const program = path.join(benchFolder, 'measured.cjs');
  const { build } = await import('esbuild');
  await build({ ...bundleOptions, absWorkingDir: root, entryPoints: ['test/bench/measured.ts'], outfile: program, format: 'cjs' });
  const cache = path.join(benchFolder, 'measured');
  /**
   * What is kept of the layouts is taken away; what cargo keeps of the dependencies stays. Counted is what measuring takes once the crate is
   * open, as it is in an editor: cargo, rustc, the helper's process.
   */
  const cold = () => {
    rmSync(path.join(cache, 'layouts'), { recursive: true, force: true });
    const { seconds, stderr } = cpuSeconds(process.execPath, [program, root, directory, cache], { cwd: directory });
    const { types, opened, again } = JSON.parse(stderr.trim().split('\n').at(-1) ?? '');
    return { seconds: seconds - (opened + again) / 1000, types, again: again / 1000 };
  };
  const check = () => {
    const now = new Date();
    utimesSync(path.join(directory, 'src', 'lib.rs'), now, now);
    // A whole compilation: an incremental one of a crate in which nothing changed is none.
    const args = [
      'CARGO_INCREMENTAL=0',
      'cargo',
      'check',
      '--quiet',
      '--offline',
      '--target-dir',
      path.join(benchFolder, 'measured-check'),
    ];
    return cpuSeconds('env', args, { cwd: directory }).seconds;
  };
  cold();
  check();
  return { cold, check };
}
