/** What the editor shows of a check, file by file: findings, their mirrors in partner files, and problems. */
import { isShown } from './partners.ts';
import type { Problem } from '../base/problem.ts';
import type { Span } from '../base/text.ts';
import type { Finding } from '../engine/finding.ts';
import type { Checked } from './checker.ts';
import type { Scope } from './settings.ts';

export type Shown =
  | { readonly kind: 'finding'; readonly span: Span; readonly finding: Finding }
  /** The same finding at its related place in a file of another language. */
  | { readonly kind: 'mirror'; readonly span: Span; readonly finding: Finding; readonly message: string }
  | { readonly kind: 'problem'; readonly span: Span; readonly problem: Problem };

/** By path; files without anything to show are not in it. */
export type ShownFiles = ReadonlyMap<string, readonly Shown[]>;

export interface ShownInput {
  readonly scope: Scope;
  readonly open: ReadonlySet<string>;
  readonly focus: ReadonlySet<string> | null;
}

export function shownFiles(checked: Checked, input: ShownInput): ShownFiles {
  const files = new Map<string, Shown[]>();
  const add = (file: string, shown: Shown): void => {
    const list = files.get(file);
    if (list) list.push(shown);
    else files.set(file, [shown]);
  };
  for (const finding of checked.result.findings) {
    if (finding.suppressed !== null || !isShown(finding, input.scope, input.open, input.focus)) continue;
    if (input.scope !== 'openFiles' || input.open.has(finding.at.file)) {
      add(finding.at.file, { kind: 'finding', span: finding.at.span, finding });
    }
    const mirrors = finding.mirror ? [{ at: finding.mirror, message: finding.message }] : finding.related;
    for (const { at, message } of mirrors) {
      if (language(at.file) === language(finding.at.file)) continue;
      if (input.scope !== 'openFiles' || input.open.has(at.file)) add(at.file, { kind: 'mirror', span: at.span, finding, message });
    }
  }
  // The same problem may be told by the walk and by the check.
  const told = new Set<string>();
  for (const problem of [...checked.problems, ...checked.result.problems]) {
    const key = `${problem.file}\0${problem.message}`;
    if (problem.file === '' || told.has(key)) continue;
    told.add(key);
    add(problem.file, { kind: 'problem', span: problem.span ?? { start: 0, end: 0 }, problem });
  }
  return files;
}

function language(path: string): string {
  const extension = path.slice(path.lastIndexOf('.') + 1).toLowerCase();
  return /^(?:c|h|cc|cpp|cxx|hh|hpp|hxx|h\+\+)$/.test(extension) ? 'c' : extension;
}
