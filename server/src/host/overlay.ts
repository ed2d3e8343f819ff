/** Texts that hide those on disk: the editor's open files, standard input. */
import type { FileSystem } from '../base/io.ts';
import { basename, dirname } from '../base/paths.ts';

/** `texts` by absolute path; read at every question, so that a live map can be handed in. Files in it need not exist on disk. */
export function overlayFileSystem(base: FileSystem, texts: ReadonlyMap<string, string>): FileSystem {
  return {
    read: (path) => texts.get(path) ?? base.read(path),
    isFile: (path) => texts.has(path) || base.isFile(path),
    isDirectory: (path) => !texts.has(path) && base.isDirectory(path),
    list(path) {
      const names = new Set(base.list(path));
      for (const file of texts.keys()) if (dirname(file) === path) names.add(basename(file));
      return [...names].sort();
    },
  };
}
