/** Texts kept between runs, in the user's cache folder: each under a name that says what it depends on. */
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, joinPath } from '../base/paths.ts';
import { codeOf, failureOf } from './failures.ts';
import { atomicWrite } from './write.ts';

/** The kept text, or null where there is none or it cannot be read: it is made anew then. */
export function readKept(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** Keeps a text under an absolute path, whose folders are made; null, or why it was not kept. */
export function keep(path: string, text: string): { readonly failure: string } | null {
  const made = makeFolder(dirname(path));
  return made ?? atomicWrite(path, text);
}

/** null, or why the folder is not there. */
export function makeFolder(path: string): { readonly failure: string } | null {
  try {
    makeWithParents(path);
    return null;
  } catch (error) {
    return { failure: failureOf(error).replace('opened', 'made') };
  }
}

/** One after the other: Node's own `recursive` never ends where a parent cannot be made and seems to be missing, as below /proc. */
function makeWithParents(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeWithParents(parent);
  try {
    mkdirSync(path);
  } catch (error) {
    // Another run may have made it in the meantime.
    if (codeOf(error) !== 'EEXIST' || !statSync(path).isDirectory()) throw error;
  }
}

/** Marks a kept text as used now, where that can be written; nothing depends on it but which are dropped first. */
export function touchKept(path: string): void {
  attempt(() => utimesSync(path, new Date(), new Date()));
}

/** How much is kept in a folder. */
export interface KeptSize {
  readonly files: number;
  readonly bytes: number;
}

/** What a folder (absolute path) holds, folders in it aside; nothing where there is none. */
export function keptSize(folder: string): KeptSize {
  const all = filesIn(folder);
  return { files: all.length, bytes: all.reduce((sum, { size }) => sum + size, 0) };
}

/** Drops what was not used for longest until no more is left than that; what other runs drop meanwhile is gone as well. */
export function dropOldest(folder: string, most: KeptSize): void {
  let { files, bytes } = keptSize(folder);
  for (const { path, size } of filesIn(folder).sort((a, b) => a.used - b.used)) {
    if (files <= most.files && bytes <= most.bytes) return;
    attempt(() => rmSync(path, { force: true }));
    files--;
    bytes -= size;
  }
}

function filesIn(folder: string): { readonly path: string; readonly size: number; readonly used: number }[] {
  return (attempt(() => readdirSync(folder)) ?? []).flatMap((name) => {
    const path = joinPath(folder, name);
    const stats = attempt(() => statSync(path, { throwIfNoEntry: false }));
    return stats?.isFile() ? [{ path, size: stats.size, used: stats.mtimeMs }] : [];
  });
}

/** undefined where it fails. */
function attempt<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    // Somebody else's file, or one that went away: callers can do without.
    return undefined;
  }
}
