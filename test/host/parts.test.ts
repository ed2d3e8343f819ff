/** Texts that are read part by part: nothing is lost between parts, and none is larger than it has to be. */
import { Buffer } from 'node:buffer';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { readInParts } from '../../server/src/host/read-bytes.ts';
import { tempFolder } from '../support/temp-folder.ts';

const END = '\n}\n';

function partsOf(content: string | Uint8Array): { readonly parts: readonly string[]; readonly failed: string | null } {
  const parts: string[] = [];
  const failed = readInParts(path.join(tempFolder({ text: content }), 'text'), END, (part) => parts.push(part));
  return { parts, failed: failed?.failure ?? null };
}

describe('a text in parts', () => {
  test('a small one comes whole, with what follows the last end', () => {
    expect(partsOf(`fn a {${END}fn b {${END}`)).toEqual({ parts: [`fn a {${END}fn b {${END}`], failed: null });
    expect(partsOf(`fn a {${END}rest`)).toEqual({ parts: [`fn a {${END}`, 'rest'], failed: null });
    expect(partsOf('')).toEqual({ parts: [], failed: null });
  });

  test('one of 40 MB comes in parts that each end where a body does, letters of several bytes whole', () => {
    const body = `fn ä {\n    // ${'€'.repeat(1000)}${END}`;
    const count = Math.ceil((40 * 1024 * 1024) / Buffer.byteLength(body));
    const { parts, failed } = partsOf(body.repeat(count));
    expect(failed).toBeNull();
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.every((part) => part.startsWith('fn ä') && part.endsWith(END))).toBe(true);
    expect(parts.reduce((sum, part) => sum + part.length, 0)).toBe(body.length * count);
  });

  test('a body larger than a part waits for its end', () => {
    const body = `fn a {\n${'x'.repeat(20 * 1024 * 1024)}${END}`;
    expect(partsOf(`fn b {${END}${body}${body}`).parts.map((part) => part.length)).toEqual([9, body.length, body.length]);
  });

  test('what cannot be read says why', () => {
    expect(partsOf(new Uint8Array([0x61, 0xff, 0x62])).failed).toBe('is not valid UTF-8 (byte 1)');
    expect(readInParts('/no/such/file', END, () => undefined)).toEqual({ failure: 'does not exist' });
  });
});
