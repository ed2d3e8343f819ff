/** The fns of a file that a rule looks into, chosen by a word in their text so that nothing else is parsed. */
import { sliceSpan } from '../../base/text.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { FnBody } from '../nullness/null-facts.ts';
import type { Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';

/**
 * The bodies of all fns, at the boundary or not, whose text has the word; tests and arguments of unknown macros are left out.
 * `accept` looks at the parsed fn before the types of its expressions are inferred, which costs most.
 */
export function bodiesWith(
  items: readonly RustItem[],
  word: RegExp,
  workspace: Workspace,
  accept: (ast: FnItem) => boolean = () => true,
): readonly Body[] {
  const bodies = bodiesOf(workspace);
  return itemsWith(items, word, workspace).flatMap((item) => {
    const ast = workspace.ast(item);
    const body = ast?.kind === 'fn' && accept(ast) ? bodies(item) : null;
    return body?.ast.body ? [body] : [];
  });
}

/** The same fns without the types of their expressions, which cost more than the parsing. */
export function fnsWith(items: readonly RustItem[], word: RegExp, workspace: Workspace): readonly FnBody[] {
  return itemsWith(items, word, workspace).flatMap((item) => {
    const ast = workspace.ast(item);
    return ast?.kind === 'fn' && ast.body ? [{ item, ast, scope: { module: item.module, item } }] : [];
  });
}

function itemsWith(items: readonly RustItem[], word: RegExp, workspace: Workspace): readonly RustItem[] {
  const found: RustItem[] = [];
  let file = '';
  let hit = false;
  for (const item of items) {
    if (item.kind !== 'fn' || item.test || item.inUnknownMacro || !item.entry.bodySpan) continue;
    if (item.file.path !== file) {
      file = item.file.path;
      hit = word.test(workspace.text(item.file));
    }
    if (!hit || !word.test(sliceSpan(workspace.text(item.file), item.entry.span))) continue;
    found.push(item);
  }
  return found;
}
