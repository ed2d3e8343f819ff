/** What rules said of each item, kept with what they read for it, and given out again until an edit touches that. */
import type { Reads } from '../base/reads.ts';
import { noteText, noting, nothingRead } from '../base/reads.ts';
import type { Level } from '../base/severity.ts';
import type { Location } from '../base/text.ts';
import type { Facts } from '../analysis/facts.ts';
import { deadFiles } from '../model/surface/dead-files.ts';
import type { Crate, RustItem, Workspace } from '../model/workspace.ts';
import type { FileSurface, Rule, Unit } from '../rules/rule.ts';
import type { BodyEdit, Version } from './body-edit.ts';
import { bodyEdit, movedOffset } from './body-edit.ts';
import type { RunInput, UnitResult } from './run-rules.ts';
import { joined, ruleRunner, runRules } from './run-rules.ts';

export type RustUnit = Extract<Unit, { kind: 'rust' }>;

/** Rules over one item, or those that look across items over all of a file. */
interface Run {
  readonly reads: Reads;
  /** Of the rules that said anything, by their number. */
  readonly results: ReadonlyMap<number, UnitResult>;
}

interface FileRuns {
  /** What of the configuration the findings hang on. */
  readonly configured: string;
  /** One for each part of the unit; null for those that have to be run again. */
  readonly runs: (Run | null)[];
}

interface Kept {
  readonly workspace: Workspace;
  readonly files: Map<string, FileRuns>;
  /** False where more than bodies changed: whoever types there goes on to do so, and running rules item by item takes longer. */
  readonly settled: boolean;
}

export interface KeptRuns {
  /** A Rust file changes; null where what stood there before is not known. The first of several changes in a row counts. */
  outdate(path: string, before: Version | null): void;
  /** Something else changed: nothing holds any longer. */
  forget(): void;
  /** A check begins: gives what runs the rules over a file's items in its picture. Of two checks at once the later one keeps things. */
  begin(workspace: Workspace, version: (path: string) => Version | null): (unit: RustUnit, input: RunInput) => UnitResult;
}

/**
 * A run is made in a workspace object and with facts of its own, so that nothing is kept that another run made and this one would not
 * be seen to read. What is shared between runs hangs on no body, or is made by `madeOnce`.
 */
export function createKeptRuns(rules: readonly Rule[], factsOf: (workspace: Workspace) => Facts): KeptRuns {
  let kept: Kept | null = null;
  let isForgotten = false;
  let outdated = new Map<string, Version | null>();

  function follow(workspace: Workspace, version: (path: string) => Version | null): Kept {
    const lost: Kept = { workspace, files: new Map(), settled: false };
    if (!kept) return { ...lost, settled: !isForgotten };
    const now: Kept = { workspace, files: kept.files, settled: kept.settled || outdated.size > 0 };
    if (!isAlike(kept.workspace, workspace)) return lost;
    for (const [path, before] of outdated) {
      const after = version(path);
      const isThere = before && after && after.index === workspace.files.get(path)?.index;
      const edit = isThere ? bodyEdit(before, after) : null;
      if (!edit) return lost;
      for (const { runs } of now.files.values()) {
        for (const [i, run] of runs.entries()) runs[i] = run && afterEdit(run, path, edit);
      }
    }
    const { workspace: old } = kept;
    if (old !== workspace) {
      for (const { runs } of now.files.values()) for (const [i, run] of runs.entries()) runs[i] = run && inPicture(run, old, workspace);
    }
    return now;
  }

  return {
    outdate(path, before) {
      if (!outdated.has(path)) outdated.set(path, before);
    },
    forget() {
      isForgotten ||= kept !== null;
      kept = null;
      outdated = new Map();
    },
    begin(workspace, version) {
      const now = follow(workspace, version);
      kept = now;
      isForgotten = false;
      outdated = new Map();
      // Somebody may change something while the check is waiting.
      const holds = (): boolean => now.settled && kept === now && outdated.size === 0;
      return (unit, input) => (holds() ? runKept(unit, input, now.files) : runRules(unit, rules, input));
    },
  };

  function runKept(unit: RustUnit, input: RunInput, files: Map<string, FileRuns>): UnitResult {
    const { path } = unit.file;
    const levels = rules.map((rule) => input.level(rule, path));
    const mild = (['info', 'hint'] as const).map((severity) => rules[0] && input.showsMild(rules[0], severity, path));
    const parts = partsOf(unit);
    const trusts = input.trustSafetyDocs(path);
    const own: RunInput = { ...input, trustSafetyDocs: () => trusts };
    const configured = JSON.stringify([levels, mild, trusts, input.target]);
    let known = files.get(path);
    if (known?.configured !== configured || known.runs.length !== parts.length) {
      known = { configured, runs: parts.map(() => null) };
      files.set(path, known);
    }
    const { runs } = known;
    const made = parts.map((part, i) => (runs[i] ??= run(part, i === parts.length - 1, levels, own)));
    const all: UnitResult[] = [];
    for (const number of rules.keys()) {
      for (const { results } of made) {
        const result = results.get(number);
        if (result) all.push(result);
      }
    }
    return joined(all);
  }

  function run(unit: RustUnit, across: boolean, levels: readonly Level[], input: RunInput): Run {
    const reads = nothingRead();
    const results = new Map<number, UnitResult>();
    noting(reads, () => {
      const workspace = { ...input.workspace };
      const text = (path: string): string => {
        noteText(path);
        return input.text(path);
      };
      const apply = ruleRunner(unit, { ...input, workspace, facts: factsOf(workspace), text });
      for (const [number, rule] of rules.entries()) {
        const level = levels[number] ?? 'off';
        if (level === 'off' || (rule.acrossItems ?? false) !== across) continue;
        const result = apply(rule, level);
        if (result.findings.length + result.problems.length + result.unresolved.length > 0) results.set(number, withoutClaims(result));
      }
    });
    return { reads, results };
  }
}

