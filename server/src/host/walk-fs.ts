/** What the walk asks of a disk: entries with their kinds, and where links lead. */
import { readFileSync, readdirSync, realpathSync, statSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import type { ReadFailure } from '../base/io.ts';
import { normalizePath } from '../base/paths.ts';
import { failureOf } from './failures.ts';

export type EntryKind = 'file' | 'folder' | 'link' | 'other';

export interface WalkEntry {
  readonly name: string;
  readonly kind: EntryKind;
}

export interface WalkFs {
  /** Sorted by name; or why the folder cannot be listed. */
  entries(folder: string): readonly WalkEntry[] | ReadFailure;
  /** What a path leads to, links followed; null where it leads nowhere. */
  kind(path: string): 'file' | 'folder' | 'other' | null;
  /** The path without links; null where it leads nowhere. */
  real(path: string): string | null;
  /** The text of an ignore file; null where it cannot be read, invalid UTF-8 replaced. */
  ignoreFile(path: string): string | null;
}

export function nodeWalkFs(): WalkFs {
  return {
    entries(folder) {
      try {
        const entries = readdirSync(folder, { withFileTypes: true }).map((entry) => ({ name: entry.name, kind: kindOf(entry) }));
        return entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
      } catch (error) {
        return { failure: failureOf(error) };
      }
    },
    kind: (path) =>
      attempt(() => {
        const stats = statSync(path);
        return stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other';
      }),
    real: (path) => attempt(() => normalizePath(realpathSync.native(path))),
    ignoreFile: (path) => attempt(() => readFileSync(path, 'utf8')),
  };
}

function kindOf(entry: Dirent): EntryKind {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  return entry.isSymbolicLink() ? 'link' : 'other';
}

/** null for every failure: callers only ask whether there is something. */
function attempt<T>(ask: () => T): T | null {
  try {
    return ask();
  } catch {
    return null;
  }
}
