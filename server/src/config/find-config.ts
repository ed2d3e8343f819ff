/** Finds the configuration that holds for a folder. */
import { isFailure } from '../base/io.ts';
import type { FileSystem } from '../base/io.ts';
import { basename, dirname, joinPath } from '../base/paths.ts';
import type { Problem } from '../base/problem.ts';
import { parseToml } from '../syntax/toml.ts';
import { getTable } from '../syntax/toml-value.ts';
import type { TomlTable } from '../syntax/toml-value.ts';

/** One file's part that is configuration. */
export interface ConfigSource {
  /** Absolute path. */
  readonly file: string;
  readonly text: string;
  readonly table: TomlTable;
}

/** Where configuration may stand in a folder, first come first served, with the tables that hold it. */
const PLACES: readonly { readonly name: string; readonly tables: readonly (readonly string[])[] }[] = [
  { name: 'ffi-lint.toml', tables: [[]] },
  { name: '.ffi-lint.toml', tables: [[]] },
  {
    name: 'Cargo.toml',
    tables: [
      ['package', 'metadata', 'ffi-lint'],
      ['workspace', 'metadata', 'ffi-lint'],
    ],
  },
  { name: 'pyproject.toml', tables: [['tool', 'ffi-lint']] },
];

/** The names of files that may hold configuration, for those who watch for changes. */
export const CONFIG_FILE_NAMES: readonly string[] = PLACES.map((place) => place.name);

/** A source, nothing, or a file that cannot be understood: then nobody can say what holds. */
export type Found = ConfigSource | Problem | null;

/**
 * The nearest configuration at or above a folder (absolute path); the search ends at the root of a git repository. Manifests
 * without a section for this program are passed over. `seen` keeps answers by folder over several searches.
 */
export function findConfig(fs: FileSystem, folder: string, seen = new Map<string, Found>()): Found {
  const known = seen.get(folder);
  if (known !== undefined) return known;
  const above = dirname(folder);
  const git = joinPath(folder, '.git');
  const top = above === folder || above === '.' || fs.isDirectory(git) || fs.isFile(git);
  const found = configIn(fs, folder) ?? (top ? null : findConfig(fs, above, seen));
  seen.set(folder, found);
  return found;
}

function configIn(fs: FileSystem, folder: string): Found {
  for (const { name } of PLACES) {
    const file = joinPath(folder, name);
    const found = fs.isFile(file) ? readSource(fs, file) : null;
    if (found !== null) return found;
  }
  return null;
}

/** The configuration in one file; null where a manifest has none. Any other name is read as ffi-lint.toml is. */
export function readSource(fs: FileSystem, file: string): Found {
  const place = PLACES.find(({ name }) => name === basename(file));
  const tables = place?.tables ?? [[]];
  const embedded = tables.some((path) => path.length > 0);
  const text = fs.read(file);
  if (isFailure(text)) return embedded ? null : { file, message: text.failure };
  if (embedded && !/(metadata|tool)\W+ffi-lint/.test(text)) return null;
  const { value, problem } = parseToml(text);
  if (value === null) {
    const message = problem?.message ?? 'cannot be read';
    return { file, message: `is not valid TOML, ${message}; correct it, it holds configuration`, ...(problem && { span: problem.span }) };
  }
  for (const path of tables) {
    const table = path.length === 0 ? value : getTable(value, ...path);
    if (table) return { file, text, table };
  }
  return null;
}
