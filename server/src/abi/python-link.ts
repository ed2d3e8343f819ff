/** Decides to which package of the workspace a library belongs that Python, JavaScript or C# loads. */
import type { Package } from '../model/cargo/package.ts';
import type { BoundaryFn } from '../model/surface/surface.ts';
import type { Certainty } from './peers/peers.ts';

export interface LinkInput {
  /** The file that loads it, and what it is called there. */
  readonly library: { readonly module: { readonly file: string }; readonly value: { readonly names: readonly string[] } };
  /** That are used of it. */
  readonly symbols: readonly string[];
  readonly exports: ReadonlyMap<string, readonly BoundaryFn[]>;
  readonly packages: readonly Package[];
  configured(path: string, rust: string): boolean;
}

export interface Owner {
  readonly package: Package;
  readonly certainty: Certainty;
}

/** Symbols that are shorter say nothing: every library has an `add`. */
const SHORTEST = 4;

/**
 * By configuration; by the file name, which is the library's or the package's; or by the symbols: two of one package, or half of all that
 * are used. null where that is not sure.
 */
export function packageOfLibrary({ library, symbols, exports, packages, configured }: LinkInput): Owner | null {
  const hits = new Map<Package, BoundaryFn[]>();
  for (const symbol of symbols) {
    const all = (exports.get(symbol) ?? []).flatMap((fn) => (fn.item.module.crate.package ? [fn] : []));
    for (const owner of new Set(all.map((fn) => fn.item.module.crate.package))) {
      const fn = all.find((one) => one.item.module.crate.package === owner);
      if (owner && fn) hits.set(owner, [...(hits.get(owner) ?? []), fn]);
    }
  }
  const linked = [...hits].filter(([, fns]) => fns.some((fn) => configured(library.module.file, fn.item.file.path)));
  if (linked.length === 1 && linked[0]) return { package: linked[0][0], certainty: 'configured' };
  const named = packages.filter((one) => isNamed(one, library.value.names));
  const byName = named.filter((one) => hits.has(one));
  if (byName.length === 1 && byName[0]) return { package: byName[0], certainty: 'crate' };
  if (byName.length > 1) return null;
  return bySymbols(hits, symbols);
}

function bySymbols(hits: ReadonlyMap<Package, readonly BoundaryFn[]>, symbols: readonly string[]): Owner | null {
  const telling = [...hits]
    .map(([owner, fns]) => ({ owner, count: fns.filter(({ symbol }) => (symbol?.length ?? 0) >= SHORTEST).length }))
    .filter(({ count }) => count >= 2 || (count > 0 && count * 2 >= symbols.length))
    .sort((a, b) => b.count - a.count);
  const [first, second] = telling;
  // Two packages that export the same are alternatives.
  if (!first || first.count === second?.count) return null;
  return { package: first.owner, certainty: 'unique' };
}

/** `foo-bar` makes `libfoo_bar.so`. */
function isNamed({ name, targets }: Package, names: readonly string[]): boolean {
  const own = new Set([name, ...targets.filter(({ kind }) => kind === 'lib').map((one) => one.name)].map(plain));
  return names.some((one) => own.has(plain(one)));
}

function plain(name: string): string {
  return name.replaceAll('-', '_').toLowerCase();
}
