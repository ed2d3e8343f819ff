/** Writes new texts over files, if these are still what the run has read. */
import type { FileSystem } from '../../base/io.ts';
import type { Problem } from '../../base/problem.ts';
import { atomicWrite } from '../../host/write.ts';

/** `before` gives the text that an edit was made for. What could not be written is told; the rest is written. */
export function writeTexts(
  disk: FileSystem,
  texts: ReadonlyMap<string, string>,
  before: ReadonlyMap<string, string>,
): { readonly written: number; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  let written = 0;
  for (const [file, text] of texts) {
    if (disk.read(file) !== before.get(file)) {
      problems.push({ file, message: 'was changed while it was checked, so that it was not fixed; run again' });
      continue;
    }
    const failed = atomicWrite(file, text);
    if (failed) problems.push({ file, message: failed.failure });
    else written++;
  }
  return { written, problems };
}
