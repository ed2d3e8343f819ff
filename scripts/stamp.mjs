/** Remembers what a set-up step was last run on, so that it is skipped while its inputs and outputs stand. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** In node_modules: gone with it, never committed, never packed. */
export const cacheFolder = path.join(root, 'node_modules', '.cache', 'ffi-lint');

/** A hash over names, sizes and times of files; folders are walked. A path that does not exist counts as such. */
export function fingerprint(paths) {
  const hash = createHash('sha256');
  const visit = (file) => {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat?.isDirectory()) for (const name of readdirSync(file).sort()) visit(path.join(file, name));
    else hash.update(`${file}\0${stat ? `${stat.size}\0${stat.mtimeMs}` : 'none'}\n`);
  };
  for (const file of paths) visit(path.resolve(root, file));
  return hash.digest('hex');
}

/** Whether a step ran on these inputs and its outputs are all there. */
export function isFresh(step, print, outputs = []) {
  const file = path.join(cacheFolder, step);
  return existsSync(file) && readFileSync(file, 'utf8') === print && outputs.every((output) => existsSync(path.resolve(root, output)));
}

export function markFresh(step, print) {
  mkdirSync(cacheFolder, { recursive: true });
  writeFileSync(path.join(cacheFolder, step), print);
}
