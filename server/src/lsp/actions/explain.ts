/** A rule's page as Markdown, for hovers and for the command that explains a rule. */
import { ruleUrl } from '../../engine/rule-url.ts';
import type { Rule } from '../../rules/rule.ts';

export const EXPLAIN_COMMAND = 'ffi-lint.explain';

/** Name, summary and reason: what fits in a hover. */
export function ruleSummary(rule: Rule): string {
  return `**${rule.id}** (${rule.group}): ${rule.docs.what}\n\n${rule.docs.why.trim()}\n\n[about this rule](${ruleUrl(rule.id)})`;
}

/** The whole page. */
export function rulePage(rule: Rule): string {
  const { docs } = rule;
  const parts = [
    `# ${rule.id}`,
    docs.what,
    `Group \`${rule.group}\`, level \`${rule.severity}\`, since ${rule.since}.`,
    '## Why',
    docs.why,
  ];
  parts.push('## Example', fenced(docs.bad), '## Use instead', fenced(docs.good));
  if (docs.exceptions.length > 0) parts.push('## Not reported', docs.exceptions.map((one) => `- ${one}`).join('\n'));
  if (docs.fixSafety !== null) parts.push('## Fix safety', docs.fixSafety);
  if (rule.equivalents.length > 0) parts.push('## Related lints', rule.equivalents.map((lint) => `- \`${lint}\``).join('\n'));
  const references = docs.references.map(({ title, url: to }) => `- [${title}](${to})`);
  parts.push('## References', [...references, `- [this page on the web](${ruleUrl(rule.id)})`].join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** Rust, or a manifest, which starts with a table. */
function fenced(code: string): string {
  return `\`\`\`${/^\s*(?:#[^\n]*\s+)*\[\w/.test(code) ? 'toml' : 'rust'}\n${code.replace(/^\n+|\s+$/g, '')}\n\`\`\``;
}
