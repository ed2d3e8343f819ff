/** Has cargo prepare the compilation of one crate, and rustc compile other sources in its place, in folders of ours. */
import type { Cancellation } from '../../base/cancel.ts';
import { isFailure } from '../../base/io.ts';
import type { FileSystem } from '../../base/io.ts';
import { basename, joinPath } from '../../base/paths.ts';
import { makeFolder } from '../../host/cache.ts';
import { linkFile } from '../../host/mirror.ts';
import { runProcess } from '../../host/process.ts';
import type { ProcessResult } from '../../host/process.ts';
import { atomicWrite } from '../../host/write.ts';
import type { Crate } from '../../model/workspace.ts';
import { REQUEST_VARIABLE, requestText } from '../rustc-request.ts';

export interface CargoRun {
  readonly fs: FileSystem;
  readonly crate: Crate;
  /** Where cargo starts and which manifest it reads: the package's own, or those of a mirror of its workspace. */
  readonly cwd: string;
  readonly manifest: string;
  /** Nothing may write the lock file; without one there is nothing to hold cargo to. */
  readonly locked: boolean;
  readonly wrapper: string;
  /** The target directory. */
  readonly build: string;
  readonly triple: string;
  /** `--features` and the like. */
  readonly cargoArguments: readonly string[];
  readonly cancellation: Cancellation;
  /** Milliseconds. */
  readonly timeout: number;
}

export interface PassInput {
  /** The root file that rustc compiles (absolute path). */
  readonly root: string;
  readonly args: readonly string[];
  /** rustc takes switches that it keeps for itself in stable versions. */
  readonly bootstrap: boolean;
}

export interface PassResult {
  /** Files with what rustc wrote (absolute paths, in the folder given). */
  readonly stdout: string;
  readonly stderr: string;
}

/** What rustc wrote, or in one line why it did not run to its end. `folder` is empty and lasts as long as its files are wanted. */
export async function runPass(run: CargoRun, pass: PassInput, folder: string): Promise<PassResult | { readonly failure: string }> {
  const { crate, fs } = run;
  const pkg = crate.package;
  if (!pkg) return { failure: 'it belongs to no package' };
  const made = makeFolder(run.build);
  if (made) return { failure: `the build folder ${run.build} ${made.failure}` };
  const [stdout, stderr, status] = ['stdout', 'stderr', 'status'].map((name) => joinPath(folder, name));
  if (stdout === undefined || stderr === undefined || status === undefined) return { failure: '' };
  const text = requestText({
    crate: crate.target.name,
    source: crate.target.root,
    after: 'stop',
    passes: [
      {
        root: pass.root,
        args: ['--cap-lints', 'allow', ...pass.args],
        env: pass.bootstrap ? { RUSTC_BOOTSTRAP: '1' } : {},
        // The jobserver of a cargo that does not wait for it.
        unset: ['CARGO_MAKEFLAGS'],
        stdout,
        stderr,
        status,
      },
    ],
  });
  const request = joinPath(folder, 'request');
  const written = text === null ? { failure: 'a path has a line end in its name' } : atomicWrite(request, text);
  if (written) return written;
  const result = await runCargo(run, run.wrapper, request);
  // What was compiled before as a dependency is not compiled again, unless it seems to be by another program.
  const fresh = result.failure === null && result.code === 0 && !fs.isFile(status);
  const last = fresh ? await runCargo(run, secondName(run), request) : result;
  const ended = fs.read(status);
  if (isFailure(ended)) return { failure: whyNotBuilt(last) };
  return ended.startsWith('exit ') ? { stdout, stderr } : { failure: ended === 'signal' ? 'rustc was killed' : `rustc ${ended}` };
}

/** The same wrapper under a name that is the crate's alone, where it stays. */
function secondName({ build, crate, wrapper }: CargoRun): string {
  const folder = joinPath(build, `ffi-lint/${crate.target.kind}-${crate.target.name}`);
  const name = joinPath(folder, basename(wrapper));
  const failed = makeFolder(folder) ?? linkFile(wrapper, name);
  return failed ? wrapper : name;
}

function runCargo(run: CargoRun, wrapper: string, request: string): Promise<ProcessResult> {
  return runProcess('cargo', cargoArguments(run), {
    cwd: run.cwd,
    env: {
      RUSTC_WORKSPACE_WRAPPER: wrapper,
      // A compiler cache would answer in the place of ours.
      RUSTC_WRAPPER: '',
      [REQUEST_VARIABLE]: request,
      CARGO_TERM_COLOR: 'never',
    },
    timeout: run.timeout,
    cancellation: run.cancellation,
  });
}

function cargoArguments({ crate, manifest, locked, build, triple, cargoArguments: own }: CargoRun): readonly string[] {
  const { package: pkg, target } = crate;
  if (!pkg) return [];
  const spec = pkg.version === null ? pkg.name : `${pkg.name}@${pkg.version}`;
  const named = pkg.name.replace(/-/g, '_') === target.name ? ['--bin', pkg.name] : ['--bins'];
  return [
    'check',
    '--quiet',
    '--offline',
    ...(locked ? ['--locked'] : []),
    '--manifest-path',
    manifest,
    '--package',
    spec,
    ...(target.kind === 'lib' ? ['--lib'] : target.kind === 'bin' ? named : ['--examples']),
    '--target-dir',
    build,
    '--target',
    triple,
    ...own,
  ];
}

/** Cargo ended before it came to the crate: a dependency, a build script, or cargo itself. */
function whyNotBuilt({ failure, stderr }: ProcessResult): string {
  if (failure !== null) return `cargo ${failure}`;
  const lines = stderr.split('\n').map((line) => line.trim());
  const line = lines.find((one) => /^error(\[|:)/.test(one)) ?? lines.find((one) => one !== '') ?? 'it said nothing';
  const more = /--locked/.test(stderr) ? '; the lock file is out of date' : '';
  return `cargo could not prepare it: ${line.replace(/^error: /, '').slice(0, 200)}${more}`;
}
