/** `--fix --verify`: makes the fixes that the compiler accepts, in one batch, and no others. */
import { targetOf } from '../../abi/targets.ts';
import type { Cancellation } from '../../base/cancel.ts';
import type { FileSystem } from '../../base/io.ts';
import type { ChosenFix, FixSelection, FixTexts } from '../../engine/apply-fixes.ts';
import { chooseFixes, editedTexts } from '../../engine/apply-fixes.ts';
import type { CheckResult, Finding } from '../../engine/finding.ts';
import { proveFixes } from '../../engine/prove-fixes.ts';
import type { Crate } from '../../model/workspace.ts';
import { cargoToolsFor } from '../../probe/verify/cargo-tools.ts';
import { compileTexts } from '../../probe/verify/compile-texts.ts';
import type { Checker } from './checker.ts';
import type { Edited } from './fixing.ts';

export interface Proving {
  readonly checker: Checker;
  readonly fs: FileSystem;
  readonly installation: string;
  /** `--features` and the like: what they leave out is not looked at by the compiler. */
  readonly cargoArguments: readonly string[];
  /** null for the user's cache folder. */
  readonly cacheFolder: string | null;
  readonly cancellation: Cancellation;
  /** The one that the findings are for. */
  readonly triple: string | null;
}

/** The fixes, safe or not, that compile together; of code that was not compiled here none is proved. */
async function provedFixes(proving: Proving, findings: readonly Finding[], selection: FixSelection): Promise<readonly ChosenFix[]> {
  const { checker, fs, installation, cargoArguments, cacheFolder, cancellation, triple } = proving;
  const { workspace } = checker.snapshot();
  const target = targetOf(triple ?? '');
  const texts: FixTexts = { text: checker.text, faults: checker.faults };
  const byCrate = new Map<Crate, ChosenFix[]>();
  const chosen = chooseFixes(
    findings.filter(({ compiled }) => compiled),
    { ...selection, unsafe: true },
    texts,
  );
  for (const one of chosen) {
    const [crate] = workspace.cratesOf(one.finding.at.file);
    if (!crate || !one.fix.edits.every(({ file }) => workspace.cratesOf(file).includes(crate))) continue;
    byCrate.set(crate, [...(byCrate.get(crate) ?? []), one]);
  }
  const proved: ChosenFix[] = [];
  for (const [crate, fixes] of byCrate) {
    const tools = cargoToolsFor({
      ...{ fs, installation, cargoArguments, cancellation },
      ...(cacheFolder === null ? {} : { cache: cacheFolder }),
      workspaceRoot: crate.package?.workspaceRoot ?? null,
    });
    if (!tools || !target) continue;
    proved.push(...(await proveFixes(fixes, texts, (edited) => compileTexts(crate, workspace, target, tools, edited))));
  }
  return proved;
}

/** How often fixes that do not help are taken out again. */
const ROUNDS = 3;

/** `recheck` gives the result for the checker's present texts. A fix after which its finding is still there, or another one has come, is left out. */
export async function fixProved(
  proving: Proving,
  first: CheckResult,
  selection: FixSelection,
  recheck: () => Promise<CheckResult>,
): Promise<Edited> {
  const { checker } = proving;
  const texts: FixTexts = { text: checker.text, faults: checker.faults };
  let chosen = await provedFixes(proving, first.findings, selection);
  const offered = chooseFixes(first.findings, { ...selection, unsafe: true }, texts).length;
  const before = countByWords(first.findings);
  for (let round = 0; round < ROUNDS && chosen.length > 0; round++) {
    const edited = editedTexts(chosen, texts).texts;
    const originals = new Map([...edited.keys()].map((file) => [file, checker.text(file)]));
    checker.replace(edited);
    // What is left was not compiled as it stands now.
    await checker.compile(async () => []);
    const result = await recheck();
    const bad = notHelping(chosen, before, countByWords(result.findings));
    if (bad.length === 0) return { result, texts: edited, before: originals, count: chosen.length, refused: offered - chosen.length };
    checker.replace(originals);
    chosen = chosen.filter((one) => !bad.includes(one));
  }
  return { result: first, texts: new Map(), before: new Map(), count: 0, refused: offered };
}

/** Places move with every edit: findings are the same where rule, file and message are. */
function words({ rule, at, message }: Finding): string {
  return `${rule}\0${at.file}\0${message}`;
}

function countByWords(findings: readonly Finding[]): ReadonlyMap<string, number> {
  const out = new Map<string, number>();
  for (const finding of findings) out.set(words(finding), (out.get(words(finding)) ?? 0) + 1);
  return out;
}

/** Fixes of findings of which no fewer are left than fixes were made for, and fixes in files with findings that were not there before. */
function notHelping(
  chosen: readonly ChosenFix[],
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): readonly ChosenFix[] {
  const made = countByWords(chosen.map(({ finding }) => finding));
  const touched = new Set([...after].flatMap(([key, count]) => (count > (before.get(key) ?? 0) ? [key.split('\0')[1]] : [])));
  return chosen.filter(({ finding, fix }) => {
    const key = words(finding);
    const still = (after.get(key) ?? 0) > (before.get(key) ?? 0) - (made.get(key) ?? 0);
    return still || fix.edits.some(({ file }) => touched.has(file));
  });
}
