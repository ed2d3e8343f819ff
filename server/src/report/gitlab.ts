/** GitLab's code quality report. */
import type { Formatter } from './report.ts';
import { shownFindings } from './report.ts';

const SEVERITIES = { error: 'critical', warning: 'major', info: 'minor', hint: 'info' } as const;

/** GitLab takes findings with the same fingerprint for one. */
export const formatGitlab: Formatter = ({ result, hostPlaces: places }) =>
  `${JSON.stringify(
    shownFindings(result).map((finding) => {
      const { start, end } = places.range(finding.at);
      return {
        type: 'issue',
        check_name: finding.rule,
        description: `${finding.message} (${finding.rule})`,
        content: { body: [finding.help, finding.note, finding.url].filter((line) => line !== null).join('\n\n') },
        categories: ['Bug Risk'],
        severity: SEVERITIES[finding.severity],
        fingerprint: finding.target === null ? finding.fingerprint : `${finding.fingerprint}-${finding.target}`,
        location: { path: places.path(finding.at.file), lines: { begin: start.line, end: end.line } },
      };
    }),
    null,
    2,
  )}\n`;
