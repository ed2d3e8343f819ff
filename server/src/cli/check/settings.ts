/** What a check is asked to do, read from the flags and checked against each other. */
import { closest } from '../../base/closest.ts';
import { joinPath } from '../../base/paths.ts';
import type { Level, Severity } from '../../base/severity.ts';
import { SEVERITIES } from '../../base/severity.ts';
import type { ConfigOverrides, Options } from '../../config/config.ts';
import type { FixSelection } from '../../engine/apply-fixes.ts';
import type { FormatName } from '../../report/formats.ts';
import { isFormat } from '../../report/formats.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';
import type { ProbeMode } from '../layout/measuring.ts';
import { cargoArguments } from '../layout/settings.ts';
import { knownTarget } from '../view/targets.ts';

export interface Output {
  readonly format: FormatName;
  /** Absolute; null for stdout. */
  readonly file: string | null;
}

export interface CheckSettings {
  /** Absolute; the file behind standard input, where it is that. */
  readonly paths: readonly string[];
  readonly stdin: boolean;
  readonly manifestPath: string | null;
  readonly packages: readonly string[];
  readonly noIgnore: boolean;
  readonly changes: { readonly kind: 'staged' } | { readonly kind: 'since'; readonly ref: string } | null;
  /** `index` from 0. */
  readonly shard: { readonly index: number; readonly of: number } | null;
  readonly outputs: readonly Output[];
  readonly quiet: boolean;
  readonly verbose: boolean;
  readonly statistics: boolean;
  readonly timing: boolean;
  readonly fix: (FixSelection & { readonly write: boolean }) | null;
  readonly exitNonZeroOnFix: boolean;
  readonly overrides: ConfigOverrides;
  readonly unused: Options['reportUnusedSuppressions'] | null;
  readonly severity: Severity;
  readonly baseline: { readonly path: string | null; readonly write: boolean; readonly prune: boolean };
  readonly addIgnore: { readonly reason: string | null } | null;
  readonly targets: readonly string[];
  /** Asked for on the command line alone: it runs build scripts, which a file of the folder must not decide. */
  readonly verify: 'off' | 'auto' | 'require';
  /** Likewise. */
  readonly probe: ProbeMode;
  /** `--features` and the like, for cargo. */
  readonly cargoArguments: readonly string[];
  readonly config: string | null;
  readonly isolated: boolean;
  /** Whether results are kept, and kept ones told again. */
  readonly cache: boolean;
  /** Absolute; for all that is kept between runs, null for the user's cache folder. */
  readonly cacheFolder: string | null;
  readonly watch: boolean;
  readonly maxWarnings: number | null;
  readonly exitZero: boolean;
  /** In milliseconds. */
  readonly timeout: number | null;
}

/** Throws a `UserError` for flags that do not go together or name what does not exist. */
export function readSettings(args: Arguments, context: Context): CheckSettings {
  const { io } = context;
  const stdin = args.positionals.includes('-');
  const names = ruleNames(context);
  for (const key of ['only', 'skip', 'allow', 'warn', 'deny', 'fixOnly'] as const) for (const name of args.all(key)) checkName(name, names);
  const manifestPath = args.text('manifestPath');
  if (manifestPath !== null && args.positionals.length > 0) throw new UserError('give either paths or --manifest-path, not both');
  refuseTogether(args);
  return {
    paths: paths(args, io.cwd, stdin),
    stdin,
    manifestPath: manifestPath === null ? null : joinPath(io.cwd, manifestPath),
    packages: args.all('package'),
    noIgnore: args.has('noIgnore'),
    changes: changes(args),
    shard: shard(args.text('shard')),
    outputs: outputs(args, context),
    quiet: args.has('quiet'),
    verbose: args.has('verbose'),
    statistics: args.has('statistics'),
    timing: args.has('timing'),
    fix: fixing(args, stdin),
    exitNonZeroOnFix: args.has('exitNonZeroOnFix'),
    overrides: overrides(args),
    unused: unusedLevel(args.text('reportUnusedSuppressions')),
    severity: SEVERITIES.find((level) => level === args.text('severity')) ?? 'hint',
    baseline: {
      path: args.text('baseline') === null ? null : joinPath(io.cwd, args.text('baseline') ?? ''),
      write: args.has('writeBaseline'),
      prune: args.has('pruneBaseline'),
    },
    addIgnore: args.has('addIgnore') ? { reason: args.text('addIgnore') || null } : null,
    targets: args.all('target').map((triple) => knownTarget(triple).triple),
    verify: verifyMode(args.text('verify')),
    probe: verifyMode(args.text('probe')),
    cargoArguments: cargoArguments(args),
    config: args.text('config') === null ? null : joinPath(io.cwd, args.text('config') ?? ''),
    isolated: args.has('isolated'),
    // Of several, the last one counts.
    cache: args.flags.findLast(({ key }) => key === 'cache' || key === 'noCache')?.key !== 'noCache',
    cacheFolder: cacheFolder(args, io.cwd),
    watch: args.has('watch'),
    maxWarnings: wholeNumber(args, 'maxWarnings', '--max-warnings'),
    exitZero: args.has('exitZero'),
    timeout: seconds(args.text('timeout')),
  };
}

