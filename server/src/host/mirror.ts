/** Copies of folders that cost nothing: links to what is as it was, real files only for what is different. */
import {
  copyFileSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, joinPath, relativeInside } from '../base/paths.ts';
import { makeFolder } from './cache.ts';
import { failureOf } from './failures.ts';

/** The texts of files by their paths; null for a file that may come to be there and is left alone. */
export type Replaced = ReadonlyMap<string, string | null>;

/**
 * Makes `to` look like `from` (both absolute) but for what is in `replaced`, by its paths below `from`. What is at `to` already is kept
 * where it is right, so that its times stay. null, or why it could not be made.
 */
export function mirror(from: string, to: string, replaced: Replaced): { readonly failure: string } | null {
  const folders = new Set([from]);
  for (const file of replaced.keys())
    for (let at = dirname(file); relativeInside(from, at) !== null && at !== from; at = dirname(at)) folders.add(at);
  const made = makeFolder(to);
  if (made) return made;
  try {
    // Parents come before what is in them.
    for (const folder of [...folders].sort()) if (isFolder(folder)) mirrorFolder(folder, place(folder, from, to), folders, replaced);
    for (const [file, text] of replaced) if (text !== null && relativeInside(from, file) !== null) replace(place(file, from, to), text);
    return null;
  } catch (error) {
    return { failure: failureOf(error).replace('opened', 'made') };
  }
}

function place(path: string, from: string, to: string): string {
  return joinPath(to, relativeInside(from, path) ?? '');
}

function mirrorFolder(folder: string, to: string, folders: ReadonlySet<string>, replaced: Replaced): void {
  if (existsSync(to) && lstatSync(to).isSymbolicLink()) rmSync(to);
  mkdirSync(to, { recursive: true });
  const names = new Set(readdirSync(folder));
  for (const name of names) {
    const path = joinPath(folder, name);
    if (!folders.has(path) && !replaced.has(path)) link(path, joinPath(to, name));
  }
  for (const name of readdirSync(to))
    if (!names.has(name) && !replaced.has(joinPath(folder, name))) rmSync(joinPath(to, name), { recursive: true });
}

function link(target: string, at: string): void {
  const known = lstatSync(at, { throwIfNoEntry: false });
  if (known?.isSymbolicLink() && readlinkSync(at) === target) return;
  if (known) rmSync(at, { recursive: true });
  // Windows lets everybody link folders, but only some link files.
  if (process.platform !== 'win32') symlinkSync(target, at);
  else if (isFolder(target)) symlinkSync(target, at, 'junction');
  else copyFileSync(target, at);
}

/** Another name for a file (both absolute paths), in place of what has it; null, or why there is none. */
export function linkFile(target: string, at: string): { readonly failure: string } | null {
  try {
    link(target, at);
    return null;
  } catch (error) {
    return { failure: failureOf(error).replace('opened', 'made') };
  }
}

/** What stands there now, a link for instance, must not be written through. */
function replace(file: string, text: string): void {
  const known = lstatSync(file, { throwIfNoEntry: false });
  if (known) rmSync(file, { recursive: true });
  writeFileSync(file, text);
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
