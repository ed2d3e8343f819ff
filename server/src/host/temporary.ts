/** Folders that last as long as what is done in them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { joinPath } from '../base/paths.ts';
import { failureOf } from './failures.ts';

/** Hands a new empty folder (absolute path) to `then` and takes it away afterwards, whatever happens; a failure where none can be made. */
export async function withTemporaryFolder<T>(then: (folder: string) => Promise<T>): Promise<T | { readonly failure: string }> {
  let folder: string;
  try {
    folder = mkdtempSync(joinPath(tmpdir(), 'ffi-lint-'));
  } catch (error) {
    return { failure: `a folder in ${tmpdir()} ${failureOf(error)}` };
  }
  try {
    return await then(folder.replace(/\\/g, '/'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
