/** Loads the grammars of the installation. */
import { joinPath } from '../base/paths.ts';
import { readGrammars } from '../host/grammars.ts';
import { loadParsers } from '../syntax/parsers.ts';
import type { Parsers } from '../syntax/parsers.types.ts';
import { UserError } from './errors.ts';

let loaded: { readonly root: string; readonly parsers: Promise<Parsers> } | null = null;

/** Once for a process: a watch checks many times. */
export function installedParsers(root: string): Promise<Parsers> {
  if (loaded?.root !== root) loaded = { root, parsers: load(root) };
  return loaded.parsers;
}

async function load(root: string): Promise<Parsers> {
  try {
    return await loadParsers(readGrammars(root));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const hint = 'this installation is not complete: install ffi-lint again, or run `npm start` once in a clone';
    throw new UserError(`the grammars in ${joinPath(root, 'grammars')} cannot be loaded: ${why}`, hint);
  }
}
