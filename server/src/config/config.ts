/** The configuration as the rest of the house uses it, whatever file it came from. */
import type { Level } from '../base/severity.ts';
import type { Project } from './project.ts';

export const PROFILES = ['recommended', 'strict', 'all'] as const;
export type Profile = (typeof PROFILES)[number];

/** What the configuration must know of a rule; rules are handed in, config/ does not import them. */
export interface RuleInfo {
  readonly id: string;
  readonly group: string;
  readonly severity: Level;
  /** In the recommended profile although its severity alone would not put it there. */
  readonly recommended?: boolean;
}

export interface Config {
  /** Absolute path of the file that it was read from, null for the defaults. */
  readonly file: string | null;
  /** All files that took part, `extends` included. */
  readonly files: readonly string[];
  readonly profile: Profile;
  /** The level at which a rule runs for a file (absolute path): profile, then `[rules]` by group and id, then overrides, then the command line. */
  levelOf(rule: RuleInfo, path: string): Level;
  /** Whether a path is excluded by `exclude` globs (relative to the configuration's folder). */
  excludes(path: string): boolean;
  readonly targets: readonly string[];
  readonly options: Options;
  /** What it says of headers, links and libraries. */
  readonly project: Project;
}

/** Options of rules and of the engine; docs/configuration.md lists them. */
export interface Options {
  /** `# Safety` docs that demand non-null pointers lower missing-null-check to info. */
  readonly trustSafetyDocs: boolean;
  /** Hide a finding where rustc or clippy, run by the user, reports the same line. */
  readonly dedupeWithRustc: 'auto' | 'off';
  readonly reportUnusedSuppressions: 'off' | 'warn' | 'error';
}

/** What the command line or the editor puts on top of the file. */
export interface ConfigOverrides {
  readonly profile?: Profile;
  /** In order: `-A x`, `-W x`, `-D x`, by rule id or group. */
  readonly levels?: readonly { readonly name: string; readonly level: Level }[];
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  /** Rules that are off by themselves run as info, where nothing else is said of them. */
  readonly preview?: boolean;
  /** Globs, relative to `folder`. */
  readonly exclude?: readonly string[];
  /** The working directory (absolute path); the configuration's folder where it is not given. */
  readonly folder?: string;
}
