/** Has one crate compiled as cargo compiles it, and takes its MIR and its lints along the way. */
import type { Target } from '../../abi/targets.ts';
import { isFailure } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';
import { readInParts } from '../../host/read-bytes.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import type { CargoTools } from '../rust/crate-runner.ts';
import { createCrateRunner } from '../rust/crate-runner.ts';
import { firstError } from '../rust/diagnostics.ts';
import { mirArguments } from './mir-flags.ts';

/** What rustc said beside the MIR. */
export interface CrateOutput {
  /** JSON lines. The compilation came to its end, so that nothing kept the lints from speaking. */
  readonly lints: string;
}

/** What stands at the end of each body of MIR, and nowhere else. */
const BODY_END = '\n}\n';

/**
 * What rustc says of the crate, or in one line why it says nothing. Its MIR, which of a large crate is a text of hundreds of megabytes, is
 * handed to `part` some whole bodies at a time. The user's tree, lock file and target directory are not touched.
 */
export function crateMir(
  crate: Crate,
  workspace: Workspace,
  target: Target,
  tools: CargoTools,
  via: Crate,
  part: (mir: string) => void,
): Promise<CrateOutput | { readonly failure: string }> {
  const run = createCrateRunner(crate, workspace, target, tools, via);
  return withTemporaryFolder(async (folder) => {
    const output = joinPath(folder, 'crate.mir');
    const results = await run([{ root: crate.target.root, args: mirArguments(output), bootstrap: true }], folder);
    if ('failure' in results) return results;
    const [result] = results;
    if (!result) return { failure: 'rustc was not asked' };
    const said = tools.fs.read(result.stderr);
    if (isFailure(said)) return { failure: `what rustc said ${said.failure}` };
    if (result.code !== 0) return { failure: `it does not compile: ${firstError(said, crate.package?.workspaceRoot ?? null)}` };
    const unread = readInParts(output, BODY_END, part);
    return unread ? { failure: `rustc's MIR ${unread.failure}` } : { lints: said };
  });
}
