/** Compiles a crate with other texts in place of some of its files, in an overlay, to learn whether rustc accepts them. */
import type { Target } from '../../abi/targets.ts';
import { isFailure } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';
import { makeFolder } from '../../host/cache.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import type { CargoTools } from '../rust/crate-runner.ts';
import { createCrateRunner } from '../rust/crate-runner.ts';
import { readErrors } from '../rust/diagnostics.ts';
import { makeOverlay } from '../rust/overlay.ts';

/** Whether it compiles, and the lines (from 1) of the given texts or other files of the crate at which it does not. */
export interface TextsVerdict {
  readonly accepted: boolean;
  readonly errors: readonly { readonly file: string; readonly line: number }[];
}

/** null where it could not be tried. Lints are no errors here: what they deny compiles. */
export async function compileTexts(
  crate: Crate,
  workspace: Workspace,
  target: Target,
  tools: CargoTools,
  texts: ReadonlyMap<string, string>,
): Promise<TextsVerdict | null> {
  const run = createCrateRunner(crate, workspace, target, tools);
  const made = await withTemporaryFolder(async (folder): Promise<TextsVerdict | { readonly failure: string }> => {
    const output = joinPath(folder, 'out');
    const overlay = makeFolder(output) ?? makeOverlay(crate, texts, joinPath(folder, 'tree'));
    if ('failure' in overlay) return overlay;
    const args = ['--emit=metadata', '--out-dir', output, '--error-format=json'];
    const results = await run([{ root: overlay.place(crate.target.root), args, bootstrap: false }], output);
    if ('failure' in results) return results;
    const [result] = results;
    const said = result ? tools.fs.read(result.stderr) : { failure: '' };
    if (!result || isFailure(said)) return { failure: 'rustc was not asked' };
    const places = readErrors(said).flatMap((error) => error.places);
    const errors = places.flatMap(({ file, line }) => {
      const original = overlay.original(file);
      return original === null ? [] : [{ file: original, line }];
    });
    return { accepted: result.code === 0, errors };
  });
  return 'failure' in made ? null : made;
}
