/** Reads what crates say of their headers: cbindgen.toml, Cargo.toml's metadata, build scripts. */
import type { CrateFacts, Renames } from '../abi/peers/crate-facts.ts';
import { readBuildScript } from '../abi/peers/crate-facts.ts';
import type { FileSystem } from '../base/io.ts';
import { isFailure } from '../base/io.ts';
import { joinPath } from '../base/paths.ts';
import type { Package } from '../model/cargo/package.ts';
import { getBoolean, getString, getTable } from '../syntax/toml-value.ts';
import type { TomlTable } from '../syntax/toml-value.ts';
import { parseToml } from '../syntax/toml.ts';

export interface CrateReader {
  facts(pkg: Package): CrateFacts;
  /** Whether what was said before may no longer hold. */
  changed(paths: readonly string[]): boolean;
}

const CBINDGEN = ['cbindgen.toml', '.cbindgen.toml'];

export function createCrateReader(fs: FileSystem): CrateReader {
  const known = new Map<string, CrateFacts>();
  const taken = new Set<string>();

  function table(file: string): TomlTable | null {
    taken.add(file);
    const text = fs.isFile(file) ? fs.read(file) : null;
    return text === null || isFailure(text) ? null : parseToml(text).value;
  }

  function read(pkg: Package): CrateFacts {
    const at = (path: string): string => joinPath(pkg.directory, path);
    const paths: string[] = [];
    const fileNames: string[] = [];
    const libraries: string[] = pkg.links === null ? [] : [pkg.links];
    let names: Renames | null = null;
    for (const name of CBINDGEN) names ??= renames(table(at(name)));
    const capi = getTable(table(pkg.manifest), 'package', 'metadata', 'capi');
    const headerName = getString(capi, 'header', 'name');
    if (headerName !== null) fileNames.push(`${headerName}.h`);
    else if (capi) fileNames.push(`${pkg.targets.find(({ kind }) => kind === 'lib')?.name ?? pkg.name}.h`);
    for (const { kind, root } of pkg.targets) {
      if (kind === 'build-script') taken.add(root);
      const text = kind === 'build-script' && fs.isFile(root) ? fs.read(root) : null;
      if (text === null || isFailure(text)) continue;
      const script = readBuildScript(text);
      libraries.push(...script.libraries);
      // A folder that stands for the package itself says nothing.
      for (const path of script.paths.map(at)) if (path !== pkg.directory && path.length > pkg.directory.length) paths.push(path);
    }
    return {
      directory: pkg.directory,
      paths,
      fileNames,
      libraries,
      sys: pkg.links !== null || pkg.name.endsWith('-sys'),
      cbindgen: names,
    };
  }

  return {
    facts(pkg) {
      const before = known.get(pkg.directory);
      if (before) return before;
      const facts = read(pkg);
      known.set(pkg.directory, facts);
      return facts;
    },
    changed(paths) {
      const stale = paths.some((path) => taken.has(path) || path.endsWith('.toml'));
      if (stale) known.clear();
      return stale;
    },
  };
}

/** What a rule puts in front of a name; what changes its case and its underscores alone puts nothing there. */
function fieldPrefix(rule: string): string {
  return /^m?GeckoCase$|^gecko_case$/.test(rule) ? 'm' : rule.startsWith('prefix:') ? rule.slice('prefix:'.length) : '';
}

function renames(toml: TomlTable | null): Renames | null {
  if (!toml) return null;
  const rename = new Map<string, string>();
  const table = getTable(toml, 'export', 'rename');
  for (const key of table?.entries.keys() ?? []) {
    const value = getString(table, key);
    if (value !== null) rename.set(key, value);
  }
  return {
    prefix: getString(toml, 'export', 'prefix') ?? '',
    rename,
    bare: getBoolean(toml, 'export', 'renaming_overrides_prefixing') ?? false,
    fields: fieldPrefix(getString(toml, 'struct', 'rename_fields') ?? ''),
  };
}
