/** What tests of bad surroundings start from: a cache folder that goes away, and an environment that each test may spoil. */
import { afterAll, afterEach } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The folder. To be called once, at the top of a test file. */
export function ownSurroundings(): string {
  const cache = mkdtempSync(join(tmpdir(), 'ffi-lint-cache-'));
  afterAll(() => rmSync(cache, { recursive: true, force: true }));
  const environment = { ...process.env };
  afterEach(() => {
    process.env = { ...environment };
  });
  return cache;
}
