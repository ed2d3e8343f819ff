/** Measures the Rust layouts of a crate twice: `node measured.cjs ROOT FOLDER CACHE`. Says how many types, and the processor milliseconds until the first time and of the second. */
import { rustLayouts } from '../../server/src/abi/rust-layouts.ts';
import { targetOf } from '../../server/src/abi/targets.ts';
import { never } from '../../server/src/base/cancel.ts';
import { silentLog } from '../../server/src/base/log.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { createSession } from '../../server/src/engine/session.ts';
import { discover } from '../../server/src/host/discover.ts';
import { nodeFileSystem } from '../../server/src/host/file-system.ts';
import { readGrammars } from '../../server/src/host/grammars.ts';
import { hostTriple } from '../../server/src/host/platform.ts';
import { nodeWalkFs } from '../../server/src/host/walk-fs.ts';
import { createSurroundings } from '../../server/src/model/extract/cargo/roots.ts';
import { createRecordReader } from '../../server/src/probe/read-records.ts';
import { createRustMeasurer } from '../../server/src/probe/rust/measure-rust.ts';
import { loadParsers } from '../../server/src/syntax/parsers.ts';

const [root = '', folder = '', cache = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const fs = nodeFileSystem();
  const parsers = await loadParsers(readGrammars(root));
  const target = targetOf(hostTriple() ?? '');
  const files = discover(nodeWalkFs(), [folder], { noIgnore: true, excludes: () => false, surroundings: createSurroundings(fs) });
  if (!target || 'failure' in files) throw new Error('the crate cannot be opened');
  const config = defaultConfig({});
  const session = createSession({ fs, log: silentLog, parsers, rules: [], configFor: () => config, target: target.triple });
  session.open(files);
  const { workspace, surface } = session.snapshot();
  const computed = rustLayouts(workspace, surface, target);
  const reader = createRecordReader({ root, fs });
  const measure = createRustMeasurer({ root, fs, parsers, reader, cargoArguments: [], cache });
  const request = { workspace, surface, target, computed, headers: [], python: [], cancellation: never };
  const started = process.cpuUsage();
  const first = await measure(request);
  if (first.problems.length > 0) throw new Error(first.problems.map(({ message }) => message).join('\n'));
  const before = process.cpuUsage();
  await measure(request);
  const { user, system } = process.cpuUsage(before);
  reader.close();
  console.log(
    JSON.stringify({ types: first.entries.types.length, opened: (started.user + started.system) / 1000, again: (user + system) / 1000 }),
  );
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
