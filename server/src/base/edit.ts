/** Edits of one text and how a set of them is applied. */
import type { Span } from './text.ts';

/** Replaces a span of one text. An empty span inserts, an empty text deletes. */
export interface TextEdit {
  readonly span: Span;
  readonly text: string;
}

/** A text edit in a named file (absolute path, forward slashes). */
export interface FileEdit extends TextEdit {
  readonly file: string;
}

/** True where two edits cannot both be applied: they overlap, or insert at the same place. */
export function conflicts(a: TextEdit, b: TextEdit): boolean {
  if (a.span.start === b.span.start && a.span.end === b.span.end) return a.text !== b.text || a.span.start === a.span.end;
  return a.span.start < b.span.end && b.span.start < a.span.end;
}

/** Applies edits that do not overlap; of equal edits one is applied. The order given does not matter. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const ordered = [...edits].sort((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  let out = '';
  let at = 0;
  let previous: TextEdit | null = null;
  for (const edit of ordered) {
    if (previous && previous.span.start === edit.span.start && previous.span.end === edit.span.end && previous.text === edit.text) continue;
    if (edit.span.start < at) throw new RangeError('applyEdits: edits overlap');
    out += text.slice(at, edit.span.start) + edit.text;
    at = edit.span.end;
    previous = edit;
  }
  return out + text.slice(at);
}
