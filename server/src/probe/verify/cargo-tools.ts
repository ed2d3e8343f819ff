/** What it takes to have crates of a workspace compiled: the wrapper, and folders of ours. */
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { userCacheDir } from '../../host/platform.ts';
import { buildFolder } from '../build-folder.ts';
import { nativeFiles } from '../native-files.ts';
import type { CargoTools } from '../rust/crate-runner.ts';

/** Milliseconds for one crate with all that it depends on. */
const TIMEOUT = 15 * 60_000;

export interface ToolsInput {
  readonly fs: FileSystem;
  /** The folder of ffi-lint's package.json. */
  readonly installation: string;
  /** null for a file of no package. */
  readonly workspaceRoot: string | null;
  readonly cancellation: Cancellation;
  readonly cargoArguments?: readonly string[];
  /** The user's cache folder where it is not given. */
  readonly cache?: string;
}

/** null where there is no wrapper for this machine, or no package. */
export function cargoToolsFor(input: ToolsInput): CargoTools | null {
  const { fs, installation, workspaceRoot, cancellation, cargoArguments = [], cache = userCacheDir() } = input;
  const { wrapper } = nativeFiles(fs, installation);
  if (wrapper === null || workspaceRoot === null) return null;
  const build = buildFolder(workspaceRoot, cache);
  return { fs, wrapper, build, tree: `${build}-tree`, cargoArguments, cancellation, timeout: TIMEOUT };
}
