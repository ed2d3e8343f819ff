/** All set-up that a fresh clone needs, each step skipped while its inputs stand; only node's own modules until packages are there. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fingerprint, isFresh, markFresh, root } from './stamp.mjs';

const NODE_FLOOR = [20, 19];

/** Whether a program can be started. */
export function has(program, args = ['--version']) {
  return spawnSync(program, args, { stdio: 'ignore', shell: process.platform === 'win32' }).status === 0;
}

function attempt(program, args, cwd) {
  return spawnSync(program, args, { cwd, encoding: 'utf8', shell: process.platform === 'win32', maxBuffer: 1 << 26 });
}

/** Runs a step's program and shows its output where it fails. */
function run(program, args, cwd) {
  const result = attempt(program, args, cwd);
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  throw new Error(`\`${program} ${args.join(' ')}\` failed${result.error ? `: ${result.error.message}` : ''}`);
}

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])) return;
  throw new Error(`node ${process.versions.node} is too old: install ${NODE_FLOOR.join('.')} or newer`);
}

/** Whether what npm wrote down of node_modules holds every package of the lock file, packages for other platforms aside. */
function installed() {
  const record = path.join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const present = JSON.parse(readFileSync(record, 'utf8')).packages;
  const wanted = JSON.parse(readFileSync(path.join(root, 'package-lock.json'), 'utf8')).packages;
  return Object.entries(wanted).every(
    ([name, { version, optional }]) => name === '' || (present[name] ? present[name].version === version : optional === true),
  );
}

function installPackages(say) {
  const print = fingerprint(['package-lock.json', 'node_modules/.package-lock.json']);
  if (isFresh('packages', print)) return;
  if (!installed()) {
    say('set-up: npm ci');
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], root);
  }
  markFresh('packages', fingerprint(['package-lock.json', 'node_modules/.package-lock.json']));
}

async function copyGrammars(say) {
  const inputs = ['grammars', 'node_modules/.package-lock.json'];
  if (isFresh('grammars', fingerprint(inputs))) return;
  const { installGrammars } = await import('./grammars.mjs');
  const copied = installGrammars(root);
  if (copied.length > 0) say(`set-up: grammars ${copied.join(', ')}`);
  markFresh('grammars', fingerprint(inputs));
}

/** The native helper's file name on this platform. */
export function nativeLibrary() {
  const name = { win32: 'ffi_lint_native.dll', darwin: 'libffi_lint_native.dylib' }[process.platform] ?? 'libffi_lint_native.so';
  return path.join('native', 'target', 'release', name);
}

/** The rustc wrapper's, likewise. */
export function nativeWrapper() {
  return path.join('native', 'target', 'release', process.platform === 'win32' ? 'ffi-rustc.exe' : 'ffi-rustc');
}

function buildNative(say) {
  const print = fingerprint(['native/src', 'native/Cargo.toml', 'native/Cargo.lock', 'native/build.rs']);
  if (isFresh('native', print, [nativeLibrary(), nativeWrapper()])) return;
  if (!has('cargo')) return say('set-up: cargo is not installed, so the native helper is not built');
  say('set-up: cargo build (native helper)');
  run('cargo', ['build', '--release', '--offline', '--locked'], path.join(root, 'native'));
  markFresh('native', print);
}

/** Makes the clone ready to run. `say` gets one line for each thing that is done; nothing where all is ready. */
export async function setup({ native = true, bundles = true, say = console.error } = {}) {
  checkNode();
  installPackages(say);
  await copyGrammars(say);
  if (native) buildNative(say);
  if (bundles) {
    const { bundle } = await import('./bundle.mjs');
    await bundle(say);
  }
}
