/** Measures the Rust types of a workspace with the user's own rustc, and keeps what was measured until something that it depends on changes. */
import type { TypeLayout, UnknownType } from '../../abi/layout-entries.ts';
import { isCertain } from '../../abi/rust-uses.ts';
import type { MeasureLayouts, MeasureRequest } from '../../abi/measured.ts';
import type { FileSystem } from '../../base/io.ts';
import { dirname, joinPath } from '../../base/paths.ts';
import type { Problem } from '../../base/problem.ts';
import type { Location } from '../../base/text.ts';
import { userCacheDir } from '../../host/platform.ts';
import type { Crate, Workspace } from '../../model/workspace.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import { buildFolder } from '../build-folder.ts';
import { nativeFiles } from '../native-files.ts';
import type { RecordReader } from '../read-records.ts';
import { candidatesByCrate, isMeasurable } from './candidates.ts';
import type { CrateCandidates } from './candidates.ts';
import type { Answers } from './ask.ts';
import { crateKey } from './crate-key.ts';
import type { RustEntries } from './entries.ts';
import { entriesOf } from './entries.ts';
import { hasOpaqueCalls, includesFiles, measureExpanded, nameIn, namesUnseenTypes, placeMade } from './expanded.ts';
import type { CrateAnswers } from './kept.ts';
import { keepAnswers, readAnswers } from './kept.ts';
import type { CrateTools } from './measure-crate.ts';
import { askCrate, askForeign, withCompiler } from './measure-crate.ts';
import { withMembers } from './members.ts';
import type { Plan } from './plan.ts';
import { planProbes } from './plan.ts';
import { askSkeleton } from './skeleton.ts';
import { toolchainMark } from './toolchain.ts';

export interface RustMeasuring {
  /** The folder of ffi-lint's package.json. */
  readonly root: string;
  readonly fs: FileSystem;
  readonly parsers: Parsers;
  readonly reader: RecordReader;
  /** `--features` and the like, as cargo takes them. */
  readonly cargoArguments: readonly string[];
  /** The user's cache folder where null. */
  readonly cache: string | null;
  /** Milliseconds for one call of cargo, and of rustc without it; a quarter of an hour where not given. */
  readonly timeout?: number;
  /** Told before each crate that has to be compiled. */
  progress?(crate: string): void;
}

interface CrateEntries extends RustEntries {
  /** Why only the definitions were compiled, not the crate; null where it was. */
  readonly failure: string | null;
}

/** Milliseconds for one call of cargo: dependencies may have to be checked first. */
const TIMEOUT = 15 * 60_000;

export function createRustMeasurer(measuring: RustMeasuring): MeasureLayouts {
  return async (request) => {
    const crates = cratesToMeasure(request);
    const types: TypeLayout[] = [];
    const unknown: UnknownType[] = [];
    const absent: UnknownType[] = [];
    const problems: Problem[] = [];
    const marks = new Map<string, string>();
    const mark = (folder: string): string => {
      const known = marks.get(folder) ?? toolchainMark(folder, measuring.fs);
      marks.set(folder, known);
      return known;
    };
    for (const [crate, candidates] of crates) {
      if (request.cancellation.cancelled) break;
      const made = await measureCrate(crate, candidates, request, measuring, mark);
      if (made.failure !== null) {
        const what = 'entries' in made ? 'were measured without cargo' : 'could not be measured';
        const message = `the Rust layouts of \`${crate.target.name}\` ${what}: ${made.failure}`;
        problems.push({ file: crate.package?.manifest ?? crate.target.root, message });
      }
      if (!('entries' in made)) continue;
      types.push(...made.entries.types);
      unknown.push(...made.entries.unknown);
      absent.push(...made.absent);
    }
    return { entries: { types, unknown }, absent: [...absent, ...unbuilt(request)], problems };
  };
}

/** Computed types that stand in no crate that is measured. */
function unbuilt({ computed, workspace }: MeasureRequest): readonly UnknownType[] {
  const reason = 'in a test, a build script, or a file that no target of its package leads to';
  return computed.types
    .filter(({ at }) => !workspace.cratesOf(at.file).some(isMeasurable))
    .map(({ language, name, at, target }) => ({ language, name, at, target, reason }));
}

/** Those with types of interest, and those that include files which only a build script knows. */
function cratesToMeasure({ workspace, surface, target, files = null }: MeasureRequest): ReadonlyMap<Crate, CrateCandidates> {
  const wanted = files && new Set([...files].flatMap((file) => measuredCrates(file, workspace)));
  const all = candidatesByCrate(workspace, surface, target);
  const out = new Map([...all].filter(([crate]) => !wanted || wanted.has(crate)));
  for (const crate of workspace.crates)
    if (!out.has(crate) && isMeasurable(crate) && includesFiles(crate, workspace)) out.set(crate, { items: [], uses: [] });
  return out;
}

