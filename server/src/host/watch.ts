/** Watches folders for changes of files. */
import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { joinPath } from '../base/paths.ts';
import { failureOf } from './failures.ts';

export interface Watch {
  close(): void;
}

/**
 * Calls back with the paths that changed below folders (absolute) once nothing more has happened for `quiet` milliseconds. Paths
 * for which `wanted` says no do not count. A folder that cannot be watched is told to `failed`.
 */
export function watchFolders(
  folders: readonly string[],
  options: {
    readonly quiet: number;
    wanted(path: string): boolean;
    changed(paths: readonly string[]): void;
    failed(folder: string, failure: string): void;
  },
): Watch {
  const pending = new Set<string>();
  let timer: NodeJS.Timeout | undefined;
  const fire = (): void => {
    const paths = [...pending];
    pending.clear();
    options.changed(paths);
  };
  const watchers = folders.flatMap((folder): readonly FSWatcher[] => {
    try {
      const watcher = watch(folder, { recursive: true }, (_event, name) => {
        const path = name === null ? folder : joinPath(folder, name);
        if (!options.wanted(path)) return;
        pending.add(path);
        clearTimeout(timer);
        timer = setTimeout(fire, options.quiet);
      });
      watcher.on('error', (error) => options.failed(folder, failureOf(error)));
      return [watcher];
    } catch (error) {
      options.failed(folder, failureOf(error));
      return [];
    }
  });
  return {
    close() {
      clearTimeout(timer);
      for (const watcher of watchers) watcher.close();
    },
  };
}
