/** Which paths ignore files hide: .gitignore, .ignore and .ffi-lintignore of each folder, and git's own exclude file. */
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import { dirname, joinPath, relativeInside } from '../base/paths.ts';
import type { WalkFs } from './walk-fs.ts';

/** In the order in which they are heard: what a later one says wins. */
export const IGNORE_FILES = ['.gitignore', '.ignore', '.ffi-lintignore'] as const;

/** The rules that hold in a folder: its own and those of the folders above, innermost first. */
export interface IgnoreRules {
  ignores(path: string, isFolder: boolean): boolean;
}

interface Layer extends IgnoreRules {
  readonly folder: string;
  readonly rules: Ignore;
  readonly outer: Layer | null;
}

export type { Layer as IgnoreLayer };

/**
 * The rules that hold at a folder before its own are heard: those of the folders above it in its git repository, and the
 * repository's `info/exclude`. null outside of a repository.
 */
export function rulesAbove(fs: WalkFs, folder: string): Layer | null {
  const above: string[] = [];
  for (let at = folder, next = dirname(folder); ; at = next, next = dirname(next)) {
    if (fs.kind(joinPath(at, '.git')) !== null) {
      const exclude = layer(null, at, [fs.ignoreFile(joinPath(at, '.git/info/exclude'))]);
      return above.reduceRight<Layer | null>((outer, one) => rulesOf(fs, one, outer), exclude);
    }
    if (next === at || next === '.') return null;
    above.push(next);
  }
}

/** A folder's rules; those of `outer` where it has none of its own. `names` spares asking for files that are not there. */
export function rulesOf(fs: WalkFs, folder: string, outer: Layer | null, names?: ReadonlySet<string>): Layer | null {
  const files = IGNORE_FILES.filter((name) => names === undefined || names.has(name));
  return layer(
    outer,
    folder,
    files.map((name) => fs.ignoreFile(joinPath(folder, name))),
  );
}

function layer(outer: Layer | null, folder: string, texts: readonly (string | null)[]): Layer | null {
  const written = texts.filter((text) => text !== null);
  if (written.length === 0) return outer;
  const rules = ignore().add(written.map((text) => text.replace(/^\uFEFF/, '')).join('\n'));
  const self: Layer = { folder, rules, outer, ignores: (path, isFolder) => verdict(self, path, isFolder) };
  return self;
}

/** The innermost layer that says anything decides. A parent's verdict was heard when the walk entered it. */
function verdict(from: Layer, path: string, isFolder: boolean): boolean {
  for (let at: Layer | null = from; at !== null; at = at.outer) {
    const inside = relativeInside(at.folder, path);
    if (inside === null || inside === '') continue;
    const { ignored, unignored } = at.rules.test(isFolder ? `${inside}/` : inside);
    if (ignored || unignored) return ignored;
  }
  return false;
}
