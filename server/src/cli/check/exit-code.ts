/** The exit code of a check. */
import type { CheckResult } from '../../engine/finding.ts';
import { countFindings } from '../../report/report.ts';
import type { CheckSettings } from './settings.ts';

export const EXIT = { clean: 0, findings: 1, failed: 2, interrupted: 130 } as const;

export interface Outcome {
  readonly result: CheckResult;
  /** Findings that were fixed on disk. */
  readonly fixed: number;
  /** A file could not be written, or the like. */
  readonly failed: boolean;
  /** The baseline has entries that are no longer found, where nobody may rewrite it. */
  readonly stale: boolean;
}

/** What could not be done outweighs findings, and nothing hides it. */
export function exitCode(
  { result, fixed, failed, stale }: Outcome,
  settings: Pick<CheckSettings, 'maxWarnings' | 'exitZero' | 'exitNonZeroOnFix'>,
): number {
  if (failed || result.incomplete) return EXIT.failed;
  const { errors, warnings } = countFindings(result);
  const many = settings.maxWarnings !== null && warnings > settings.maxWarnings;
  const bad = errors > 0 || many || stale || (settings.exitNonZeroOnFix && fixed > 0);
  return bad && !settings.exitZero ? EXIT.findings : EXIT.clean;
}
