/** Turns the places that rustc prints into offsets of the texts at hand. */
import { joinPath } from '../../base/paths.ts';
import type { MirSpan } from '../../model/compiled/mir.ts';
import type { Workspace } from '../../model/workspace.ts';
import type { CompiledPlace } from './compiled-facts.ts';

export interface Places {
  /** null where the file is not of the workspace, or the place lies outside of its text. */
  place(root: string, at: MirSpan): CompiledPlace | null;
}

export function createPlaces(workspace: Workspace): Places {
  const paths = new Map<string, string>();

  function pathOf(root: string, file: string): string {
    const key = `${root}\0${file}`;
    let path = paths.get(key);
    if (path === undefined) {
      path = joinPath(root, file);
      paths.set(key, path);
    }
    return path;
  }

  return {
    place(root, at) {
      const file = workspace.files.get(pathOf(root, at.file));
      if (!file) return null;
      const text = workspace.text(file);
      const lines = workspace.lines(file);
      if (text === '' || at.endLine > lines.lineCount) return null;
      const start = offsetOf(text, lines.lineStart(at.line), at.column);
      const end = offsetOf(text, lines.lineStart(at.endLine), at.endColumn);
      return { file: file.path, span: { start, end } };
    },
  };
}

/** rustc counts characters; a character beyond U+FFFF is two UTF-16 units. A byte order mark is none. */
function offsetOf(text: string, lineStart: number, column: number): number {
  let at = lineStart + (lineStart === 0 && text.charCodeAt(0) === 0xfeff ? 1 : 0);
  for (let n = 1; n < column && at < text.length; n++) at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  return at;
}
