/** What a workspace says of panics and lints. */
import { asString, asTable, get, getBoolean, getString, getTable } from '../../../syntax/toml-value.ts';
import type { TomlTable } from '../../../syntax/toml-value.ts';
import type { PanicProfiles } from '../../cargo/package.ts';
import type { Manifest } from './manifest.ts';

type Panic = 'unwind' | 'abort' | null;

/**
 * The panic strategies of a workspace's profiles; Cargo reads them in the root manifest only. Tests, benches and build scripts
 * unwind whatever a profile says.
 */
export function readPanic(root: Manifest): PanicProfiles {
  const profiles = getTable(root.toml, 'profile');
  const dev = strategy(profiles, 'dev', []);
  const release = strategy(profiles, 'release', []);
  const custom = [...(profiles?.entries.keys() ?? [])].filter((name) => !['dev', 'release', 'test', 'bench'].includes(name));
  const all = [dev, release, ...custom.map((name) => strategy(profiles, name, []))];
  return { dev, release, alwaysAborts: all.every((panic) => panic === 'abort') };
}

/** A profile's own `panic`, else that of the profile it inherits. `seen` ends circles. */
function strategy(profiles: TomlTable | null, name: string, seen: readonly string[]): Panic {
  const own = getString(profiles, name, 'panic');
  if (own !== null) return own === 'abort' ? 'abort' : 'unwind';
  const inherits = getString(profiles, name, 'inherits');
  return inherits === null || seen.includes(name) ? null : strategy(profiles, inherits, [...seen, name]);
}

/** `[lints]`, or `[workspace.lints]` where the package inherits them: `rust.improper_ctypes` → `allow`. */
export function readLints(manifest: Manifest, root: Manifest): Readonly<Record<string, string>> {
  const own = getTable(manifest.toml, 'lints');
  const table = getBoolean(own, 'workspace') === true ? getTable(root.toml, 'workspace', 'lints') : own;
  const lints: Record<string, string> = {};
  for (const [tool, { value }] of table?.entries ?? []) {
    for (const [lint, entry] of asTable(value)?.entries ?? []) {
      const level = asString(entry.value) ?? asString(get(asTable(entry.value), 'level'));
      if (level !== null) lints[`${tool}.${lint.replaceAll('-', '_')}`] = level;
    }
  }
  return lints;
}
