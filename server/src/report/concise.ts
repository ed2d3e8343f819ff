/** One line a finding, for editors and problem matchers. */
import type { Formatter } from './report.ts';
import { shownFindings } from './report.ts';
import { link, paint, printable, severityPaint } from './style.ts';

export const formatConcise: Formatter = ({ result, places, style }) =>
  shownFindings(result)
    .map((finding) => {
      const severity = paint(style, severityPaint(finding.severity), finding.severity);
      const place = paint(style, 'bold', printable(places.text(finding.at)));
      return `${place}: ${severity}[${link(style, finding.url, finding.rule)}]: ${printable(finding.message)}\n`;
    })
    .join('');
