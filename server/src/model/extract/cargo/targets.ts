/** The crates of a package: what its manifest declares and what its folders show. */
import { basename, joinPath } from '../../../base/paths.ts';
import type { FileSystem } from '../../../base/io.ts';
import { asArray, asString, asStrings, asTable, get, getBoolean, getString, getTable } from '../../../syntax/toml-value.ts';
import type { TomlTable } from '../../../syntax/toml-value.ts';
import { discoverBins, discoverIn, mergeTargets } from '../../cargo/discovery.ts';
import type { FoundTarget } from '../../cargo/discovery.ts';
import type { CargoTarget, Edition, TargetKind } from '../../cargo/package.ts';
import type { Manifest } from './manifest.ts';

export interface TargetInput {
  readonly fs: FileSystem;
  readonly manifest: Manifest;
  /** `[package]`. */
  readonly table: TomlTable;
  readonly name: string;
  readonly edition: Edition;
  /** Reads the `edition` of a target table. */
  editionOf(written: string): Edition;
}

/** The library first, then bins, examples, tests, benches and the build script. */
export function readTargets(input: TargetInput): readonly CargoTarget[] {
  const { fs, manifest, name } = input;
  const below = (folder: string): readonly FoundTarget[] => discoverIn(fs, joinPath(manifest.directory, folder));
  return [
    ...library(input),
    ...listed(input, 'bin', discoverBins(fs, manifest.directory, name), 'autobins', binFile),
    ...listed(input, 'example', below('examples'), 'autoexamples', (target) => `examples/${target}.rs`),
    ...listed(input, 'test', below('tests'), 'autotests', (target) => `tests/${target}.rs`),
    ...listed(input, 'bench', below('benches'), 'autobenches', (target) => `benches/${target}.rs`),
    ...buildScript(input),
  ];
}

/** Before edition 2018 a bin without a path may stand in src/main.rs under any name. */
function binFile(name: string, input: TargetInput): string {
  const old = input.edition === '2015' && !input.fs.isFile(joinPath(input.manifest.directory, `src/bin/${name}.rs`));
  return old ? 'src/main.rs' : `src/bin/${name}.rs`;
}

function library(input: TargetInput): readonly CargoTarget[] {
  const table = getTable(input.manifest.toml, 'lib');
  const file = getString(table, 'path') ?? 'src/lib.rs';
  const root = joinPath(input.manifest.directory, file);
  if (table === null && (!input.fs.isFile(root) || getBoolean(input.table, 'autolib') === false)) return [];
  return [target(input, 'lib', { name: getString(table, 'name') ?? input.name, root }, table, ['lib'])];
}

function listed(
  input: TargetInput,
  kind: TargetKind,
  found: readonly FoundTarget[],
  auto: string,
  fallback: (name: string, input: TargetInput) => string,
): readonly CargoTarget[] {
  const { toml, directory } = input.manifest;
  const declared = asArray(get(toml, kind)).flatMap((item) => {
    const table = asTable(item);
    const name = getString(table, 'name');
    const path = getString(table, 'path');
    return name === null ? [] : [{ name, root: path === null ? null : joinPath(directory, path), table }];
  });
  const at = (name: string): string => joinPath(directory, fallback(name, input));
  return mergeTargets(declared, found, getBoolean(input.table, auto), input.edition === '2015', at).map((merged) =>
    target(input, kind, merged.target, merged.declaration?.table ?? null, ['bin']),
  );
}

function target(input: TargetInput, kind: TargetKind, found: FoundTarget, table: TomlTable | null, usual: readonly string[]): CargoTarget {
  const written = getString(table, 'edition');
  return {
    kind,
    name: found.name.replaceAll('-', '_'),
    root: found.root,
    crateTypes: crateTypes(table) ?? usual,
    edition: written === null ? input.edition : input.editionOf(written),
  };
}

function crateTypes(table: TomlTable | null): readonly string[] | null {
  if (getBoolean(table, 'proc-macro') ?? getBoolean(table, 'proc_macro')) return ['proc-macro'];
  const types = asStrings(get(table, 'crate-type') ?? get(table, 'crate_type'));
  return types.length > 0 ? types : null;
}

/** `build = "file"`, several of them, `false`, or build.rs where it is there. */
function buildScript(input: TargetInput): readonly CargoTarget[] {
  const written = get(input.table, 'build');
  if (written?.kind === 'boolean' && !written.value) return [];
  const { directory } = input.manifest;
  const one = asString(written);
  const files = written?.kind === 'array' ? asStrings(written) : [one ?? 'build.rs'];
  return files
    .map((file) => joinPath(directory, file))
    .filter((file) => one !== null || input.fs.isFile(file))
    .map((root) => target(input, 'build-script', { name: `build-script-${basename(root).replace(/\.rs$/, '')}`, root }, null, ['bin']));
}
