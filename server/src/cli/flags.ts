/** Every flag of the command line once: parsing, help, completions and docs/cli.md are made from this table. */
import { SEVERITIES } from '../base/severity.ts';
import { FORMAT_NAMES } from '../report/formats.ts';

export interface Flag {
  readonly name: string;
  readonly short?: string;
  /** What its value is called in help; a flag without one takes no value. */
  readonly value?: string;
  /** The value may be left out, and must follow a `=` where it is not. */
  readonly optionalValue?: boolean;
  readonly repeats?: boolean;
  readonly choices?: readonly string[];
  /** What a shell completes the value with, besides choices. */
  readonly completes?: 'file' | 'folder' | 'rule' | 'target';
  readonly group: 'output' | 'fix' | 'select' | 'files' | 'suppress' | 'cargo' | 'verify' | 'run' | 'other';
  readonly help: string;
}

const MODES = ['off', 'auto', 'require'];

export const FLAGS = {
  outputFormat: {
    name: 'output-format',
    short: 'f',
    value: 'FORMAT',
    repeats: true,
    choices: FORMAT_NAMES,
    group: 'output',
    help: 'how results are written (default text; github under GITHUB_ACTIONS)',
  },
  outputFile: {
    name: 'output-file',
    short: 'o',
    value: 'PATH',
    repeats: true,
    completes: 'file',
    group: 'output',
    help: 'write the format named before it to a file instead of stdout; the pair repeats',
  },
  color: {
    name: 'color',
    value: 'WHEN',
    choices: ['auto', 'always', 'never'],
    group: 'output',
    help: 'colours (default auto: on a terminal; NO_COLOR and FORCE_COLOR are heeded)',
  },
  hyperlinks: { name: 'hyperlinks', group: 'output', help: 'make rule names links to their pages, for terminals that know OSC 8' },
  quiet: { name: 'quiet', short: 'q', group: 'output', help: 'no summary and no progress, errors only' },
  verbose: { name: 'verbose', short: 'v', group: 'output', help: 'tell what is done, and name what could not be decided' },
  statistics: { name: 'statistics', group: 'output', help: 'count findings by rule, on stderr' },
  timing: { name: 'timing', group: 'output', help: 'tell how long each rule took, on stderr' },

  fix: { name: 'fix', group: 'fix', help: 'apply safe fixes' },
  unsafeFixes: { name: 'unsafe-fixes', group: 'fix', help: 'apply fixes too that can change what the code does; includes --fix' },
  diff: { name: 'diff', group: 'fix', help: 'show what fixing would change, change nothing; exit 1 if there is something' },
  fixOnly: {
    name: 'fix-only',
    value: 'NAME',
    repeats: true,
    completes: 'rule',
    group: 'fix',
    help: 'fix findings of this rule or group only; includes --fix',
  },
  exitNonZeroOnFix: { name: 'exit-non-zero-on-fix', group: 'fix', help: 'exit 1 if something was fixed, even if nothing is left' },

  only: { name: 'only', value: 'NAME', repeats: true, completes: 'rule', group: 'select', help: 'run this rule or group only' },
  skip: { name: 'skip', value: 'NAME', repeats: true, completes: 'rule', group: 'select', help: 'do not run this rule or group' },
  allow: { name: 'allow', short: 'A', value: 'NAME', repeats: true, completes: 'rule', group: 'select', help: 'turn a rule or group off' },
  warn: { name: 'warn', short: 'W', value: 'NAME', repeats: true, completes: 'rule', group: 'select', help: 'make it a warning' },
  deny: {
    name: 'deny',
    short: 'D',
    value: 'NAME',
    repeats: true,
    completes: 'rule',
    group: 'select',
    help: 'make it an error; of -A, -W and -D the last one counts',
  },
  severity: { name: 'severity', value: 'LEVEL', choices: SEVERITIES, group: 'select', help: 'leave out findings below this level' },
  preview: { name: 'preview', group: 'select', help: 'run rules too that are off by themselves, as info' },

  exclude: {
    name: 'exclude',
    value: 'GLOB',
    repeats: true,
    group: 'files',
    help: 'leave out files that match, besides those of the configuration',
  },
  noIgnore: { name: 'no-ignore', group: 'files', help: 'do not heed .gitignore and .ignore' },
  stdinFilename: {
    name: 'stdin-filename',
    value: 'PATH',
    completes: 'file',
    group: 'files',
    help: 'with `-` as path: the file that standard input stands for',
  },
  staged: { name: 'staged', group: 'files', help: 'report only on files in the git index' },
  changed: { name: 'changed', group: 'files', help: 'report only on files that differ from the last commit' },
  since: { name: 'since', value: 'REF', group: 'files', help: 'report only on files that differ from where this branch left REF' },
  shard: { name: 'shard', value: 'I/N', group: 'files', help: 'report only on the I-th of N shares of the files, for N jobs side by side' },

  writeBaseline: {
    name: 'write-baseline',
    group: 'suppress',
    help: 'write all findings to the baseline, so that only new ones are reported',
  },
  baseline: {
    name: 'baseline',
    value: 'PATH',
    completes: 'file',
    group: 'suppress',
    help: 'the baseline (default ffi-lint-baseline.json in the working directory, if there)',
  },
  pruneBaseline: { name: 'prune-baseline', group: 'suppress', help: 'take out of the baseline what is no longer found' },
  addIgnore: {
    name: 'add-ignore',
    value: 'REASON',
    optionalValue: true,
    group: 'suppress',
    help: 'write an ignore comment at each finding instead of reporting it',
  },
  reportUnusedSuppressions: {
    name: 'report-unused-suppressions',
    value: 'LEVEL',
    choices: ['off', 'warn', 'error'],
    group: 'suppress',
    help: 'how comments that hide nothing are reported (default warn)',
  },

  target: {
    name: 'target',
    value: 'TRIPLE',
    repeats: true,
    completes: 'target',
    group: 'cargo',
    help: 'the target that findings are for (default that of the configuration, else this machine)',
  },
  manifestPath: {
    name: 'manifest-path',
    value: 'PATH',
    completes: 'file',
    group: 'cargo',
    help: 'check the package or workspace of this Cargo.toml',
  },
  package: {
    name: 'package',
    short: 'p',
    value: 'NAME',
    repeats: true,
    group: 'cargo',
    help: 'report only on this package of the workspace',
  },
  features: {
    name: 'features',
    value: 'LIST',
    repeats: true,
    group: 'cargo',
    help: 'features that cargo turns on where it is asked (--probe, --verify)',
  },
  allFeatures: { name: 'all-features', group: 'cargo', help: 'all features, likewise' },
  noDefaultFeatures: { name: 'no-default-features', group: 'cargo', help: 'no default features, likewise' },
  probe: {
    name: 'probe',
    value: 'MODE',
    choices: MODES,
    group: 'verify',
    help: 'measure layouts with compilers (default off; auto for layout)',
  },
  verify: { name: 'verify', value: 'MODE', choices: MODES, group: 'verify', help: 'confirm findings with compiler facts (default off)' },

  config: { name: 'config', short: 'c', value: 'PATH', completes: 'file', group: 'run', help: 'use this configuration for all files' },
  isolated: { name: 'isolated', group: 'run', help: 'use no configuration and no baseline' },
  cache: { name: 'cache', group: 'run', help: 'keep results, and tell kept ones again where nothing has changed (the default)' },
  noCache: { name: 'no-cache', group: 'run', help: 'keep no results, and tell none that are kept' },
  cacheDir: {
    name: 'cache-dir',
    value: 'PATH',
    completes: 'folder',
    group: 'run',
    help: "keep results and what compilers say in this folder (default ffi-lint in the user's cache folder)",
  },
  watch: { name: 'watch', short: 'w', group: 'run', help: 'check again whenever a file changes' },
  jobs: {
    name: 'jobs',
    short: 'j',
    value: 'N',
    group: 'run',
    help: 'how many compilers cargo may run at once where it is asked (--probe, --verify)',
  },
  maxWarnings: { name: 'max-warnings', value: 'N', group: 'run', help: 'exit 1 if there are more warnings than this' },
  exitZero: { name: 'exit-zero', group: 'run', help: 'exit 0 although there are findings (2 stays 2)' },
  timeout: { name: 'timeout', value: 'SECONDS', group: 'run', help: 'give up after this long, with exit code 2' },

  type: { name: 'type', value: 'NAME', group: 'other', help: 'this type only' },
  fn: { name: 'fn', value: 'NAME', group: 'other', help: 'this function only' },
  all: { name: 'all', group: 'other', help: 'all rules' },
  schema: { name: 'schema', group: 'other', help: 'print the JSON Schema of the configuration' },
  print: { name: 'print', value: 'FILE', completes: 'file', group: 'other', help: 'print the configuration that holds for a file' },
  files: { name: 'files', group: 'other', help: 'list the files that would be checked' },
  force: { name: 'force', group: 'other', help: 'overwrite what is there' },
  stdio: { name: 'stdio', group: 'other', help: 'talk over standard input and output' },
  nodeIpc: { name: 'node-ipc', group: 'other', help: 'talk over the channel of a parent Node process' },
  help: { name: 'help', short: 'h', group: 'other', help: 'show help' },
  version: { name: 'version', short: 'V', group: 'other', help: 'show the version' },
} as const satisfies Readonly<Record<string, Flag>>;

export type FlagKey = keyof typeof FLAGS;

export function flag(key: FlagKey): Flag {
  return FLAGS[key];
}
