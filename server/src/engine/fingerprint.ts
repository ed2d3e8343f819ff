/** Names a finding by what it is about, so that it is known again after lines have moved. */
import { basename } from '../base/paths.ts';
import { sliceSpan } from '../base/text.ts';
import type { Finding } from './finding.ts';

/** A 64-bit hash of a text as 16 hexadecimal digits: two 32-bit lanes of multiply and xor, mixed at the end. Not cryptographic. */
export function hashText(text: string): string {
  let a = 0x9e3779b9;
  let b = 0x85ebca6b;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    a = Math.imul(a ^ c, 0x01000193);
    b = Math.imul(b ^ c, 0x5bd1e995) + 1;
    b ^= b >>> 15;
  }
  a = Math.imul(a ^ (a >>> 16) ^ b, 0x7feb352d);
  b = Math.imul(b ^ (b >>> 13) ^ a, 0x2c1b3c6d);
  return hex(a ^ (a >>> 15)) + hex(b ^ (b >>> 16));
}

function hex(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** What is flagged, as a hash: the text with its white space evened out, so that formatting does not matter. */
export function flaggedTextHash(flagged: string): string {
  return hashText(flagged.trim().replace(/\s+/g, ' '));
}

export interface FingerprintInput {
  /** The path that the fingerprint is bound to, relative to something that is the same on every machine. */
  relative(file: string): string;
  text(file: string): string;
}

/**
 * The same findings, in the same order, with fingerprints: rule, relative path, flagged text, and the number of its occurrence
 * among equal ones of the file. Lines and columns have no part in it.
 */
export function withFingerprints(findings: readonly Finding[], input: FingerprintInput): readonly Finding[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const path = input.relative(finding.at.file) || basename(finding.at.file);
    const flagged = flaggedTextHash(sliceSpan(input.text(finding.at.file), finding.at.span));
    // A finding for another target is the same finding.
    const key = `${finding.rule}\0${path}\0${flagged}`;
    const twin = `${key}\0${finding.target ?? ''}`;
    const occurrence = seen.get(twin) ?? 0;
    seen.set(twin, occurrence + 1);
    return { ...finding, fingerprint: hashText(`${key}\0${occurrence}`) };
  });
}
