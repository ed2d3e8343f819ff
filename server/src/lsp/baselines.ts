/** The baselines of the workspace's folders: what they know is not told in the editor either. */
import type { FileSystem } from '../base/io.ts';
import { isFailure } from '../base/io.ts';
import { joinPath, relativeInside } from '../base/paths.ts';
import type { Problem } from '../base/problem.ts';
import type { Baseline } from '../engine/baseline.ts';
import { applyBaseline, BASELINE_FILE, parseBaseline } from '../engine/baseline.ts';
import type { CheckResult, Finding } from '../engine/finding.ts';

type Parsed = ReturnType<typeof parseBaseline>;

/** A baseline lies at the root of a folder, where the command line finds it; of folders in each other the inner one counts. */
export function createBaselines(fs: FileSystem, folders: () => readonly string[]): (result: CheckResult) => CheckResult {
  const parsed = new Map<string, { readonly text: string; readonly value: Parsed }>();

  /** null where there is none. */
  function read(path: string): Parsed | null {
    if (!fs.isFile(path)) return null;
    const text = fs.read(path);
    if (isFailure(text)) return text;
    const known = parsed.get(path);
    if (known?.text === text) return known.value;
    const value = parseBaseline(text);
    parsed.set(path, { text, value });
    return value;
  }

  return (result) => {
    const problems: Problem[] = [];
    const baselines: { readonly folder: string; readonly baseline: Baseline }[] = [];
    for (const folder of [...folders()].sort((a, b) => b.length - a.length)) {
      const path = joinPath(folder, BASELINE_FILE);
      const value = read(path);
      if (value && 'failure' in value) problems.push({ file: path, message: value.failure });
      else if (value) baselines.push({ folder, baseline: value });
    }
    if (baselines.length === 0 && problems.length === 0) return result;
    const findings = baselines.reduce((before, one) => hidden(before, one, result.text), result.findings);
    return { ...result, findings, problems: [...result.problems, ...problems] };
  };
}

function hidden(
  findings: readonly Finding[],
  { folder, baseline }: { readonly folder: string; readonly baseline: Baseline },
  text: (file: string) => string,
): readonly Finding[] {
  // What lies elsewhere has no entry: its relative path is none.
  const relative = (file: string): string => relativeInside(folder, file) ?? '';
  return applyBaseline(findings, baseline, { relative, text }, () => false).findings;
}
