/** Open documents in front of the disk: what the engine reads. It changes only between checks, so that each sees one state. */
import { dirname } from '../base/paths.ts';
import type { FileSystem } from '../base/io.ts';

export interface Overlay extends FileSystem {
  /** Replaces the open texts; returns the paths whose text is not what it was. */
  replace(texts: ReadonlyMap<string, string>): readonly string[];
}

export function createOverlay(disk: FileSystem): Overlay {
  let open: ReadonlyMap<string, string> = new Map();
  let folders: ReadonlyMap<string, ReadonlySet<string>> = new Map();
  return {
    read: (path) => open.get(path) ?? disk.read(path),
    isFile: (path) => open.has(path) || disk.isFile(path),
    isDirectory: (path) => folders.has(path) || disk.isDirectory(path),
    list: (path) => {
      const own = folders.get(path);
      return own ? [...new Set([...disk.list(path), ...own])].sort() : disk.list(path);
    },
    replace(texts) {
      const changed = [...new Set([...open.keys(), ...texts.keys()])].filter((path) => open.get(path) !== texts.get(path));
      open = new Map(texts);
      folders = foldersOf(open.keys());
      return changed;
    },
  };
}

/** The folders that the paths imply, with the names in each. */
function foldersOf(paths: Iterable<string>): ReadonlyMap<string, ReadonlySet<string>> {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    for (let at = path, up = dirname(at); up !== at; at = up, up = dirname(at)) {
      const names = folders.get(up) ?? new Set();
      folders.set(up, names.add(at.slice(up.endsWith('/') ? up.length : up.length + 1)));
    }
  }
  return folders;
}
