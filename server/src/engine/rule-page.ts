/** The page of a rule as Markdown, made from the rule itself: the same in the terminal, the editor, SARIF and docs/. */
import { exampleFiles } from '../rules/docs-example.ts';
import type { Rule } from '../rules/rule.ts';

const FIXES = { safe: '`--fix`', unsafe: '`--unsafe-fixes`', sometimes: '`--fix` or `--unsafe-fixes`', none: 'none' } as const;

export function rulePage({ id, group, severity, fix, since, equivalents, docs }: Rule): string {
  const same = equivalents.map((lint) => `\`${lint}\``).join(', ') || '–';
  const parts = [
    `# ${id}`,
    sentence(docs.what),
    [
      '| group | default level | fix | since | same as |',
      '|---|---|---|---|---|',
      `| ${group} | ${severity} | ${FIXES[fix]} | ${since} | ${same} |`,
    ].join('\n'),
    '## Why',
    docs.why.trim(),
    '## Example',
    example(docs.bad),
    'Instead:',
    example(docs.good),
  ];
  if (docs.exceptions.length > 0) parts.push('## What it does not report', docs.exceptions.map((one) => `- ${one.trim()}`).join('\n'));
  if (docs.fixSafety !== null) parts.push('## Fix', docs.fixSafety.trim());
  parts.push('## Turning it off', turningOff(id, equivalents));
  if (docs.references.length > 0) parts.push('## References', docs.references.map(({ title, url }) => `- [${title}](${url})`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

export function sentence(text: string): string {
  const trimmed = text.trim();
  return /[.!?]$/.test(trimmed) ? trimmed : `${trimmed}.`;
}

/** How a fix of such a rule is applied, as Markdown. */
export function fixFlag(rule: Rule): string {
  return FIXES[rule.fix];
}

function example(text: string): string {
  return exampleFiles(text)
    .map((file) => `${file.path === null ? '' : `\`${file.path}\`:\n\n`}\`\`\`${file.language}\n${file.text.trimEnd()}\n\`\`\``)
    .join('\n\n');
}

function turningOff(id: string, [lint]: readonly string[]): string {
  const ways = [
    `- For one line: \`// ffi-lint: ignore[${id}] -- reason\` behind it, or on a line of its own above the item.`,
    `- For all files: \`${id} = "off"\` under \`[rules]\` in \`ffi-lint.toml\`.`,
  ];
  if (lint !== undefined) ways.push(`- Where \`#[allow(${lint})]\` or \`#[expect(${lint})]\` stands, it is off as well.`);
  return ways.join('\n');
}
