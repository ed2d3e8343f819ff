/** The page of a rule as Markdown, made from the rule itself. */
import type { Rule } from '../rules/rule.ts';
import { ruleUrl } from './rule-url.ts';

const FIXES = { safe: '--fix', unsafe: '--unsafe-fixes', sometimes: '--fix or --unsafe-fixes', none: 'none' } as const;

export function explainRule(rule: Rule): string {
  const { docs } = rule;
  const facts = [
    `group ${rule.group}`,
    rule.severity === 'off' ? 'off by default' : `level ${rule.severity}`,
    `fix: ${FIXES[rule.fix]}`,
    `since ${rule.since}`,
    ...(rule.equivalents.length > 0 ? [`same as ${rule.equivalents.map((lint) => `\`${lint}\``).join(', ')}`] : []),
  ];
  const parts = [
    `# ${rule.id}`,
    docs.what.trim(),
    facts.join('; '),
    '## Why',
    docs.why.trim(),
    '## Example',
    fenced(docs.bad),
    'Instead:',
    fenced(docs.good),
  ];
  if (docs.exceptions.length > 0) parts.push('## Not reported', docs.exceptions.map((one) => `- ${one.trim()}`).join('\n'));
  if (docs.fixSafety !== null) parts.push('## Fix', docs.fixSafety.trim());
  const links = [...docs.references, { title: 'this page', url: ruleUrl(rule.id) }];
  parts.push('## References', links.map(({ title, url }) => `- [${title}](${url})`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** Rust, but for a manifest, which starts with a table. */
function fenced(code: string): string {
  const language = /^\s*(?:#[^\n[]*\n\s*)*\[[\w.-]+\]/.test(code) ? 'toml' : 'rust';
  return `\`\`\`${language}\n${code.replace(/^\n+|\s+$/g, '')}\n\`\`\``;
}
