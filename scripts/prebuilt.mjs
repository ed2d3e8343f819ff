/** Puts what runs natively on this platform beside the sources, where packages look for it: the native programs, and koffi with its binary. */
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { nativeLibrary, nativeWrapper, setup } from './setup.mjs';
import { root } from './stamp.mjs';

/** As folders and packages of Node name it. */
export const platform = `${process.platform}-${process.arch}`;

/** What koffi runs with; its sources and its documentation stay behind. */
const KOFFI = ['package.json', 'LICENSE.txt', 'index.cjs', 'src/koffi/index.cjs', 'src/koffi/src/static.cjs'];

/** The helper and the rustc wrapper in native/prebuilt/PLATFORM; null where they are not built. */
export function placeNative() {
  const built = [nativeLibrary(), nativeWrapper()].map((file) => path.join(root, file));
  const folder = path.join(root, 'native', 'prebuilt', platform);
  rmSync(folder, { recursive: true, force: true });
  if (!built.every((file) => existsSync(file))) return null;
  mkdirSync(folder, { recursive: true });
  for (const file of built) cpSync(file, path.join(folder, path.basename(file)));
  return folder;
}

/** koffi beside the bundle that loads it, with the binary of this platform; null where there is none. */
export function placeKoffi() {
  const modules = path.join(root, 'dist', 'node_modules');
  rmSync(modules, { recursive: true, force: true });
  const binary = path.join('@koromix', `koffi-${platform}`);
  if (!existsSync(path.join(root, 'node_modules', binary))) return null;
  for (const file of KOFFI) cpSync(path.join(root, 'node_modules/koffi', file), path.join(modules, 'koffi', file), { recursive: true });
  cpSync(path.join(root, 'node_modules', binary), path.join(modules, binary), { recursive: true });
  return modules;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await setup({ bundles: false });
  const folder = placeNative();
  if (folder === null) throw new Error('the native programs are not built: install cargo');
  console.log(folder);
}
