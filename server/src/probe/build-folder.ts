/** Where builds for questions to the compiler go: never into the user's tree. */
import { createHash } from 'node:crypto';
import { joinPath } from '../base/paths.ts';
import { userCacheDir } from '../host/platform.ts';

/** The target directory for the builds of one workspace (absolute path; it may not exist). All questions share it, so that dependencies are built once. */
export function buildFolder(workspaceRoot: string, cache: string = userCacheDir()): string {
  return joinPath(cache, `build/${createHash('sha256').update(workspaceRoot).digest('hex').slice(0, 16)}`);
}
