/** Chooses and applies fixes in passes until nothing more can be fixed; writes nothing itself. */
import type { FileEdit } from '../base/edit.ts';
import { applyEdits, conflicts } from '../base/edit.ts';
import type { Fix } from '../rules/rule.ts';
import type { Finding } from './finding.ts';

export interface FixSelection {
  /** Unsafe fixes too. */
  readonly unsafe: boolean;
  /** Rule ids and groups whose findings are fixed; null for all. */
  readonly only: ReadonlySet<string> | null;
}

/** The fix of a finding that a selection allows: the first safe one, or with unsafe ones allowed the first of all. */
export function fixOf(finding: Finding, selection: FixSelection): Fix | null {
  if (finding.suppressed !== null) return null;
  if (selection.only && !selection.only.has(finding.rule) && !selection.only.has(finding.group)) return null;
  return finding.fixes.find(({ safe, edits }) => edits.length > 0 && (safe || selection.unsafe)) ?? null;
}

export interface FixTexts {
  text(file: string): string;
  /** How many syntax errors a text would have; a fix may not add any. */
  faults(file: string, text: string): number;
}

export interface ChosenFix {
  readonly finding: Finding;
  readonly fix: Fix;
}

export interface FixRound {
  /** New texts by file; empty where nothing could be fixed. */
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly ChosenFix[];
  /** Fixes that would leave a file that does not parse. */
  readonly refused: readonly ChosenFix[];
}

/** One pass: in the findings' order, each fix that does not conflict with an earlier one, all of its edits or none. */
export function applyRound(findings: readonly Finding[], selection: FixSelection, texts: FixTexts): FixRound {
  const chosen = chooseFixes(findings, selection, texts);
  const all = editedTexts(chosen, texts);
  if (all.broken.size === 0) return { texts: all.texts, applied: chosen, refused: [] };
  // Something does not fit: keep the fixes one by one as long as every file still parses.
  const kept: ChosenFix[] = [];
  const refused: ChosenFix[] = [];
  for (const one of chosen) {
    const touchesBroken = one.fix.edits.some(({ file }) => all.broken.has(file));
    if (!touchesBroken || editedTexts([...kept, one], texts).broken.size === 0) kept.push(one);
    else refused.push(one);
  }
  return { texts: editedTexts(kept, texts).texts, applied: kept, refused };
}

/** In the findings' order, each fix that does not conflict with an earlier one. */
export function chooseFixes(findings: readonly Finding[], selection: FixSelection, texts: FixTexts): readonly ChosenFix[] {
  const taken = new Map<string, FileEdit[]>();
  const chosen: ChosenFix[] = [];
  for (const finding of findings) {
    const fix = fixOf(finding, selection);
    if (!fix || !fits(fix.edits, texts)) continue;
    if (fix.edits.some((edit) => (taken.get(edit.file) ?? []).some((other) => conflicts(edit, other)))) continue;
    for (const edit of fix.edits) taken.set(edit.file, [...(taken.get(edit.file) ?? []), edit]);
    chosen.push({ finding, fix });
  }
  return chosen;
}

/** Guards against edits that overlap each other or were made for another text. */
function fits(edits: readonly FileEdit[], texts: FixTexts): boolean {
  return edits.every(({ file, span }, i) => {
    const overlaps = edits.slice(0, i).some((other) => other.file === file && other.span.start < span.end && span.start < other.span.end);
    return !overlaps && span.start >= 0 && span.start <= span.end && span.end <= texts.text(file).length;
  });
}

/** What the files look like with these fixes, and which would have more syntax errors. */
export function editedTexts(
  chosen: readonly ChosenFix[],
  texts: FixTexts,
): { texts: ReadonlyMap<string, string>; broken: ReadonlySet<string> } {
  const byFile = new Map<string, FileEdit[]>();
  for (const edit of chosen.flatMap(({ fix }) => fix.edits)) byFile.set(edit.file, [...(byFile.get(edit.file) ?? []), edit]);
  const edited = new Map<string, string>();
  const broken = new Set<string>();
  for (const [file, edits] of byFile) {
    const before = texts.text(file);
    const after = applyEdits(before, edits);
    if (after === before) continue;
    edited.set(file, after);
    if (texts.faults(file, after) > texts.faults(file, before)) broken.add(file);
  }
  return { texts: edited, broken };
}

/** What fixing did over all passes. */
export interface FixOutcome {
  /** The last texts of the files that were changed. */
  readonly texts: ReadonlyMap<string, string>;
  readonly applied: readonly ChosenFix[];
  readonly refused: readonly ChosenFix[];
}

const PASSES = 10;

export interface FixLoop {
  readonly selection: FixSelection;
  readonly texts: FixTexts;
  /** Findings of the first pass. */
  readonly findings: readonly Finding[];
  /** Takes over the new texts, so that `texts.text` gives them, and checks again. */
  recheck(changed: ReadonlyMap<string, string>): Promise<readonly Finding[]>;
}

/** Fixes and checks again, ten passes at most; stops too where a pass would bring back an earlier state. */
export async function fixAll(loop: FixLoop): Promise<FixOutcome> {
  const latest = new Map<string, string>();
  const applied: ChosenFix[] = [];
  let refused: readonly ChosenFix[] = [];
  let findings = loop.findings;
  const seen = new Set<string>();
  for (let pass = 0; pass < PASSES; pass++) {
    const round = applyRound(findings, loop.selection, loop.texts);
    refused = round.refused;
    if (round.texts.size === 0) break;
    for (const [file, text] of round.texts) latest.set(file, text);
    applied.push(...round.applied);
    findings = await loop.recheck(round.texts);
    const state = JSON.stringify([...latest].sort(([a], [b]) => (a < b ? -1 : 1)));
    if (seen.has(state)) break;
    seen.add(state);
  }
  return { texts: latest, applied, refused };
}
