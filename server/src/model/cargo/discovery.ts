/** Cargo's target autodiscovery: the crates that a package has by its file layout ("Cargo Targets", Cargo reference). */
import type { FileSystem } from '../../base/io.ts';
import { joinPath } from '../../base/paths.ts';

export interface FoundTarget {
  /** As Cargo names it, `-` kept. */
  readonly name: string;
  /** Absolute path of its root file. */
  readonly root: string;
}

/** What `src/` and its neighbours hold, before the manifest adds, changes or switches off anything. */
export function discoverBins(fs: FileSystem, directory: string, packageName: string): readonly FoundTarget[] {
  const main = joinPath(directory, 'src/main.rs');
  const own = fs.isFile(main) ? [{ name: packageName, root: main }] : [];
  return [...own, ...discoverIn(fs, joinPath(directory, 'src/bin'))];
}

/** Every `NAME.rs` and `NAME/main.rs` of a folder (`tests`, `benches`, `examples`, `src/bin`). */
export function discoverIn(fs: FileSystem, folder: string): readonly FoundTarget[] {
  return fs.list(folder).flatMap((name): readonly FoundTarget[] => {
    if (name.startsWith('.')) return [];
    const path = joinPath(folder, name);
    if (name.endsWith('.rs')) return fs.isFile(path) ? [{ name: name.slice(0, -3), root: path }] : [];
    const main = joinPath(path, 'main.rs');
    return fs.isFile(main) ? [{ name, root: main }] : [];
  });
}

/** A target as `[[bin]]` and its like declare it; null where the manifest leaves something out. */
export interface DeclaredTarget {
  readonly name: string;
  readonly root: string | null;
}

/**
 * The declared targets with their files, then the discovered ones that no declaration has by name or file. `auto` is the
 * manifest's `autobins` and so on: by default on, but in edition 2015 only where nothing is declared.
 */
export function mergeTargets<T extends DeclaredTarget>(
  declared: readonly T[],
  found: readonly FoundTarget[],
  auto: boolean | null,
  edition2015: boolean,
  fallback: (name: string) => string,
): readonly { readonly target: FoundTarget; readonly declaration: T | null }[] {
  const explicit = declared.map((declaration) => {
    const root = declaration.root ?? found.find((one) => one.name === declaration.name)?.root ?? fallback(declaration.name);
    return { target: { name: declaration.name, root }, declaration };
  });
  const wanted = auto ?? (!edition2015 || declared.length === 0);
  const taken = new Set(explicit.flatMap(({ target }) => [target.name, target.root]));
  const rest = wanted ? found.filter((one) => !taken.has(one.name) && !taken.has(one.root)) : [];
  return [...explicit, ...rest.map((target) => ({ target, declaration: null }))];
}
