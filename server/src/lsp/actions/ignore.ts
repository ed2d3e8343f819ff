/** The comments that hide a finding: for its line, its item or its file. */
import { contains } from '../../base/text.ts';
import { UNUSED_SUPPRESSION } from '../../engine/suppress.ts';
import { ignoreEdit } from '../../engine/suppress-edit.ts';
import { commentLanguage } from '../../engine/suppress-scan.ts';
import type { TextEdit } from '../../base/edit.ts';
import type { Span } from '../../base/text.ts';
import type { Finding } from '../../engine/finding.ts';
import type { FileIndex } from '../../model/rust/file-index.ts';

export interface IgnoreChoice {
  readonly title: string;
  readonly edit: TextEdit;
}

const REACHES = [
  { where: 'line', words: 'for this line' },
  { where: 'item', words: 'for this item' },
  { where: 'file', words: 'for this file' },
] as const;

/** The comments that can stand in a text; none for a finding that is itself about such a comment. */
export function ignoreChoices(finding: Finding, text: string, index: FileIndex | null): readonly IgnoreChoice[] {
  const { rule, at } = finding;
  const language = commentLanguage(at.file);
  if (!language || rule === UNUSED_SUPPRESSION) return [];
  const item = innermostItem(index, at.span);
  const choices: IgnoreChoice[] = [];
  for (const { where, words } of REACHES) {
    if (where === 'item' && !item) continue;
    const edit = ignoreEdit({ language, text, at: at.span, where, rules: [rule], reason: null, ...(item ? { item } : {}) });
    const twin = choices.some((one) => one.edit.span.start === edit?.span.start && one.edit.text === edit.text);
    if (edit && !twin) choices.push({ title: `ignore \`${rule}\` ${words}`, edit });
  }
  return choices;
}

function innermostItem(index: FileIndex | null, at: Span): Span | null {
  let found: Span | null = null;
  for (const entry of index?.entries ?? []) {
    if (!entry.inMacro && contains(entry.span, at) && (!found || contains(found, entry.span))) found = entry.span;
  }
  return found;
}
