/** `npm start`: sets up, then checks the example project; `npm start -- PATH…` checks any path with the linter's own exit code. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { setup } from './setup.mjs';
import { root } from './stamp.mjs';

/** Runs the linter and gives its exit code. */
function lint(args, cwd) {
  const { status, error } = spawnSync(process.execPath, [path.join(root, 'bin/ffi-lint.cjs'), ...args], { cwd, stdio: 'inherit' });
  if (error) console.error(error.message);
  return status ?? 2;
}

try {
  await setup();
  const args = process.argv.slice(2);
  if (args.length > 0) {
    // npm runs scripts in the project's folder; paths mean the folder in which npm was called.
    process.exitCode = lint(['check', ...args], process.env.INIT_CWD ?? process.cwd());
  } else {
    const code = lint(['check', 'examples'], root);
    console.error('these are the mistakes of examples/, which is there to show them; `npm start -- PATH` checks your code');
    // Findings are what the demonstration is for; only a run that could not be done fails.
    process.exitCode = code === 1 ? 0 : code;
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
