/** Finds the files that a run looks at, and which of them it was asked about. */
import { isCFile } from '../base/c-files.ts';
import { basename, dirname, normalizePath, relativeInside } from '../base/paths.ts';
import type { ReadFailure } from '../base/io.ts';
import type { Problem } from '../base/problem.ts';
import { createWalk } from './walk.ts';
import type { WalkFs } from './walk-fs.ts';

export interface DiscoverOptions {
  /** Do not heed ignore files. */
  readonly noIgnore?: boolean;
  /** Folders that are not entered and files that are not asked about (they stay in the model), unless given themselves. */
  excludes?(path: string): boolean;
  /** Folders that must be looked at to know what surrounds a path: those of its Cargo workspace. */
  surroundings?(path: string): readonly string[];
  /** Files that exist in the editor or on standard input only. */
  readonly virtual?: readonly string[];
}

/** Absolute paths, sorted. */
export interface DiscoveredFiles {
  readonly rust: readonly string[];
  /** Cargo.toml files. */
  readonly manifests: readonly string[];
  /** C headers and sources. */
  readonly headers: readonly string[];
  readonly python: readonly string[];
  /** TypeScript too. */
  readonly javascript: readonly string[];
  readonly csharp: readonly string[];
  /** The files that were asked about; null where all were. */
  readonly report: ReadonlySet<string> | null;
  readonly problems: readonly Problem[];
}

/** Walks the given files and folders (absolute paths) and what surrounds them; a path that does not exist is a failure that names it. */
export function discover(fs: WalkFs, paths: readonly string[], options: DiscoverOptions = {}): DiscoveredFiles | ReadFailure {
  const walk = createWalk(fs, options);
  const virtual = new Set((options.virtual ?? []).map(normalizePath));
  const given: { readonly path: string; readonly kind: 'file' | 'folder' }[] = [];
  for (const path of paths.map(normalizePath)) {
    const kind = virtual.has(path) ? 'file' : fs.kind(path);
    if (kind === null) return { failure: `${path} does not exist` };
    if (kind === 'other') return { failure: `${path} is neither a file nor a folder` };
    given.push({ path, kind });
  }
  const folders = given.filter((one) => one.kind === 'folder').map((one) => one.path);
  for (const folder of outermost(folders)) walk.enter(folder);
  const asked = new Set(walk.files().filter((file) => !options.excludes?.(file)));
  for (const { path, kind } of given) {
    if (kind !== 'file') continue;
    walk.add(path);
    asked.add(walk.known(path));
  }
  const around = new Set<string>();
  for (const start of new Set(given.map(({ path, kind }) => (kind === 'file' ? dirname(path) : path)))) {
    for (const folder of options.surroundings?.(start) ?? []) around.add(folder);
  }
  for (const folder of outermost([...around])) walk.enter(folder);
  const all = [...new Set(walk.files())].sort();
  return {
    rust: all.filter((file) => file.endsWith('.rs')),
    manifests: all.filter((file) => basename(file) === 'Cargo.toml'),
    headers: all.filter(isCFile),
    python: all.filter((file) => /\.pyi?$/.test(file)),
    javascript: all.filter((file) => /\.[cm]?[jt]s$/.test(file)),
    csharp: all.filter((file) => file.endsWith('.cs')),
    report: all.every((file) => asked.has(file)) ? null : asked,
    problems: walk.problems,
  };
}

/** Folders that lie in none of the others, in order. */
function outermost(folders: readonly string[]): readonly string[] {
  return [...new Set(folders)].sort().filter((one, _, all) => !all.some((other) => other !== one && relativeInside(other, one) !== null));
}
