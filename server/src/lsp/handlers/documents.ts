/** `textDocument/didOpen`, `didChange` and `didClose`. Saving changes nothing: an open document counts as it is. */
import { guardedNotification } from '../guard.ts';
import { isOnDisk } from '../uris.ts';
import type { State } from '../state.ts';

/** How long typing must pause before a check, in milliseconds. */
export const TYPING_DELAY = 150;

export function registerDocuments(state: State): void {
  const { connection, log, documents, checker, client } = state;
  connection.onDidOpenTextDocument(
    guardedNotification(log, 'textDocument/didOpen', ({ textDocument }) => {
      const document = documents.open(textDocument);
      if (!document) return;
      // A file that is new to the walk, or lies in no folder, changes what is looked at.
      checker.changed(
        { reload: !isOnDisk(document.path) || isOutside(state, document.path) || !state.engine.disk.isFile(document.path) },
        0,
      );
    }),
  );
  connection.onDidChangeTextDocument(
    guardedNotification(log, 'textDocument/didChange', ({ textDocument, contentChanges }) => {
      const document = documents.change(textDocument.uri, textDocument.version, contentChanges, client.encoding);
      if (document) checker.changed({ reload: isConfiguration(document.path) }, TYPING_DELAY);
    }),
  );
  connection.onDidCloseTextDocument(
    guardedNotification(log, 'textDocument/didClose', ({ textDocument }) => {
      const document = documents.close(textDocument.uri);
      if (document) checker.changed({ files: [document.path], reload: isOutside(state, document.path) }, 0);
    }),
  );
}

function isOutside(state: State, path: string): boolean {
  return !state.live.folders.some((folder) => path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`));
}

/** Files whose content says which files are looked at, and how; any TOML file, since configurations extend others by name. */
export function isConfiguration(path: string): boolean {
  return /(?:\.toml|\/(?:Cargo\.lock|compile_commands\.json|ffi-lint-baseline\.json|\.gitignore|\.ignore|\.ffi-lintignore))$/.test(path);
}
