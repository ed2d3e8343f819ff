/** `ffi-lint check`: sets a run up and does it, once or at every change. */
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import type { Problem } from '../../base/problem.ts';
import type { Config } from '../../config/config.ts';
import type { Log } from '../../base/log.ts';
import { silentLog } from '../../base/log.ts';
import { createPlaces, relativePath } from '../../report/places.ts';
import type { Disk } from '../../host/asked.ts';
import { nodeFileSystem } from '../../host/file-system.ts';
import { overlayFileSystem } from '../../host/overlay.ts';
import { hostTriple } from '../../host/platform.ts';
import { nodeWalkFs } from '../../host/walk-fs.ts';
import { isFailure } from '../../base/io.ts';
import type { Arguments } from '../arguments.ts';
import { readBaseline } from '../check/baseline-file.ts';
import { createChecker } from '../check/checker.ts';
import type { Checker } from '../check/checker.ts';
import type { RunConfiguration } from '../check/configuration.ts';
import { refuseProblems, runConfiguration, withoutExcluding } from '../check/configuration.ts';
import { EXIT } from '../check/exit-code.ts';
import { findFiles } from '../check/files.ts';
import type { RunFiles } from '../check/files.ts';
import type { KeptResult, ResultMemory } from '../check/kept-results.ts';
import { openResultMemory, withoutTexts } from '../check/kept-results.ts';
import type { Editor } from '../check/run.ts';
import { placed, runCheck, Stopped, timedOut } from '../check/run.ts';
import type { CheckSettings } from '../check/settings.ts';
import { readSettings } from '../check/settings.ts';
import { fixProved } from '../check/proving.ts';
import { probe } from '../check/probing.ts';
import { createProgress } from '../check/progress.ts';
import { verify } from '../check/verifying.ts';
import { createClock } from '../check/timing.ts';
import { watchAndCheck } from '../check/watch.ts';
import type { Context } from '../io.ts';
import { installedParsers } from '../parsers.ts';
import { styleFor } from '../terminal.ts';
import { targetIn } from '../view/targets.ts';

export async function check(args: Arguments, context: Context): Promise<number> {
  const settings = readSettings(args, context);
  const once = () => checkOnce(args, settings, context);
  return settings.watch ? watchAndCheck(settings, context, once) : once();
}

async function checkOnce(args: Arguments, settings: CheckSettings, context: Context): Promise<number> {
  const { io, installation } = context;
  const log = logFor(settings, context);
  const disk: Disk = { fs: await readDisk(settings, context), walk: nodeWalkFs() };
  const cancellation = stopWhen(settings, context);
  const started = performance.now();
  const memory = openResultMemory(settings, disk, context, log.info);
  const kept = memory?.recall() ?? null;
  const run = kept
    ? toldAgain(kept, disk.fs, runConfiguration(disk.fs, installation.rules, settings, io.cwd), started, log)
    : await newRun(settings, memory, disk, cancellation, context);
  const rules = new Map(installation.rules.map((rule) => [rule.id, rule]));
  try {
    return await runCheck({
      context,
      settings,
      disk: disk.fs,
      check: run.check,
      editor: run.editor,
      baseline: readBaseline(disk.fs, settings, io.cwd),
      judgement: {
        paths: settings.changes === null && settings.packages.length === 0 && !settings.stdin ? settings.paths : [],
        checked: (path) => run.checked.has(path),
        exists: (path) => disk.fs.isFile(path),
        ran(id, path) {
          const rule = rules.get(id);
          return rule === undefined || run.configFor(path).levelOf(rule, path) !== 'off';
        },
      },
      cancellation,
      unverified: run.unverified,
      unmeasured: run.unmeasured,
      clock: settings.timing ? createClock() : null,
      styles: { out: styleFor(args, io, io.stdoutIsTerminal), err: styleFor(args, io, io.stderrIsTerminal) },
    });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
    if (io.interrupted.cancelled) return EXIT.interrupted;
    throw timedOut(settings);
  }
}

/** Where the findings of a run come from. */
interface Run {
  check: Checker['check'];
  /** null where nothing is to be edited. */
  readonly editor: Editor | null;
  /** The files that findings are looked for in. */
  readonly checked: ReadonlySet<string>;
  configFor(path: string): Config;
  readonly unverified: readonly string[];
  readonly unmeasured: readonly Problem[];
}

