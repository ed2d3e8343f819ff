/** `npm run test:rule NAME…`: the pages of single rules, through the engine and through rustc. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setup } from './setup.mjs';
import { root } from './stamp.mjs';

const names = process.argv.slice(2);
if (names.length === 0) {
  console.error('usage: npm run test:rule NAME…');
  process.exitCode = 2;
} else {
  await setup({ native: false, bundles: false });
  // A test's full name starts with its rule's id, or with its page: types/NAME.md.
  const pattern = `^(\\w+/)?(${names.join('|')})(\\.md)? `;
  const args = ['run', '--passWithNoTests=false', 'test/rules/rules.test.ts', 'test/rules/compile.test.ts', '-t', pattern];
  const { status } = spawnSync(process.execPath, [path.join(root, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: root,
    stdio: 'inherit',
  });
  process.exitCode = status ?? 1;
}
