/** `ffi-lint init`: a commented configuration to start from, and how to run in CI. */
import { joinPath } from '../../base/paths.ts';
import { commentedConfig } from '../../config/describe.ts';
import { nodeFileSystem } from '../../host/file-system.ts';
import { atomicWrite } from '../../host/write.ts';
import type { Arguments } from '../arguments.ts';
import { UserError } from '../errors.ts';
import type { Context } from '../io.ts';

const FILE = 'ffi-lint.toml';

const CI = `# .github/workflows/ffi-lint.yml
name: ffi-lint
on: [push, pull_request]
permissions:
  contents: read
jobs:
  ffi-lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: ffi-lint/ffi-lint/ci@main
`;

export async function init(args: Arguments, { io }: Context): Promise<number> {
  const path = joinPath(io.cwd, FILE);
  if (nodeFileSystem().isFile(path) && !args.has('force')) throw new UserError(`${FILE} is there already`, '--force overwrites it');
  const failed = atomicWrite(path, commentedConfig());
  if (failed) throw new UserError(`${FILE} ${failed.failure}`);
  io.stderr(`wrote ${FILE}; to check every push on GitHub, add this file:\n`);
  io.stdout(CI);
  return 0;
}
