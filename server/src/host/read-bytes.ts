/** Reads files that are no text. */
import { readFileSync, statSync } from 'node:fs';
import { failureOf } from './failures.ts';

/** The bytes of a regular file of at most so many, or why there are none. */
export function readBytes(path: string, most: number): Uint8Array | { readonly failure: string } {
  try {
    const stats = statSync(path);
    if (!stats.isFile()) return { failure: 'is not a regular file' };
    return stats.size > most ? { failure: `is larger than ${most} bytes` } : readFileSync(path);
  } catch (error) {
    return { failure: failureOf(error) };
  }
}
