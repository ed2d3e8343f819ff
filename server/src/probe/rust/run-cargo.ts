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
import type { RustcPass } from '../rustc-request.ts';

export interface CargoRun {
  readonly fs: FileSystem;
  readonly crate: Crate;
  /** The crate that cargo is asked for: the same, or one that depends on it. */
  readonly via: Crate;
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
  /** rustc's exit code. */
  readonly code: number;
}

/**
 * What rustc wrote, pass by pass, or in one line why it did not run to the end of one. `folder` is empty and lasts as long as its files
 * are wanted.
 */
export async function runPasses(
  run: CargoRun,
  passes: readonly PassInput[],
  folder: string,
): Promise<readonly PassResult[] | { readonly failure: string }> {
  const { crate, fs } = run;
  if (!crate.package) return { failure: 'it belongs to no package' };
  const made = makeFolder(run.build);
  if (made) return { failure: `the build folder ${run.build} ${made.failure}` };
  const asked = passes.map((pass, i) => passOf(pass, (name) => joinPath(folder, `${name}-${i}`)));
  const text = requestText({ crate: crate.target.name, source: crate.target.root, after: 'stop', passes: asked });
  const request = joinPath(folder, 'request');
  const written = text === null ? { failure: 'a path has a line end in its name' } : atomicWrite(request, text);
  if (written) return written;
  const first = await runCargo(run, run.wrapper, request);
  // What was compiled before as a dependency is not compiled again, unless it seems to be by another program.
  const fresh = first.failure === null && first.code === 0 && !asked.some(({ status }) => fs.isFile(status));
  const result = fresh ? await runCargo(run, secondName(run), request) : first;
  const results: PassResult[] = [];
  for (const { stdout, stderr, status } of asked) {
    const ended = fs.read(status);
    if (isFailure(ended)) return { failure: whyNotBuilt(result) };
    const code = /^exit (\d+)/.exec(ended)?.[1];
    if (code === undefined) return { failure: ended.startsWith('signal') ? 'rustc was killed' : `rustc ${ended}` };
    results.push({ stdout, stderr, code: Number(code) });
  }
  return results;
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
      // Build scripts and dependencies must not take a stable compiler for a nightly one.
      RUSTC_BOOTSTRAP: null,
      [REQUEST_VARIABLE]: request,
      CARGO_TERM_COLOR: 'never',
    },
    timeout: run.timeout,
    cancellation: run.cancellation,
  });
}

function passOf(pass: PassInput, file: (name: string) => string): RustcPass {
  return {
    root: pass.root,
    args: ['--cap-lints', 'allow', ...pass.args],
    env: pass.bootstrap ? { RUSTC_BOOTSTRAP: '1' } : {},
    // The jobserver of a cargo that does not wait for it.
    unset: ['CARGO_MAKEFLAGS'],
    stdout: file('stdout'),
    stderr: file('stderr'),
    status: file('status'),
  };
}

function cargoArguments({ via, manifest, locked, build, triple, cargoArguments: own }: CargoRun): readonly string[] {
  const { package: pkg, target } = via;
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
  if (failure?.startsWith('took')) return `cargo ${failure}; what it has built stays, so that asking again goes on from there`;
  if (failure !== null) return `cargo ${failure}`;
  const lines = stderr.split('\n').map((line) => line.trim());
  const line = lines.find((one) => /^error(\[|:)/.test(one)) ?? lines.find((one) => one !== '') ?? 'it said nothing';
  // What lies at the bottom of it: a full disk, a folder that may not be written.
  const cause = lines.findLast((one) => /\(os error \d+\)$/.test(one) && !line.includes(one));
  const more = /--locked/.test(stderr) ? '; the lock file is out of date' : '';
  return `cargo could not prepare it: ${line.replace(/^error: /, '').slice(0, 200)}${cause === undefined ? '' : `: ${cause.slice(0, 200)}`}${more}`;
}
