/** Follows imports between Python modules, so that what several of them say of one library stands together. */
import { dirname, joinPath } from '../base/paths.ts';
import type { PyFunction, PyLibrary } from '../model/python/bindings.ts';
import type { PyModule } from '../model/python/ctypes.ts';
import type { From } from './python-side.ts';

export interface LibraryUses {
  /** Where it is made. */
  readonly library: From<PyLibrary>;
  readonly uses: readonly From<PyFunction>[];
}

/** Libraries that come from a module which is not there, or which does not show them, are left out. */
export function libraryRoots(modules: readonly PyModule[]): readonly LibraryUses[] {
  const byPath = new Map(modules.map((one) => [one.file, one]));
  const out = new Map<string, { readonly library: From<PyLibrary>; readonly uses: From<PyFunction>[] }>();
  const at = (module: PyModule, library: PyLibrary): { readonly uses: From<PyFunction>[] } => {
    const key = `${module.file}\0${library.key}`;
    const known = out.get(key) ?? { library: { module, value: library }, uses: [] };
    out.set(key, known);
    return known;
  };
  for (const module of modules) {
    for (const library of module.bindings.libraries) {
      const uses = module.bindings.functions.filter((one) => one.library === library.key).map((value) => ({ module, value }));
      if (library.from === null) at(module, library).uses.unshift(...uses);
      else {
        const found = exporter(module.file, library.from, byPath);
        if (found) at(found.module, found.library).uses.push(...uses);
      }
    }
  }
  return [...out.values()];
}

function exporter(
  file: string,
  { module, name }: { readonly module: string; readonly name: string },
  byPath: ReadonlyMap<string, PyModule>,
): { readonly module: PyModule; readonly library: PyLibrary } | null {
  for (const path of candidates(file, module, byPath)) {
    const found = byPath.get(path);
    const key = found?.bindings.exports.get(name);
    const library = found?.bindings.libraries.find((one) => one.key === key);
    if (found && library) return { module: found, library };
  }
  return null;
}

/** Files that an import may mean (Python reference, "The import system"): relative to the package, or below any folder that is searched. */
function candidates(file: string, module: string, byPath: ReadonlyMap<string, PyModule>): readonly string[] {
  const [, dots = '', rest = ''] = /^(\.*)(.*)$/.exec(module) ?? [];
  const parts = rest === '' ? [] : rest.split('.');
  const ends = [parts.length === 0 ? null : `${parts.join('/')}.py`, [...parts, '__init__.py'].join('/')].filter((one) => one !== null);
  if (dots !== '') {
    let folder = dirname(file);
    for (let i = 1; i < dots.length; i++) folder = dirname(folder);
    return ends.map((end) => joinPath(folder, end));
  }
  const beside = ends.map((end) => joinPath(dirname(file), end));
  const below = [...byPath.keys()].filter((path) => ends.some((end) => path.endsWith(`/${end}`)));
  // A module of this name in two places may be either.
  return beside.some((path) => byPath.has(path)) ? beside : below.length === 1 ? below : [];
}
