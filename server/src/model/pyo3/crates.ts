/** Which crates can mean PyO3, so that what speaks of it looks at no others. */
import type { CargoModel, Package } from '../cargo/package.ts';
import type { Crate, RustItem, Workspace } from '../workspace.ts';

interface Known {
  readonly crates: ReadonlySet<Crate>;
  readonly items: readonly RustItem[];
}

const known = new WeakMap<Workspace, Known>();

/**
 * Whether code of the crate can use PyO3, or be called from crates of the workspace that do. Errs on the side of yes: a crate that names
 * `pyo3` or `Python` anywhere, comments included, counts, since macros and imports of crates that are not seen can bring them.
 */
export function canMeanPyo3(crate: Crate, workspace: Workspace): boolean {
  return crate.package === null || of(workspace).crates.has(crate);
}

/** The workspace's items in such crates, in its order. */
export function pyo3Items(workspace: Workspace): readonly RustItem[] {
  return of(workspace).items;
}

function of(workspace: Workspace): Known {
  const before = known.get(workspace);
  if (before) return before;
  const packages = calledBy(withDependents(directly(workspace), workspace.cargo), workspace.cargo);
  const crates = new Set(workspace.crates.filter((crate) => crate.package === null || packages.has(crate.package)));
  const items = crates.size === workspace.crates.length ? workspace.items : workspace.items.filter((item) => crates.has(item.module.crate));
  const made = { crates, items };
  known.set(workspace, made);
  return made;
}

/** Packages that depend on PyO3, or in whose files its name or its token's stands. */
function directly(workspace: Workspace): Set<Package> {
  const out = new Set(
    workspace.cargo.packages.filter((pkg) => pkg.name === 'pyo3' || pkg.dependencies.some((one) => one.package === 'pyo3')),
  );
  for (const word of ['pyo3', 'Python']) {
    for (const { path } of workspace.filesNaming(word)) {
      for (const { package: pkg } of workspace.cratesOf(path)) if (pkg) out.add(pkg);
    }
  }
  return out;
}

/** Those that depend on one of them by name take in what it re-exports, and its macros. */
function withDependents(some: Set<Package>, { packages }: CargoModel): Set<Package> {
  const names = new Set([...some].map(({ name }) => name));
  for (let before = -1; before !== some.size; ) {
    before = some.size;
    for (const pkg of packages) {
      if (some.has(pkg) || !pkg.dependencies.some((one) => names.has(one.package))) continue;
      some.add(pkg);
      names.add(pkg.name);
    }
  }
  return some;
}

/** With those that they depend on by path, whose functions they call: names lead into no others. */
function calledBy(some: Set<Package>, { packages }: CargoModel): Set<Package> {
  // What is added while the set is walked is walked too.
  for (const pkg of some) {
    for (const { source, path, package: name } of pkg.dependencies) {
      if (source !== 'path') continue;
      for (const other of packages) if (path === null ? other.name === name : other.directory === path) some.add(other);
    }
  }
  return some;
}
