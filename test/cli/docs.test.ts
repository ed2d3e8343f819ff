/** docs/cli.md is what the tables say; `npx vitest run test/cli/docs.test.ts -u` rewrites it. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cliDocs } from '../../server/src/cli/docs.ts';

it('is up to date', async () => {
  await expect(cliDocs()).toMatchFileSnapshot('../../docs/cli.md');
});

it('the problem matcher reads the concise format', () => {
  const { problemMatcher } = JSON.parse(readFileSync(new URL('../../ci/problem-matcher.json', import.meta.url), 'utf8'));
  const [{ regexp }] = problemMatcher[0].pattern;
  const match = new RegExp(regexp).exec('src/a b.rs:3:12: error[repr-c-missing]: struct `A[u8]` is bad: really');
  expect(match?.slice(1)).toEqual(['src/a b.rs', '3', '12', 'error', 'repr-c-missing', 'struct `A[u8]` is bad: really']);
});
