/** Measures types without cargo: rustc alone compiles the type definitions of a crate, and nothing of it runs. */
import type { Target } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import { dirname, joinPath, relativeInside } from '../../base/paths.ts';
import { LineIndex } from '../../base/text.ts';
import { makeFolder } from '../../host/cache.ts';
import { mirror } from '../../host/mirror.ts';
import { runProcess } from '../../host/process.ts';
import { withTemporaryFolder } from '../../host/temporary.ts';
import { atomicWrite } from '../../host/write.ts';
import type { Crate, SourceFile, Workspace } from '../../model/workspace.ts';
import type { RecordReader } from '../read-records.ts';
import type { Answer, Answers, WrittenError } from './ask.ts';
import { askRustc } from './ask.ts';
import { isForeign } from './plan.ts';
import type { Plan } from './plan.ts';
import { skeletonText } from './skeleton-text.ts';
import { rustcProgram } from './toolchain.ts';
import { commonFolder } from './workspace-folders.ts';

export interface SkeletonInput {
  readonly crate: Crate;
  readonly plan: Plan;
  readonly workspace: Workspace;
  readonly target: Target;
  readonly fs: FileSystem;
  readonly reader: RecordReader;
  readonly cancellation: Cancellation;
  /** Milliseconds for one call of rustc, which gets no more than it needs for definitions. */
  readonly timeout: number;
}

/** Milliseconds: definitions alone take rustc no time. */
const TIMEOUT = 120_000;

/** Definitions that name what is left out are left out as well, each in the round after the one in which rustc complains. */
export async function askSkeleton(input: SkeletonInput): Promise<Answers | { readonly failure: string }> {
  // Only cargo finds other crates, std aside.
  const own = input.plan.probes.filter((probe) => !isForeign(probe) || probe.use?.outside === 'std');
  const answers = await withTemporaryFolder((folder) => askIn(folder, { ...input, plan: { ...input.plan, probes: own } }));
  if ('failure' in answers) return answers;
  // Which features cargo would turn on is not known here: what is not compiled may well be elsewhere.
  const unseen: Answer = { kind: 'refused', reason: 'not compiled without cargo' };
  const answerOf = (id: number): Answer => answers.get(id) ?? { kind: 'refused', reason: 'only cargo finds other crates' };
  return new Map(input.plan.probes.map(({ id }) => [id, answerOf(id).kind === 'absent' ? unseen : answerOf(id)]));
}

async function askIn(folder: string, input: SkeletonInput): Promise<Answers | { readonly failure: string }> {
  const { crate, plan, workspace, target, fs, reader } = input;
  const files = [...workspace.files.values()].filter(({ path }) => workspace.cratesOf(path).includes(crate));
  const texts = new Map(files.map((file) => [file.path, skeletonText(file, crate, workspace)]));
  const base = commonFolder(files.map(({ path }) => dirname(path)));
  let rounds = 0;
  return askRustc({
    plan,
    target,
    fs,
    reader,
    root: crate.target.root,
    text: (file) => texts.get(file) ?? '',
    async compile(asked) {
      const at = joinPath(folder, `${rounds++}`);
      const to = joinPath(at, 'tree');
      const failed = makeFolder(at) ?? mirror(base, to, new Map([...texts, ...asked]));
      if (failed) return { failure: `a copy of the definitions ${failed.failure}` };
      const named = (file: string): string => joinPath(to, relativeInside(base, file) ?? '');
      const args = [named(crate.target.root), '--out-dir', at, ...rustcArguments(crate, target)];
      const timeout = Math.min(input.timeout, TIMEOUT);
      const run = await runProcess(rustcProgram(), args, { cwd: base, timeout, cancellation: input.cancellation });
      if (run.failure !== null) return { failure: `rustc ${run.failure}` };
      const stderr = joinPath(at, 'stderr');
      const original = (name: string): string | null => files.find(({ path }) => named(path) === name)?.path ?? null;
      return atomicWrite(stderr, run.stderr) ?? { stderr, named, original };
    },
    repair: (errors) => leaveOut(errors, texts, files, plan),
  });
}

function rustcArguments(crate: Crate, target: Target): readonly string[] {
  const features = crate.package ? defaultFeatures(crate.package.features) : [];
  return [
    '--crate-type=lib',
    `--crate-name=${crate.target.name}`,
    `--edition=${crate.target.edition}`,
    '--emit=metadata',
    '--error-format=json',
    '--json=diagnostic-short',
    '--cap-lints=allow',
    `--target=${target.triple}`,
    ...features.flatMap((name) => ['--cfg', `feature="${name}"`]),
  ];
}

function defaultFeatures(all: Readonly<Record<string, readonly string[]>>): readonly string[] {
  const out = new Set(all['default'] ? ['default'] : []);
  for (const name of out) for (const one of all[name] ?? []) if (Object.hasOwn(all, one)) out.add(one);
  return [...out];
}

/** Writes over the definitions that errors stand in. What cannot be asked any more, by probe; null where no error stands in a definition. */
function leaveOut(
  errors: readonly WrittenError[],
  texts: Map<string, string>,
  files: readonly SourceFile[],
  { probes }: Plan,
): ReadonlyMap<number, Answer> | null {
  const out = new Map<number, Answer>();
  let found = false;
  for (const { message, written } of errors) {
    for (const place of written) {
      const file = files.find(({ path }) => path === place.file);
      const text = texts.get(place.file);
      if (!file || text === undefined) continue;
      const offset = new LineIndex(text).offset({ line: place.line, column: 1 });
      const entry = file.index.entries.findLast(
        ({ kind, span }) => kind !== 'mod' && span.start <= offset + leading(text, offset) && offset <= span.end,
      );
      if (!entry || text.slice(entry.span.start, entry.span.end).trim() === '') continue;
      found = true;
      texts.set(
        place.file,
        `${text.slice(0, entry.span.start)}${blank(text.slice(entry.span.start, entry.span.end))}${text.slice(entry.span.end)}`,
      );
      for (const { id, item } of probes)
        if (item.entry === entry && item.file === file) out.set(id, { kind: 'refused', reason: `without cargo, rustc says: ${message}` });
    }
  }
  return found ? out : null;
}

function leading(text: string, offset: number): number {
  return /^[ \t]*/.exec(text.slice(offset, offset + 500))?.[0].length ?? 0;
}

function blank(text: string): string {
  return text.replace(/[^\r\n]/g, ' ');
}
