/** Puts PyO3's run-once cell in the place of one whose initializer needs the interpreter. */
import { sliceSpan } from '../../base/text.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { EditPlan } from '../gil/gil-facts.ts';
import { tokenOf } from '../gil/token.ts';
import { usesNewNames } from '../gil/versions.ts';
import { bodiesOf } from '../types/local-types.ts';
import type { OnceInit } from './lock-facts.ts';

const CELL = /^(OnceLock|OnceCell)$/;

/**
 * The edits for a static that is declared in the same file and used by this call alone, in a fn with a token; none for others, whose
 * other uses would need one as well.
 */
export function onceEdits(once: OnceInit, item: RustItem, workspace: Workspace): readonly EditPlan[] {
  const renamed = usesNewNames(workspace, item.module.crate);
  const body = once.call ? bodiesOf(workspace)(item) : null;
  const token = body && tokenOf(body);
  const init = once.call?.args[0];
  if (renamed === null || !token || !init || !CELL.test(once.what) || !/^\w+$/.test(once.cell)) return [];
  const text = workspace.text(item.file);
  const path = '((?:\\w+\\s*::\\s*)*(?:OnceLock|OnceCell))';
  const declared = new RegExp(
    `\\bstatic\\s+${once.cell}\\s*:\\s*${path}\\s*<[^;]*>\\s*=\\s*${path}\\s*::\\s*new\\s*\\(\\s*\\)\\s*;`,
    'd',
  ).exec(text);
  const [, type, value] = declared?.indices ?? [];
  if (!type || !value || !workspace.editable(item.file, init.span) || uses(once.cell, workspace) !== 2) return [];
  const cell = `pyo3::sync::${renamed ? 'PyOnceLock' : 'GILOnceCell'}`;
  const edits = [
    { span: { start: type[0], end: type[1] }, text: cell },
    { span: { start: value[0], end: value[1] }, text: cell },
    { span: init.span, text: `${token}, ${sliceSpan(text, init.span)}` },
  ];
  return [{ title: `make it a \`${cell.replace('pyo3::sync::', '')}\``, safe: false, edits }];
}

/** How often a name stands anywhere in the workspace. */
function uses(name: string, workspace: Workspace): number {
  const word = new RegExp(`\\b${name}\\b`, 'g');
  return workspace.filesNaming(name).reduce((sum, file) => sum + (workspace.text(file).match(word)?.length ?? 0), 0);
}
