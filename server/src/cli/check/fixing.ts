/** Fixing in the course of a check: in memory first, then on disk or as a diff. */
import type { FixSelection } from '../../engine/apply-fixes.ts';
import { fixAll } from '../../engine/apply-fixes.ts';
import { unifiedDiff } from '../../engine/diff.ts';
import type { CheckResult, Finding } from '../../engine/finding.ts';
import { ignoreEdit } from '../../engine/suppress-edit.ts';
import { commentLanguage } from '../../engine/suppress-scan.ts';
import { UNUSED_SUPPRESSION } from '../../engine/suppress.ts';
import { LineIndex } from '../../base/text.ts';
import type { Checker } from './checker.ts';

export interface Edited {
  /** What is left. */
  readonly result: CheckResult;
  /** New texts by file. */
  readonly texts: ReadonlyMap<string, string>;
  /** The texts that were read. */
  readonly before: ReadonlyMap<string, string>;
  /** How many findings were fixed or hidden. */
  readonly count: number;
  /** How many could not be. */
  readonly refused: number;
}

/** `recheck` gives the result for the checker's present texts, selected and baselined as the first one was. */
export async function fix(
  checker: Checker,
  first: CheckResult,
  selection: FixSelection,
  recheck: () => Promise<CheckResult>,
): Promise<Edited> {
  let result = first;
  const before = new Map<string, string>();
  const outcome = await fixAll({
    selection,
    texts: { text: checker.text, faults: checker.faults },
    findings: first.findings,
    async recheck(changed) {
      for (const file of changed.keys()) if (!before.has(file)) before.set(file, checker.text(file));
      checker.replace(changed);
      result = await recheck();
      return result.findings;
    },
  });
  const texts = new Map([...outcome.texts].filter(([file, text]) => text !== before.get(file)));
  return { result, texts, before, count: outcome.applied.length, refused: outcome.refused.length };
}

/** The texts of a fix as a patch, files in order of their paths. */
export function patchOf({ texts, before }: Edited, path: (file: string) => string): string {
  return [...texts]
    .map(([file, text]) => [path(file), before.get(file) ?? '', text] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, old, text]) => unifiedDiff(name, old, text))
    .join('');
}

/** Writes an ignore comment at every finding; those about comments themselves are left. */
export async function addIgnores(
  checker: Checker,
  first: CheckResult,
  reason: string | null,
  recheck: () => Promise<CheckResult>,
): Promise<Edited> {
  const texts = new Map<string, string>();
  const before = new Map<string, string>();
  let count = 0;
  let refused = 0;
  const shown = first.findings.filter(({ suppressed, rule }) => suppressed === null && rule !== UNUSED_SUPPRESSION);
  for (const file of new Set(shown.map(({ at }) => at.file))) {
    const own = shown.filter(({ at }) => at.file === file);
    const old = checker.text(file);
    const { text, added } = ignored(file, old, own, reason);
    if (added > 0 && checker.faults(file, text) <= checker.faults(file, old)) {
      texts.set(file, text);
      before.set(file, old);
      count += added;
      refused += own.length - added;
    } else refused += own.length;
  }
  if (texts.size === 0) return { result: first, texts, before, count, refused };
  checker.replace(texts);
  return { result: await recheck(), texts, before, count, refused };
}

/** From the last line to the first, so that earlier places stay where they are. */
function ignored(
  file: string,
  old: string,
  findings: readonly Finding[],
  reason: string | null,
): { readonly text: string; readonly added: number } {
  const language = commentLanguage(file);
  if (!language) return { text: old, added: 0 };
  const lines = new LineIndex(old);
  const byLine = new Map<number, Finding[]>();
  for (const finding of findings) {
    const { line } = lines.position(finding.at.span.start);
    byLine.set(line, [...(byLine.get(line) ?? []), finding]);
  }
  let text = old;
  let added = 0;
  for (const [, here] of [...byLine].sort(([a], [b]) => b - a)) {
    const [first] = here;
    if (!first) continue;
    const rules = [...new Set(here.map(({ rule }) => rule))].sort();
    const edit = ignoreEdit({ language, text, at: first.at.span, where: 'line', rules, reason });
    if (!edit) continue;
    text = text.slice(0, edit.span.start) + edit.text + text.slice(edit.span.end);
    added += here.length;
  }
  return { text, added };
}
