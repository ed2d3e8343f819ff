/** Plants mistakes into published crates and counts those found: `npm run mutate -- [--rule NAME]… [--limit N] [--seed N]… [--missed] [CRATE…]`.
 * With `--fix` every fix of what is said is applied too, and `--compile CRATE` says of which crates `cargo check` is asked about the result.
 * With `--pairs`, into functions and types that agree with their headers, and into ctypes modules that agree with their crate; `--limit` is
 * then how often each is spoilt, `--language c` or `python` takes one of the two.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.mjs';
import { cacheFolder, fetchCrate, prepareCrate } from './ecosystem-fetch.mjs';
import { setup } from './setup.mjs';
import { root } from './stamp.mjs';

const flags = [];
const names = [];
for (let args = process.argv.slice(2); args.length > 0; ) {
  const [arg] = args;
  const takes = /^--(rule|limit|seed|write|language|compile)$/.test(arg) ? 2 : 1;
  (arg.startsWith('--') ? flags : names).push(...args.slice(0, takes));
  args = args.slice(takes);
}

await setup({ native: false });
const listed = (file) => JSON.parse(readFileSync(path.join(root, 'test', 'ecosystem', file), 'utf8'));
const pinned = listed('crates.json');
// Crates with PyO3 have few functions for C, and vendored C code would be walked for nothing.
const SMALL_SYS = ['clang-sys', 'freetype-sys', 'fuser', 'jni-sys', 'libusb1-sys', 'openssl-sys', 'portaudio-sys', 'wayland-sys', 'x11-dl'];
const pairs = flags.includes('--pairs');
const usual = pinned.filter(({ name, kind }) => kind === 'c-api' || kind === 'wrapper' || SMALL_SYS.includes(name));
const all = pairs ? pinned : [...pinned, ...listed('unseen.json')];
// The younger batches are kept for judging what the rules say of code as it is.
const known = listed('unseen.json').filter(({ kind }) => /^(first|second|third)$/.test(kind));
const wanted = names.length > 0 ? all.filter(({ name }) => names.includes(name)) : pairs ? usual : [...usual, ...known];
const compiled = flags.flatMap((flag, i) => (flag === '--compile' ? [flags[i + 1]] : []));
for (let i = flags.indexOf('--compile'); i >= 0; i = flags.indexOf('--compile')) flags.splice(i, 2);
const copies = path.join(cacheFolder, 'mutate');
if (compiled.length > 0) flags.push('--copies', copies, '--targets', path.join(copies, 'target'));
const sources = [];
for (const crate of wanted) {
  const source = fetchCrate(crate);
  if (source.unavailable) console.log(`left out: ${crate.name} ${crate.version}: ${source.unavailable}`);
  else sources.push(source.directory);
  const copy = compiled.includes(crate.name) && !source.unavailable ? prepareCrate(crate, copies) : null;
  if (copy?.unavailable) console.log(`not compiled: ${crate.name} ${crate.version}: ${copy.unavailable}`);
}

if (pairs && names.length === 0) sources.push(path.join(root, 'examples', 'geometry'));

// Inside of the project, where packages that stay outside of the bundle are found.
const folder = path.join(root, 'out', 'mutate');
mkdirSync(folder, { recursive: true });
try {
  const outfile = path.join(folder, 'main.cjs');
  const main = pairs ? 'test/mutation/pairs/main.ts' : 'test/mutation/main.ts';
  const entryPoints = [path.join(root, main)];
  await build({ ...bundleOptions, entryPoints, outfile, format: 'cjs', footer: { js: 'module.exports.main();' } });
  const { status } = spawnSync(process.execPath, [outfile, ...flags, ...sources], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
