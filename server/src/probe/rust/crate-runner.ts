/** Has one crate compiled any number of times: in its own folder held to its lock file, else in a mirror whose lock file cargo may write. */
import type { Target } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import type { CargoRun, PassInput, PassResult } from './run-cargo.ts';
import { runPasses } from './run-cargo.ts';
import type { CargoPlace } from './workspace-folders.ts';
import { mirrorPlace, ownPlace } from './workspace-folders.ts';

export interface CargoTools {
  readonly fs: FileSystem;
  readonly wrapper: string;
  /** The target directory of the crate's workspace, and where a mirror of the workspace may stand. */
  readonly build: string;
  readonly tree: string;
  readonly cargoArguments: readonly string[];
  readonly cancellation: Cancellation;
  /** Milliseconds for one call of cargo, which may have all dependencies to check. */
  readonly timeout: number;
}

/** What rustc wrote, pass by pass, or in one line why not. `folder` is an empty folder for the files. */
export type CrateRunner = (passes: readonly PassInput[], folder: string) => Promise<readonly PassResult[] | { readonly failure: string }>;

/** `via` is the crate that cargo is asked for. */
export function createCrateRunner(crate: Crate, workspace: Workspace, target: Target, tools: CargoTools, via: Crate = crate): CrateRunner {
  let place: CargoPlace | { readonly failure: string } | null = null;
  const cargoRun = (at: CargoPlace): CargoRun => ({ ...tools, ...at, crate, via, triple: target.triple });
  const inMirror = (): CargoPlace | { readonly failure: string } => {
    const pkg = crate.package;
    if (!pkg) return { failure: 'it belongs to no package' };
    const family = workspace.cargo.packages.filter(({ workspaceRoot }) => workspaceRoot === pkg.workspaceRoot);
    return mirrorPlace(pkg, family, tools.tree, tools.fs);
  };
  return async (passes, folder) => {
    place ??= (crate.package && ownPlace(crate.package, tools.fs)) ?? inMirror();
    if ('failure' in place) return place;
    const made = await runPasses(cargoRun(place), passes, folder);
    // A lock file that does not fit the manifests may be mended in a mirror, never in place.
    if (!('failure' in made) || !place.locked || !/lock file/.test(made.failure)) return made;
    place = inMirror();
    return 'failure' in place ? place : runPasses(cargoRun(place), passes, folder);
  };
}
