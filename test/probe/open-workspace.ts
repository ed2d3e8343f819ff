/** A folder of this machine as the engine sees it. */
import { silentLog } from '../../server/src/base/log.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { createSession } from '../../server/src/engine/session.ts';
import type { Snapshot } from '../../server/src/engine/session.types.ts';
import { discover } from '../../server/src/host/discover.ts';
import { nodeFileSystem } from '../../server/src/host/file-system.ts';
import { nodeWalkFs } from '../../server/src/host/walk-fs.ts';
import { createSurroundings } from '../../server/src/model/extract/cargo/roots.ts';
import { testParsers } from '../support/parsers.ts';

export async function openWorkspace(folder: string): Promise<Snapshot> {
  const fs = nodeFileSystem();
  const parsers = await testParsers();
  const files = discover(nodeWalkFs(), [folder], { noIgnore: false, excludes: () => false, surroundings: createSurroundings(fs) });
  if ('failure' in files) throw new Error(files.failure);
  const config = defaultConfig({});
  const session = createSession({ fs, log: silentLog, parsers, rules: [], configFor: () => config, target: null });
  session.open(files);
  return session.snapshot();
}
