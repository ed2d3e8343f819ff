/** The baseline: findings that are known and not shown, by path, rule and flagged text, without line numbers. */
import { sliceSpan } from '../base/text.ts';
import { flaggedTextHash } from './fingerprint.ts';
import type { Finding } from './finding.ts';

/** `count` findings of a rule in a file whose flagged text has this hash. */
export interface BaselineEntry {
  /** Relative to the baseline file's folder, forward slashes. */
  readonly file: string;
  readonly rule: string;
  readonly hash: string;
  readonly count: number;
}

export interface Baseline {
  readonly entries: readonly BaselineEntry[];
}

/** Its name, in the folder that is checked. */
export const BASELINE_FILE = 'ffi-lint-baseline.json';

const VERSION = 1;

/** Sorted, one entry a line, so that changes merge well. */
export function formatBaseline(baseline: Baseline): string {
  const sorted = [...baseline.entries].sort((a, b) => order(a.file, b.file) || order(a.rule, b.rule) || order(a.hash, b.hash));
  const lines = sorted.map(({ file, rule, hash, count }) => `    ${JSON.stringify({ file, rule, hash, count })}`);
  return `{\n  "version": ${VERSION},\n  "findings": [${lines.length ? `\n${lines.join(',\n')}\n  ` : ''}]\n}\n`;
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The baseline that a text holds, or what is wrong with it. */
export function parseBaseline(text: string): Baseline | { readonly failure: string } {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { failure: `is not valid JSON (${why}); write it anew with --write-baseline` };
  }
  if (!isRecord(data) || data['version'] !== VERSION)
    return { failure: `is not a baseline of version ${VERSION}; write it anew with --write-baseline` };
  const list: unknown = data['findings'];
  if (!Array.isArray(list)) return { failure: 'has no list `findings`; write it anew with --write-baseline' };
  const entries = list.flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const { file, rule, hash, count } = entry;
    const whole =
      typeof file === 'string' && typeof rule === 'string' && typeof hash === 'string' && typeof count === 'number' && count > 0;
    return whole ? [{ file, rule, hash, count }] : [];
  });
  if (entries.length !== list.length)
    return { failure: 'has entries without `file`, `rule`, `hash` and `count`; write it anew with --write-baseline' };
  return { entries };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export interface BaselineInput {
  /** The path of a file relative to the baseline's folder. */
  relative(file: string): string;
  text(file: string): string;
}

/** A baseline of all findings that are not suppressed. */
export function baselineOf(findings: readonly Finding[], input: BaselineInput): Baseline {
  const counts = new Map<string, BaselineEntry>();
  for (const finding of findings) {
    if (finding.suppressed !== null) continue;
    const entry = entryOf(finding, input);
    const id = keyOf(entry);
    counts.set(id, { ...entry, count: (counts.get(id)?.count ?? 0) + 1 });
  }
  return { entries: [...counts.values()] };
}

function entryOf(finding: Finding, input: BaselineInput): BaselineEntry {
  const hash = flaggedTextHash(sliceSpan(input.text(finding.at.file), finding.at.span));
  return { file: input.relative(finding.at.file), rule: finding.rule, hash, count: 1 };
}

function keyOf({ file, rule, hash }: BaselineEntry): string {
  return `${file}\0${rule}\0${hash}`;
}

export interface BaselineOutcome {
  /** In the order given, those of the baseline with `suppressed` set. */
  readonly findings: readonly Finding[];
  /** What the baseline holds beyond what was found, among entries that this run could have found again. */
  readonly stale: readonly BaselineEntry[];
  /** The baseline without what is stale. */
  readonly pruned: Baseline;
}

/** Hides the findings of a baseline. `judges` says whether this run would have found an entry's findings (file checked, rule run). */
export function applyBaseline(
  findings: readonly Finding[],
  baseline: Baseline,
  input: BaselineInput,
  judges: (entry: BaselineEntry) => boolean,
): BaselineOutcome {
  const left = new Map<string, number>();
  for (const entry of baseline.entries) left.set(keyOf(entry), (left.get(keyOf(entry)) ?? 0) + entry.count);
  const marked = findings.map((finding) => {
    if (finding.suppressed !== null) return finding;
    const id = keyOf(entryOf(finding, input));
    const known = left.get(id) ?? 0;
    if (known === 0) return finding;
    left.set(id, known - 1);
    return { ...finding, suppressed: 'baseline' };
  });
  const merged = new Map<string, BaselineEntry>();
  for (const entry of baseline.entries) {
    const id = keyOf(entry);
    merged.set(id, { ...entry, count: (merged.get(id)?.count ?? 0) + entry.count });
  }
  const stale: BaselineEntry[] = [];
  const kept: BaselineEntry[] = [];
  for (const [id, entry] of merged) {
    const over = judges(entry) ? (left.get(id) ?? 0) : 0;
    if (over > 0) stale.push({ ...entry, count: over });
    if (entry.count > over) kept.push({ ...entry, count: entry.count - over });
  }
  return { findings: marked, stale, pruned: { entries: kept } };
}
