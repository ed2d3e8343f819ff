/** `ffi-lint map`: the symbols at the boundary, who declares, defines and uses each, and what disagrees. */
import { isFailure } from '../../base/io.ts';
import { silentLog } from '../../base/log.ts';
import { createSession } from '../../engine/session.ts';
import { symbolMap } from '../../engine/symbol-map.ts';
import type { SymbolMap } from '../../engine/symbol-map.ts';
import { nodeFileSystem } from '../../host/file-system.ts';
import { nodeWalkFs } from '../../host/walk-fs.ts';
import { atomicWrite } from '../../host/write.ts';
import { mapJson, mapMarkdown, mapText } from '../../report/map.ts';
import { createPlaces } from '../../report/places.ts';
import type { Places } from '../../report/places.ts';
import type { Style } from '../../report/style.ts';
import { plain } from '../../report/style.ts';
import type { Arguments } from '../arguments.ts';
import { refuseProblems, runConfiguration } from '../check/configuration.ts';
import { EXIT } from '../check/exit-code.ts';
import { placed } from '../check/run.ts';
import { UserError } from '../errors.ts';
import { configuredTarget } from '../generate/settings.ts';
import type { Context } from '../io.ts';
import { findLayoutFiles } from '../layout/files.ts';
import { readMapSettings } from '../map/settings.ts';
import type { MapFormat } from '../map/settings.ts';
import { installedParsers } from '../parsers.ts';
import { say, styleFor } from '../terminal.ts';

const WRITERS: Readonly<Record<MapFormat, (map: SymbolMap, places: Places, style: Style) => string>> = {
  text: mapText,
  markdown: mapMarkdown,
  json: mapJson,
};

export async function map(args: Arguments, context: Context): Promise<number> {
  const { io, installation } = context;
  const settings = readMapSettings(args, io.cwd);
  const disk = nodeFileSystem();
  const { config, isolated, exclude } = settings;
  const overrides = exclude.length > 0 ? { exclude } : {};
  const configuration = runConfiguration(disk, installation.rules, { config, isolated, overrides, unused: null }, io.cwd);
  const files = findLayoutFiles(nodeWalkFs(), disk, settings, configuration);
  const places = createPlaces(io.cwd, (file) => {
    const text = disk.read(file);
    return isFailure(text) ? '' : text;
  });
  const { configFor } = configuration;
  const target = settings.target ?? configuredTarget(configFor(`${settings.paths[0] ?? io.cwd}/.`).targets);
  refuseProblems(configuration.problems, (problem) => placed(problem, places));
  const parsers = await installedParsers(installation.root);
  const session = createSession({ fs: disk, log: silentLog, parsers, rules: installation.rules, configFor, target: target.triple });
  // A counterpart may lie outside of the paths that were named.
  session.open({ ...files, report: null });
  const result = await session.check({ focus: null, cancellation: io.interrupted });
  if (io.interrupted.cancelled) return EXIT.interrupted;
  const made = symbolMap(session.snapshot(), result, (file) => files.report === null || files.report.has(file));
  const style = styleFor(args, io, io.stderrIsTerminal);
  for (const problem of settings.quiet && !result.incomplete ? [] : result.problems)
    say(io, style, result.incomplete ? 'error' : 'warning', placed(problem, places));
  if (settings.file === null) io.stdout(WRITERS[settings.format](made, places, styleFor(args, io, io.stdoutIsTerminal)));
  else {
    const failed = atomicWrite(settings.file, WRITERS[settings.format](made, places, plain));
    if (failed) throw new UserError(`--output-file: ${places.path(settings.file)} ${failed.failure}`);
  }
  return result.incomplete ? EXIT.failed : EXIT.clean;
}
