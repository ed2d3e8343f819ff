/** Has one crate compiled as cargo compiles it, and takes its MIR and its lints along the way. */
import type { Target } from '../../abi/targets.ts';
import { isFailure } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import type { CargoTools } from '../rust/crate-runner.ts';
import { createCrateRunner } from '../rust/crate-runner.ts';
import { lintArguments, mirArguments } from './mir-flags.ts';

/** What rustc wrote. */
export interface CrateOutput {
  readonly mir: string;
  /** JSON lines; null where the lints did not run to their end. */
  readonly lints: string | null;
}

/** What rustc says of the crate, or in one line why it says nothing. The user's tree, lock file and target directory are not touched. */
export function crateMir(
  crate: Crate,
  workspace: Workspace,
  target: Target,
  tools: CargoTools,
): Promise<CrateOutput | { readonly failure: string }> {
  const run = createCrateRunner(crate, workspace, target, tools);
  return withTemporaryFolder(async (folder) => {
    const { root } = crate.target;
    const output = joinPath(folder, 'crate.mir');
    const passes = [
      { root, args: mirArguments(output), bootstrap: true },
      { root, args: lintArguments(folder), bootstrap: false },
    ];
    const results = await run(passes, folder);
    if ('failure' in results) return results;
    const [mir, lints] = results;
    if (!mir || !lints) return { failure: 'rustc was not asked' };
    if (mir.code !== 0) return { failure: `it does not compile: ${firstError(tools.fs.read(mir.stderr), crate)}` };
    const text = tools.fs.read(output);
    if (isFailure(text)) return { failure: `rustc's MIR ${text.failure}` };
    const said = lints.code === 0 ? tools.fs.read(lints.stderr) : null;
    return { mir: text, lints: said === null || isFailure(said) ? null : said };
  });
}

/** The first line that says what is wrong, paths as seen from the workspace. */
function firstError(stderr: string | { readonly failure: string }, { package: pkg }: Crate): string {
  const lines = (isFailure(stderr) ? '' : stderr).split('\n').map((line) => line.trim());
  const line = lines.find((one) => /\berror(\[|:)/.test(one)) ?? lines.find((one) => one !== '') ?? 'it said nothing';
  const seen = pkg ? line.replaceAll(`${pkg.workspaceRoot}/`, '') : line;
  return seen.length > 200 ? `${seen.slice(0, 200)}…` : seen;
}
