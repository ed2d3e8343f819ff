/** Loads the grammars of the installation. */
import { joinPath } from '../base/paths.ts';
import { optimiseParsersLate, readGrammars } from '../host/grammars.ts';
import { loadParsers } from '../syntax/parsers.ts';
import type { Parsers } from '../syntax/parsers.types.ts';
import { UserError } from './errors.ts';

const loaded = new Map<string, Promise<Parsers>>();

/** The files that a run looks at, as far as their languages are concerned. */
export interface RunLanguages {
  readonly headers: readonly string[];
  readonly python: readonly string[];
  readonly javascript?: readonly string[];
}

/** Once for a process: a watch checks many times. Grammars that none of the files asks for are not loaded; without files all are. */
export async function installedParsers(root: string, files: RunLanguages | null = null): Promise<Parsers> {
  const known = loaded.get(root) ?? load(root);
  loaded.set(root, known);
  const parsers = await known;
  for (const language of ['c', 'python'] as const) {
    if (!isNeeded(language, files) || (await parsers.prepare(language))) continue;
    throw incomplete(root, `that of ${language} is missing or broken`);
  }
  return parsers;
}

/** Python and JavaScript hold declarations of C in texts. */
function isNeeded(language: 'c' | 'python', files: RunLanguages | null): boolean {
  if (files === null || files.python.length > 0) return true;
  return language === 'c' && files.headers.length + (files.javascript?.length ?? 0) > 0;
}

async function load(root: string): Promise<Parsers> {
  try {
    const { runtime, rust, late } = readGrammars(root);
    optimiseParsersLate();
    return await loadParsers({ runtime, rust, late });
  } catch (error) {
    throw incomplete(root, error instanceof Error ? error.message : String(error));
  }
}

function incomplete(root: string, why: string): UserError {
  const hint = 'this installation is not complete: install ffi-lint again, or run `npm start` once in a clone';
  return new UserError(`the grammars in ${joinPath(root, 'grammars')} cannot be loaded: ${why}`, hint);
}
