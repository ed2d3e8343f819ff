/** Whether an identifier occurs anywhere in the workspace: a coarse question that errs on the side of yes. */
import type { RustItem, SourceFile } from '../workspace.ts';

const WORD = /[\p{L}\p{N}_]/u;

export function createMentions(files: readonly SourceFile[], text: (file: SourceFile) => string): (name: string, outside: RustItem | null) => boolean {
  return (name, outside) => files.some((file) => occurs(text(file), name, outside?.file.path === file.path ? outside : null));
}

function occurs(text: string, name: string, outside: RustItem | null): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + name.length)) {
    if (outside && at >= outside.entry.span.start && at < outside.entry.span.end) continue;
    if (WORD.test(text[at - 1] ?? ' ') || WORD.test(text[at + name.length] ?? ' ')) continue;
    return true;
  }
  return false;
}
