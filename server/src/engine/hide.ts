/** Decides for each finding of a run whether a comment, an attribute or what rustc and clippy say hides it. */
import { LineIndex } from '../base/text.ts';
import type { Config } from '../config/config.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Rule } from '../rules/rule.ts';
import type { Finding } from './finding.ts';
import type { ReportedLints } from './reported-lints.ts';
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
  /** Files that are complained about; of others, those that findings stand in, only some findings are known. */
  complains(path: string): boolean;
  readonly workspace: Workspace;
  readonly rules: readonly Rule[];
  readonly reported: ReportedLints;
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
    candidates: input.findings.map(({ finding, item, allowed = null }) => ({
      finding,
      item: item ? workspace.place(item.file, item.entry.span) : null,
      attribute: byLint(byId.get(finding.rule)?.equivalents ?? [], { finding, item }, input) ?? allowed,
    })),
    directives,
    rules,
    ran: (id, path) => {
      const rule = byId.get(id);
      return rule !== undefined && input.configFor(path).levelOf(rule, path) !== 'off';
    },
    unused: (path) => {
      if (!input.complains(path)) return null;
      const own = byId.get(UNUSED_SUPPRESSION);
      const level =
        own && input.configFor(path).levelOf(own, path) === 'off' ? 'off' : input.configFor(path).options.reportUnusedSuppressions;
      return level === 'off' ? null : level === 'error' ? 'error' : 'warning';
    },
    text: input.text,
    url: ruleUrl(UNUSED_SUPPRESSION),
  });
}

/** Why the lints that report the same hide a finding: they are allowed there, or they speak on its line already. */
function byLint(
  equivalents: readonly string[],
  { finding: { at }, item }: Pick<RawFinding, 'finding' | 'item'>,
  input: HideInput,
): string | null {
  if (equivalents.length === 0) return null;
  const allowed = hiddenByAttribute(equivalents, surroundingsOf(at, item, input.workspace));
  if (allowed !== null || input.configFor(at.file).options.dedupeWithRustc === 'off' || !input.reported.speakIn(at.file)) return allowed;
  const text = input.text(at.file);
  const { line } = new LineIndex(text).position(at.span.start);
  const lint = input.reported.on(equivalents, at.file, line, text.split(/\r\n|\n|\r/)[line - 1] ?? '');
  return lint === null ? null : `${lint.startsWith('clippy::') ? 'clippy' : 'rustc'} reports it, as \`${lint}\``;
}
