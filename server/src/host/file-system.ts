/** Files of the disk behind base's interface. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';
import type { FileSystem, ReadFailure } from '../base/io.ts';
import { failureOf } from './failures.ts';
import { decodeUtf8 } from './utf8.ts';

/** A source text above this size is not one that people wrote. */
const LIMIT_MB = 64;

export function nodeFileSystem(): FileSystem {
  return {
    read: readText,
    isFile: (path) => stat(path)?.isFile() ?? false,
    isDirectory: (path) => stat(path)?.isDirectory() ?? false,
    list(path) {
      try {
        return readdirSync(path).sort();
      } catch {
        // The interface's answer for a folder that cannot be listed; the walk tells the user of such folders.
        return [];
      }
    },
  };
}

function readText(path: string): string | ReadFailure {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return { failure: 'is a folder, not a file' };
    // Pipes and devices can block for ever.
    if (!stats.isFile()) return { failure: 'is not a regular file' };
    if (stats.size > LIMIT_MB * 1024 * 1024) return { failure: `is larger than ${LIMIT_MB} MB` };
    const text = decodeUtf8(readFileSync(path));
    return typeof text === 'string' ? text : { failure: `is not valid UTF-8 (byte ${text})` };
  } catch (error) {
    return { failure: failureOf(error) };
  }
}

function stat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Not reachable (permissions, a file in place of a folder): for the questions here it is not there.
    return undefined;
  }
}
