/** Packs the extension for this platform into ffi-lint-VERSION.vsix (or the path given), after bundling, and checks that it holds what it runs with. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { placeKoffi, placeNative, platform } from './prebuilt.mjs';
import { nativeLibrary, nativeWrapper, setup } from './setup.mjs';
import { root } from './stamp.mjs';

/** Without one of these, the installed extension would not start or would show less. */
const NEEDED = [
  'extension/package.json',
  'extension/bin/ffi-lint.cjs',
  'extension/dist/client.cjs',
  'extension/dist/server.cjs',
  'extension/dist/cli.cjs',
  'extension/dist/probe-worker.cjs',
  'extension/grammars/web-tree-sitter.wasm',
  'extension/grammars/tree-sitter-rust.wasm',
  'extension/grammars/tree-sitter-c.wasm',
  'extension/grammars/tree-sitter-python.wasm',
  'extension/grammars/tree-sitter-typescript.wasm',
  'extension/grammars/tree-sitter-csharp.wasm',
  'extension/client/media/icon.png',
];

/** Without these it computes layouts and does not measure them. */
const NATIVE = [
  `extension/native/prebuilt/${platform}/${path.basename(nativeLibrary())}`,
  `extension/native/prebuilt/${platform}/${path.basename(nativeWrapper())}`,
  'extension/dist/node_modules/koffi/index.cjs',
  `extension/dist/node_modules/@koromix/koffi-${platform}/index.js`,
];

/** Nothing of these may be in it; of packages only koffi, which cannot be bundled. */
const UNWANTED = /\.(ts|map)$|^extension\/node_modules\/|\/test\/|\/scripts\/|\/prebuilt\/(?!PLATFORM\/)/;

/** Gives the path of the .vsix. */
export async function packageVsix(out, say = console.error) {
  await setup({ say });
  const native = placeNative() !== null && placeKoffi() !== null;
  if (!native) say('package: without native programs, so that layouts are computed and not measured');
  const { name, version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const file = path.resolve(root, out ?? `${name}-${version}.vsix`);
  mkdirSync(path.dirname(file), { recursive: true });
  const vsce = path.join(root, 'node_modules/@vscode/vsce/vsce');
  // Everything else is bundled, so that no dependency is packed; the bundles are fresh, so that no script is run.
  const args = [vsce, 'package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', file];
  if (native) args.push('--target', vsceTarget());
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
  // In a clone koffi is found in node_modules.
  rmSync(path.join(root, 'dist', 'node_modules'), { recursive: true, force: true });
  if (status !== 0) throw new Error(`vsce failed: ${stdout}${stderr}`);
  const names = entryNames(readFileSync(file));
  const missing = [...NEEDED, ...(native ? NATIVE : [])].filter((one) => !names.includes(one));
  const unwanted = names.filter((one) => UNWANTED.test(one.replace(`/prebuilt/${platform}/`, '/prebuilt/PLATFORM/')));
  if (missing.length > 0) throw new Error(`${file} lacks ${missing.join(', ')}`);
  if (unwanted.length > 0) throw new Error(`${file} holds ${unwanted.join(', ')}`);
  return file;
}

/** As the Marketplace names this platform. */
function vsceTarget() {
  const glibc = process.report.getReport().header.glibcVersionRuntime !== undefined;
  const system = process.platform === 'linux' && !glibc ? 'alpine' : process.platform;
  return `${system}-${process.arch === 'arm' ? 'armhf' : process.arch}`;
}

/** The names in a zip archive, from its central directory. */
function entryNames(zip) {
  const end = zip.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const names = [];
  for (let at = zip.readUInt32LE(end + 16), left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const nameLength = zip.readUInt16LE(at + 28);
    names.push(zip.toString('utf8', at + 46, at + 46 + nameLength));
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return names;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(await packageVsix(process.argv[2]));
