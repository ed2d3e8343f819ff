/** Whatever is edited, a session says the same as a new one over the same files. */
import path from 'node:path';
import { expect, test } from 'vitest';
import { createRandom, seedOf } from '../abi/fuzz/random.ts';
import { testParsers } from '../support/parsers.ts';
import { workspaceOfPages } from './edits/pages.ts';
import { compareSessions } from './edits/run.ts';

const root = path.resolve(import.meta.dirname, '../..');

test('random edits of a workspace of all kinds of code', { timeout: 300_000 }, async () => {
  const seed = seedOf();
  const random = createRandom(seed);
  const parsers = await testParsers();
  for (let round = 0; round < 2; round++) {
    const texts = workspaceOfPages(root, 12, random);
    const difference = await compareSessions({ parsers, texts, random, steps: 20 });
    expect(difference, `FFI_LINT_SEED=${seed} repeats it, round ${round}`).toBeNull();
  }
});
