/** A published crate of pure Rust, set up so that `cargo clippy` checks it alone, all that it depends on being built. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { benchFolder } from './bench-corpus.mjs';
import { fetchCrate } from './ecosystem-fetch.mjs';
import { cpuSeconds } from './bench-measure.mjs';

/** A library with a C API, 9,500 lines. */
const CRATE = { name: 'dolby_vision', version: '3.4.0' };

/** Development dependencies and what needs them are no part of the check. */
const LEFT_OUT = /^\[{1,2}(?:target\.[^\]]*\.)?(?:dev-dependencies|test|bench|example)[.\]]/;

/** The crate's folder and a run of clippy over it, or why there is none. */
export function clippyCrate() {
  if (spawnSync('cargo', ['clippy', '--version'], { stdio: 'ignore' }).status !== 0) return { unavailable: 'clippy is not installed' };
  const source = fetchCrate(CRATE);
  if (source.unavailable) return source;
  const directory = path.join(benchFolder, 'clippy', `${CRATE.name}-${CRATE.version}`);
  if (!existsSync(directory)) {
    cpSync(source.directory, directory, { recursive: true });
    rmSync(path.join(directory, 'Cargo.lock'), { force: true });
    const manifest = path.join(directory, 'Cargo.toml');
    const sections = readFileSync(manifest, 'utf8').split(/^(?=\[)/m);
    writeFileSync(manifest, `${sections.filter((section) => !LEFT_OUT.test(section)).join('')}\n[workspace]\n`);
  }
  const first = spawnSync('cargo', ['clippy', '--quiet'], { cwd: directory, encoding: 'utf8' });
  if (first.status !== 0) return { unavailable: `cargo clippy failed: ${/^error.*$/m.exec(first.stderr)?.[0] ?? first.status}` };
  return {
    name: `${CRATE.name} ${CRATE.version}`,
    directory,
    seconds() {
      const now = new Date();
      utimesSync(path.join(directory, 'src', 'lib.rs'), now, now);
      return cpuSeconds('cargo', ['clippy', '--quiet', '--offline'], { cwd: directory }).seconds;
    },
  };
}
