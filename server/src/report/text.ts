/** The format for people: each finding with its code, the other places, help, and what can be done about it. */
import type { Finding } from '../engine/finding.ts';
import { frame, gutterWidth } from './frame.ts';
import type { Formatter, ReportInput } from './report.ts';
import { shownFindings } from './report.ts';
import type { Paint } from './style.ts';
import { link, paint, printable, severityPaint } from './style.ts';

export const formatText: Formatter = (input) => {
  const explained = new Set<string>();
  return shownFindings(input.result)
    .map((finding) => {
      const first = !explained.has(finding.rule);
      explained.add(finding.rule);
      return `${formatFinding(finding, input, first).join('\n')}\n`;
    })
    .join('\n');
};

/** `withLink`: the first finding of a rule says where its page is. */
function formatFinding(finding: Finding, input: ReportInput, withLink: boolean): readonly string[] {
  const { places, style } = input;
  const color = severityPaint(finding.severity);
  const gutter = gutterWidth(places, [finding.at, ...finding.related.map(({ at }) => at)]);
  const rule = link(style, finding.url, finding.rule);
  const head = `${paint(style, color, `${finding.severity}[`)}${paint(style, color, rule)}${paint(style, color, ']')}`;
  const indented = (name: string, as: Paint, text: string) => `  ${paint(style, as, `${name}:`)} ${continued(text, name.length + 4)}`;
  const fix = finding.fixes[0];
  return [
    `${paint(style, 'bold', printable(places.text(finding.at)))}: ${head}: ${paint(style, 'bold', printable(finding.message))}`,
    ...frame(finding.at, places, { mark: '^', paint: color, style, gutter }),
    ...finding.related.flatMap(({ at, message }) => [
      `  ${paint(style, 'bold', printable(places.text(at)))}: ${printable(message)}`,
      ...frame(at, places, { mark: '-', paint: 'blue', style, gutter }),
    ]),
    ...(finding.help ? [indented('help', 'cyan', finding.help)] : []),
    ...(finding.note ? [indented('note', 'bold', finding.note)] : []),
    ...(finding.verification === 'confirmed' ? [indented('note', 'bold', 'confirmed by the compiler')] : []),
    ...(finding.target ? [indented('note', 'bold', `for ${finding.target}`)] : []),
    ...(fix ? [indented('fix', 'green', `${fix.title} (${fix.safe ? '--fix' : '--unsafe-fixes'})`)] : []),
    ...(withLink && finding.url && !style.hyperlinks ? [indented('see', 'dim', finding.url)] : []),
  ];
}

/** Further lines of a text stand below its first one. */
function continued(text: string, indent: number): string {
  return text
    .split('\n')
    .map((line) => printable(line))
    .join(`\n${' '.repeat(indent)}`);
}
