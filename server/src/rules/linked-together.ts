/** Whether two items can end up in one program, and whether they are compiled together. */
import { and, equal, exclusive, not, CFG_TRUE } from '../model/rust/cfg.ts';
import type { Attribute, Cfg } from '../model/rust/attribute.ts';
import type { Crate, RustItem, Workspace } from '../model/workspace.ts';
import type { Package } from '../model/cargo/package.ts';

/**
 * In one crate, in a binary and its own library, or in packages of which one is a dependency of the other or both of a third.
 * Only libraries are linked into other packages.
 */
export function linkedTogether(a: Crate, b: Crate, workspace: Workspace): boolean {
  if (a === b) return true;
  if (!a.package || !b.package) return false;
  if (a.package === b.package) return (a.target.kind === 'lib') !== (b.target.kind === 'lib');
  const known = answers.get(a) ?? new Map<Crate, boolean>();
  answers.set(a, known);
  const before = known.get(b);
  if (before !== undefined) return before;
  const [left, right] = [a.package, b.package];
  const made = workspace.cargo.packages.some((top) => {
    const all = closure(top, workspace);
    const linked = (crate: Crate, own: Package): boolean => all.has(own) && (own === top || crate.target.kind === 'lib');
    return linked(a, left) && linked(b, right);
  });
  known.set(b, made);
  return made;
}

/** By crates, which are others when the packages are. */
const answers = new WeakMap<Crate, Map<Crate, boolean>>();

const closures = new WeakMap<Package, ReadonlySet<Package>>();

/** A package with all packages of the workspace that it always depends on. */
function closure(top: Package, workspace: Workspace): ReadonlySet<Package> {
  const known = closures.get(top);
  if (known) return known;
  const all = new Set<Package>([top]);
  for (const pkg of all) {
    for (const dependency of pkg.dependencies) {
      if (dependency.kind !== 'normal' || dependency.optional || dependency.target !== null || dependency.source !== 'path') continue;
      for (const other of workspace.cargo.packages) {
        if (other.name === dependency.package && other.directory === dependency.path) all.add(other);
      }
    }
  }
  closures.set(top, all);
  return all;
}

/** How two conditions go together: never, in some builds, or whenever the second is compiled and the first unconditional or equal. */
export type Together = 'never' | 'sometimes' | 'always' | 'unknown';

/** `always` where both have the same condition, `sometimes` where one of them has none. */
export function together(a: Cfg, b: Cfg): Together {
  if (exclusive(a, b)) return 'never';
  if (equal(a, b) || (a.kind === 'true' && b.kind === 'true')) return 'always';
  return a.kind === 'true' || b.kind === 'true' ? 'sometimes' : 'unknown';
}

/** An item's condition and that of the attributes that export it: without these it has no symbol. */
export function exportCfg(item: RustItem): Cfg {
  const named = (a: Attribute): boolean => a.path === 'no_mangle' || a.path === 'export_name';
  const conditions = item.entry.attributes.filter(named).map((a) => a.condition ?? CFG_TRUE);
  // Of several, each exports by itself.
  const none = conditions.map(not).reduce(and, CFG_TRUE);
  return conditions.length === 0 ? item.cfg : and(item.cfg, not(none));
}
