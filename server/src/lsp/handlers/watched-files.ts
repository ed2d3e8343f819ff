/** `workspace/didChangeWatchedFiles`: what changed on disk, outside of the editor. */
import { DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver/node';
import { guardedNotification } from '../guard.ts';
import { pathFromUri } from '../uris.ts';
import { isConfiguration } from './documents.ts';
import type { State } from '../state.ts';

const WATCHED = [
  '**/*.{rs,c,h,cc,cpp,cxx,hh,hpp,hxx,py,pyi}',
  '**/{Cargo.toml,Cargo.lock,ffi-lint.toml,.ffi-lint.toml,pyproject.toml,compile_commands.json,.gitignore}',
];

/** A checkout or a build changes many files at once: they are taken together. */
const SETTLE = 100;

export function registerWatchedFiles(state: State): void {
  const { connection, log, checker } = state;
  connection.onDidChangeWatchedFiles(
    guardedNotification(log, 'workspace/didChangeWatchedFiles', ({ changes }) => {
      const files: string[] = [];
      let reload = false;
      for (const { uri, type } of changes) {
        const path = pathFromUri(uri);
        if (path === null || path.includes('/.git/')) continue;
        files.push(path);
        reload ||= type !== FileChangeType.Changed || isConfiguration(path);
      }
      if (files.length > 0) checker.changed({ files, reload }, SETTLE);
    }),
  );
}

/** Asks the editor to watch; one that cannot tells of open documents only. */
export async function startWatching(state: State): Promise<void> {
  if (!state.client.watchesFiles) return;
  await state.connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: WATCHED.map((globPattern) => ({ globPattern })),
  });
}
