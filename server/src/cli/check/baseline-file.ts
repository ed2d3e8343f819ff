/** The baseline on disk: reading, applying, shrinking and writing it. */
import type { FileSystem } from '../../base/io.ts';
import { isFailure } from '../../base/io.ts';
import { dirname, joinPath, relativeInside } from '../../base/paths.ts';
import type { Baseline, BaselineEntry, BaselineInput } from '../../engine/baseline.ts';
import { applyBaseline, BASELINE_FILE, baselineOf, formatBaseline, parseBaseline } from '../../engine/baseline.ts';
import type { CheckResult, Finding } from '../../engine/finding.ts';
import { atomicWrite } from '../../host/write.ts';
import { relativePath } from '../../report/places.ts';
import { plural } from '../../report/summary.ts';
import { UserError } from '../errors.ts';
import type { CheckSettings } from './settings.ts';

export interface BaselineFile {
  readonly path: string;
  /** null where there is none yet. */
  readonly baseline: Baseline | null;
}

/** Throws a `UserError` where one was named that cannot be used. */
export function readBaseline(fs: FileSystem, settings: CheckSettings, cwd: string): BaselineFile {
  const path = settings.baseline.path ?? joinPath(cwd, BASELINE_FILE);
  const needed = settings.baseline.prune || (settings.baseline.path !== null && !settings.baseline.write);
  if (settings.isolated && !settings.baseline.write) return { path, baseline: null };
  if (!fs.isFile(path)) {
    if (needed) throw new UserError(`the baseline ${relativePath(cwd, path)} does not exist`, 'write it with --write-baseline');
    return { path, baseline: null };
  }
  const text = fs.read(path);
  const parsed = isFailure(text) ? text : parseBaseline(text);
  if ('entries' in parsed) return { path, baseline: parsed };
  if (settings.baseline.write) return { path, baseline: null };
  throw new UserError(`the baseline ${relativePath(cwd, path)} ${parsed.failure}`);
}

/** What this run looked at, and so can say of entries. */
export interface Judgement {
  /** Given paths; files that are gone from these folders were looked for. */
  readonly paths: readonly string[];
  checked(path: string): boolean;
  exists(path: string): boolean;
  ran(rule: string, path: string): boolean;
}

function judge(file: BaselineFile, by: Judgement): (entry: BaselineEntry) => boolean {
  return (entry) => {
    const path = joinPath(dirname(file.path), entry.file);
    const gone = !by.exists(path) && by.paths.some((one) => relativeInside(one, path) !== null);
    return (gone || by.checked(path)) && by.ran(entry.rule, path);
  };
}

function inputFor(file: BaselineFile, text: (path: string) => string): BaselineInput {
  return { relative: (path) => relativePath(dirname(file.path), path), text };
}

export interface Baselined {
  readonly result: CheckResult;
  readonly stale: readonly BaselineEntry[];
  readonly pruned: Baseline | null;
}

export function withBaseline(result: CheckResult, file: BaselineFile, by: Judgement): Baselined {
  if (file.baseline === null) return { result, stale: [], pruned: null };
  const outcome = applyBaseline(result.findings, file.baseline, inputFor(file, result.text), judge(file, by));
  return { result: { ...result, findings: outcome.findings }, stale: outcome.stale, pruned: outcome.pruned };
}

/** Writes what was found, and keeps entries that this run could not judge; the words that tell it, or why it failed. */
export function writeFindings(
  findings: readonly Finding[],
  text: (path: string) => string,
  file: BaselineFile,
  by: Judgement,
  cwd: string,
): string {
  const judges = judge(file, by);
  const kept = (file.baseline?.entries ?? []).filter((entry) => !judges(entry));
  const made = baselineOf(findings, inputFor(file, text));
  writeFile(file.path, { entries: [...kept, ...made.entries] }, cwd);
  const count = made.entries.reduce((sum, entry) => sum + entry.count, 0);
  return `wrote ${plural(count, 'finding')} to ${relativePath(cwd, file.path)}`;
}

export function writePruned(stale: readonly BaselineEntry[], pruned: Baseline, file: BaselineFile, cwd: string): string {
  if (stale.length === 0) return `nothing to take out of ${relativePath(cwd, file.path)}: all that it holds is still found`;
  writeFile(file.path, pruned, cwd);
  return `took ${plural(countOf(stale), 'finding')} out of ${relativePath(cwd, file.path)}: no longer found`;
}

export function countOf(entries: readonly BaselineEntry[]): number {
  return entries.reduce((sum, { count }) => sum + count, 0);
}

function writeFile(path: string, baseline: Baseline, cwd: string): void {
  const failed = atomicWrite(path, formatBaseline(baseline));
  if (failed) throw new UserError(`${relativePath(cwd, path)} ${failed.failure}`);
}
