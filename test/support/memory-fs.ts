/** A file system of a test: absolute paths to texts; folders are there because files are. */
import type { FileSystem } from '../../server/src/base/io.ts';
import { basename, dirname, normalizePath } from '../../server/src/base/paths.ts';

/** Files by absolute path (`/w/Cargo.toml`). A path that is not there fails as on disk. */
export function memoryFs(files: Readonly<Record<string, string>>): FileSystem {
  const texts = new Map<string, string>();
  const folders = new Map<string, Set<string>>();
  for (const [name, text] of Object.entries(files)) {
    const path = normalizePath(name);
    texts.set(path, text);
    for (let child = path, parent = dirname(path); ; child = parent, parent = dirname(parent)) {
      const names = folders.get(parent) ?? new Set<string>();
      names.add(basename(child));
      folders.set(parent, names);
      if (parent === dirname(parent)) break;
    }
  }
  return {
    read(path) {
      const text = texts.get(normalizePath(path));
      if (text !== undefined) return text;
      return { failure: folders.has(normalizePath(path)) ? 'is a folder, not a file' : 'does not exist' };
    },
    isFile: (path) => texts.has(normalizePath(path)),
    isDirectory: (path) => folders.has(normalizePath(path)),
    list: (path) => [...(folders.get(normalizePath(path)) ?? [])].sort(),
  };
}
