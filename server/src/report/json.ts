/** The stable JSON of version 1, as schema/report.schema.json describes it. */
import type { Location } from '../base/text.ts';
import type { CheckResult, Finding } from '../engine/finding.ts';
import type { Formatter, ReportInput } from './report.ts';
import { countFindings, shownFindings } from './report.ts';
import type { Places } from './places.ts';

export const formatJson: Formatter = (input) =>
  `${JSON.stringify(
    {
      version: 1,
      tool: { name: 'ffi-lint', version: input.version },
      findings: shownFindings(input.result).map((finding) => findingJson(finding, input.places)),
      problems: problemsJson(input),
      summary: summaryJson(input.result),
    },
    null,
    2,
  )}\n`;

/** One JSON text a line: findings, then problems, then the summary, each with its `type`. */
export const formatJsonl: Formatter = (input) =>
  [
    ...shownFindings(input.result).map((finding) => ({ type: 'finding', ...findingJson(finding, input.places) })),
    ...problemsJson(input).map((problem) => ({ type: 'problem', ...problem })),
    { type: 'summary', version: 1, ...summaryJson(input.result) },
  ]
    .map((value) => `${JSON.stringify(value)}\n`)
    .join('');

function place(at: Location, places: Places) {
  return { file: places.path(at.file), range: places.range(at) };
}

/** `help` and `target` are left out where there are none. */
function findingJson(finding: Finding, places: Places) {
  return {
    rule: finding.rule,
    severity: finding.severity,
    message: finding.message,
    ...place(finding.at, places),
    related: finding.related.map(({ at, message }) => ({ ...place(at, places), message })),
    ...(finding.help === null ? {} : { help: finding.help }),
    ...(finding.note === null ? {} : { note: finding.note }),
    url: finding.url,
    fingerprint: finding.fingerprint,
    ...(finding.target === null ? {} : { target: finding.target }),
    ...(finding.verification === undefined ? {} : { verification: finding.verification }),
    fixes: finding.fixes.map(({ title, safe, edits }) => ({
      title,
      safe,
      edits: edits.map(({ file, span, text }) => ({ ...place({ file, span }, places), text })),
    })),
  };
}

function problemsJson({ result, places }: ReportInput) {
  return result.problems.map(({ file, message, span }) => ({
    file: file === '' ? '' : places.path(file),
    message,
    ...(span && file !== '' ? { range: places.range({ file, span }) } : {}),
  }));
}

function summaryJson(result: CheckResult) {
  const { errors, warnings, infos, hints, suppressed } = countFindings(result);
  const { rust, c, python, javascript, csharp } = result.files;
  return {
    files: { rust, c, python, javascript, csharp },
    errors,
    warnings,
    infos,
    hints,
    suppressed,
    unresolved: result.unresolved.length,
    milliseconds: Math.round(result.milliseconds),
  };
}
