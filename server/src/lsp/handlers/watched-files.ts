/** `workspace/didChangeWatchedFiles`: what changed on disk, outside of the editor. */
import { DidChangeWatchedFilesNotification, FileChangeType } from 'vscode-languageserver/node';
import { basename, dirname, relativeInside } from '../../base/paths.ts';
import { guardedNotification } from '../guard.ts';
import { pathFromUri } from '../uris.ts';
import { isConfiguration } from './documents.ts';
import type { State } from '../state.ts';

const WATCHED = [
  '**/*.{rs,c,h,cc,cpp,cxx,hh,hpp,hxx,h++,py,pyi,js,mjs,cjs,ts,mts,cts,cs}',
  '**/{*.toml,Cargo.lock,compile_commands.json,ffi-lint-baseline.json,.gitignore,.ignore,.ffi-lintignore}',
];

/** A checkout or a build changes many files at once: they are taken together. */
const SETTLE = 100;

export function registerWatchedFiles(state: State): void {
  const { connection, log, checker, documents } = state;
  connection.onDidChangeWatchedFiles(
    guardedNotification(log, 'workspace/didChangeWatchedFiles', ({ changes }) => {
      const files: string[] = [];
      let reload = false;
      for (const { uri, type } of changes) {
        const path = pathFromUri(uri);
        // An open document counts in place of its file.
        if (path === null || (type === FileChangeType.Changed && documents.byPath(path)) || isOutput(state, path)) continue;
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

/** In a folder of build output, as Cargo and others mark it: a build would cause one check after the other. */
function isOutput(state: State, path: string): boolean {
  const inside = (folder: string): boolean => state.live.folders.some((root) => relativeInside(root, folder) !== null);
  for (let folder = dirname(path); inside(folder); folder = dirname(folder)) {
    if (basename(folder) === '.git' || state.engine.disk.isFile(`${folder}/CACHEDIR.TAG`)) return true;
    if (folder === dirname(folder)) return false;
  }
  return false;
}
