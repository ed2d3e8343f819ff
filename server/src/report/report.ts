/** What a formatter gets. Formatters are pure: a report in, the text of a file or of stdout out. */
import type { Level, Severity } from '../base/severity.ts';
import type { CheckResult, Finding } from '../engine/finding.ts';
import type { Places } from './places.ts';
import type { Style } from './style.ts';

/** What reports say of a rule besides its findings. */
export interface RuleHelp {
  readonly id: string;
  readonly group: string;
  readonly severity: Level;
  /** One sentence. */
  readonly summary: string;
  /** The rule's whole page. */
  readonly markdown: string;
  readonly url: string;
}

export interface ReportInput {
  /** Findings in the order of reports, those that are suppressed included. */
  readonly result: CheckResult;
  readonly version: string;
  /** Paths relative to the working directory. */
  readonly places: Places;
  /** Paths relative to the checkout's root, for hosts that show findings beside the code. */
  readonly hostPlaces: Places;
  /** By id; the pages of the rules that were run. */
  readonly rules: ReadonlyMap<string, RuleHelp>;
  readonly style: Style;
}

export type Formatter = (input: ReportInput) => string;

export function shownFindings(result: CheckResult): readonly Finding[] {
  return result.findings.filter(({ suppressed }) => suppressed === null);
}

/** The four severities of ours as the three that most formats know. */
export function threeLevels<T>(severity: Severity, levels: { readonly error: T; readonly warning: T; readonly note: T }): T {
  return severity === 'error' ? levels.error : severity === 'warning' ? levels.warning : levels.note;
}

/** How many findings and hidden ones there are, by severity. */
export interface Counts {
  readonly errors: number;
  readonly warnings: number;
  readonly infos: number;
  readonly hints: number;
  readonly suppressed: number;
  /** Have a safe fix. */
  readonly fixable: number;
  /** Have only an unsafe one. */
  readonly unsafelyFixable: number;
}

export function countFindings(result: CheckResult): Counts {
  const shown = shownFindings(result);
  const of = (severity: Severity) => shown.filter((finding) => finding.severity === severity).length;
  const fixable = shown.filter(({ fixes }) => fixes.some(({ safe }) => safe)).length;
  return {
    errors: of('error'),
    warnings: of('warning'),
    infos: of('info'),
    hints: of('hint'),
    suppressed: result.findings.length - shown.length,
    fixable,
    unsafelyFixable: shown.filter(({ fixes }) => fixes.length > 0).length - fixable,
  };
}