function verifyMode(written: string | null): CheckSettings['verify'] {
  return written === 'auto' || written === 'require' ? written : 'off';
}

function refuseTogether(args: Arguments): void {
  const pairs = [
    ['config', 'isolated', '--config', '--isolated'],
    ['baseline', 'isolated', '--baseline', '--isolated'],
    ['staged', 'changed', '--staged', '--changed'],
    ['staged', 'since', '--staged', '--since'],
    ['changed', 'since', '--changed', '--since'],
    ['addIgnore', 'fix', '--add-ignore', '--fix'],
    ['addIgnore', 'diff', '--add-ignore', '--diff'],
    ['addIgnore', 'writeBaseline', '--add-ignore', '--write-baseline'],
    ['writeBaseline', 'pruneBaseline', '--write-baseline', '--prune-baseline'],
    ['writeBaseline', 'fix', '--write-baseline', '--fix'],
    ['writeBaseline', 'diff', '--write-baseline', '--diff'],
    ['writeBaseline', 'outputFormat', '--write-baseline', '--output-format'],
    ['pruneBaseline', 'isolated', '--prune-baseline', '--isolated'],
    ['diff', 'outputFormat', '--diff', '--output-format'],
    ['diff', 'outputFile', '--diff', '--output-file'],
    ['watch', 'writeBaseline', '--watch', '--write-baseline'],
    ['watch', 'diff', '--watch', '--diff'],
    ['quiet', 'verbose', '--quiet', '--verbose'],
    ['shard', 'writeBaseline', '--shard', '--write-baseline'],
    ['shard', 'pruneBaseline', '--shard', '--prune-baseline'],
  ] as const;
  for (const [a, b, first, second] of pairs)
    if (args.has(a) && args.has(b)) throw new UserError(`${first} and ${second} do not go together`);
}

function paths(args: Arguments, cwd: string, stdin: boolean): readonly string[] {
  const name = args.text('stdinFilename');
  if (!stdin) {
    if (name !== null) throw new UserError('--stdin-filename needs `-` as the path');
    return (args.positionals.length > 0 ? args.positionals : ['.']).map((path) => joinPath(cwd, path));
  }
  if (args.positionals.length > 1) throw new UserError('`-` stands alone, no other path can be checked with it');
  if (name === null) throw new UserError('`-` needs --stdin-filename PATH, so that it is known what the text is');
  return [joinPath(cwd, name)];
}

function changes(args: Arguments): CheckSettings['changes'] {
  if (args.has('staged')) return { kind: 'staged' };
  const ref = args.has('changed') ? 'HEAD' : args.text('since');
  return ref === null ? null : { kind: 'since', ref };
}

