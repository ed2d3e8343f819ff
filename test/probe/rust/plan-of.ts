/** The plan for all types of a crate in memory, whose root is /c/src/lib.rs. */
import { targetOf } from '../../../server/src/abi/targets.ts';
import { silentLog } from '../../../server/src/base/log.ts';
import { defaultConfig } from '../../../server/src/config/read-config.ts';
import { createSession } from '../../../server/src/engine/session.ts';
import { planProbes } from '../../../server/src/probe/rust/plan.ts';
import { memoryFs } from '../../support/memory-fs.ts';
import { testParsers } from '../../support/parsers.ts';

export async function planOf(files: Readonly<Record<string, string>>) {
  const target = targetOf('x86_64-unknown-linux-gnu');
  if (!target) throw new Error('a target is missing');
  const all: Readonly<Record<string, string>> = {
    '/c/Cargo.toml': '[package]\nname = "c"\nversion = "0.1.0"\nedition = "2021"\n',
    ...files,
  };
  const config = defaultConfig({});
  const parsers = await testParsers();
  const session = createSession({ fs: memoryFs(all), log: silentLog, parsers, rules: [], configFor: () => config, target: null });
  session.open({ rust: Object.keys(files), manifests: ['/c/Cargo.toml'], headers: [], python: [], report: null, problems: [] });
  const { workspace } = session.snapshot();
  const items = workspace.items.filter(({ kind }) => ['struct', 'union', 'enum', 'type'].includes(kind));
  const plan = planProbes({ workspace, target, items, uses: [] });
  return { plan, target, workspace, text: (file: string): string => all[file] ?? '' };
}
