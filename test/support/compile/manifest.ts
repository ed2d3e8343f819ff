/** What rustc must be told of a test case's Cargo.toml: roots, edition, features, dependencies. */
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';

export type Table = Readonly<Record<string, unknown>>;

export interface Root {
  /** Relative to the manifest. */
  readonly path: string;
  readonly crateType: 'lib' | 'bin' | 'proc-macro';
  /** Compiled as a test harness. */
  readonly test: boolean;
}

export interface Plan {
  readonly crate: string;
  readonly edition: string;
  /** The library first. */
  readonly roots: readonly Root[];
  readonly features: readonly string[];
  readonly dependencies: Table;
  /** Several packages, or one that needs another of the case: cargo's work. */
  readonly needsCargo: boolean;
}

function table(value: unknown): Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Table) : {};
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

const DEPENDENCIES = ['dependencies', 'dev-dependencies', 'build-dependencies'];

/** `files` are paths of the case; the manifest is `Cargo.toml`. */
export function planOf(files: ReadonlyMap<string, string>): Plan {
  const manifest = table(getStaticTOMLValue(parseTOML(files.get('Cargo.toml') ?? '')));
  const pack = table(manifest['package']);
  const lib = table(manifest['lib']);
  const libPath = text(lib['path']) ?? 'src/lib.rs';
  const roots: Root[] = [];
  if (files.has(libPath)) roots.push({ path: libPath, crateType: lib['proc-macro'] === true ? 'proc-macro' : 'lib', test: false });
  const bins = Array.isArray(manifest['bin']) ? manifest['bin'].map((bin) => text(table(bin)['path'])) : [];
  for (const path of files.keys()) {
    const tested = /^(tests|benches)\/[^/]+\.rs$/.test(path);
    const bin = bins.includes(path) || /^(src\/main|build|examples\/[^/]+|src\/bin\/[^/]+)\.rs$/.test(path);
    if (path !== libPath && (tested || bin)) roots.push({ path, crateType: 'bin', test: tested });
  }
  const dependencies = Object.assign({}, ...DEPENDENCIES.map((key) => table(manifest[key]))) as Table;
  return {
    crate: (text(lib['name']) ?? text(pack['name']) ?? 'sample').replaceAll('-', '_'),
    edition: text(pack['edition']) ?? '2015',
    roots,
    features: defaultFeatures(table(manifest['features'])),
    dependencies,
    needsCargo:
      manifest['workspace'] !== undefined ||
      manifest['target'] !== undefined ||
      Object.values(dependencies).some((it) => table(it)['path'] !== undefined),
  };
}

function defaultFeatures(features: Table): readonly string[] {
  const on = new Set<string>();
  const visit = (name: string): void => {
    if (on.has(name) || !Object.hasOwn(features, name)) return;
    on.add(name);
    const enables = features[name];
    if (Array.isArray(enables)) for (const it of enables) if (typeof it === 'string') visit(it);
  };
  visit('default');
  return [...on];
}
