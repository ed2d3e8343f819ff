/** Whether files are still what they were, without reading them; and which file a program's name means. */
import { realpathSync, statSync } from 'node:fs';
import { delimiter } from 'node:path';
import { joinPath, normalizePath } from '../base/paths.ts';

/** Path, size and time of what is there, links followed; the path alone where nothing is. */
export function stampOf(path: string): string {
  try {
    const real = realpathSync(path);
    const { size, mtimeMs } = statSync(real);
    return `${path} ${real} ${size} ${mtimeMs}`;
  } catch {
    // Nothing there, or nothing that can be looked at: that is an answer as well.
    return path;
  }
}

/** The file (absolute path) that a program's name starts; null where PATH has none. */
export function programInPath(name: string, env: NodeJS.ProcessEnv = process.env): string | null {
  const names = process.platform === 'win32' ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of (env['PATH'] ?? env['Path'] ?? '').split(delimiter)) {
    for (const one of folder === '' ? [] : names) {
      const path = joinPath(normalizePath(folder), one);
      if (statSync(path, { throwIfNoEntry: false })?.isFile()) return path;
    }
  }
  return null;
}
