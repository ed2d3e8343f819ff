/** Chooses among findings: by severity, and over several targets. */
import type { Severity } from '../base/severity.ts';
import { SEVERITIES } from '../base/severity.ts';
import type { CheckResult, Finding } from './finding.ts';

/** Findings at or above a severity. */
export function atLeast(findings: readonly Finding[], minimum: Severity): readonly Finding[] {
  const limit = SEVERITIES.indexOf(minimum);
  return findings.filter(({ severity }) => SEVERITIES.indexOf(severity) <= limit);
}

/**
 * One result out of those for several targets (at least one): what holds for all of them stands once and names none, what holds
 * for some stands once for each of these and names it.
 */
export function mergeTargets(results: readonly [CheckResult, ...CheckResult[]]): CheckResult {
  const [first, ...rest] = results;
  if (rest.length === 0) return first;
  const seen = new Map<string, CheckResult[]>();
  for (const result of results) {
    for (const finding of result.findings) {
      const having = seen.get(keyOf(finding)) ?? [];
      if (!having.includes(result)) seen.set(keyOf(finding), [...having, result]);
    }
  }
  const common = (finding: Finding) => seen.get(keyOf(finding))?.length === results.length;
  return {
    ...first,
    findings: results.flatMap((result) =>
      result.findings.flatMap((finding): readonly Finding[] => {
        if (common(finding)) return result === first ? [{ ...finding, target: null }] : [];
        return [{ ...finding, target: finding.target ?? result.target }];
      }),
    ),
    problems: unique(
      results.flatMap(({ problems }) => problems),
      ({ file, message }) => `${file}\0${message}`,
    ),
    unresolved: unique(
      results.flatMap(({ unresolved }) => unresolved),
      ({ pair, at, reason }) => pair ?? `${at.file}\0${at.span.start}\0${reason}`,
    ),
    dropped: unique(
      results.flatMap(({ dropped }) => dropped),
      ({ finding }) => keyOf(finding),
    ),
    target: results.map(({ target }) => target ?? 'an unknown target').join(', '),
    incomplete: results.some(({ incomplete }) => incomplete),
    milliseconds: results.reduce((sum, { milliseconds }) => sum + milliseconds, 0),
  };
}

function keyOf({ rule, at, message, suppressed }: Finding): string {
  return [rule, at.file, at.span.start, at.span.end, message, suppressed ?? ''].join('\0');
}

function unique<T>(all: readonly T[], key: (one: T) => string): readonly T[] {
  return [...new Map(all.map((one) => [key(one), one])).values()];
}
