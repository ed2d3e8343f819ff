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
import { runPythonPairs } from './python.ts';
import type { PairOutcome } from './rounds.ts';
import { runPairs } from './run.ts';

const TRIPLE = 'x86_64-unknown-linux-gnu';

/** Bundled as CommonJS, which cannot wait at its top level. */
export async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      pairs: { type: 'boolean' },
      limit: { type: 'string', default: '6' },
      seed: { type: 'string' },
      language: { type: 'string' },
      missed: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.limit);
  const seed = values.seed === undefined ? seedOf() : Number(values.seed);
  const target = targetOf(TRIPLE);
  if (!target) throw new Error(`there is no target ${TRIPLE}`);
  console.log(`seed ${seed}, ${rounds} rounds, ${positionals.length} crates`);
  const parsers = await loadParsers(readGrammars(process.cwd()));
  const runs = { c: runPairs, python: runPythonPairs };
  for (const [language, one] of Object.entries(runs)) {
    if (values.language !== undefined && values.language !== language) continue;
    const random = createRandom(seed);
    const all: Tally = { real: [], made: [], clean: 0, noise: 0 };
    for (const directory of positionals) {
      const files = discover(nodeWalkFs(), [directory], { noIgnore: true });
      if ('failure' in files) continue;
      const started = Date.now();
      const run = await one({ directory, disk: nodeFileSystem(), files, parsers, target, rounds, random });
      (run.generated ? all.made : all.real).push(...run.outcomes);
      all.clean += run.clean;
      all.noise += run.noise.length;
      const found = run.outcomes.filter((outcome) => outcome.found).length;
      console.log(
        `${path.basename(directory)}: ${run.clean} pairs${run.generated ? ' with a generated peer' : ''}, ${found} of ${run.outcomes.length} mistakes found, ${run.noise.length} findings on untouched pairs, ${((Date.now() - started) / 1000).toFixed(1)} s`,
      );
      for (const message of new Set(run.noise)) console.log(`  untouched: ${message}`);
      for (const outcome of values.missed ? run.outcomes : [])
        if (!outcome.found) console.log(`  missed: ${outcome.kind}: ${outcome.name}`);
    }
    report(language, all);
  }
}

interface Tally {
  readonly real: PairOutcome[];
  readonly made: PairOutcome[];
  clean: number;
  noise: number;
}

function report(language: string, { real, made, clean, noise }: Tally): void {
  const kinds = [...new Set([...real, ...made].map(({ kind }) => kind))].sort();
  const share = (list: readonly PairOutcome[]): string => {
    const found = list.filter((one) => one.found).length;
    return list.length === 0 ? '–' : `${found} of ${list.length} (${((100 * found) / list.length).toFixed(1)} %)`;
  };
  console.log(`| mistake in ${language} | files of the crates | generated files |\n|---|---:|---:|`);
  for (const kind of kinds)
    console.log(`| ${kind} | ${share(real.filter((one) => one.kind === kind))} | ${share(made.filter((one) => one.kind === kind))} |`);
  console.log(`| all | ${share(real)} | ${share(made)} |`);
  console.log(`${clean} pairs, ${noise} findings on untouched ones`);
}
