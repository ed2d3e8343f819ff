/** The long run over real crates; how it is called stands in scripts/mutate.mjs. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { discover } from '../../server/src/host/discover.ts';
import { nodeFileSystem } from '../../server/src/host/file-system.ts';
import { readGrammars } from '../../server/src/host/grammars.ts';
import { nodeWalkFs } from '../../server/src/host/walk-fs.ts';
import { loadParsers } from '../../server/src/syntax/parsers.ts';
import { createRandom, seedOf } from '../abi/fuzz/random.ts';
import { pageOf } from './page.ts';
import { MUTATORS, openCrate, sample } from './run.ts';
import type { Outcome } from './run.ts';

/** Mistakes of one mutator in one crate, so that no crate decides alone. */
const PER_CRATE = 4;

/** Bundled as CommonJS, which cannot wait at its top level. */
export async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rule: { type: 'string', multiple: true },
      limit: { type: 'string', default: '20' },
      seed: { type: 'string' },
      write: { type: 'string' },
      missed: { type: 'boolean', default: false },
    },
  });
  const limit = Number(values.limit);
  const seed = values.seed === undefined ? seedOf() : Number(values.seed);
  const random = createRandom(seed);
  const wanted = MUTATORS.filter(({ rule }) => values.rule?.includes(rule) ?? true);
  const unknown = (values.rule ?? []).filter((rule) => !MUTATORS.some((one) => one.rule === rule));
  if (unknown.length > 0) throw new Error(`nothing makes mistakes for ${unknown.join(', ')}`);
  console.log(`seed ${seed}, up to ${limit} mistakes a mutator, ${positionals.length} crates`);

  const parsers = await loadParsers(readGrammars(process.cwd()));
  const outcomes: Outcome[] = [];
  let crates = 0;
  let unfair = 0;
  for (const directory of sample(positionals, positionals.length, random)) {
    const left = wanted.filter((mutator) => outcomes.filter((one) => one.mutator === mutator).length < limit);
    if (left.length === 0) break;
    const files = discover(nodeWalkFs(), [directory], { noIgnore: true });
    if ('failure' in files) continue;
    const started = Date.now();
    const crate = await openCrate({ fs: nodeFileSystem(), rust: files.rust, manifests: files.manifests }, parsers);
    let asked = 0;
    for (const mutator of left) {
      const room = limit - outcomes.filter((one) => one.mutator === mutator).length;
      for (const mutation of sample(mutator.mutations(crate.world), Math.min(PER_CRATE, room), random)) {
        const found = await crate.ask(mutator, mutation);
        if (found === null) unfair++;
        else outcomes.push({ mutator, mutation, found });
        asked++;
        const file = mutation.edits[0]?.file ?? '';
        if (found === false && values.missed) {
          const line = readFileSync(file, 'utf8').slice(0, mutation.edits.at(-1)?.span.start).split('\n').length;
          console.log(
            `missed ${mutator.rule}: ${path.relative(directory, file)}:${line} ${mutation.where} (${mutator.does}) in ${path.basename(directory)}`,
          );
        }
      }
    }
    crates++;
    console.log(`${path.basename(directory)}: ${asked} mistakes, ${((Date.now() - started) / 1000).toFixed(1)} s`);
  }
  const page = pageOf(wanted, outcomes, { seed, limit, crates });
  console.log(page.table);
  console.log(
    `${outcomes.filter(({ found }) => found).length} of ${outcomes.length} found; ${unfair} edits did not parse and were left out`,
  );
  if (values.write !== undefined) writeFileSync(values.write, page.text);
}
