/** JUnit XML: a suite a file, a failing case a finding. */
import type { Finding } from '../engine/finding.ts';
import type { Formatter, ReportInput } from './report.ts';
import { shownFindings } from './report.ts';
import { element, escapeXml, XML_HEAD } from './xml.ts';

export const formatJunit: Formatter = (input) => {
  const findings = shownFindings(input.result);
  const files = [...new Set(findings.map(({ at }) => at.file))];
  const problems = input.result.problems.map((problem) => {
    const name = problem.file === '' ? 'ffi-lint' : input.places.path(problem.file);
    return suite(
      name,
      [element('testcase', { classname: name, name: 'could be checked' }, [element('error', { message: problem.message })])],
      'errors',
    );
  });
  const suites = files.map((file) => {
    const cases = findings.filter(({ at }) => at.file === file).map((finding) => failure(finding, input));
    return suite(input.places.path(file), cases, 'failures');
  });
  // Some readers take a report without a case for a broken one.
  const clean =
    suites.length + problems.length === 0
      ? [suite('ffi-lint', [element('testcase', { classname: 'ffi-lint', name: 'no findings' })], null)]
      : [];
  const all = [...problems, ...suites, ...clean];
  const totals = {
    name: 'ffi-lint',
    tests: Math.max(1, findings.length + problems.length),
    failures: findings.length,
    errors: problems.length,
    time: (input.result.milliseconds / 1000).toFixed(3),
  };
  return `${XML_HEAD}${element('testsuites', totals, all)}\n`;
};

function suite(name: string, cases: readonly string[], outcome: 'failures' | 'errors' | null): string {
  const count = (kind: 'failures' | 'errors') => (outcome === kind ? cases.length : 0);
  return element('testsuite', { name, tests: cases.length, failures: count('failures'), errors: count('errors') }, cases);
}

function failure(finding: Finding, { places }: ReportInput): string {
  const lines = [
    `${places.text(finding.at)}: ${finding.message}`,
    ...finding.related.map(({ at, message }) => `${places.text(at)}: ${message}`),
    ...(finding.help ? [`help: ${finding.help}`] : []),
    finding.url,
  ];
  const { start } = places.range(finding.at);
  const body = element('failure', { message: finding.message, type: finding.severity }, [escapeXml(lines.join('\n'))]);
  return element(
    'testcase',
    {
      classname: places.path(finding.at.file),
      name: `${finding.rule} at ${start.line}:${start.column}`,
      file: places.path(finding.at.file),
      line: start.line,
    },
    [body],
  );
}
