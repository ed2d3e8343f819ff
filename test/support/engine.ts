/** The real engine over files in memory, as the rule tests and others use it. */
import { never } from '../../server/src/base/cancel.ts';
import type { FileSystem } from '../../server/src/base/io.ts';
import { silentLog } from '../../server/src/base/log.ts';
import type { Config } from '../../server/src/config/config.ts';
import { fixAll } from '../../server/src/engine/apply-fixes.ts';
import type { FixOutcome, FixSelection } from '../../server/src/engine/apply-fixes.ts';
import type { CheckResult, Finding } from '../../server/src/engine/finding.ts';
import { createSession } from '../../server/src/engine/session.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { memoryFs } from './memory-fs.ts';
import { testParsers } from './parsers.ts';

/** The folder in which a test's files stand. */
export const CASE = '/case';

export interface TestEngine {
  check(): Promise<CheckResult>;
  /** Fixes the findings that `chosen` makes of those found, in as many passes as it takes. */
  fix(selection: FixSelection, chosen?: (finding: Finding) => Finding): Promise<FixOutcome>;
}

/** A session over files by relative path. */
export async function testEngine(files: ReadonlyMap<string, string>, rules: readonly Rule[], config: Config): Promise<TestEngine> {
  const parsers = await testParsers();
  const texts = new Map([...files].map(([name, text]) => [`${CASE}/${name}`, text]));
  let inner = memoryFs(Object.fromEntries(texts));
  const fs: FileSystem = {
    read: (file) => inner.read(file),
    isFile: (file) => inner.isFile(file),
    isDirectory: (file) => inner.isDirectory(file),
    list: (file) => inner.list(file),
  };
  const session = createSession({ fs, log: silentLog, parsers, rules, configFor: () => config, target: null, targets: config.targets });
  const named = (pattern: RegExp): readonly string[] => [...texts.keys()].filter((name) => pattern.test(name)).sort();
  session.open({
    rust: named(/\.rs$/),
    manifests: named(/\/Cargo\.toml$/),
    headers: named(/\.(?:h|hpp|c)$/),
    python: named(/\.py$/),
    javascript: named(/\.[cm]?[jt]s$/),
    csharp: named(/\.cs$/),
    report: null,
    problems: [],
  });
  const check = () => session.check({ focus: null, cancellation: never });
  const faults = (file: string, text: string): number => {
    if (!file.endsWith('.rs')) return 0;
    const tree = parsers.parse('rust', text, 0);
    let count = 0;
    for (let node = 0; node < tree.count; node++) if (tree.broken(node)) count++;
    return count;
  };
  return {
    check,
    async fix(selection, chosen = (finding) => finding) {
      const findings = async () => (await check()).findings.map(chosen);
      return fixAll({
        selection,
        texts: { text: (file) => texts.get(file) ?? '', faults },
        findings: await findings(),
        recheck(changed) {
          for (const [file, text] of changed) texts.set(file, text);
          inner = memoryFs(Object.fromEntries(texts));
          session.changed([...changed.keys()]);
          return findings();
        },
      });
    },
  };
}
