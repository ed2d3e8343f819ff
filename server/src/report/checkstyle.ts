/** Checkstyle XML, which many review tools read. */
import type { Formatter } from './report.ts';
import { shownFindings, threeLevels } from './report.ts';
import { element, XML_HEAD } from './xml.ts';

export const formatCheckstyle: Formatter = ({ result, places }) => {
  const findings = shownFindings(result);
  const files = [...new Set(findings.map(({ at }) => at.file))].map((file) => {
    const errors = findings
      .filter(({ at }) => at.file === file)
      .map((finding) => {
        const { start } = places.range(finding.at);
        return element('error', {
          line: start.line,
          column: start.column,
          severity: threeLevels(finding.severity, { error: 'error', warning: 'warning', note: 'info' }),
          message: finding.message,
          source: `ffi-lint.${finding.rule}`,
        });
      });
    return element('file', { name: places.path(file) }, errors);
  });
  return `${XML_HEAD}${element('checkstyle', { version: '4.3' }, files)}\n`;
};
