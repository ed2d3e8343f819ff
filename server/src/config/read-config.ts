/** Reads the configuration that holds for a path, with what the command line or the editor puts on top. */
import type { FileSystem } from '../base/io.ts';
import { dirname } from '../base/paths.ts';
import type { Outcome, Problem } from '../base/problem.ts';
import { PROFILES } from './config.ts';
import type { Config, ConfigOverrides, Options, RuleInfo } from './config.ts';
import { findConfig, readSource } from './find-config.ts';
import type { Found } from './find-config.ts';
import { globMatcher } from './globs.ts';
import { readLayers } from './layers.ts';
import type { Layer } from './layers.ts';
import { levelResolver, strings } from './levels.ts';
import { projectOf } from './project.ts';
import { unknownName } from './validate.ts';

/** A configuration with all that it says. */
export interface ProjectConfig extends Config {
  /** As written, relative to the file that has them. */
  readonly exclude: readonly string[];
}

/**
 * The nearest configuration for a file or folder (absolute path), the defaults where there is none. Any problem means that what
 * was written is not what holds: the command line stops at one.
 */
export function readConfig(
  fs: FileSystem,
  path: string,
  rules: readonly RuleInfo[],
  overrides: ConfigOverrides = {},
): Outcome<ProjectConfig> {
  return resolve(fs, findConfig(fs, fs.isDirectory(path) ? path : dirname(path)), rules, overrides);
}

/** The configuration in one file (absolute path) and in those that it extends. */
export function readConfigFile(
  fs: FileSystem,
  file: string,
  rules: readonly RuleInfo[],
  overrides: ConfigOverrides = {},
): Outcome<ProjectConfig> {
  return resolve(fs, named(fs, file), rules, overrides);
}

/** What holds where no file says anything. */
export function defaultConfig(overrides: ConfigOverrides = {}): ProjectConfig {
  return build([], overrides);
}

/** Configuration by path for a whole run; each folder is looked at once. */
export interface ConfigReader {
  configFor(path: string): ProjectConfig;
  /** Of all configurations asked for so far. */
  readonly problems: readonly Problem[];
}

/** `from`: the nearest file of each path, one file (absolute path) for all, or none. */
export function createConfigReader(
  fs: FileSystem,
  rules: readonly RuleInfo[],
  overrides: ConfigOverrides = {},
  from: 'nearest' | 'defaults' | { readonly file: string } = 'nearest',
): ConfigReader {
  const problems: Problem[] = [...unknownOverrides(rules, overrides)];
  if (from !== 'nearest') {
    const one = from === 'defaults' ? defaultConfig(overrides) : resolveSource(fs, named(fs, from.file), rules, overrides, problems);
    return { configFor: () => one, problems };
  }
  const seen = new Map<string, Found>();
  const byFile = new Map<string | null, ProjectConfig>();
  const forFolder = (folder: string): ProjectConfig => {
    const found = findConfig(fs, folder, seen);
    const file = found?.file ?? null;
    const config = byFile.get(file) ?? resolveSource(fs, found, rules, overrides, problems);
    byFile.set(file, config);
    return config;
  };
  return { configFor: (path) => forFolder(dirname(path)), problems };
}

/** A file that was named: without configuration in it that is a problem. */
function named(fs: FileSystem, file: string): Found {
  const message = 'holds no configuration for ffi-lint; add a `metadata.ffi-lint` or `tool.ffi-lint` table';
  return readSource(fs, file) ?? { file, message };
}

function resolve(fs: FileSystem, found: Found, rules: readonly RuleInfo[], overrides: ConfigOverrides): Outcome<ProjectConfig> {
  const problems: Problem[] = [...unknownOverrides(rules, overrides)];
  return { value: resolveSource(fs, found, rules, overrides, problems), problems };
}

function resolveSource(
  fs: FileSystem,
  found: Found,
  rules: readonly RuleInfo[],
  overrides: ConfigOverrides,
  problems: Problem[],
): ProjectConfig {
  if (found === null) return build([], overrides);
  if ('message' in found) {
    problems.push(found);
    return build([], overrides);
  }
  const read = readLayers(fs, found, ruleNames(rules));
  problems.push(...read.problems);
  return build(read.layers, overrides);
}

function build(layers: readonly Layer[], overrides: ConfigOverrides): ProjectConfig {
  const file = layers.at(-1)?.file ?? null;
  const last = (key: string): Layer | undefined => layers.findLast(({ values }) => values[key] !== undefined);
  const profile = overrides.profile ?? PROFILES.find((name) => name === last('profile')?.values['profile']) ?? 'recommended';
  const excluding = last('exclude');
  const exclude = strings(excluding?.values['exclude']);
  const inFile = globMatcher(excluding?.folder ?? '/', exclude);
  const onTop = globMatcher(overrides.folder ?? (file === null ? '/' : dirname(file)), overrides.exclude ?? []);
  return {
    file,
    files: layers.map((layer) => layer.file).reverse(),
    profile,
    exclude,
    levelOf: levelResolver(layers, profile, overrides),
    excludes: (path) => inFile(path) || onTop(path),
    targets: strings(last('targets')?.values['targets']),
    options: optionsOf((key) => last(key)?.values[key]),
    project: projectOf(layers),
  };
}

function optionsOf(value: (key: string) => unknown): Options {
  const unused = value('report-unused-suppressions');
  return {
    trustSafetyDocs: value('trust-safety-docs') === true,
    dedupeWithRustc: value('dedupe-with-rustc') === 'off' ? 'off' : 'auto',
    reportUnusedSuppressions: unused === 'off' || unused === 'error' ? unused : 'warn',
  };
}

function ruleNames(rules: readonly RuleInfo[]): ReadonlySet<string> {
  return new Set(rules.flatMap((rule) => [rule.id, rule.group]));
}

/** Names of rules and groups that the command line or the editor gave and that there are not. */
function unknownOverrides(rules: readonly RuleInfo[], { levels = [], only = [], skip = [] }: ConfigOverrides): readonly Problem[] {
  const known = ruleNames(rules);
  const given = new Set([...levels.map((one) => one.name), ...only, ...skip]);
  return [...given]
    .filter((name) => !known.has(name))
    .map((name) => ({ file: '', message: unknownName('rule or group', name, name, known) }));
}
