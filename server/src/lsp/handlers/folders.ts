/** `workspace/didChangeWorkspaceFolders`: several roots, coming and going. */
import { pathFromUri } from '../uris.ts';
import type { State } from '../state.ts';
import type { InitializeParams, WorkspaceFolder } from 'vscode-languageserver/node';

/** Must be called once the editor is initialized: the event needs a registration. */
export function startFolders(state: State): void {
  if (!state.client.workspaceFolders) return;
  state.connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
    const gone = new Set(pathsOf(removed));
    const kept = state.live.folders.filter((folder) => !gone.has(folder));
    state.live.folders = [...new Set([...kept, ...pathsOf(added)])];
    state.checker.changed({ reload: true }, 0);
  });
}

/** The folders at the start; none for an editor that only opened a file. */
export function initialFolders(params: InitializeParams): readonly string[] {
  if (params.workspaceFolders) return pathsOf(params.workspaceFolders);
  const root = params.rootUri ? pathFromUri(params.rootUri) : (params.rootPath ?? null);
  return root === null ? [] : [root];
}

function pathsOf(folders: readonly WorkspaceFolder[]): readonly string[] {
  return folders.flatMap(({ uri }) => pathFromUri(uri) ?? []);
}
