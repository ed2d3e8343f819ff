/** Opens the files named to a command: their configuration, what surrounds them, and a session over them. */
import { isFailure } from '../../base/io.ts';
import type { FileSystem } from '../../base/io.ts';
import { silentLog } from '../../base/log.ts';
import type { ProjectConfig } from '../../config/read-config.ts';
import { createSession } from '../../engine/session.ts';
import type { FileSet, Session } from '../../engine/session.types.ts';
import { discover } from '../../host/discover.ts';
import { nodeFileSystem } from '../../host/file-system.ts';
import { nodeWalkFs } from '../../host/walk-fs.ts';
import { createSurroundings } from '../../model/extract/cargo/roots.ts';
import { createPlaces } from '../../report/places.ts';
import type { Places } from '../../report/places.ts';
import type { Rule } from '../../rules/rule.ts';
import type { Parsers } from '../../syntax/parsers.types.ts';
import { refuseProblems, runConfiguration } from '../check/configuration.ts';
import { placed } from '../check/run.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';
import { installedParsers } from '../parsers.ts';
import type { ViewSettings } from './settings.ts';

export interface View {
  readonly disk: FileSystem;
  readonly files: FileSet;
  readonly places: Places;
  readonly parsers: Parsers;
  /** What holds where the first path is. */
  readonly around: ProjectConfig;
  configFor(path: string): ProjectConfig;
  /** Nothing is opened in it yet; for the machine's own target where `target` is null. */
  session(rules: readonly Rule[], target: string | null): Session;
}

/** Throws a `UserError` where a path does not exist or a configuration is not understood. */
export async function openView(settings: ViewSettings, { io, installation }: Context): Promise<View> {
  const disk = nodeFileSystem();
  const { config, isolated, exclude } = settings;
  const overrides = exclude.length > 0 ? { exclude } : {};
  const configuration = runConfiguration(disk, installation.rules, { config, isolated, overrides, unused: null }, io.cwd);
  const { configFor } = configuration;
  const files = discover(nodeWalkFs(), settings.paths, {
    noIgnore: settings.noIgnore,
    excludes: (path) => configFor(path).excludes(path),
    surroundings: createSurroundings(disk),
  });
  if ('failure' in files) throw new UserError(files.failure);
  const places = createPlaces(io.cwd, (file) => {
    const text = disk.read(file);
    return isFailure(text) ? '' : text;
  });
  const around = configFor(`${settings.paths[0] ?? io.cwd}/.`);
  refuseProblems(configuration.problems, (problem) => placed(problem, places));
  const parsers = await installedParsers(installation.root);
  const session = (rules: readonly Rule[], target: string | null) =>
    createSession({ fs: disk, log: silentLog, parsers, rules, configFor, target });
  return { disk, files, places, parsers, around, configFor, session };
}
