/** Where cargo puts what it builds: `build.target-dir` as the environment and the configuration files say it. */
import { isFailure } from '../base/io.ts';
import type { FileSystem } from '../base/io.ts';
import { dirname, joinPath } from '../base/paths.ts';
import { parseToml } from '../syntax/toml.ts';
import { getString } from '../syntax/toml-value.ts';

/** What the environment tells cargo. */
export interface CargoEnvironment {
  /** `CARGO_TARGET_DIR` or `CARGO_BUILD_TARGET_DIR` as an absolute path, null where neither is set. */
  readonly targetDir: string | null;
  /** The folder of the user's own `config.toml`, null where it is not known. */
  readonly home: string | null;
}

/**
 * The target folder of a workspace. The environment comes first, then the configuration nearest to the workspace, then the user's; a path in
 * a file is relative to the folder that holds `.cargo` (the Cargo book, "Configuration": hierarchical structure, config-relative paths).
 */
export function targetFolder(fs: FileSystem, root: string, environment: CargoEnvironment | null): string {
  if (environment?.targetDir) return environment.targetDir;
  for (let folder = root; ; folder = dirname(folder)) {
    const named = namedIn(fs, joinPath(folder, '.cargo'), folder);
    if (named !== null) return named;
    if (dirname(folder) === folder) break;
  }
  const home = environment?.home ?? null;
  return (home === null ? null : namedIn(fs, home, dirname(home))) ?? joinPath(root, 'target');
}

/** Cargo reads `config` without an ending first, where both are there. */
function namedIn(fs: FileSystem, folder: string, base: string): string | null {
  for (const name of ['config', 'config.toml']) {
    const text = fs.read(joinPath(folder, name));
    if (isFailure(text)) continue;
    const named = text.includes('target-dir') ? getString(parseToml(text).value, 'build', 'target-dir') : null;
    return named === null ? null : joinPath(base, named);
  }
  return null;
}
