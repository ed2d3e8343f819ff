/** The fns of a file that a rule looks into, chosen by a word in their text so that nothing else is parsed. */
import { EVERYTHING } from '../../base/reads.ts';
import type { FnItem } from '../../model/rust/ast-item.ts';
import type { RustItem, Workspace } from '../../model/workspace.ts';
import type { FnBody } from '../nullness/null-facts.ts';
import type { Body } from '../types/local-types-body.ts';
import { bodiesOf } from '../types/local-types.ts';

/**
 * The bodies of all fns, at the boundary or not, whose text has the word, or each of the words, of which the rarest comes first.
 * Tests and arguments of unknown macros are left out. `accept` looks at the parsed fn.
 */
export function bodiesWith(
  items: readonly RustItem[],
  words: Words,
  workspace: Workspace,
  accept: (ast: FnItem) => boolean = () => true,
): readonly Body[] {
  const bodies = bodiesOf(workspace);
  return itemsWith(items, words, workspace).flatMap((item) => {
    const ast = workspace.ast(item);
    const body = ast?.kind === 'fn' && accept(ast) ? bodies(item) : null;
    return body?.ast.body ? [body] : [];
  });
}

/** The same fns for rules that never ask for the types of their expressions. */
export function fnsWith(items: readonly RustItem[], words: Words, workspace: Workspace): readonly FnBody[] {
  return itemsWith(items, words, workspace).flatMap((item) => {
    const ast = workspace.ast(item);
    return ast?.kind === 'fn' && ast.body ? [{ item, ast, scope: { module: item.module, item } }] : [];
  });
}

type Words = RegExp | readonly RegExp[];

function itemsWith(items: readonly RustItem[], words: Words, workspace: Workspace): readonly RustItem[] {
  const all = words instanceof RegExp ? [words] : words;
  const found: RustItem[] = [];
  let file = '';
  let hit = false;
  for (const item of items) {
    if (item.kind !== 'fn' || item.test || item.inUnknownMacro || !item.entry.bodySpan) continue;
    // Of one fn only its own text is looked at: what stands elsewhere in the file may change then.
    if (items.length > 1 && item.file.path !== file) {
      file = item.file.path;
      hit = all.every((word) => workspace.matches(item.file, EVERYTHING, word));
    }
    if (items.length > 1 && !hit) continue;
    if (all.every((word) => workspace.matches(item.file, item.entry.span, word))) found.push(item);
  }
  return found;
}