/** What a compiler could say is not asked of findings that are kept. */
function withoutClaims(result: UnitResult): UnitResult {
  return { ...result, findings: result.findings.map((raw) => ({ ...raw, claims: [] })) };
}

/** A unit for each item, one for what belongs to items that the unit does not list, and at last the whole. */
function partsOf(unit: RustUnit): readonly RustUnit[] {
  const part = (items: readonly RustItem[], isOwn: (item: RustItem) => boolean, { surface } = unit): RustUnit => ({
    ...unit,
    items,
    surface: {
      functions: surface.functions.filter((one) => isOwn(one.item)),
      statics: surface.statics.filter((one) => isOwn(one.item)),
      externBlocks: surface.externBlocks.filter(isOwn),
      typeUses: surface.typeUses.filter((one) => isOwn(one.item)),
      types: surface.types.filter((one) => isOwn(one.item)),
      pyEntries: surface.pyEntries.filter((one) => isOwn(one.item)),
    },
  });
  const byItem = surfaceByItem(unit.surface);
  const own = new Set(unit.items);
  const each = unit.items.map((item): RustUnit => ({ ...unit, items: [item], surface: byItem.get(item) ?? EMPTY }));
  return [...each, part([], (item) => !own.has(item)), unit];
}

const EMPTY: FileSurface = { functions: [], statics: [], externBlocks: [], typeUses: [], types: [], pyEntries: [] };

type Growing = { -readonly [K in keyof FileSurface]: FileSurface[K][number][] };

function surfaceByItem(surface: FileSurface): ReadonlyMap<RustItem, FileSurface> {
  const out = new Map<RustItem, Growing>();
  const of = (item: RustItem): Growing => {
    const known = out.get(item) ?? { functions: [], statics: [], externBlocks: [], typeUses: [], types: [], pyEntries: [] };
    out.set(item, known);
    return known;
  };
  for (const fn of surface.functions) of(fn.item).functions.push(fn);
  for (const one of surface.statics) of(one.item).statics.push(one);
  for (const block of surface.externBlocks) of(block).externBlocks.push(block);
  for (const use of surface.typeUses) of(use.item).typeUses.push(use);
  for (const type of surface.types) of(type.item).types.push(type);
  for (const entry of surface.pyEntries) of(entry.item).pyEntries.push(entry);
  return out;
}

