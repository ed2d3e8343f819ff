/** What the environment variables of this process tell cargo. */
import { homedir } from 'node:os';
import { joinPath, normalizePath } from '../base/paths.ts';

/** Paths are absolute; `targetDir` is null where no variable names one (the Cargo book, "Environment variables cargo reads"). */
export function cargoEnvironment(
  env: NodeJS.ProcessEnv = process.env,
  cwd: string = process.cwd(),
): { readonly targetDir: string | null; readonly home: string } {
  const named = env['CARGO_TARGET_DIR'] || env['CARGO_BUILD_TARGET_DIR'];
  return {
    targetDir: named ? joinPath(normalizePath(cwd), named) : null,
    home: normalizePath(env['CARGO_HOME'] || joinPath(normalizePath(homedir()), '.cargo')),
  };
}
