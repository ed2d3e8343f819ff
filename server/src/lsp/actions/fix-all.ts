/** All fixes of a file at once: as many as can be applied together and leave a file that parses. */
import { applyRound } from '../../engine/apply-fixes.ts';
import type { FileEdit } from '../../base/edit.ts';
import type { FixTexts } from '../../engine/apply-fixes.ts';
import type { Finding } from '../../engine/finding.ts';

export const FIX_ALL = 'source.fixAll.ffi-lint';
export const FIX_ALL_UNSAFE = 'source.fixAllUnsafe.ffi-lint';

export interface FixAllInput {
  readonly findings: readonly Finding[];
  /** Null for all rules. */
  readonly rule: string | null;
  /** Also fixes that may change what the program does. */
  readonly unsafe: boolean;
  readonly texts: FixTexts;
}

/** The edits of one round; a fix that clashes with an earlier one is left for the next time. */
export function fixAllEdits({ findings, rule, unsafe, texts }: FixAllInput): readonly FileEdit[] {
  const selection = { unsafe, only: rule === null ? null : new Set([rule]) };
  return applyRound(findings, selection, texts).applied.flatMap(({ fix }) => fix.edits);
}
