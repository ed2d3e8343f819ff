/** `--verify`: has rustc compile the crates at hand, so that findings can be held against what it knows. */
import { targetOf } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { compilationInputs, cratesToCompile } from '../../engine/crates-to-compile.ts';
import { compileCrates } from '../../probe/verify/compile-crates.ts';
import type { Checker } from './checker.ts';

export interface Verifying {
  readonly checker: Checker;
  readonly fs: FileSystem;
  readonly installation: string;
  /** `--features` and the like. */
  readonly cargoArguments: readonly string[];
  /** null for the user's cache folder. */
  readonly cacheFolder: string | null;
  readonly cancellation: Cancellation;
  /** Whether findings in a file are reported. */
  reported(path: string): boolean;
  progress(done: number, total: number, crate: string): void;
}

/** What could not be compiled, a line each. */
export async function verify({
  checker,
  fs,
  installation,
  cargoArguments,
  cacheFolder,
  cancellation,
  reported,
  progress,
}: Verifying): Promise<readonly string[]> {
  const failures = new Set<string>();
  await checker.compile(async ({ workspace, surface }, triple) => {
    const target = triple === null ? null : targetOf(triple);
    if (!target) {
      failures.add(`${triple ?? 'the target of this machine'} is no target that is known`);
      return [];
    }
    const compiled = await compileCrates({
      installation,
      fs,
      workspace,
      crates: cratesToCompile(workspace, surface, reported),
      inputs: (root) => compilationInputs(workspace, root),
      target,
      cargoArguments,
      cancellation,
      cacheFolder,
      progress,
    });
    for (const failure of compiled.failures) failures.add(failure);
    return compiled.crates;
  });
  return [...failures];
}
