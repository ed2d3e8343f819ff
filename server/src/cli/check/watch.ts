/** `--watch`: checks again whenever a file changes, until Ctrl-C. */
import { dirname } from '../../base/paths.ts';
import { CONFIG_FILE_NAMES } from '../../config/find-config.ts';
import { nodeFileSystem } from '../../host/file-system.ts';
import { isLookedAt } from '../../host/walk.ts';
import { watchFolders } from '../../host/watch.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';
import { EXIT } from './exit-code.ts';
import type { CheckSettings } from './settings.ts';

/** Editors write in several steps. In milliseconds. */
const QUIET = 150;
const POLL = 100;

/** `check` prints its own results; what a user can mend is told, and the watch goes on. */
export async function watchAndCheck(settings: CheckSettings, { io }: Context, check: () => Promise<number>): Promise<number> {
  const disk = nodeFileSystem();
  const starts = settings.manifestPath === null ? settings.paths : [dirname(settings.manifestPath)];
  const folders = [...new Set(starts.map((path) => (disk.isDirectory(path) ? path : dirname(path))))];
  let due = true;
  const watch = watchFolders(folders, {
    quiet: QUIET,
    wanted: (path) =>
      !/\/(?:target|node_modules|\.git)\//.test(path) && (isLookedAt(path) || CONFIG_FILE_NAMES.some((name) => path.endsWith(`/${name}`))),
    changed: () => {
      due = true;
    },
    failed: (folder, failure) => io.stderr(`error: ${folder} cannot be watched: it ${failure}\n`),
  });
  try {
    while (!io.interrupted.cancelled) {
      if (due) {
        due = false;
        if (io.stdoutIsTerminal) io.stdout('\u001b[2J\u001b[3J\u001b[H');
        await tell(check, io.stderr);
        io.stderr('watching for changes, Ctrl-C ends\n');
      }
      await new Promise((resolve) => setTimeout(resolve, POLL));
    }
  } finally {
    watch.close();
  }
  return EXIT.interrupted;
}

async function tell(check: () => Promise<number>, write: (text: string) => void): Promise<void> {
  try {
    await check();
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    write(`error: ${error.message}\n`);
  }
}
