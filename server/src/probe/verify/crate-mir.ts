/** Has cargo compile one crate in a folder of ours, and takes its MIR and its lints along the way. */
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';
import { makeFolder } from '../../host/cache.ts';
import { runProcess } from '../../host/process.ts';
import type { ProcessResult } from '../../host/process.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import { atomicWrite } from '../../host/write.ts';
import { REQUEST_VARIABLE, requestText } from '../rustc-request.ts';
import { lintArguments, MIR_ENVIRONMENT, MIR_UNSET, mirArguments } from './mir-flags.ts';

/** Which crate, as cargo is asked for it. */
export interface CrateToCompile {
  readonly package: string;
  /** Absolute path of the package's Cargo.toml. */
  readonly manifest: string;
  readonly kind: 'lib' | 'bin';
  /** The target's name in code. */
  readonly name: string;
  /** Its root file (absolute path). */
  readonly root: string;
  /** Absolute folder; cargo runs rustc there. */
  readonly workspaceRoot: string;
}

export interface CompileOptions {
  readonly fs: FileSystem;
  /** The rustc wrapper (absolute path). */
  readonly wrapper: string;
  /** The target directory (absolute path). */
  readonly buildFolder: string;
  /** null for the machine's. */
  readonly target: string | null;
  /** `--features` and the like, as the user gave them. */
  readonly cargoArguments: readonly string[];
  readonly cancellation: Cancellation;
  /** Milliseconds for the whole build. */
  readonly timeout: number;
}

/** What rustc wrote. */
export interface CrateOutput {
  readonly mir: string;
  /** JSON lines; null where the lints did not run to their end. */
  readonly lints: string | null;
}

/** What rustc says of the crate, or in one line why it says nothing. The user's tree, lock file and target directory are not touched. */
export async function crateMir(crate: CrateToCompile, options: CompileOptions): Promise<CrateOutput | { readonly failure: string }> {
  const made = makeFolder(options.buildFolder);
  if (made) return { failure: `the build folder ${options.buildFolder} ${made.failure}` };
  return withTemporaryFolder(async (folder) => {
    const output = joinPath(folder, 'crate.mir');
    const status = joinPath(folder, 'status');
    const stderr = joinPath(folder, 'stderr');
    const request = requestText({
      crate: crate.name,
      source: crate.root,
      after: 'stop',
      passes: [
        {
          root: crate.root,
          args: mirArguments(output),
          env: MIR_ENVIRONMENT,
          unset: MIR_UNSET,
          stdout: joinPath(folder, 'stdout'),
          stderr,
          status,
        },
        {
          root: crate.root,
          args: lintArguments(folder),
          env: {},
          unset: MIR_UNSET,
          stdout: joinPath(folder, 'lint-stdout'),
          stderr: joinPath(folder, 'lint-stderr'),
          status: joinPath(folder, 'lint-status'),
        },
      ],
    });
    const asked = joinPath(folder, 'request');
    const written = request === null ? { failure: 'a path has a line end in its name' } : atomicWrite(asked, request);
    if (written) return written;
    const result = await runProcess('cargo', cargoArguments(crate, options), {
      cwd: crate.workspaceRoot,
      env: { RUSTC_WORKSPACE_WRAPPER: options.wrapper, [REQUEST_VARIABLE]: asked, CARGO_TERM_COLOR: 'never', RUSTC_BOOTSTRAP: null },
      timeout: options.timeout,
      cancellation: options.cancellation,
    });
    const ended = options.fs.read(status);
    if (isFailure(ended)) return { failure: whyNotBuilt(result) };
    if (ended.trim() !== 'exit 0') return { failure: whyNotCompiled(ended.trim(), options.fs.read(stderr), crate.workspaceRoot) };
    const text = options.fs.read(output);
    if (isFailure(text)) return { failure: `rustc's MIR ${text.failure}` };
    const lintEnd = options.fs.read(joinPath(folder, 'lint-status'));
    const lints = lintEnd === 'exit 0' ? options.fs.read(joinPath(folder, 'lint-stderr')) : null;
    return { mir: text, lints: lints === null || isFailure(lints) ? null : lints };
  });
}

function cargoArguments(crate: CrateToCompile, { buildFolder, target, cargoArguments: own }: CompileOptions): readonly string[] {
  return [
    'check',
    '--quiet',
    // A lock file that is missing or out of date would be written otherwise.
    '--locked',
    '--manifest-path',
    crate.manifest,
    '--package',
    crate.package,
    ...(crate.kind === 'lib' ? ['--lib'] : ['--bin', crate.name]),
    '--target-dir',
    buildFolder,
    ...(target === null ? [] : ['--target', target]),
    ...own,
  ];
}

/** Cargo ended before it came to the crate: a dependency, a build script, or cargo itself. */
function whyNotBuilt({ failure, stderr }: ProcessResult): string {
  if (failure !== null) return `cargo ${failure}`;
  return `cargo could not build it: ${firstError(stderr)}`;
}

/** Paths are told as seen from the workspace. */
function whyNotCompiled(status: string, stderr: string | { readonly failure: string }, root: string): string {
  if (status === 'signal') return 'rustc was killed';
  return `it does not compile: ${firstError(isFailure(stderr) ? '' : stderr).replaceAll(`${root}/`, '')}`;
}

/** The first line that says what is wrong. */
function firstError(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const line = lines.find((one) => /\berror(\[|:)/.test(one)) ?? lines.find((one) => one !== '') ?? 'it said nothing';
  return line.length > 200 ? `${line.slice(0, 200)}…` : line;
}