/** `memory` is null where the run is not kept. */
async function newRun(
  settings: CheckSettings,
  memory: ResultMemory | null,
  untold: Disk,
  cancellation: Cancellation,
  context: Context,
): Promise<Run> {
  const { io, installation } = context;
  const recording = memory?.record() ?? null;
  const { fs: disk, walk } = recording?.disk ?? untold;
  const configuration = runConfiguration(disk, installation.rules, settings, io.cwd);
  const files = await findFiles({ settings, fs: disk, walkFs: walk, configuration, cwd: io.cwd });
  askConfiguration(files, configuration, disk, context);
  const configFor = withoutExcluding(configuration.configFor, files.named);
  const targets = targetsOf(settings, files, configuration, io.cwd);
  const triple = targets[0] ?? null;
  const checker = createChecker({
    disk,
    parsers: await installedParsers(installation.root, files),
    rules: installation.rules,
    log: logFor(settings, context),
    configFor,
    targets,
  });
  checker.open(files);
  const unverified = await compileFor(settings, files, checker, disk, cancellation, context);
  const unmeasured = await probe({ checker, fs: disk, files, cancellation, configFor }, settings, context);
  const { rust, manifests, headers, python, javascript = [], csharp = [] } = files;
  const checked = files.report ?? new Set([...rust, ...manifests, ...headers, ...python, ...javascript, ...csharp]);
  const { cargoArguments, cacheFolder } = settings;
  const proving = { checker, fs: disk, installation: installation.root, cargoArguments, cacheFolder, cancellation, triple };
  return {
    async check(options) {
      const result = await checker.check(options);
      // What went wrong in this run (a rule, a crowded system) need not go wrong in the next.
      if (!cancellation.cancelled && !result.incomplete) recording?.keep({ result: withoutTexts(result), checked: [...checked] });
      return result;
    },
    editor: {
      checker,
      prove: settings.verify === 'off' ? null : (first, selection, recheck) => fixProved(proving, first, selection, recheck),
      verify: () => compileFor(settings, files, checker, disk, cancellation, context),
    },
    checked,
    configFor,
    unverified,
    unmeasured,
  };
}

/** Tells the results of an earlier run. Compilers had no part in it. */
function toldAgain({ result, checked }: KeptResult, disk: FileSystem, { configFor }: RunConfiguration, started: number, log: Log): Run {
  log.info('nothing has changed since an earlier check, whose results follow; --no-cache checks again');
  const text = (path: string): string => {
    const read = disk.read(path);
    return isFailure(read) ? '' : read;
  };
  return {
    check: async () => ({ ...result, milliseconds: performance.now() - started, text }),
    editor: null,
    checked: new Set(checked),
    configFor,
    unverified: [],
    unmeasured: [],
  };
}

/** What could not be compiled for `--verify`, a line each. */
async function compileFor(
  settings: CheckSettings,
  files: RunFiles,
  checker: Checker,
  fs: FileSystem,
  cancellation: Cancellation,
  { io, installation }: Context,
): Promise<readonly string[]> {
  if (settings.verify === 'off') return [];
  // What stands in an editor and not on disk is not what cargo would compile.
  if (settings.stdin) return ['standard input is not compiled'];
  const progress = createProgress(io, settings.quiet);
  const failures = await verify({
    checker,
    fs,
    installation: installation.root,
    cargoArguments: settings.cargoArguments,
    cacheFolder: settings.cacheFolder,
    cancellation,
    reported: (path) => files.report?.has(path) ?? true,
    progress: (done, total, crate) => progress.say(`compiling ${crate}, ${done + 1} of ${total} crates`),
  });
  progress.end();
  return failures;
}

/** The disk, with standard input in place of the file that it stands for. */
async function readDisk(settings: CheckSettings, { io }: Context): Promise<FileSystem> {
  const disk = nodeFileSystem();
  const [path] = settings.paths;
  return settings.stdin && path !== undefined ? overlayFileSystem(disk, new Map([[path, await io.stdin()]])) : disk;
}

/** Reads the configuration of every file before the first is checked. */
function askConfiguration(files: RunFiles, configuration: RunConfiguration, disk: FileSystem, { io }: Context): void {
  for (const list of [files.rust, files.manifests, files.headers, files.python]) for (const path of list) configuration.configFor(path);
  const places = createPlaces(io.cwd, (file) => {
    const text = disk.read(file);
    return isFailure(text) ? '' : text;
  });
  // Their messages name the line.
  refuseProblems(configuration.problems, ({ file, message }) => placed({ file, message }, places));
}

/** The flags', else those of the configuration around what is checked, else this machine's. */
function targetsOf(settings: CheckSettings, files: RunFiles, configuration: RunConfiguration, cwd: string): readonly (string | null)[] {
  if (settings.targets.length > 0) return [...new Set(settings.targets)];
  const [one] = [...(files.report ?? files.rust)];
  const { targets, files: from } = configuration.configFor(one ?? `${cwd}/.`);
  const file = from[0] === undefined ? null : relativePath(cwd, from[0]);
  return targets.length > 0 ? [...new Set(targets)].map((triple) => targetIn(file, triple).triple) : [hostTriple()];
}

function stopWhen(settings: CheckSettings, { io }: Context): Cancellation {
  const deadline = settings.timeout === null ? Number.POSITIVE_INFINITY : performance.now() + settings.timeout;
  return {
    get cancelled() {
      return io.interrupted.cancelled || performance.now() > deadline;
    },
  };
}

function logFor(settings: CheckSettings, { io }: Context): Log {
  if (!settings.verbose) return silentLog;
  const write = (message: string) => io.stderr(`${message}\n`);
  return { info: write, warn: write, debug: io.env['FFI_LINT_DEBUG'] ? write : () => {} };
}
