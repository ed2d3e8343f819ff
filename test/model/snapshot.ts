/** A workspace and its surface over files in memory, and answers of it as text. */
import { silentLog } from '../../server/src/base/log.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { createSession } from '../../server/src/engine/session.ts';
import type { Snapshot } from '../../server/src/engine/session.types.ts';
import type { Module, Namespace, Resolution, Workspace } from '../../server/src/model/workspace.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';

const ROOT = '/w';

/** Files by path below one folder; without a Cargo.toml a library of edition 2021 is made up. */
export async function snapshotOf(files: Readonly<Record<string, string>>): Promise<Snapshot> {
  const manifest = '[package]\nname = "own"\nversion = "0.1.0"\nedition = "2021"\n';
  const all = files['Cargo.toml'] === undefined ? { 'Cargo.toml': manifest, ...files } : files;
  const texts = Object.fromEntries(Object.entries(all).map(([name, text]) => [`${ROOT}/${name}`, text]));
  const config = defaultConfig({});
  const session = createSession({
    fs: memoryFs(texts),
    log: silentLog,
    parsers: await testParsers(),
    rules: [],
    configFor: () => config,
    target: null,
  });
  const paths = Object.keys(texts).sort();
  session.open({
    rust: paths.filter((path) => path.endsWith('.rs')),
    manifests: paths.filter((path) => path.endsWith('Cargo.toml')),
    headers: [],
    python: [],
    report: null,
    problems: [],
  });
  return session.snapshot();
}

/** A module by its path (`crate::a::b`) in the first crate, or in the one named (`other::a`). */
export function moduleAt(workspace: Workspace, path: string): Module {
  const [first = '', ...rest] = path.split('::');
  const crate = workspace.crates.find((one) => (first === 'crate' ? true : one.target.name === first));
  let at: Module | undefined = crate?.root;
  for (const name of rest) at = at?.children.get(name)?.[0];
  if (!at) throw new Error(`there is no module ${path}`);
  return at;
}

/** What a path means, as `kind name @file` without the common folder. */
export function resolve(workspace: Workspace, path: string, inside = 'crate', namespace: Namespace = 'type'): string {
  return show(workspace.resolve(path.split('::'), { module: moduleAt(workspace, inside), item: null }, namespace));
}

export function show(found: Resolution): string {
  switch (found.kind) {
    case 'item':
      return `${found.item.kind} ${found.item.name}${found.variant === null ? '' : `::${found.variant}`} @${found.item.file.path.slice(ROOT.length + 1)}`;
    case 'module':
      return `mod ${['crate', ...found.module.path].join('::')}`;
    case 'external':
      return found.path.join('::');
    case 'primitive':
      return found.name;
    case 'ambiguous':
      return `one of ${found.items.map((item) => `${item.name} @${item.file.path.slice(ROOT.length + 1)}`).join(', ')}`;
    case 'generic':
      return `parameter ${found.name}`;
    default:
      return 'unknown';
  }
}
