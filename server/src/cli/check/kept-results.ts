/** Results of checks between runs, in the user's cache folder: told again while everything that the run asked has the same answer. */
import { createHash } from 'node:crypto';
import { joinPath } from '../../base/paths.ts';
import type { CheckResult } from '../../engine/finding.ts';
import { askAgain, recordingDisk } from '../../host/asked.ts';
import type { Asked, Disk } from '../../host/asked.ts';
import { dropOldest, keep, makeFolder, readKept, touchKept } from '../../host/cache.ts';
import { cargoEnvironment } from '../../host/cargo-environment.ts';
import { GRAMMAR_FILES } from '../../host/grammars.ts';
import { hostTriple, userCacheDir } from '../../host/platform.ts';
import type { Context } from '../io.ts';
import type { CheckSettings } from './settings.ts';

/** What is kept of a run; texts are read when they are shown. */
export interface KeptResult {
  readonly result: Omit<CheckResult, 'text' | 'milliseconds'>;
  /** The files that findings were looked for in, by which a baseline is judged. */
  readonly checked: readonly string[];
}

export interface ResultMemory {
  /** null where nothing is kept, or any of the run's questions has another answer now. */
  recall(): KeptResult | null;
  /** The disk for a run that is to be kept, which asks it and no other; `keep` is for one that came to its end. */
  record(): { readonly disk: Disk; keep(run: KeptResult): void };
}

/** The part of a result that is kept. */
export function withoutTexts({ text: _text, milliseconds: _milliseconds, ...rest }: CheckResult): KeptResult['result'] {
  return rest;
}

/** Changes when what is kept does. */
const FORMAT = 1;

/** For all folders and ways to check them that this user has. */
const MOST = { files: 64, bytes: 256 << 20 };

/** Below the user's cache folder or --cache-dir. */
export function keptResultsFolder(cacheFolder: string): string {
  return joinPath(cacheFolder, 'checks');
}

/**
 * null for runs whose results are not kept: those that change files or ask compilers, git, a clock or standard input, and those of a
 * program that runs from its sources, which are not looked at here. `say` is told why something is not kept.
 */
export function openResultMemory(
  settings: CheckSettings,
  disk: Disk,
  context: Context,
  say: (message: string) => void,
): ResultMemory | null {
  const { cache, cacheFolder, stdin, watch, timing, changes, fix, addIgnore, verify, probe } = settings;
  const { program, root } = context.installation;
  if (!cache || program === undefined) return null;
  if (stdin || watch || timing || changes || fix || addIgnore || verify !== 'off' || probe !== 'off') return null;
  const folder = keptResultsFolder(cacheFolder ?? userCacheDir(context.io.env));
  // Before anything is asked: in a workspace, the folder itself must not be what is new the next time.
  const unmade = makeFolder(folder);
  if (unmade) {
    say(`results are not kept: ${folder} ${unmade.failure}`);
    return null;
  }
  const key = keyOf(settings, context);
  const file = joinPath(folder, `${key}.json`);
  let before: Asked | null = null;
  const write = (asked: Asked, run: string): void => {
    const body = `${JSON.stringify(asked)}\n${run}`;
    const failed = keep(file, `${seal(key, body)}\n${body}`);
    if (failed) say(`results are not kept: ${file} ${failed.failure}`);
    dropOldest(folder, MOST);
  };
  return {
    recall() {
      const [asked, run] = unsealed(key, readKept(file) ?? '')?.split('\n') ?? [];
      if (asked === undefined || run === undefined) return null;
      // Under the seal is what `write` wrote.
      before = JSON.parse(asked) as Asked;
      const now = askAgain(before, disk);
      if (now === null) return null;
      if (now === before) touchKept(file);
      else write(now, run);
      return JSON.parse(run) as KeptResult;
    },
    record() {
      const recording = recordingDisk(disk, before);
      for (const path of [program, ...GRAMMAR_FILES.map((name) => joinPath(root, `grammars/${name}`))]) recording.note(path);
      return {
        disk: recording,
        keep(run) {
          const asked = recording.asked();
          if (asked) write(asked, JSON.stringify(run));
          else say('results are not kept: files were changed while they were checked');
        },
      };
    },
  };
}

/** What a run does with its findings. All other settings decide what is found, so that a new one counts until it is listed here. */
const AFTERWARDS: ReadonlySet<string> = new Set([
  'outputs',
  'quiet',
  'verbose',
  'statistics',
  'severity',
  'baseline',
  'maxWarnings',
  'exitZero',
  'exitNonZeroOnFix',
  'timeout',
  'cache',
  'cacheFolder',
] satisfies readonly (keyof CheckSettings)[]);

/** Of all that decides what a run finds but is not asked of the disk. */
function keyOf(settings: CheckSettings, { io, installation }: Context): string {
  const asked = Object.entries(settings).filter(([name]) => !AFTERWARDS.has(name));
  const program = [installation.root, installation.version, installation.rules.map(({ id }) => id), process.version, process.arch];
  const machine = [io.cwd, hostTriple(), cargoEnvironment()];
  return hash(JSON.stringify([FORMAT, program, machine, asked], listed)).slice(0, 32);
}

function listed(_: string, value: unknown): unknown {
  return value instanceof Set || value instanceof Map ? [...value] : value;
}

/** The name takes part: a file that was copied from another one says nothing. */
function seal(key: string, body: string): string {
  return hash(`${key}\n${body}`);
}

/** What was written under this key; null for a text that was cut short, damaged or made by anything else. */
function unsealed(key: string, text: string): string | null {
  const end = text.indexOf('\n');
  const body = text.slice(end + 1);
  return end > 0 && text.slice(0, end) === seal(key, body) ? body : null;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
