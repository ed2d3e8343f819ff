/** Asks rustc about the crates of a workspace: the MIR of each, kept between runs by the content that it depends on. */
import { createHash } from 'node:crypto';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';
import { keep, readKept } from '../../host/cache.ts';
import { userCacheDir } from '../../host/platform.ts';
import type { Target } from '../../abi/targets.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import { toolchainMark } from '../rust/toolchain.ts';
import type { CompiledCrate } from '../../model/compiled/mir.ts';
import { readLints } from '../../model/extract/mir/read-lints.ts';
import { readMir } from '../../model/extract/mir/read-mir.ts';
import type { CargoTools } from '../rust/crate-runner.ts';
import { cargoToolsFor } from './cargo-tools.ts';
import { crateMir } from './crate-mir.ts';
import { createPack, unpack } from './kept-answer.ts';
import { LINTS } from './mir-flags.ts';
import { rustcVersion, selfTest } from './rustc-version.ts';

export interface CompileRequest {
  /** The folder of ffi-lint's package.json. */
  readonly installation: string;
  readonly fs: FileSystem;
  readonly workspace: Workspace;
  /** Of packages of the workspace, each with the one that cargo is asked for. */
  readonly crates: readonly { readonly crate: Crate; readonly via: Crate }[];
  /** Files whose content decides what is compiled, by workspace root: sources, manifests and the lock file. */
  inputs(workspaceRoot: string): readonly string[];
  readonly target: Target;
  /** `--features` and the like, as cargo takes them. */
  readonly cargoArguments: readonly string[];
  readonly cancellation: Cancellation;
  /** null for the user's cache folder. */
  readonly cacheFolder: string | null;
  progress?(done: number, total: number, crate: string): void;
}

export interface Compiled {
  readonly crates: readonly CompiledCrate[];
  /** One line for each crate that could not be asked about: its name and why. */
  readonly failures: readonly string[];
}

/** Changes when what is kept does. */
const FORMAT = 6;

export async function compileCrates(request: CompileRequest): Promise<Compiled> {
  const { fs, installation, cancellation } = request;
  const cache = request.cacheFolder ?? userCacheDir();
  const versions = new Map<string, string | { readonly failure: string }>();
  const hashes = new Map<string, string>();
  const crates: CompiledCrate[] = [];
  const failures: string[] = [];
  for (const [done, { crate, via }] of request.crates.entries()) {
    if (cancellation.cancelled) break;
    const { package: pkg } = crate;
    if (!pkg) continue;
    request.progress?.(done, request.crates.length, crate.target.name);
    const root = pkg.workspaceRoot;
    const inputs = hashes.get(root) ?? contentHash(fs, request.inputs(root));
    hashes.set(root, inputs);
    const key = hash([FORMAT, inputs, request.target.triple, request.cargoArguments, crate.id, via.id, toolchainMark(root, fs)]);
    const kept = joinPath(cache, `mir/${key}.json`);
    const packed = readKept(kept);
    const known = packed === null ? null : unpack(packed);
    if (known) {
      crates.push({ root, ...known });
      continue;
    }
    const cargo = cargoToolsFor({ ...request, workspaceRoot: root, cache });
    if (!cargo) {
      failures.push(`there is no rustc wrapper in ${joinPath(installation, 'native')}: run \`cargo build --release\` there`);
      continue;
    }
    const version = versions.get(root) ?? (await rustcVersion(root, cancellation));
    versions.set(root, version);
    if (isFailure(version)) {
      failures.push(`${pkg.name}: ${version.failure}`);
      continue;
    }
    const answer = await compile(crate, root, request, { version, cargo, cache, via });
    if ('failure' in answer) {
      failures.push(`${pkg.name}: ${answer.failure}`);
      continue;
    }
    const made = unpack(answer.packed);
    if (made) crates.push({ root, ...made });
    // What cannot be kept is made again the next time.
    keep(kept, answer.packed);
  }
  return { crates, failures: [...new Set(failures)] };
}

interface Tools {
  readonly version: string;
  readonly cargo: CargoTools;
  readonly cache: string;
  readonly via: Crate;
}

/** In the form in which it is kept: the texts of a large crate's bodies would not all fit in memory at once. */
type PackedAnswer = { readonly packed: string } | { readonly failure: string };

async function compile(crate: Crate, root: string, request: CompileRequest, tools: Tools): Promise<PackedAnswer> {
  const { fs, cancellation } = request;
  const tested = joinPath(tools.cache, `mir/self-test-${hash([FORMAT, tools.version])}`);
  if (readKept(tested) === null) {
    const failure = await selfTest(root, tools.version, fs, cancellation);
    if (failure !== null) return { failure };
    keep(tested, 'passed\n');
  }
  const pack = createPack();
  let strange = 0;
  const output = await crateMir(crate, request.workspace, request.target, tools.cargo, tools.via, (part) => {
    const mir = readMir(part);
    strange += mir.strange;
    pack.add(mir.bodies);
  });
  if ('failure' in output) return output;
  if (strange > 0) return { failure: `${strange} ${strange === 1 ? "line of rustc's MIR is" : "lines of rustc's MIR are"} not understood` };
  return { packed: pack.finish(crate.target.name, readLints(output.lints, LINTS)) };
}

function contentHash(fs: FileSystem, paths: readonly string[]): string {
  const sum = createHash('sha256');
  for (const path of [...paths].sort()) {
    const text = fs.read(path);
    sum.update(`${path}\0${isFailure(text) ? text.failure : text}\0`);
  }
  return sum.digest('hex');
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
