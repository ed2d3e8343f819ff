/** Writes files so that a reader sees the old text or the new one, never a part. */
import { chmodSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { basename, dirname, joinPath, normalizePath } from '../base/paths.ts';
import { codeOf, failureOf } from './failures.ts';

/**
 * Replaces or creates a file (absolute path) with a text in UTF-8; null, or why it was not written. The mode of an existing file
 * is kept, and a link stays: the file behind it is replaced.
 */
export function atomicWrite(path: string, text: string): { readonly failure: string } | null {
  let temporary: string | null = null;
  try {
    const target = realTarget(path);
    const mode = statSync(target, { throwIfNoEntry: false })?.mode;
    const beside = joinPath(dirname(target), `.${basename(target)}.${process.pid}-${randomBytes(4).toString('hex')}.tmp`);
    writeFileSync(beside, text, { encoding: 'utf8', flag: 'wx' });
    temporary = beside;
    if (mode !== undefined) chmodSync(beside, mode & 0o7777);
    renameSync(beside, target);
    return null;
  } catch (error) {
    if (temporary !== null) rmSync(temporary, { force: true });
    return {
      failure: codeOf(error) === 'ENOENT' ? 'cannot be written: its folder does not exist' : failureOf(error).replace('opened', 'written'),
    };
  }
}

function realTarget(path: string): string {
  try {
    return normalizePath(realpathSync(path));
  } catch (error) {
    // A file that is not there yet is created under its own name.
    if (codeOf(error) === 'ENOENT') return path;
    throw error;
  }
}
