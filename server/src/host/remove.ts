/** Removes folders that this program made. */
import { rmSync } from 'node:fs';
import { failureOf } from './failures.ts';

/** A folder (absolute path) with all that is in it, links not followed; null, or why it is still there. */
export function removeFolder(path: string): { readonly failure: string } | null {
  try {
    // Another run may be writing there.
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    return null;
  } catch (error) {
    return { failure: failureOf(error).replace('opened', 'removed') };
  }
}
