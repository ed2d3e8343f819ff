/** Open documents in front of the disk: what the engine reads. It changes only between checks, so that each sees one state. */
import { overlayFileSystem } from '../host/overlay.ts';
import type { FileSystem } from '../base/io.ts';

export interface Overlay extends FileSystem {
  /** Replaces the open texts; returns the paths whose text is not what it was. */
  replace(texts: ReadonlyMap<string, string>): readonly string[];
}

export function createOverlay(disk: FileSystem): Overlay {
  const open = new Map<string, string>();
  return {
    ...overlayFileSystem(disk, open),
    replace(texts) {
      const changed = [...new Set([...open.keys(), ...texts.keys()])].filter((path) => open.get(path) !== texts.get(path));
      open.clear();
      for (const [path, text] of texts) open.set(path, text);
      return changed;
    },
  };
}
