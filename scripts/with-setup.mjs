/** `node scripts/with-setup.mjs SCRIPT ARGS…`: sets up, then runs a script of this folder that needs packages and bundles. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setup } from './setup.mjs';
import { root } from './stamp.mjs';

const [script = '', ...args] = process.argv.slice(2);
try {
  await setup();
  const { status } = spawnSync(process.execPath, [path.join(root, 'scripts', script), ...args], { cwd: root, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
