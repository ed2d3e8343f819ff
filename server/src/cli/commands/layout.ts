/** `ffi-lint layout`: the bytes of the types at the boundary, Rust, C and Python beside each other. */
import type { LayoutReport } from '../../abi/layout-report.ts';
import type { Target } from '../../abi/targets.ts';
import { isFailure } from '../../base/io.ts';
import { silentLog } from '../../base/log.ts';
import { readLayouts } from '../../engine/layouts/read-layouts.ts';
import { createSession } from '../../engine/session.ts';
import { nodeFileSystem } from '../../host/file-system.ts';
import { hostTriple } from '../../host/platform.ts';
import { nodeWalkFs } from '../../host/walk-fs.ts';
import { atomicWrite } from '../../host/write.ts';
import { layoutJson } from '../../report/layout-json.ts';
import { layoutMarkdown } from '../../report/layout-markdown.ts';
import { layoutSvg } from '../../report/layout-svg.ts';
import { layoutText } from '../../report/layout-text.ts';
import { createPlaces } from '../../report/places.ts';
import type { Places } from '../../report/places.ts';
import type { Style } from '../../report/style.ts';
import { plain } from '../../report/style.ts';
import type { Arguments } from '../arguments.ts';
import { refuseProblems, runConfiguration } from '../check/configuration.ts';
import type { RunConfiguration } from '../check/configuration.ts';
import { EXIT } from '../check/exit-code.ts';
import { findLayoutFiles } from '../layout/files.ts';
import { createProgress } from '../check/progress.ts';
import { placed } from '../check/run.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';
import { grouped, startMeasuring } from '../layout/measuring.ts';
import { knownTarget, readLayoutSettings } from '../layout/settings.ts';
import type { LayoutFormat, LayoutSettings } from '../layout/settings.ts';
import { installedParsers } from '../parsers.ts';
import { say, styleFor } from '../terminal.ts';

export async function layout(args: Arguments, context: Context): Promise<number> {
  const { io, installation } = context;
  const settings = readLayoutSettings(args, io.cwd);
  const disk = nodeFileSystem();
  const overrides = settings.exclude.length > 0 ? { exclude: settings.exclude } : {};
  const { config, isolated } = settings;
  const configuration = runConfiguration(disk, installation.rules, { config, isolated, overrides, unused: null }, io.cwd);
  const files = findLayoutFiles(nodeWalkFs(), disk, settings, configuration);
  const places = createPlaces(io.cwd, (file) => {
    const text = disk.read(file);
    return isFailure(text) ? '' : text;
  });
  const targets = settings.targets.length > 0 ? settings.targets : configuredTargets(settings, configuration, io.cwd);
  refuseProblems(configuration.problems, (problem) => placed(problem, places));
  const parsers = await installedParsers(installation.root);
  const { configFor } = configuration;
  const session = createSession({ fs: disk, log: silentLog, parsers, rules: [], configFor, target: targets[0]?.triple ?? null });
  session.open(files);
  const snapshot = session.snapshot();
  const { interrupted } = io;
  const { type } = settings;
  const input = { fs: disk, parsers, files, snapshot, configFor, targets, type, cancellation: interrupted };
  const mode = settings.probe ?? configFor(`${settings.paths[0] ?? io.cwd}/.`).project.probe ?? 'auto';
  const progress = createProgress(io, settings.quiet);
  const { manifests } = files;
  const { cargoArguments } = settings;
  const { root } = installation;
  const surroundings = { root, cwd: io.cwd, env: io.env, fs: disk, parsers, manifests, configFor };
  const { measurers, close } = startMeasuring({ ...surroundings, mode, cargoArguments, progress: (what) => progress.say(what) });
  const made = await readLayouts({ ...input, measurers });
  progress.end();
  close();
  if (interrupted.cancelled) return EXIT.interrupted;
  if (settings.type !== null && made.report.types.length + made.report.unknown.length === 0)
    throw new UserError(`there is no type \`${settings.type}\` with a layout here`, 'without --type all of them are shown');
  for (const problem of settings.quiet && !made.incomplete ? [] : made.problems)
    say(io, styleFor(args, io, io.stderrIsTerminal), made.incomplete ? 'error' : 'warning', placed(problem, places));
  const required = mode === 'require' && made.measuring.length > 0;
  for (const problem of settings.quiet && !required ? [] : grouped(made.measuring))
    say(io, styleFor(args, io, io.stderrIsTerminal), required ? 'error' : 'warning', placed(problem, places));
  write(settings, made.report, places, styleFor(args, io, io.stdoutIsTerminal), context);
  return made.incomplete || required ? EXIT.failed : EXIT.clean;
}

/** Those of the configuration around what is looked at, else this machine's. */
function configuredTargets({ paths }: LayoutSettings, configuration: RunConfiguration, cwd: string): readonly Target[] {
  const configured = configuration.configFor(`${paths[0] ?? cwd}/.`).targets;
  if (configured.length > 0) return [...new Set(configured)].map(knownTarget);
  const host = hostTriple();
  if (host === null) throw new UserError('the target of this machine is not known', 'name one with --target');
  return [knownTarget(host)];
}

const WRITERS: Readonly<Record<LayoutFormat, (report: LayoutReport, places: Places, style: Style) => string>> = {
  text: layoutText,
  json: layoutJson,
  markdown: layoutMarkdown,
  svg: layoutSvg,
};

function write({ format, file }: LayoutSettings, report: LayoutReport, places: Places, style: Style, { io }: Context): void {
  if (file === null) {
    io.stdout(WRITERS[format](report, places, style));
    return;
  }
  const failed = atomicWrite(file, WRITERS[format](report, places, plain));
  if (failed) throw new UserError(`--output-file: ${places.path(file)} ${failed.failure}`);
}
