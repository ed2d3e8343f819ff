/** Annotations of GitHub Actions (workflow commands), and the whole list in the log. */
import type { Severity } from '../base/severity.ts';
import type { Finding } from '../engine/finding.ts';
import { formatConcise } from './concise.ts';
import type { Formatter, ReportInput } from './report.ts';
import { shownFindings, threeLevels } from './report.ts';
import { plain } from './style.ts';

/** GitHub shows ten annotations of each kind a step; what is over is dropped without a word. */
const LIMIT = 10;
const KINDS = ['error', 'warning', 'notice'] as const;

export const formatGithub: Formatter = (input) => {
  const findings = shownFindings(input.result);
  const kindOf = (severity: Severity) => threeLevels(severity, { error: 'error', warning: 'warning', note: 'notice' });
  let rest = false;
  const lines = KINDS.flatMap((kind) => {
    const ofKind = findings.filter(({ severity }) => kindOf(severity) === kind);
    if (ofKind.length <= LIMIT) return ofKind.map((finding) => annotation(kind, finding, input));
    rest = true;
    const hidden = ofKind.length - (LIMIT - 1);
    const more = `::${kind} title=ffi-lint::${hidden} more ${kind}s are not annotated, they are in the log of this step`;
    return [...ofKind.slice(0, LIMIT - 1).map((finding) => annotation(kind, finding, input)), more];
  });
  const all = rest ? ['::group::all findings', ...list(input), '::endgroup::'] : [];
  return [...lines, ...all].map((line) => `${line}\n`).join('');
};

function annotation(kind: string, finding: Finding, { hostPlaces: places }: ReportInput): string {
  const { start, end } = places.range(finding.at);
  const properties = {
    title: `ffi-lint ${finding.rule}`,
    file: places.path(finding.at.file),
    line: String(start.line),
    endLine: String(end.line),
    col: String(start.column),
    // GitHub takes columns only within one line, and counts the last one in.
    ...(end.line === start.line ? { endColumn: String(Math.max(start.column, end.column - 1)) } : {}),
  };
  const text = [
    finding.message,
    ...finding.related.map(({ at, message }) => `${places.text(at)}: ${message}`),
    ...(finding.help ? [`help: ${finding.help}`] : []),
    finding.url,
  ].join('\n');
  const written = Object.entries(properties).map(([name, value]) => `${name}=${escapeProperty(value)}`);
  return `::${kind} ${written.join(',')}::${escapeData(`${places.text(finding.at)}: ${text}`)}`;
}

function list(input: ReportInput): readonly string[] {
  const text = formatConcise({ ...input, style: plain });
  return text.trimEnd().split('\n');
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
