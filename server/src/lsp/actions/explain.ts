/** The command that explains a rule, and what a hover says of one. */
import { ruleUrl } from '../../engine/rule-url.ts';
import type { Rule } from '../../rules/rule.ts';

export const EXPLAIN_COMMAND = 'ffi-lint.explain';

/** Name, summary and reason: what fits in a hover. */
export function ruleSummary(rule: Rule): string {
  return `**${rule.id}** (${rule.group}): ${rule.docs.what}\n\n${rule.docs.why.trim()}\n\n[about this rule](${ruleUrl(rule.id)})`;
}