/** Same packages, files, crates and counts of items: after edits of bodies alone each item has its counterpart at the same place. */
function isAlike(before: Workspace, after: Workspace): boolean {
  if (before === after) return true;
  if (before.cargo !== after.cargo || before.files.size !== after.files.size || before.items.length !== after.items.length) return false;
  const [older, newer] = [before.crates, after.crates];
  return (
    older.length === newer.length &&
    older.every((crate, i) => crate.id === newer[i]?.id && countOf(crate, before) === countOf(newer[i], after)) &&
    [...before.files.keys()].every((path) => after.files.has(path)) &&
    // What nothing compiles has no part in the surface; a body may name it, in an `include!`.
    pathsOfDead(before) === pathsOfDead(after)
  );
}

function pathsOfDead(workspace: Workspace): string {
  return deadFiles(workspace)
    .map(({ path }) => path)
    .join('\n');
}

function countOf(crate: Crate, workspace: Workspace): number {
  return workspace.stateOf(crate).items.length;
}

/** null where the edit touches what was read, or a place that was told. */
function afterEdit(run: Run, path: string, edit: BodyEdit): Run | null {
  for (const word of run.reads.words) if (edit.mayTell(word)) return null;
  const { replaced, by } = edit;
  const touched = (start: number, end: number): boolean => start <= replaced.end && replaced.start <= end;
  const list = run.reads.spans.get(path) ?? [];
  for (let i = 0; i < list.length; i += 2) {
    const [start = 0, end = 0] = [list[i], list[i + 1]];
    if (touched(start, end)) return null;
    if (start <= replaced.end) continue;
    list[i] = start + by;
    list[i + 1] = end + by;
  }
  for (const test of run.reads.tests.get(path) ?? []) {
    const inside = touched(test.start, test.end);
    // A stretch that starts or ends where the edit is would be another one.
    if (inside && (test.start >= replaced.start || test.end <= replaced.end)) return null;
    if (test.start > replaced.end) test.start += by;
    if (test.end > replaced.end) test.end += by;
    if (inside && edit.matches(test, test.pattern) !== test.matches) return null;
  }
  if (run.results.size === 0) return run;
  let lost = false;
  const moved = (at: Location): Location => {
    if (at.file !== path) return at;
    const [start, end] = [movedOffset(at.span.start, edit), movedOffset(at.span.end, edit)];
    lost ||= start === null || end === null;
    return { ...at, span: { start: start ?? 0, end: end ?? 0 } };
  };
  const results = mapResults(run, (result) => ({
    findings: result.findings.map((raw) => ({ ...raw, finding: withPlaces(raw.finding, moved) })),
    problems: result.problems,
    unresolved: withPlaces(result.unresolved, moved),
  }));
  return lost ? null : { ...run, results };
}

/** The same with other places: whatever has a file and a span (of fixes, their edits). */
function withPlaces<T>(value: T, moved: (at: Location) => Location): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const list: unknown[] = value.map((one: unknown) => withPlaces(one, moved));
    // What it is made of stays of the same kind.
    return list as T;
  }
  if (isPlace(value)) return moved(value) as typeof value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withPlaces<unknown>(part, moved)])) as T;
}

function isPlace(value: object): value is Location {
  return 'file' in value && typeof value.file === 'string' && 'span' in value;
}

/** Items of a new picture in place of their counterparts. */
function inPicture(run: Run, before: Workspace, after: Workspace): Run {
  if (run.results.size === 0) return run;
  const counterpart = (item: RustItem): RustItem | null => {
    const older = before.stateOf(item.module.crate);
    const crate = after.crates[before.crates.indexOf(older.crate)];
    const newer = crate ? after.stateOf(crate) : older;
    return newer === older ? item : (newer.items[item.id - (older.items[0]?.id ?? 0)] ?? null);
  };
  const results = mapResults(run, (result) => ({
    ...result,
    findings: result.findings.map((raw) => ({ ...raw, item: raw.item && counterpart(raw.item) })),
  }));
  return { ...run, results };
}

function mapResults({ results }: Run, map: (result: UnitResult) => UnitResult): ReadonlyMap<number, UnitResult> {
  return new Map([...results].map(([number, result]) => [number, map(result)]));
}
