/** Markdown for a job's summary or a comment on a change. */
import type { Formatter } from './report.ts';
import { shownFindings } from './report.ts';
import { summaryText } from './summary.ts';

export const formatMarkdown: Formatter = ({ result, places }) => {
  const findings = shownFindings(result);
  const rows = findings.map(({ severity, rule, url, at, message, help }) => {
    const more = help ? `<br>help: ${cell(help)}` : '';
    return `| ${severity} | \`${cell(places.text(at))}\` | ${cell(message)}${more} | [${rule}](${url}) |\n`;
  });
  const table = rows.length === 0 ? '' : `| | where | what | rule |\n|---|---|---|---|\n${rows.join('')}\n`;
  const problems = result.problems.map(
    ({ file, message }) => `- ${file === '' ? '' : `\`${cell(places.path(file))}\`: `}${cell(message)}\n`,
  );
  const list = problems.length === 0 ? '' : `### could not be checked\n\n${problems.join('')}\n`;
  return `## ffi-lint\n\n${table}${list}${cell(summaryText(result))}\n`;
};

/** Keeps a text within its cell, and tags as text where they are not in backticks. */
function cell(text: string): string {
  return text
    .split(/(`[^`]*`)/)
    .map((part, i) => (i % 2 === 1 ? part : part.replace(/</g, '&lt;').replace(/>/g, '&gt;')))
    .join('')
    .replace(/\|/g, '\\|')
    .replace(/\s*\r?\n\s*/g, ' ');
}
