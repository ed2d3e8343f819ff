/** Whether code of the workspace names an item: what a fix of its signature would break. */
import type { RustItem, Workspace } from '../model/workspace.ts';

/** What of a line stands before a comment in it: no quote is open there. */
const BEFORE_COMMENT = /^(?:[^"/]|\/(?!\/)|"(?:[^"\\]|\\.)*")*\/\//;

/** An address, which has no type of a function. */
const ADDRESS = /^\s+as\s+(\*|usize\b)/;

const IMPORT = /^\s*(pub(\([^)]*\))?\s+)?use\b/;

/**
 * Unlike `mentions`, which is asked first, line comments and docs do not count: docs name nearly every function. Nor do
 * imports, addresses, and what is followed by `harmless`.
 */
export function isNamedInCode(item: RustItem, workspace: Workspace, harmless: RegExp | null = null): boolean {
  const { name } = item;
  if (!workspace.mentions(name, item)) return false;
  const word = new RegExp(`(?<![\\p{L}\\p{N}_])${name}(?![\\p{L}\\p{N}_])`, 'gu');
  return workspace.filesNaming(name).some((file) => {
    const text = workspace.text(file);
    const { start, end } = item.entry.span;
    return [...text.matchAll(word)].some(({ index }) => {
      if (file === item.file && index >= start && index < end) return false;
      const behind = text.slice(index + name.length, index + name.length + 40);
      if (ADDRESS.test(behind) || harmless?.test(behind)) return false;
      const before = text.slice(text.lastIndexOf('\n', index) + 1, index);
      return !IMPORT.test(before) && !BEFORE_COMMENT.test(before);
    });
  });
}
