/** The documents that are open in the editor, kept in step by incremental changes. */
import { offsetAt, textView } from './text-view.ts';
import { pathFromUri } from './uris.ts';
import type { Encoding } from './text-view.ts';
import type { TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver/node';

export interface OpenDocument {
  /** As the editor wrote it. */
  readonly uri: string;
  readonly path: string;
  readonly version: number;
  readonly text: string;
}

/** Open documents by path. A URI that cannot be understood is ignored, never an error: its document stays unknown. */
export interface Documents {
  open(item: TextDocumentItem): OpenDocument | null;
  /** The changed document, null for one that is not open. */
  change(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[], encoding: Encoding): OpenDocument | null;
  close(uri: string): OpenDocument | null;
  byUri(uri: string): OpenDocument | null;
  byPath(path: string): OpenDocument | null;
  all(): readonly OpenDocument[];
}

export function createDocuments(): Documents {
  const open = new Map<string, OpenDocument>();
  const byUri = (uri: string): OpenDocument | null => {
    const path = pathFromUri(uri);
    return path === null ? null : (open.get(path) ?? null);
  };
  return {
    byUri,
    byPath: (path) => open.get(path) ?? null,
    all: () => [...open.values()],
    open(item) {
      const path = pathFromUri(item.uri);
      if (path === null) return null;
      const document = { uri: item.uri, path, version: item.version, text: item.text };
      open.set(path, document);
      return document;
    },
    change(uri, version, changes, encoding) {
      const before = byUri(uri);
      if (!before) return null;
      const document = { ...before, version, text: applyChanges(before.text, changes, encoding) };
      open.set(document.path, document);
      return document;
    },
    close(uri) {
      const document = byUri(uri);
      if (document) open.delete(document.path);
      return document;
    },
  };
}

/** Each change's range refers to the text that the changes before it made. */
export function applyChanges(text: string, changes: readonly TextDocumentContentChangeEvent[], encoding: Encoding): string {
  let now = text;
  for (const change of changes) {
    if (!('range' in change)) {
      now = change.text;
      continue;
    }
    const view = textView(now);
    const a = offsetAt(view, change.range.start, encoding);
    const b = offsetAt(view, change.range.end, encoding);
    now = now.slice(0, Math.min(a, b)) + change.text + now.slice(Math.max(a, b));
  }
  return now;
}
