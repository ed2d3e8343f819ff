/** The project's own files, as the tidy tests look at them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));

export interface Source {
  /** Relative to the project, forward slashes. */
  readonly path: string;
  readonly text: string;
}

const SKIPPED = new Set(['node_modules', 'target', 'dist', 'out', 'fixtures', '.git', '.cache', '.vscode-test']);

function walk(relative: string): readonly string[] {
  const folder = path.join(root, relative);
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = relative === '' ? entry.name : `${relative}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : walk(name);
    return entry.isFile() ? [name] : [];
  });
}

/** Files below a folder whose names match, sorted. */
export function sources(folder: string, pattern: RegExp): readonly Source[] {
  return walk(folder)
    .filter((name) => pattern.test(name))
    .sort()
    .map((name) => ({ path: name, text: readFileSync(path.join(root, name), 'utf8') }));
}

export function read(relative: string): string {
  return readFileSync(path.join(root, relative), 'utf8');
}

export function exists(relative: string): boolean {
  return existsSync(path.join(root, relative));
}

/** `path:line: what` for every line of the sources that `fault` says something about. */
export function faults(files: readonly Source[], fault: (line: string, file: Source) => string | null): readonly string[] {
  return files.flatMap((file) =>
    file.text.split('\n').flatMap((line, at) => {
      const what = fault(line, file);
      return what === null ? [] : [`${file.path}:${at + 1}: ${what}`];
    }),
  );
}
