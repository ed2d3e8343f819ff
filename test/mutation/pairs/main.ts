/** The long run over real pairs; how it is called stands in scripts/mutate.mjs. */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { targetOf } from '../../../server/src/abi/targets.ts';
import { discover } from '../../../server/src/host/discover.ts';
import { nodeFileSystem } from '../../../server/src/host/file-system.ts';
import { readGrammars } from '../../../server/src/host/grammars.ts';
import { nodeWalkFs } from '../../../server/src/host/walk-fs.ts';
import { loadParsers } from '../../../server/src/syntax/parsers.ts';
import { createRandom, seedOf } from '../../abi/fuzz/random.ts';
import { runPairs } from './run.ts';
import type { PairOutcome } from './run.ts';

const TRIPLE = 'x86_64-unknown-linux-gnu';

/** Bundled as CommonJS, which cannot wait at its top level. */
export async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'boolean' },
      limit: { type: 'string', default: '6' },
      seed: { type: 'string' },
      missed: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.limit);
  const seed = values.seed === undefined ? seedOf() : Number(values.seed);
  const random = createRandom(seed);
  const target = targetOf(TRIPLE);
  if (!target) throw new Error(`there is no target ${TRIPLE}`);
  console.log(`seed ${seed}, ${rounds} rounds, ${positionals.length} crates`);
  const parsers = await loadParsers(readGrammars(process.cwd()));
  const real: PairOutcome[] = [];
  const made: PairOutcome[] = [];
  let clean = 0;
  let noise = 0;
  for (const directory of positionals) {
    const files = discover(nodeWalkFs(), [directory], { noIgnore: true });
    if ('failure' in files) continue;
    const started = Date.now();
    const run = await runPairs(directory, nodeFileSystem(), files, parsers, target, rounds, random);
    (run.generated ? made : real).push(...run.outcomes);
    clean += run.clean;
    noise += run.noise.length;
    const name = path.basename(directory);
    const found = run.outcomes.filter((one) => one.found).length;
    console.log(
      `${name}: ${run.clean} pairs${run.generated ? ' with a generated header' : ''}, ${found} of ${run.outcomes.length} mistakes found, ${run.noise.length} findings on untouched pairs, ${((Date.now() - started) / 1000).toFixed(1)} s`,
    );
    for (const message of new Set(run.noise)) console.log(`  untouched: ${message}`);
    for (const one of values.missed ? run.outcomes : []) if (!one.found) console.log(`  missed: ${one.kind}: ${one.name}`);
  }
  const kinds = [...new Set([...real, ...made].map(({ kind }) => kind))].sort();
  const share = (list: readonly PairOutcome[]): string => {
    const found = list.filter((one) => one.found).length;
    return list.length === 0 ? '–' : `${found} of ${list.length} (${((100 * found) / list.length).toFixed(1)} %)`;
  };
  console.log('| mistake | headers of the crates | generated headers |\n|---|---:|---:|');
  for (const kind of kinds)
    console.log(`| ${kind} | ${share(real.filter((one) => one.kind === kind))} | ${share(made.filter((one) => one.kind === kind))} |`);
  console.log(`| all | ${share(real)} | ${share(made)} |`);
  console.log(`${clean} pairs, ${noise} findings on untouched ones`);
}
