/** Which crates a workspace has, and where the names of their dependencies lead. */
import { words } from '../../base/words.ts';
import { basename, dirname, relativeInside } from '../../base/paths.ts';
import type { CargoModel, CargoTarget, Dependency, Package } from '../cargo/package.ts';
import type { Crate } from '../workspace.ts';
import type { ExternCrate } from './names.ts';
import { STD_CRATES } from './std-names.ts';

/** A crate before its modules are known. */
export interface CrateSeed {
  readonly id: string;
  readonly package: Package | null;
  readonly target: CargoTarget;
}

/** Libraries first: a file that several targets share is looked at as the library's. */
const ORDER: Readonly<Record<CargoTarget['kind'], number>> = { lib: 0, bin: 1, 'build-script': 2, example: 3, bench: 4, test: 5 };

export function crateSeeds(cargo: CargoModel): CrateSeed[] {
  const out: CrateSeed[] = [];
  for (const pkg of cargo.packages) {
    for (const target of [...pkg.targets].sort((a, b) => ORDER[a.kind] - ORDER[b.kind])) {
      out.push({ id: `${pkg.name}/${target.kind}/${target.name}`, package: pkg, target });
    }
  }
  return out;
}

/** A file that no target reaches is a crate of its own: with the facts of the package around it, where there is one. */
export function looseSeed(path: string, cargo: CargoModel): CrateSeed {
  const pkg = nearestPackage(path, cargo);
  const name = basename(path).replace(/\.rs$/, '').replace(/-/g, '_');
  return {
    id: `${path}`,
    package: pkg,
    target: { kind: looseKind(path, pkg), name, root: path, crateTypes: [], edition: pkg?.edition ?? '2021' },
  };
}

/** Whether a crate is made up around a file of a package that no target of it reaches: cargo does not compile it. */
export function isUnreached(crate: Pick<Crate, 'id' | 'package' | 'target'>): boolean {
  return crate.package !== null && crate.id === crate.target.root;
}

/** Below a package's tests, benches or examples folder lies code of such targets, reached or not. */
function looseKind(path: string, pkg: Package | null): CargoTarget['kind'] {
  const top = pkg ? (relativeInside(pkg.directory, path)?.split('/')[0] ?? '') : '';
  return top === 'tests' ? 'test' : top === 'benches' ? 'bench' : top === 'examples' ? 'example' : 'lib';
}

function nearestPackage(path: string, cargo: CargoModel): Package | null {
  let best: Package | null = null;
  for (const pkg of cargo.packages) {
    if (relativeInside(pkg.directory, dirname(path)) === null) continue;
    if (!best || pkg.directory.length > best.directory.length) best = pkg;
  }
  return best;
}

export interface ExternCrates {
  /** What a crate's code means by a crate name: std, itself, a dependency. */
  find(from: Crate, name: string): ExternCrate;
  /** The crates of the workspace that a crate's code has names for. */
  named(from: Crate): readonly Crate[];
}

export function createExternCrates(cargo: CargoModel, crates: readonly Crate[]): ExternCrates {
  const libs = new Map<string, Crate>();
  for (const crate of crates) {
    if (crate.package && crate.target.kind === 'lib' && crate.target.root !== '') libs.set(crate.package.directory, crate);
  }
  const byName = new Map<string, Package>();
  for (const pkg of cargo.packages) byName.set(pkg.name, pkg);

  const localOf = (dependency: Dependency): Crate | undefined =>
    dependency.path
      ? libs.get(dependency.path)
      : dependency.source === 'path'
        ? libs.get(byName.get(dependency.package)?.directory ?? '')
        : undefined;

  function find(from: Crate, rawName: string): ExternCrate {
    const name = rawName.replace(/^r#/, '');
    if (STD_CRATES.has(name) || name === 'proc_macro' || name === 'test') return { kind: 'external', name };
    const pkg = from.package;
    if (!pkg) return /^[a-z][a-z0-9_]*$/.test(name) && KNOWN_CRATES.has(name) ? { kind: 'external', name } : null;
    for (const dependency of pkg.dependencies) {
      if (dependency.name !== name) continue;
      const local = localOf(dependency);
      return local ? { kind: 'crate', crate: local } : { kind: 'external', name: dependency.package.replace(/-/g, '_') };
    }
    // Bins, tests and examples see their own package's library by its name.
    const own = libs.get(pkg.directory);
    if (own && own !== from && own.target.name === name) return { kind: 'crate', crate: own };
    return null;
  }

  return {
    find,
    named({ package: pkg }) {
      if (!pkg) return [];
      const own = libs.get(pkg.directory);
      return [...(own ? [own] : []), ...pkg.dependencies.flatMap((dependency) => localOf(dependency) ?? [])];
    },
  };
}

/** Crates that a file without a Cargo.toml may be taken to mean by these names. */
const KNOWN_CRATES = words(`
  libc pyo3 rayon serde serde_json reqwest tokio numpy crossbeam flume winapi windows_sys
`);
