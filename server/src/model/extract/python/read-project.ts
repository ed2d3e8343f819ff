/** Reads the pyproject.toml that builds a crate: beside its manifest, or above it with a path to the manifest. */
import { isFailure } from '../../../base/io.ts';
import type { FileSystem } from '../../../base/io.ts';
import { dirname, joinPath } from '../../../base/paths.ts';
import { parseToml } from '../../../syntax/toml.ts';
import { asArray, asString, asStrings, asTable, get, getString, getTable } from '../../../syntax/toml-value.ts';
import type { TomlTable } from '../../../syntax/toml-value.ts';
import type { PlacedText, PythonProject } from '../../python/project.ts';

/** How far above its manifest a crate's project may stand. */
const LEVELS = 4;

/** The project that builds the crate of a manifest; null where there is none, or it cannot be read. */
export function readProject(fs: FileSystem, manifest: string): PythonProject | null {
  let folder = dirname(manifest);
  for (let level = 0; level <= LEVELS; level++) {
    const file = joinPath(folder, 'pyproject.toml');
    const text = fs.isFile(file) ? fs.read(file) : null;
    const toml = text !== null && !isFailure(text) ? parseToml(text).value : null;
    if (toml && (level === 0 ? !pointsElsewhere(toml, folder, manifest) : manifestsOf(toml, folder).includes(manifest)))
      return project(file, toml);
    const parent = dirname(folder);
    if (parent === folder) return null;
    folder = parent;
  }
  return null;
}

/** The manifests that a project names. */
function manifestsOf(toml: TomlTable, folder: string): readonly string[] {
  const named = getString(toml, 'tool', 'maturin', 'manifest-path');
  const paths = extensions(toml).map((table) => getString(table, 'path') ?? 'Cargo.toml');
  return [...(named === null ? [] : [named]), ...paths].map((path) => joinPath(folder, path));
}

/** The project beside a manifest may build another crate. */
function pointsElsewhere(toml: TomlTable, folder: string, manifest: string): boolean {
  const named = manifestsOf(toml, folder);
  return named.length > 0 && !named.includes(manifest);
}

function extensions(toml: TomlTable): readonly TomlTable[] {
  return asArray(get(toml, 'tool', 'setuptools-rust', 'ext-modules')).flatMap((item) => asTable(item) ?? []);
}

function project(file: string, toml: TomlTable): PythonProject {
  const backend = getString(toml, 'build-system', 'build-backend');
  const maturin = getTable(toml, 'tool', 'maturin');
  return {
    file,
    backend,
    requires: asStrings(get(toml, 'build-system', 'requires')),
    requiresPython: placed(toml, 'project', 'requires-python'),
    maturin:
      maturin || backend === 'maturin'
        ? {
            moduleName: placed(toml, 'tool', 'maturin', 'module-name'),
            bindings: getString(maturin, 'bindings'),
            features: asStrings(get(maturin, 'features')),
          }
        : null,
    targets: extensions(toml).flatMap((table) => asString(get(table, 'target')) ?? []),
  };
}

function placed(toml: TomlTable, ...path: readonly string[]): PlacedText | null {
  const value = get(toml, ...path);
  return value?.kind === 'string' ? { text: value.value, span: value.span } : null;
}
