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
  cold();
  const check = cargoCheck(directory);
  check();
  return { cold, check };
}

/** A whole compilation by `cargo check`: an incremental one of a crate in which nothing changed is none. */
function cargoCheck(directory) {
  return () => {
    const now = new Date();
    utimesSync(path.join(directory, 'src', 'lib.rs'), now, now);
    const target = path.join(benchFolder, 'measured-check');
    const args = ['CARGO_INCREMENTAL=0', 'cargo', 'check', '--quiet', '--offline', '--target-dir', target];
    return cpuSeconds('env', args, { cwd: directory }).seconds;
  };
}

/** What verifying costs beyond the check itself, anew and with nothing changed, likewise. */
export function verifiedCrate(directory) {
  const cache = path.join(benchFolder, 'verified');
  const cli = path.join(root, 'bin', 'ffi-lint.cjs');
  const run = (...flags) =>
    cpuSeconds('env', [`XDG_CACHE_HOME=${cache}`, process.execPath, cli, 'check', directory, '--quiet', '--no-ignore', ...flags], {
      cwd: directory,
      allowed: [0, 1],
    }).seconds;
  /** Seconds of a plain check, of one with all questions asked anew, and of one with the answers kept. */
  const measure = () => {
    rmSync(path.join(cache, 'ffi-lint', 'mir'), { recursive: true, force: true });
    const cold = run('--verify', 'require');
    return { plain: run('--no-cache'), cold, again: run('--verify', 'require') };
  };
  const check = cargoCheck(directory);
  measure();
  check();
  return { measure, check };
}
