/** Texts kept between runs, in the user's cache folder: each under a name that says what it depends on. */
import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { dirname } from '../base/paths.ts';
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
