/** `ffi-lint generate`: bindings, static assertions and proofs from the types and functions at the boundary. */
import { isFailure } from '../../base/io.ts';
import { silentLog } from '../../base/log.ts';
import { generateBindings } from '../../engine/bindings/generate-bindings.ts';
import { createSession } from '../../engine/session.ts';
import { nodeFileSystem } from '../../host/file-system.ts';
import { nodeWalkFs } from '../../host/walk-fs.ts';
import { atomicWrite } from '../../host/write.ts';
import { createPlaces } from '../../report/places.ts';
import type { Arguments } from '../arguments.ts';
import { refuseProblems, runConfiguration } from '../check/configuration.ts';
import { EXIT } from '../check/exit-code.ts';
import { placed } from '../check/run.ts';
import { UserError } from '../errors.ts';
import { configuredTarget, readGenerateSettings } from '../generate/settings.ts';
import type { GenerateSettings } from '../generate/settings.ts';
import type { Context } from '../io.ts';
import { findLayoutFiles } from '../layout/files.ts';
import { installedParsers } from '../parsers.ts';
import { say, styleFor } from '../terminal.ts';

/** Exits with 1 where something that was asked for had to be left out: the text then says what and why, and so does stderr. */
export async function generate(args: Arguments, context: Context): Promise<number> {
  const { io, installation } = context;
  const settings = readGenerateSettings(args, io.cwd);
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
  const session = createSession({ fs: disk, log: silentLog, parsers, rules: [], configFor, target: target.triple });
  session.open(files);
  const snapshot = session.snapshot();
  const { format, type, fn } = settings;
  const made = generateBindings({ fs: disk, parsers, files, snapshot, target, format, type, fn });
  const style = styleFor(args, io, io.stderrIsTerminal);
  for (const problem of snapshot.problems) say(io, style, 'warning', placed(problem, places));
  if (made.found === 0) refuseNothing(settings);
  if (!settings.quiet) {
    for (const { name, at, reason } of made.omitted) {
      const message = `\`${name}\` is left out: ${reason}`;
      say(io, style, 'warning', at === null ? message : placed({ file: at.file, span: at.span, message }, places));
    }
  }
  if (settings.file === null) io.stdout(made.text);
  else {
    const failed = atomicWrite(settings.file, made.text);
    if (failed) throw new UserError(`--output-file: ${places.path(settings.file)} ${failed.failure}`);
  }
  return made.omitted.length > 0 ? EXIT.findings : EXIT.clean;
}

/** Nothing is written where there is nothing to write about. */
function refuseNothing({ type, fn, format }: GenerateSettings): never {
  if (type !== null) throw new UserError(`there is no type \`${type}\` at the boundary here`, 'without --type all of them are taken');
  if (fn !== null) throw new UserError(`there is no function \`${fn}\` at the boundary here`, 'without --fn all of them are taken');
  const what = format === 'rust' ? 'header here declares a function or type' : 'function or type here is at the boundary';
  throw new UserError(`no ${what}`, format === 'rust' ? '`ffi-lint generate rust` starts from C headers' : null);
}
