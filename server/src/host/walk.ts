/** Walks folders for the files that are looked at. */
import { isCFile } from '../base/c-files.ts';
import { basename, relativeInside } from '../base/paths.ts';
import type { ReadFailure } from '../base/io.ts';
import type { Problem } from '../base/problem.ts';
import { IGNORE_FILES, rulesAbove, rulesOf } from './ignore-rules.ts';
import type { IgnoreLayer } from './ignore-rules.ts';
import type { WalkEntry, WalkFs } from './walk-fs.ts';

export interface WalkOptions {
  readonly noIgnore?: boolean;
  /** Folders for which it says yes are not entered. */
  excludes?(path: string): boolean;
}

/** Collects files over several starts; no file and no folder is taken twice, by whatever links it is reached. */
export interface Walk {
  enter(folder: string): void;
  add(file: string): void;
  /** The path under which a file was taken: its own, or that by which it was reached first. */
  known(file: string): string;
  files(): readonly string[];
  readonly problems: readonly Problem[];
}

/** Names of folders that hold no sources of the project. */
const SKIPPED = new Set(['node_modules', '__pycache__', 'site-packages']);
/** Files that say of their folder that all in it was made or installed: Cargo's and others' caches, Python's environments. */
const MARKERS = ['CACHEDIR.TAG', 'pyvenv.cfg'];
/** What cargo leaves in a folder that it builds in. */
const BUILT = '.rustc_info.json';

interface Link {
  readonly path: string;
  readonly rules: IgnoreLayer | null;
}

export function createWalk(fs: WalkFs, options: WalkOptions): Walk {
  /** Taken files by their path without links. */
  const files = new Map<string, string>();
  const visited = new Set<string>();
  const starts: string[] = [];
  const problems: Problem[] = [];
  let links: Link[] = [];

  const take = (path: string, real: string): void => {
    if (!files.has(real)) files.set(real, path);
  };

  const visit = (folder: string, real: string, outer: IgnoreLayer | null, given: boolean, besideManifest: boolean): void => {
    if (visited.has(real)) return;
    const entries = fs.entries(folder);
    visited.add(real);
    if (isUnreadable(entries)) {
      problems.push({ file: folder, message: entries.failure });
      return;
    }
    const names = new Set(entries.map((entry) => entry.name));
    if (!given && isOutput(folder, names, besideManifest)) return;
    const rules = options.noIgnore ? null : rulesOf(fs, folder, outer, names);
    for (const entry of entries) {
      const path = below(folder, entry.name);
      if (isHidden(entry, path, rules)) continue;
      if (entry.kind === 'link') links.push({ path, rules });
      else if (entry.kind === 'folder') visit(path, below(real, entry.name), rules, false, names.has('Cargo.toml'));
      else if (entry.kind === 'file') take(path, below(real, entry.name));
    }
  };

  const isHidden = (entry: WalkEntry, path: string, rules: IgnoreLayer | null): boolean => {
    if (isPassedBy(entry)) return true;
    if (rules?.ignores(path, entry.kind === 'folder')) return true;
    return isFolder(entry) && options.excludes?.(path) === true;
  };

  /** Links come last, so that what can be reached without one goes by its own path. */
  const follow = (): void => {
    while (links.length > 0) {
      const batch = links;
      links = [];
      for (const { path, rules } of batch) {
        const real = fs.real(path);
        const kind = real === null ? null : fs.kind(real);
        if (real === null || kind === null || kind === 'other') continue;
        if (kind === 'file') {
          if (isLookedAt(path)) take(path, real);
        } else if (!starts.some((start) => relativeInside(real, start) !== null)) {
          visit(path, real, rules, false, false);
        }
      }
    }
  };

  return {
    enter(folder) {
      const real = fs.real(folder) ?? folder;
      starts.push(real);
      const above = options.noIgnore ? null : rulesAbove(fs, folder);
      // Whoever names an ignored folder means it: the rules that hide it as a whole do not hold inside.
      visit(folder, real, above?.ignores(folder, true) ? null : above, true, false);
      follow();
    },
    add: (file) => take(file, fs.real(file) ?? file),
    known: (file) => files.get(fs.real(file) ?? file) ?? file,
    files: () => [...files.values()],
    problems,
  };
}

/** Both are normal already: joining them anew would be a third of the walk. */
function below(folder: string, name: string): string {
  return folder.endsWith('/') ? folder + name : `${folder}/${name}`;
}

function isUnreadable(entries: readonly WalkEntry[] | ReadFailure): entries is ReadFailure {
  return 'failure' in entries;
}

/** A link counts as one unless its name is that of a file that is looked at. */
function isFolder({ name, kind }: WalkEntry): boolean {
  return kind === 'folder' || (kind === 'link' && !isLookedAt(name));
}

/** Whether the name alone says that it is neither entered nor taken. */
function isPassedBy(entry: WalkEntry): boolean {
  const { name, kind } = entry;
  return isFolder(entry) ? name.startsWith('.') || SKIPPED.has(name) : kind === 'other' || !isLookedAt(name);
}

/** Names that say something of their folder, whatever is behind them. */
const TELLING: ReadonlySet<string> = new Set(['Cargo.toml', BUILT, ...MARKERS, ...IGNORE_FILES]);

/** Whether a walk does the same with an entry in its folder and without. */
export function isOfNoConcern(entry: WalkEntry): boolean {
  return isPassedBy(entry) && !TELLING.has(entry.name);
}

function isOutput(folder: string, names: ReadonlySet<string>, besideManifest: boolean): boolean {
  if (MARKERS.some((marker) => names.has(marker))) return true;
  return basename(folder) === 'target' && (besideManifest || names.has(BUILT));
}

/** Whether a file's name says that it is looked at: Rust, Cargo manifests, C headers and sources, Python, JavaScript, TypeScript, C#. */
export function isLookedAt(path: string): boolean {
  return basename(path) === 'Cargo.toml' || isCFile(path) || /\.(rs|pyi?|[cm]?[jt]s|cs)$/.test(path);
}
