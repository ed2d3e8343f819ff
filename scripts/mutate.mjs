/** Plants mistakes into published crates and counts those found: `npm run mutate -- [--rule NAME]… [--limit N] [--seed N] [--missed] [CRATE…]`.
 * With `--pairs`, into functions and types that agree with their headers, and into ctypes modules that agree with their crate; `--limit` is
 * then how often each is spoilt, `--language c` or `python` takes one of the two.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from './bundle.mjs';
import { fetchCrate } from './ecosystem-fetch.mjs';
import { setup } from './setup.mjs';
import { root } from './stamp.mjs';

const flags = [];
const names = [];
for (let args = process.argv.slice(2); args.length > 0; ) {
  const [arg] = args;
  const takes = /^--(rule|limit|seed|write|language)$/.test(arg) ? 2 : 1;
  (arg.startsWith('--') ? flags : names).push(...args.slice(0, takes));
  args = args.slice(takes);
}

await setup({ native: false });
const pinned = JSON.parse(readFileSync(path.join(root, 'test', 'ecosystem', 'crates.json'), 'utf8'));
// Crates with PyO3 have few functions for C, and vendored C code would be walked for nothing.
const SMALL_SYS = ['clang-sys', 'freetype-sys', 'fuser', 'jni-sys', 'libusb1-sys', 'openssl-sys', 'portaudio-sys', 'wayland-sys', 'x11-dl'];
const wanted = pinned.filter(({ name, kind }) =>
  names.length > 0 ? names.includes(name) : kind === 'c-api' || kind === 'wrapper' || SMALL_SYS.includes(name),
);
const sources = [];
for (const crate of wanted) {
  const source = fetchCrate(crate);
  if (source.unavailable) console.log(`left out: ${crate.name} ${crate.version}: ${source.unavailable}`);
  else sources.push(source.directory);
}

if (flags.includes('--pairs') && names.length === 0) sources.push(path.join(root, 'examples', 'geometry'));

// Inside of the project, where packages that stay outside of the bundle are found.
const folder = path.join(root, 'out', 'mutate');
mkdirSync(folder, { recursive: true });
try {
  const outfile = path.join(folder, 'main.cjs');
  const main = flags.includes('--pairs') ? 'test/mutation/pairs/main.ts' : 'test/mutation/main.ts';
  const entryPoints = [path.join(root, main)];
  await build({ ...bundleOptions, entryPoints, outfile, format: 'cjs', footer: { js: 'module.exports.main();' } });
  const { status } = spawnSync(process.execPath, [outfile, ...flags, ...sources], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
