/** Decides for each finding of a run whether a comment or an attribute hides it. */
import type { Config } from '../config/config.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Rule } from '../rules/rule.ts';
import type { Finding } from './finding.ts';
import type { RawFinding } from './run-rules.ts';
import { ruleUrl } from './rule-url.ts';
import { hiddenByAttribute } from './suppress-attributes.ts';
import type { FileDirectives } from './suppress-parse.ts';
import { mayHaveDirectives, parseDirectives } from './suppress-parse.ts';
import { commentLanguage } from './suppress-scan.ts';
import { UNUSED_SUPPRESSION, suppress } from './suppress.ts';
import { surroundingsOf } from './surroundings.ts';

export interface HideInput {
  readonly findings: readonly RawFinding[];
  /** Files whose comments count, and are complained about where they hide nothing. */
  readonly files: readonly string[];
  readonly workspace: Workspace;
  readonly rules: readonly Rule[];
  configFor(path: string): Config;
  text(path: string): string;
}

export function hideFindings(input: HideInput): readonly Finding[] {
  const { workspace, rules } = input;
  const byId = new Map(rules.map((rule) => [rule.id, rule]));
  const paths = new Set([...input.files, ...input.findings.map((raw) => raw.finding.at.file)]);
  const directives = new Map<string, FileDirectives>();
  for (const path of paths) {
    const language = commentLanguage(path);
    const text = language ? input.text(path) : '';
    if (language && mayHaveDirectives(text))
      directives.set(path, parseDirectives(language, text, workspace.files.get(path)?.index ?? null));
  }
  return suppress({
    candidates: input.findings.map(({ finding, item }) => ({
      finding,
      item: item ? workspace.place(item.file, item.entry.span) : null,
      attribute: hiddenByAttribute(byId.get(finding.rule)?.equivalents ?? [], surroundingsOf(finding.at, item, workspace)),
    })),
    directives,
    rules,
    ran: (id, path) => {
      const rule = byId.get(id);
      return rule !== undefined && input.configFor(path).levelOf(rule, path) !== 'off';
    },
    unused: (path) => {
      const own = byId.get(UNUSED_SUPPRESSION);
      const level =
        own && input.configFor(path).levelOf(own, path) === 'off' ? 'off' : input.configFor(path).options.reportUnusedSuppressions;
      return level === 'off' ? null : level === 'error' ? 'error' : 'warning';
    },
    text: input.text,
    url: ruleUrl(UNUSED_SUPPRESSION),
  });
}
