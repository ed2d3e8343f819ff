/** Which folders a workspace's `members` and `exclude` lists mean. */
import type { FileSystem } from '../../base/io.ts';
import { joinPath, relativeInside } from '../../base/paths.ts';

/**
 * The folders below `root` that a member pattern names, whether or not they hold a manifest. Cargo's globs: `*` and `?` within a
 * name, `[…]`, `**` for any depth; names with a leading dot are only matched when written.
 */
export function expandMembers(fs: FileSystem, root: string, pattern: string): readonly string[] {
  let folders: readonly string[] = [root];
  for (const part of pattern.replace(/\\/g, '/').split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '**') folders = folders.flatMap((folder) => allBelow(fs, folder));
    else if (isGlob(part)) {
      const test = nameTest(part);
      folders = folders.flatMap((folder) =>
        subfolders(fs, folder)
          .filter((name) => test(name))
          .map((name) => joinPath(folder, name)),
      );
    } else folders = folders.map((folder) => joinPath(folder, part));
  }
  return folders;
}

/**
 * Whether a workspace leaves a package folder out. Cargo compares `exclude` entries as path prefixes, and a member entry that is
 * such a prefix wins; globs in `exclude` are an error to Cargo that can only mean one thing.
 */
export function isExcluded(root: string, members: readonly string[] | null, exclude: readonly string[], folder: string): boolean {
  const covers = (entry: string): boolean => relativeInside(joinPath(root, entry), folder) !== null;
  const excluded = exclude.some((entry) => covers(entry) || (isGlob(entry) && matchesPrefix(root, entry, folder)));
  return excluded && !(members ?? []).some((entry) => !isGlob(entry) && covers(entry));
}

function matchesPrefix(root: string, pattern: string, folder: string): boolean {
  const inside = relativeInside(root, folder);
  return inside !== null && matchParts(pattern.split('/'), inside.split('/'));
}

function matchParts(pattern: readonly string[], path: readonly string[]): boolean {
  const [part, ...rest] = pattern;
  if (part === undefined) return true;
  if (part === '' || part === '.') return matchParts(rest, path);
  if (part === '**') return matchParts(rest, path) || (path.length > 0 && matchParts(pattern, path.slice(1)));
  const [name, ...below] = path;
  return name !== undefined && nameTest(part)(name) && matchParts(rest, below);
}

function isGlob(text: string): boolean {
  return /[*?[]/.test(text);
}

function nameTest(pattern: string): (name: string) => boolean {
  let source = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern.charAt(i);
    const close = c === '[' ? pattern.indexOf(']', i + 2) : -1;
    if (c === '*') source += '[^/]*';
    else if (c === '?') source += '[^/]';
    else if (close > 0) {
      const inner = pattern.slice(i + 1, close).replace(/[\\\]^]/g, '\\$&');
      source += inner.startsWith('!') ? `[^${inner.slice(1)}]` : `[${inner}]`;
      i = close;
    } else source += c.replace(/[\\^$.|+(){}[\]]/g, '\\$&');
  }
  const test = safeRegExp(`^${source}$`);
  return (name) => test.test(name) && (pattern.startsWith('.') || !name.startsWith('.'));
}

/** A reversed class (`[z-a]`) is no pattern: it matches nothing. */
function safeRegExp(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return /(?!)/;
  }
}

function subfolders(fs: FileSystem, folder: string): readonly string[] {
  return fs.list(folder).filter((name) => fs.isDirectory(joinPath(folder, name)));
}

/** The folder and those below it. Build output is passed over, it can be large; the depth is bounded for loops of links. */
function allBelow(fs: FileSystem, folder: string, depth = 0): readonly string[] {
  if (depth > 24) return [folder];
  const names = subfolders(fs, folder).filter((name) => !name.startsWith('.') && name !== 'target' && name !== 'node_modules');
  return [folder, ...names.flatMap((name) => allBelow(fs, joinPath(folder, name), depth + 1))];
}
