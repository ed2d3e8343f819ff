/** Reads files that are no text, or more text than one wants at once. */
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { failureOf } from './failures.ts';
import { decodeUtf8 } from './utf8.ts';

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

/** Bytes that are read at once. */
const PART = 16 * 1024 * 1024;

/**
 * Hands a UTF-8 text over in parts, each but the last with `end` at its end, so that a text of any size takes as much room as its longest
 * part. null, or why it could not be read to its end; parts before the failure have been handed over.
 */
export function readInParts(path: string, end: string, part: (text: string) => void): { readonly failure: string } | null {
  let file: number | null = null;
  try {
    file = openSync(path, 'r');
    let rest = Buffer.alloc(0);
    for (let done = 0; ; ) {
      const buffer = Buffer.allocUnsafe(PART);
      const length = readSync(file, buffer, 0, PART, done);
      done += length;
      const bytes = Buffer.concat([rest, buffer.subarray(0, length)]);
      const last = bytes.lastIndexOf(end);
      const whole = length === 0 ? bytes.length : last < 0 ? 0 : last + Buffer.byteLength(end);
      const text = decodeUtf8(bytes.subarray(0, whole));
      if (typeof text !== 'string') return { failure: `is not valid UTF-8 (byte ${done - bytes.length + text})` };
      if (text !== '') part(text);
      if (length === 0) return null;
      rest = bytes.subarray(whole);
    }
  } catch (error) {
    return { failure: failureOf(error) };
  } finally {
    if (file !== null) closeSync(file);
  }
}
