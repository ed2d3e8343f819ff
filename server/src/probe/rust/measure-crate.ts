/** Measures the types of one crate of a package: cargo prepares its compilation, rustc compiles it with our questions in it. */
import type { Target } from '../../abi/targets.ts';
import { isFailure } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';
import { makeFolder } from '../../host/cache.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import { atomicWrite } from '../../host/write.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import type { RecordReader } from '../read-records.ts';
import type { Answers, Compilation } from './ask.ts';
import { askRustc } from './ask.ts';
import type { CargoTools } from './crate-runner.ts';
import { createCrateRunner } from './crate-runner.ts';
import { makeOverlay } from './overlay.ts';
import { seeMembers, withMembers } from './members.ts';
import type { SeenMembers } from './members.ts';
import { isForeign } from './plan.ts';
import type { Plan } from './plan.ts';
import type { PassInput, PassResult } from './run-cargo.ts';

export interface CrateTools extends CargoTools {
  readonly reader: RecordReader;
}

/** One crate ready to be compiled with other sources, any number of times. */
export interface CrateCompiler {
  /** With these files in place of the crate's own. */
  overlay(files: ReadonlyMap<string, string>): Promise<Compilation | { readonly failure: string }>;
  /** A single file in place of the whole crate. */
  single(text: string): Promise<Compilation | { readonly failure: string }>;
  /** The crate's text with all macros written out. */
  expanded(): Promise<string | { readonly failure: string }>;
}

/** Hands a compiler for the crate to `then`; its files last as long as that. */
export function withCompiler<T>(
  crate: Crate,
  workspace: Workspace,
  target: Target,
  tools: CrateTools,
  then: (compiler: CrateCompiler) => Promise<T>,
): Promise<T | { readonly failure: string }> {
  return withTemporaryFolder((folder) => then(createCompiler(crate, workspace, target, tools, folder)));
}

const ASKED = ['--emit=metadata', '--error-format=json', '--json=diagnostic-short'] as const;

function createCompiler(crate: Crate, workspace: Workspace, target: Target, tools: CrateTools, folder: string): CrateCompiler {
  const { fs } = tools;
  let rounds = 0;
  const runner = createCrateRunner(crate, workspace, target, tools);
  const run = async (pass: PassInput, at: string): Promise<PassResult | { readonly failure: string }> => {
    const made = await runner([pass], at);
    return 'failure' in made ? made : (made[0] ?? { failure: 'rustc was not asked' });
  };
  const roundFolder = (): string | { readonly failure: string } => {
    const made = joinPath(folder, `${rounds++}`);
    return makeFolder(made) ?? made;
  };
  return {
    async overlay(files) {
      const at = roundFolder();
      if (typeof at !== 'string') return at;
      const made = makeOverlay(crate, files, joinPath(at, 'tree'));
      if ('failure' in made) return made;
      const ran = await run({ root: made.place(crate.target.root), args: [...ASKED, '--out-dir', at], bootstrap: false }, at);
      return 'failure' in ran ? ran : { stderr: ran.stderr, named: made.place, original: () => null };
    },
    async single(text) {
      const at = roundFolder();
      if (typeof at !== 'string') return at;
      const root = joinPath(at, 'expanded.rs');
      const failed = atomicWrite(root, text);
      if (failed) return failed;
      const made = await run({ root, args: [...ASKED, '--out-dir', at], bootstrap: false }, at);
      return 'failure' in made ? made : { stderr: made.stderr, named: () => root, original: () => null };
    },
    async expanded() {
      const at = roundFolder();
      if (typeof at !== 'string') return at;
      const made = await run({ root: crate.target.root, args: ['-Zunpretty=expanded', '--error-format=json'], bootstrap: true }, at);
      if ('failure' in made) return made;
      const text = fs.read(made.stdout);
      return isFailure(text) ? { failure: `rustc's expansion ${text.failure}` } : text;
    },
  };
}

/** The plan's answers from the crate with the questions in its own files. */
export function askCrate(
  crate: Crate,
  plan: Plan,
  workspace: Workspace,
  target: Target,
  compiler: CrateCompiler,
  { fs, reader }: CrateTools,
): Promise<Answers | { readonly failure: string }> {
  const { root } = crate.target;
  return askRustc({ plan, target, fs, reader, root, text: textsOf(workspace), compile: (files) => compiler.overlay(files) });
}

export interface ForeignAnswers {
  /** In place of those that say nothing of members. */
  readonly answers: Answers;
  readonly members: ReadonlyMap<number, SeenMembers>;
}

/** Of other crates' types that have a size: which members can be seen, and where they lie. */
export async function askForeign(
  crate: Crate,
  { probes, shapes }: Plan,
  answers: Answers,
  workspace: Workspace,
  target: Target,
  compiler: CrateCompiler,
  tools: CrateTools,
): Promise<ForeignAnswers> {
  const sized = probes.filter((probe) => isForeign(probe) && answers.get(probe.id)?.kind === 'values');
  const compile = (files: ReadonlyMap<string, string>) => compiler.overlay(files);
  const members = await seeMembers({ probes: sized, fs: tools.fs, text: textsOf(workspace), compile });
  const named = sized.flatMap((probe) => (members.get(probe.id)?.names.length ? [withMembers(probe, members.get(probe.id))] : []));
  const made = await askCrate(crate, { probes: named, shapes }, workspace, target, compiler, tools);
  const placed = new Map('failure' in made ? [] : [...made].filter(([, answer]) => answer.kind === 'values' && answer.whole));
  // What cannot be placed is not told: its size stands.
  return { answers: placed, members: new Map([...members].filter(([id, { names }]) => names.length === 0 || placed.has(id))) };
}

function textsOf(workspace: Workspace): (file: string) => string {
  return (file) => {
    const known = workspace.files.get(file);
    return known ? workspace.text(known) : '';
  };
}
