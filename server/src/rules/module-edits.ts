/** Lines that add something to a Python module, for rules that found it missing there. */
import type { ModuleTarget } from '../analysis/python-module/module-facts.ts';
import type { FileEdit } from '../base/edit.ts';
import type { Workspace } from '../model/workspace.ts';
import { indentAt } from './indent.ts';

/** The name of a function-style module's parameter: `m`; null where it is not plain. */
export function moduleParam({ ast }: ModuleTarget): string | null {
  return ast?.params.at(-1)?.name ?? null;
}

/** Puts a statement in front of the value of a function-style module; null where its body does not end in one. */
export function addStatement({ file, ast }: ModuleTarget, statement: string, workspace: Workspace): FileEdit | null {
  const tail = ast?.body?.tail;
  if (!tail || tail.kind === 'block') return null;
  const at = tail.span.start;
  const indent = indentAt(workspace.text(file), at);
  return { file: file.path, span: { start: at, end: at }, text: `${statement}\n${indent}` };
}

/** Puts an item at the top of a declarative module; null where it has no lines of its own. */
export function addItem({ file, entry }: ModuleTarget, lines: readonly string[], workspace: Workspace): FileEdit | null {
  const body = entry.bodySpan;
  const text = workspace.text(file);
  const first = body ? /^[ \t]*\r?\n([ \t]*)(?=[^\s}])/.exec(text.slice(body.start, body.end)) : null;
  if (!body || !first) return null;
  const at = body.start + first[0].length;
  return { file: file.path, span: { start: at, end: at }, text: lines.map((line) => `${line}\n${first[1] ?? ''}`).join('') };
}
