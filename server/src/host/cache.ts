/** Texts kept between runs, in the user's cache folder: each under a name that says what it depends on. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from '../base/paths.ts';
import { failureOf } from './failures.ts';
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
    mkdirSync(path, { recursive: true });
    return null;
  } catch (error) {
    return { failure: failureOf(error).replace('opened', 'made') };
  }
}
