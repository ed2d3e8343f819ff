/** Where an installation keeps its native programs: built from source on this machine, or as packed for a platform. */
import type { FileSystem } from '../base/io.ts';
import { joinPath } from '../base/paths.ts';

/** What `ffi_lint_native_version` must return; it changes when the C ABI does. */
export const ABI_VERSION = 1;

export interface NativeFiles {
  /** The helper library, absolute; null where there is none for this machine. */
  readonly library: string | null;
  /** The rustc wrapper, likewise. */
  readonly wrapper: string | null;
}

const BUILT = 'native/target/release';

/** `root` is the folder of package.json. What was built here goes before what was packed for the platform. */
export function nativeFiles(fs: FileSystem, root: string, platform: string = process.platform, arch: string = process.arch): NativeFiles {
  const folders = [BUILT, `native/prebuilt/${platform}-${arch}`].map((folder) => joinPath(root, folder));
  const find = (name: string): string | null => folders.map((folder) => joinPath(folder, name)).find((file) => fs.isFile(file)) ?? null;
  return { library: find(libraryName(platform)), wrapper: find(platform === 'win32' ? 'ffi-rustc.exe' : 'ffi-rustc') };
}

function libraryName(platform: string): string {
  if (platform === 'win32') return 'ffi_lint_native.dll';
  return platform === 'darwin' ? 'libffi_lint_native.dylib' : 'libffi_lint_native.so';
}