/** What is included, or compiled by nobody as it stands, may be part of any crate of its package. */
function measuredCrates(file: string, { crates, cratesOf }: Workspace): readonly Crate[] {
  const own = cratesOf(file);
  return own.every(isMeasurable)
    ? own
    : crates.filter((one) => own.some((crate) => crate.package !== null && crate.package === one.package));
}

async function measureCrate(
  crate: Crate,
  candidates: CrateCandidates,
  request: MeasureRequest,
  measuring: RustMeasuring,
  mark: (folder: string) => string,
): Promise<CrateEntries | { readonly failure: string }> {
  const { workspace, target } = request;
  const { fs, cargoArguments } = measuring;
  const plan = planProbes({ workspace, target, ...candidates });
  const cache = measuring.cache ?? userCacheDir();
  const folder = crate.package?.directory ?? dirname(crate.target.root);
  const key = crateKey({ crate, workspace, fs, triple: target.triple, cargoArguments, mark: mark(folder) });
  let answers = readAnswers(cache, key);
  if (answers === null) {
    const made = await askAnew(crate, plan, request, measuring, cache);
    if (!('answers' in made)) return made;
    answers = made;
    if (!request.cancellation.cancelled) keepAnswers(cache, key, answers);
  }
  const known = new Map(request.computed.types.map((one) => [placeOf(one), one]));
  const own = entriesOf(answered(plan, answers), new Map(answers.answers), workspace, target, (probe) => known.get(placeOf(probe)) ?? null);
  const made = placeMade(answers.made, crate, workspace, target);
  return {
    entries: { types: [...own.entries.types, ...made.types], unknown: [...own.entries.unknown, ...made.unknown] },
    absent: own.absent,
    failure: answers.failure,
  };
}

/** The plan with the members that were seen; without what was taken for another crate's type and is none. */
function answered({ probes, shapes }: Plan, { answers, members, made }: CrateAnswers): Plan {
  const seen = new Map(members);
  const values = new Set(answers.flatMap(([id, { kind }]) => (kind === 'values' ? [id] : [])));
  const names = new Set(made.map(({ name }) => name));
  const there = probes.filter(({ id, use, name }) => !use || isCertain(use) || (values.has(id) && !names.has(name)));
  return { shapes, probes: there.map((probe) => withMembers(probe, seen.get(probe.id))) };
}

function placeOf({ at, name }: { readonly at: Location; readonly name: string }): string {
  return `${at.file}:${at.span.start}:${name}`;
}

async function askAnew(
  crate: Crate,
  plan: Plan,
  { workspace, surface, target, cancellation }: MeasureRequest,
  { fs, reader, root, cargoArguments, parsers, progress, timeout = TIMEOUT }: RustMeasuring,
  cache: string,
): Promise<CrateAnswers | { readonly failure: string }> {
  const { wrapper } = nativeFiles(fs, root);
  if (wrapper === null)
    return { failure: `there is no rustc wrapper in ${joinPath(root, 'native')}: \`cargo build --release\` there makes it` };
  const helper = await reader.check();
  if (helper !== null) return { failure: helper };
  progress?.(crate.target.name);
  const build = buildFolder(crate.package?.workspaceRoot ?? crate.target.root, cache);
  const tools: CrateTools = { fs, reader, wrapper, build, tree: `${build}-tree`, cargoArguments, cancellation, timeout };
  const skeleton = (): Promise<Answers | { readonly failure: string }> =>
    askSkeleton({ crate, plan, workspace, target, fs, reader, cancellation, timeout });
  if (!crate.package) {
    const answers = await skeleton();
    return 'failure' in answers ? answers : { answers: [...answers], made: [], members: [], failure: null };
  }
  return withCompiler(crate, workspace, target, tools, async (compiler) => {
    const answers = await askCrate(crate, plan, workspace, target, compiler, tools);
    if ('failure' in answers) {
      // Dependencies may be missing, or a build script fail: the definitions by themselves are better than nothing.
      const alone = cancellation.cancelled || plan.probes.length === 0 ? answers : await skeleton();
      return 'failure' in alone ? answers : { answers: [...alone], made: [], members: [], failure: answers.failure };
    }
    const foreign = await askForeign(crate, plan, answers, workspace, target, compiler, tools);
    const own = { answers: [...answers, ...foreign.answers], members: [...foreign.members], made: [], failure: null };
    if (!hasOpaqueCalls(crate, workspace) && !namesUnseenTypes(crate, workspace, surface)) return own;
    const seen = plan.probes.filter(({ id }) => answers.get(id)?.kind !== 'absent');
    const known = new Set(seen.map(({ item, use }) => nameIn(item.module.path, use?.name ?? item.name)));
    const made = await measureExpanded({ crate, workspace, surface, target, parsers, compiler, tools, known });
    // What the crate itself says stands, whatever its expansion does.
    return 'failure' in made ? own : { ...own, made };
  });
}
