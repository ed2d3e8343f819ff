/** Reads Cargo.toml files once and keeps them, with what was wrong with them. */
import { isFailure } from '../../../base/io.ts';
import type { FileSystem } from '../../../base/io.ts';
import { dirname } from '../../../base/paths.ts';
import type { Problem } from '../../../base/problem.ts';
import { parseToml } from '../../../syntax/toml.ts';
import { getTable } from '../../../syntax/toml-value.ts';
import type { TomlTable } from '../../../syntax/toml-value.ts';

export interface Manifest {
  /** Absolute path of Cargo.toml. */
  readonly file: string;
  readonly directory: string;
  readonly toml: TomlTable;
}

export interface ManifestReader {
  readonly fs: FileSystem;
  /** null where it is not there or is broken; a broken one is among the problems, once. */
  read(file: string): Manifest | null;
  readonly problems: readonly Problem[];
  /** What roots.ts has found out: the members of each workspace, by its root manifest. */
  readonly members: Map<string, ReadonlySet<string>>;
}

export function createManifestReader(fs: FileSystem): ManifestReader {
  const known = new Map<string, Manifest | null>();
  const problems: Problem[] = [];
  const load = (file: string): Manifest | null => {
    if (!fs.isFile(file)) return null;
    const text = fs.read(file);
    if (isFailure(text)) {
      problems.push({ file, message: text.failure });
      return null;
    }
    const { value, problem } = parse(file, text);
    if (problem) {
      problems.push({
        file,
        message: `is not valid TOML, ${problem.message}; its package is left out until it is corrected`,
        span: problem.span,
      });
    }
    return value && { file, directory: dirname(file), toml: value };
  };
  return {
    fs,
    problems,
    members: new Map(),
    read(file) {
      const there = known.get(file);
      if (there !== undefined) return there;
      const manifest = load(file);
      known.set(file, manifest);
      return manifest;
    },
  };
}

type Parsed = ReturnType<typeof parseToml>;

const PARSED_LIMIT = 4096;
const parsed = new Map<string, { readonly text: string; readonly result: Parsed }>();

/**
 * Workspaces are read more than once in a run and after every change of one of their manifests. What a text says does not change,
 * so the last one of each file is kept.
 */
function parse(file: string, text: string): Parsed {
  const known = parsed.get(file);
  if (known?.text === text) return known.result;
  const result = parseToml(text);
  if (parsed.size >= PARSED_LIMIT) parsed.clear();
  parsed.set(file, { text, result });
  return result;
}

export function workspaceTable(manifest: Manifest): TomlTable | null {
  return getTable(manifest.toml, 'workspace');
}

/** `[package]`, or `[project]` as it was called at first. */
export function packageTable(manifest: Manifest): TomlTable | null {
  return getTable(manifest.toml, 'package') ?? getTable(manifest.toml, 'project');
}

/** The tables of dependencies of a manifest, those of targets included. */
export function dependencyTables(toml: TomlTable): readonly DependencyTable[] {
  const tables = ofOne(toml, null);
  for (const [target, { value }] of getTable(toml, 'target')?.entries ?? []) {
    if (value.kind === 'table') tables.push(...ofOne(value, target));
  }
  return tables;
}

export interface DependencyTable {
  readonly kind: 'normal' | 'dev' | 'build';
  readonly target: string | null;
  readonly table: TomlTable;
}

function ofOne(toml: TomlTable, target: string | null): DependencyTable[] {
  const names = [
    ['normal', 'dependencies'],
    ['dev', 'dev-dependencies'],
    ['dev', 'dev_dependencies'],
    ['build', 'build-dependencies'],
    ['build', 'build_dependencies'],
  ] as const;
  return names.flatMap(([kind, name]) => {
    const table = getTable(toml, name);
    return table ? [{ kind, target, table }] : [];
  });
}