function shard(text: string | null): CheckSettings['shard'] {
  if (text === null) return null;
  const [, share, of] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const index = Number(share) - 1;
  if (index >= 0 && index < Number(of)) return { index, of: Number(of) };
  throw new UserError(`--shard needs which share of how many, not \`${text}\``, 'the shares of three are 1/3, 2/3 and 3/3');
}

/** Each `-f` may have an `-o` behind it, the first one also before it; one format can go to stdout. */
function outputs(args: Arguments, { io }: Context): readonly Output[] {
  const automatic: FormatName = io.env['GITHUB_ACTIONS'] === 'true' ? 'github' : 'text';
  const list: { format: FormatName | null; file: string | null }[] = [];
  for (const { key, value } of args.flags) {
    const last = list[list.length - 1];
    if (key === 'outputFormat' && value !== null && isFormat(value)) {
      if (last && last.format === null) last.format = value;
      else list.push({ format: value, file: null });
    } else if (key === 'outputFile' && value !== null) {
      const file = value === '-' ? null : joinPath(io.cwd, value);
      if (last && last.file === null) last.file = file;
      else list.push({ format: null, file });
    }
  }
  if (list.length === 0) return [{ format: automatic, file: null }];
  if (list.filter(({ file }) => file === null).length > 1) {
    throw new UserError('two formats would both go to stdout', 'put `-o PATH` behind all of them but one');
  }
  return list.map(({ format, file }) => ({ format: format ?? automatic, file }));
}

function fixing(args: Arguments, stdin: boolean): CheckSettings['fix'] {
  const only = args.all('fixOnly');
  const write = !args.has('diff');
  if (!args.has('fix') && !args.has('unsafeFixes') && !args.has('diff') && only.length === 0) return null;
  if (write && stdin) throw new UserError('standard input cannot be fixed; --diff shows what would change');
  return { unsafe: args.has('unsafeFixes'), only: only.length > 0 ? new Set(only) : null, write };
}

function overrides(args: Arguments): ConfigOverrides {
  const levels = args.flags.flatMap(({ key, value }): readonly { name: string; level: Level }[] => {
    const level = key === 'allow' ? 'off' : key === 'warn' ? 'warning' : key === 'deny' ? 'error' : null;
    return level === null || value === null ? [] : [{ name: value, level }];
  });
  const list = (key: 'only' | 'skip' | 'exclude') => {
    const all = args.all(key);
    return all.length > 0 ? { [key]: all } : {};
  };
  const preview = args.has('preview') ? { preview: true } : {};
  return { ...(levels.length > 0 ? { levels } : {}), ...preview, ...list('only'), ...list('skip'), ...list('exclude') };
}

function cacheFolder(args: Arguments, cwd: string): string | null {
  const named = args.text('cacheDir');
  if (named === '') throw new UserError('--cache-dir needs the path of a folder');
  return named === null ? null : joinPath(cwd, named);
}

function unusedLevel(text: string | null): CheckSettings['unused'] {
  return text === 'off' || text === 'warn' || text === 'error' ? text : null;
}

/** Ids and groups of all rules. */
export function ruleNames({ installation }: Context): readonly string[] {
  return [...new Set(installation.rules.flatMap(({ id, group }) => [id, group]))];
}

export function checkName(name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const near = closest(name, names);
  throw new UserError(
    `there is no rule or group \`${name}\`${near ? `; did you mean \`${near}\`?` : ''}`,
    '`ffi-lint rule --all` lists them',
  );
}

function wholeNumber(args: Arguments, key: 'maxWarnings', written: string): number | null {
  const text = args.text(key);
  if (text === null) return null;
  if (!/^\d{1,9}$/.test(text)) throw new UserError(`${written} needs a whole number, not \`${text}\``);
  return Number(text);
}

function seconds(text: string | null): number | null {
  if (text === null) return null;
  if (!/^\d{1,6}(?:\.\d+)?$/.test(text) || Number(text) === 0) throw new UserError(`--timeout needs a number of seconds, not \`${text}\``);
  return Number(text) * 1000;
}
