/** The configuration of a run: what the files say, with the flags on top. */
import type { FileSystem } from '../../base/io.ts';
import type { Config } from '../../config/config.ts';
import type { ProjectConfig } from '../../config/read-config.ts';
import { createConfigReader } from '../../config/read-config.ts';
import type { Problem } from '../../base/problem.ts';
import type { Rule } from '../../rules/rule.ts';
import { UserError } from '../errors.ts';
import type { CheckSettings } from './settings.ts';

export interface RunConfiguration {
  configFor(path: string): ProjectConfig;
  readonly problems: readonly Problem[];
}

export function runConfiguration(
  fs: FileSystem,
  rules: readonly Rule[],
  settings: Pick<CheckSettings, 'config' | 'isolated' | 'overrides' | 'unused'>,
  cwd: string,
): RunConfiguration {
  if (settings.config !== null && !fs.isFile(settings.config)) throw new UserError(`--config: ${settings.config} does not exist`);
  const from = settings.isolated ? 'defaults' : settings.config !== null ? { file: settings.config } : 'nearest';
  const reader = createConfigReader(fs, rules, { ...settings.overrides, folder: cwd }, from);
  const { unused } = settings;
  if (unused === null) return reader;
  const changed = new Map<ProjectConfig, ProjectConfig>();
  return {
    get problems() {
      return reader.problems;
    },
    configFor(path) {
      const config = reader.configFor(path);
      const known = changed.get(config) ?? { ...config, options: { ...config.options, reportUnusedSuppressions: unused } };
      changed.set(config, known);
      return known;
    },
  };
}

/** Files that were named on the command line are checked although a glob excludes them. */
export function withoutExcluding(configFor: (path: string) => Config, named: ReadonlySet<string>): (path: string) => Config {
  return (path) => (named.has(path) ? { ...configFor(path), excludes: () => false } : configFor(path));
}

/** Nothing is checked with a configuration that is not understood. */
export function refuseProblems(problems: readonly Problem[], place: (problem: Problem) => string): void {
  if (problems.length === 0) return;
  throw new UserError(problems.map(place).join('\n'));
}
