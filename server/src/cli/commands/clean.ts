/** `ffi-lint clean`: removes what is kept in the user's cache folder. */
import { nodeFileSystem } from '../../host/file-system.ts';
import { userCacheDir } from '../../host/platform.ts';
import { removeFolder } from '../../host/remove.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';

export async function clean(_args: Arguments, { io }: Context): Promise<number> {
  const folder = userCacheDir(io.env);
  if (!nodeFileSystem().isDirectory(folder)) {
    io.stderr(`nothing to remove, there is no ${folder}\n`);
    return 0;
  }
  const failed = removeFolder(folder);
  if (failed) throw new UserError(`${folder} ${failed.failure}`);
  io.stderr(`removed ${folder}\n`);
  return 0;
}
