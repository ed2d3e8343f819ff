/** What the rules about packaging share: the package's PyO3, its features, and edits of their lists. */
import type { Dependency, Package } from '../model/cargo/package.ts';
import { resolveDependency } from '../model/cargo/versions.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Fix } from './rule.ts';

/** The PyO3 that a package is always built with; null where it is optional or there is none. */
export function pyo3Of(pkg: Package): Dependency | null {
  return pkg.dependencies.find((one) => one.package === 'pyo3' && one.kind === 'normal' && !one.optional) ?? null;
}

/** The oldest minor version of a dependency that a package may be built with; null where it is not known. */
export function minorOf(workspace: Workspace, pkg: Package, name: string): number | null {
  const version = resolveDependency(workspace.cargo, pkg, name);
  if (version.kind === 'unknown') return null;
  const [major, minor] = version.kind === 'exact' ? version.version : version.min;
  return major * 1000 + minor;
}

/** Features of a dependency that are on in every build, or in every build with the default features. */
export function enabledFeatures(pkg: Package, dependency: Dependency): ReadonlyMap<string, 'always' | 'default'> {
  const found = new Map<string, 'always' | 'default'>(dependency.features.map((name) => [name, 'always']));
  const seen = new Set<string>();
  const visit = (feature: string): void => {
    if (seen.has(feature)) return;
    seen.add(feature);
    for (const enabled of pkg.features[feature] ?? []) {
      const [from, name] = enabled.split(/\??\//);
      if (name !== undefined && from?.replaceAll('-', '_') === dependency.name && !found.has(name)) found.set(name, 'default');
      else if (name === undefined && enabled !== feature) visit(enabled);
    }
  };
  visit('default');
  return found;
}

/** Asks a dependency for one more feature, where the manifest itself names its version. `text` is the manifest's. */
export function withFeature(pkg: Package, dependency: Dependency, name: string, text: string): Fix | null {
  const edit = (at: number, code: string): Fix => ({
    title: `turn \`${name}\` of \`${dependency.package}\` on`,
    safe: false,
    edits: [{ file: pkg.manifest, span: { start: at, end: at }, text: code }],
  });
  const last = dependency.featureSpans?.at(-1);
  if (last) return edit(last.span.end, `, "${name}"`);
  const version = dependency.requirementSpan;
  if (!version || dependency.features.length > 0) return null;
  const line = text.slice(text.lastIndexOf('\n', version.start) + 1, version.start);
  if (/\{[^}]*$/.test(line))
    return /\bfeatures\s*=/.test(text.slice(version.end).split('\n')[0] ?? '') ? null : edit(version.end, `, features = ["${name}"]`);
  // `version = "…"` of a table of its own, or the version alone.
  if (/^\s*version\s*=\s*$/.test(line)) return edit(version.end, `\nfeatures = ["${name}"]`);
  const whole = {
    file: pkg.manifest,
    span: version,
    text: `{ version = ${text.slice(version.start, version.end)}, features = ["${name}"] }`,
  };
  return { ...edit(version.end, ''), edits: [whole] };
}

/** Takes a feature out of the list in which the manifest itself names it; null where it stands elsewhere. */
export function withoutFeature(pkg: Package, dependency: Dependency, name: string, safe: boolean): Fix | null {
  const all = dependency.featureSpans ?? [];
  const at = all.findIndex((one) => one.name === name);
  const own = all[at];
  if (!own) return null;
  const next = all[at + 1];
  const before = all[at - 1];
  const span = next ? { start: own.span.start, end: next.span.start } : before ? { start: before.span.end, end: own.span.end } : own.span;
  return { title: `take \`${name}\` out of the features`, safe, edits: [{ file: pkg.manifest, span, text: '' }] };
}
