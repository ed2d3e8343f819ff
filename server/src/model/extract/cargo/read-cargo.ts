/** Builds the Cargo model of a set of manifests: packages with all that they inherit, and the lock files of their workspaces. */
import { isFailure } from '../../../base/io.ts';
import type { FileSystem } from '../../../base/io.ts';
import { joinPath } from '../../../base/paths.ts';
import type { Outcome, Problem } from '../../../base/problem.ts';
import type { Span } from '../../../base/text.ts';
import { asString, get, getBoolean, getEntry, getString, getTable } from '../../../syntax/toml-value.ts';
import type { TomlTable, TomlValue } from '../../../syntax/toml-value.ts';
import type { PythonProject } from '../../python/project.ts';
import { readProject } from '../python/read-project.ts';
import { parseLock } from '../../cargo/lock.ts';
import type { CargoLock, CargoModel, Edition, Package } from '../../cargo/package.ts';
import { parseVersion } from '../../cargo/requirement.ts';
import { readDependencies, readFeatures } from './dependencies.ts';
import { createManifestReader, packageTable } from './manifest.ts';
import type { Manifest, ManifestReader } from './manifest.ts';
import { readLints, readPanic } from './profiles.ts';
import { findRoot } from './roots.ts';
import { readTargets } from './targets.ts';

const EDITIONS: readonly Edition[] = ['2015', '2018', '2021', '2024'];

/**
 * The packages of the given manifests (absolute paths), in the order of their paths. Workspace roots are read for what is
 * inherited, whether they are given or not. A broken manifest is a problem and costs its package only.
 */
export function readCargo(fs: FileSystem, manifests: readonly string[]): Outcome<CargoModel> {
  const reader = createManifestReader(fs);
  const problems: Problem[] = [];
  const packages = [...new Set(manifests)].sort().flatMap((file) => {
    const manifest = reader.read(file);
    const own = manifest && readPackage(reader, manifest, problems);
    return own ? [own] : [];
  });
  const locks = new Map<string, CargoLock>();
  for (const { workspaceRoot } of packages) {
    const file = joinPath(workspaceRoot, 'Cargo.lock');
    if (locks.has(workspaceRoot) || !fs.isFile(file)) continue;
    const text = fs.read(file);
    if (isFailure(text)) problems.push({ file, message: text.failure });
    else locks.set(workspaceRoot, { file, packages: parseLock(text) });
  }
  const projects = new Map<string, PythonProject>();
  for (const { manifest, dependencies } of packages) {
    const project = dependencies.some((one) => one.package === 'pyo3') ? readProject(fs, manifest) : null;
    if (project) projects.set(manifest, project);
  }
  return { value: { packages, locks, ...(projects.size > 0 ? { projects } : {}) }, problems: [...reader.problems, ...problems] };
}

/** null for a manifest without a package: a virtual workspace. */
function readPackage(reader: ManifestReader, manifest: Manifest, problems: Problem[]): Package | null {
  const table = packageTable(manifest);
  const name = getString(table, 'name');
  if (table === null || name === null) {
    if (table !== null) {
      const message = '`[package]` has no name; add `name = "…"` so that the package can be checked';
      problems.push({ file: manifest.file, message, ...(table.header && { span: table.header }) });
    }
    return null;
  }
  const root = findRoot(reader, manifest);
  const inherited = (key: string): TomlValue | null => inherit(table, root, key);
  const editionOf = (written: string, at?: Span): Edition => {
    const edition = EDITIONS.find((known) => known === written);
    if (edition === undefined) {
      const message = `edition \`${written}\` is not known, 2024 is assumed; write one of ${EDITIONS.join(', ')}`;
      problems.push({ file: manifest.file, message, ...(at && { span: at }) });
    }
    return edition ?? '2024';
  };
  const written = asString(inherited('edition'));
  const edition = written === null ? '2015' : editionOf(written, valueSpan(table, 'edition') ?? undefined);
  const version = asString(inherited('version'));
  const rust = asString(inherited('rust-version'));
  return {
    name,
    version,
    directory: manifest.directory,
    manifest: manifest.file,
    edition,
    rustVersion: rust === null ? null : parseVersion(rust),
    targets: readTargets({ fs: reader.fs, manifest, table, name, edition, editionOf }),
    dependencies: readDependencies(manifest, root),
    features: readFeatures(manifest.toml),
    panic: readPanic(root),
    links: getString(table, 'links'),
    lints: readLints(manifest, root),
    workspaceRoot: root.directory,
    places: places(manifest, table),
  };
}

/** A key of `[package]`, or of `[workspace.package]` where it says `key.workspace = true`. */
function inherit(table: TomlTable, root: Manifest, key: string): TomlValue | null {
  const own = get(table, key);
  if (own?.kind !== 'table') return own;
  return getBoolean(own, 'workspace') === true ? get(getTable(root.toml, 'workspace', 'package'), key) : null;
}

function places(manifest: Manifest, table: TomlTable): Package['places'] {
  const lib = getEntry(manifest.toml, 'lib');
  const types = getEntry(manifest.toml, 'lib', 'crate-type') ?? getEntry(manifest.toml, 'lib', 'crate_type');
  return {
    name: valueSpan(table, 'name'),
    libTable: lib?.value.kind === 'table' ? (lib.value.header ?? lib.key) : null,
    crateType: types?.value.span ?? null,
    edition: valueSpan(table, 'edition'),
    rustVersion: valueSpan(table, 'rust-version'),
  };
}

/** Where a string of `[package]` stands, quotes included; null where it is inherited. */
function valueSpan(table: TomlTable, key: string): Span | null {
  const value = get(table, key);
  return value?.kind === 'string' ? value.span : null;
}
