/** The dependencies of a package, with what it inherits from its workspace. */
import { joinPath } from '../../../base/paths.ts';
import type { Span } from '../../../base/text.ts';
import { asArray, asString, asStrings, asTable, get, getBoolean, getString, getTable } from '../../../syntax/toml-value.ts';
import type { TomlEntry, TomlTable, TomlValue } from '../../../syntax/toml-value.ts';
import type { Dependency } from '../../cargo/package.ts';
import { dependencyTables } from './manifest.ts';
import type { DependencyTable, Manifest } from './manifest.ts';

/** All dependencies as written, target tables included; entries that are neither a version nor a table are left out. */
export function readDependencies(manifest: Manifest, root: Manifest): readonly Dependency[] {
  return dependencyTables(manifest.toml).flatMap((from) =>
    [...from.table.entries].flatMap(([name, entry]) => {
      const dependency = readDependency(name, entry, from, manifest, root);
      return dependency ? [dependency] : [];
    }),
  );
}

function readDependency(name: string, entry: TomlEntry, from: DependencyTable, manifest: Manifest, root: Manifest): Dependency | null {
  const { value } = entry;
  if (value.kind !== 'string' && value.kind !== 'table') return null;
  const own = asTable(value);
  const inherits = getBoolean(own, 'workspace') === true;
  const shared = inherits ? get(getTable(root.toml, 'workspace', 'dependencies'), name) : null;
  const written = origin(inherits ? shared : value, (inherits ? root : manifest).directory);
  const source = written.kind === 'registry' ? (patch(root, written.package ?? name) ?? written) : written;
  const features = [...asStrings(get(asTable(shared), 'features')), ...asStrings(get(own, 'features'))];
  return {
    name: name.replaceAll('-', '_'),
    package: written.package ?? name,
    requirement: written.requirement,
    source: source.kind,
    path: source.path,
    optional: getBoolean(own, 'optional') ?? false,
    features: [...new Set(features)],
    defaultFeatures: defaultFeatures(own) ?? defaultFeatures(asTable(shared)) ?? true,
    kind: from.kind,
    target: from.target,
    span: { start: entry.key.start, end: Math.max(entry.key.end, value.span.end) },
    featureSpans: asArray(get(own, 'features')).flatMap((item) => (item.kind === 'string' ? [{ name: item.value, span: item.span }] : [])),
    requirementSpan: value.kind === 'string' ? value.span : versionSpan(own),
  };
}

function versionSpan(table: TomlTable | null): Span | null {
  const version = get(table, 'version');
  return version?.kind === 'string' ? version.span : null;
}

interface Source {
  readonly kind: Dependency['source'];
  readonly requirement: string | null;
  readonly path: string | null;
  readonly package: string | null;
}

function origin(value: TomlValue | null, directory: string): Source {
  const table = asTable(value);
  const path = getString(table, 'path');
  const git = getString(table, 'git');
  return {
    kind: path !== null ? 'path' : git !== null ? 'git' : 'registry',
    requirement: asString(value) ?? getString(table, 'version'),
    path: path === null ? null : joinPath(directory, path),
    package: getString(table, 'package'),
  };
}

function defaultFeatures(table: TomlTable | null): boolean | null {
  return getBoolean(table, 'default-features') ?? getBoolean(table, 'default_features');
}

/** What `[patch.crates-io]` of the workspace root puts in the place of a registry package; null where it says nothing of it. */
function patch(root: Manifest, name: string): Source | null {
  for (const [key, { value }] of getTable(root.toml, 'patch', 'crates-io')?.entries ?? []) {
    if (value.kind === 'table' && (getString(value, 'package') ?? key) === name) return origin(value, root.directory);
  }
  return null;
}

/** The features of a package: those it declares, and one for each optional dependency that no `dep:` hides. */
export function readFeatures(toml: TomlTable): Readonly<Record<string, readonly string[]>> {
  const features: Record<string, readonly string[]> = {};
  for (const [name, { value }] of getTable(toml, 'features')?.entries ?? []) features[name] = asStrings(value);
  const hidden = new Set(Object.values(features).flatMap((enabled) => enabled.filter((one) => one.startsWith('dep:'))));
  for (const { table } of dependencyTables(toml)) {
    for (const [name, { value }] of table.entries) {
      if (getBoolean(asTable(value), 'optional') !== true || hidden.has(`dep:${name}`)) continue;
      features[name] ??= [`dep:${name}`];
    }
  }
  return features;
}
