/** The long run over real crates; how it is called stands in scripts/mutate.mjs. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { discover } from '../../server/src/host/discover.ts';
import { nodeFileSystem } from '../../server/src/host/file-system.ts';
import { readGrammars } from '../../server/src/host/grammars.ts';
import { nodeWalkFs } from '../../server/src/host/walk-fs.ts';
import { loadParsers } from '../../server/src/syntax/parsers.ts';
import type { Random } from '../abi/fuzz/random.ts';
import { createRandom, seedOf } from '../abi/fuzz/random.ts';
import type { Fixed } from './fixes.ts';
import { compilerFor, fixPageOf, judged } from './fixes.ts';
import { pageOf } from './page.ts';
import type { Answer, Outcome } from './run.ts';
import { MUTATORS, openCrate, sample } from './run.ts';
import type { Mutation, Mutator, World } from './world.ts';

/** Mistakes of one mutator in one crate in one round, so that no crate decides alone. */
const PER_CRATE = 4;

/** A rule with fewer places than this in all crates gets what is planted as well. */
const FEW = 5;

/** Bundled as CommonJS, which cannot wait at its top level. */
export async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rule: { type: 'string', multiple: true },
      limit: { type: 'string', default: '20' },
      seed: { type: 'string', multiple: true },
      write: { type: 'string' },
      missed: { type: 'boolean', default: false },
      fix: { type: 'boolean', default: false },
      copies: { type: 'string' },
      targets: { type: 'string', default: 'target' },
    },
  });
  const limit = Number(values.limit);
  const seeds = values.seed?.map(Number) ?? [seedOf()];
  const wanted = MUTATORS.filter(({ rule }) => values.rule?.includes(rule) ?? true);
  const unknown = (values.rule ?? []).filter((rule) => !MUTATORS.some((one) => one.rule === rule));
  if (unknown.length > 0) throw new Error(`nothing makes mistakes for ${unknown.join(', ')}`);
  console.log(`seeds ${seeds.join(', ')}, up to ${limit} mistakes a mutator, ${positionals.length} crates`);

  const parsers = await loadParsers(readGrammars(process.cwd()));
  const outcomes: Outcome[] = [];
  const fixed: Fixed[] = [];
  let unfair = 0;
  let elsewhere = 0;
  for (const [i, seed] of seeds.entries()) {
    await runSeed(createRandom(seed));
    // A run takes long: what is known is written down after each seed.
    const { text } = pageOf(wanted, outcomes, { seeds: seeds.slice(0, i + 1), limit, crates: positionals.length, elsewhere });
    if (values.write !== undefined && !values.fix) writeFileSync(values.write, text);
  }
  if (values.fix) {
    const text = fixPageOf(fixed, { seed: seeds[0] ?? 0, crates: positionals.length });
    console.log(text);
    if (values.write !== undefined) writeFileSync(values.write, text);
    return;
  }
  const page = pageOf(wanted, outcomes, { seeds, limit, crates: positionals.length, elsewhere });
  console.log(page.table);
  console.log(
    `${outcomes.filter(({ found }) => found).length} of ${outcomes.length} found; ${elsewhere} findings elsewhere; ${unfair} edits did not parse and were left out`,
  );
  if (values.write !== undefined) writeFileSync(values.write, page.text);

  async function runSeed(random: Random): Promise<void> {
    const asked = new Map<Mutator, Set<string>>();
    const count = (mutator: Mutator): number => asked.get(mutator)?.size ?? 0;
    const edits = wanted.filter(({ planted }) => !planted);
    const crates = sample(positionals, positionals.length, random);
    // Crates that have more places than one round takes, by mutator.
    let more = new Map(edits.map((mutator) => [mutator, new Set(crates)]));
    while ([...more.values()].some(({ size }) => size > 0)) {
      const next = new Map<Mutator, Set<string>>();
      for (const directory of crates) {
        const left = edits.filter((mutator) => more.get(mutator)?.has(directory) && count(mutator) < limit);
        await visit(directory, left, (mutator) => next.set(mutator, (next.get(mutator) ?? new Set()).add(directory)));
      }
      more = next;
    }
    const places = (rule: string): number => edits.reduce((sum, one) => sum + (one.rule === rule ? count(one) : 0), 0);
    const planted = wanted.filter((mutator) => mutator.planted && places(mutator.rule) < FEW);
    for (const directory of crates)
      await visit(
        directory,
        planted.filter((mutator) => count(mutator) < limit),
        () => {},
      );

    async function visit(directory: string, mutators: readonly Mutator[], again: (mutator: Mutator) => void): Promise<void> {
      if (mutators.length === 0) return;
      const files = discover(nodeWalkFs(), [directory], { noIgnore: true });
      if ('failure' in files) return;
      const started = Date.now();
      const crate = await openCrate({ fs: nodeFileSystem(), rust: files.rust, manifests: files.manifests }, parsers);
      const compile = values.fix ? compilerFor(directory, values.copies, values.targets) : null;
      let mistakes = 0;
      for (const mutator of mutators) {
        const known = asked.get(mutator) ?? new Set();
        asked.set(mutator, known);
        const fresh = mutationsOf(mutator, crate.world).filter((mutation) => !known.has(keyOf(mutation)));
        const chosen = sample(fresh, Math.min(PER_CRATE, limit - known.size), random);
        for (const mutation of chosen) {
          if (values.fix) {
            mistakes++;
            const mending = await crate.mend(mutator, mutation);
            known.add(keyOf(mutation));
            if (mending) for (const one of judged(mutator, mutation, mending, compile)) mend(directory, one);
            continue;
          }
          const answer = await crate.ask(mutator, mutation);
          mistakes++;
          if (answer === null) unfair++;
          else {
            known.add(keyOf(mutation));
            take(directory, mutator, mutation, answer);
          }
        }
        if (fresh.length > chosen.length) again(mutator);
      }
      if (mistakes > 0) console.log(`${path.basename(directory)}: ${mistakes} mistakes, ${((Date.now() - started) / 1000).toFixed(1)} s`);
    }
  }

  function mend(directory: string, one: Fixed): void {
    fixed.push(one);
    const { mended, compiles, said, mutator, mutation } = one;
    const faults = [
      ...(mended.parses ? [] : ['does not parse']),
      ...(mended.gone ? [] : ['is still said']),
      ...(mended.again ? ['is offered again'] : []),
      ...(compiles === false ? [`does not compile: ${said}`] : []),
    ];
    if (values.missed && faults.length > 0)
      console.log(
        `fix of ${mutator.rule} (${mended.title}) ${faults.join(', ')}: ${path.relative(directory, mended.place)} ${mutation.where} (${mutator.does}) in ${path.basename(directory)}`,
      );
  }

  function take(directory: string, mutator: Mutator, mutation: Mutation, answer: Answer): void {
    outcomes.push({ mutator, mutation, found: answer.found });
    elsewhere += answer.elsewhere.length;
    if (!values.missed) return;
    const file = mutation.edits[0]?.file ?? '';
    const line = readFileSync(file, 'utf8').slice(0, mutation.edits[0]?.span.start).split('\n').length;
    const place = `${path.relative(directory, file)}:${line} ${mutation.where} (${mutator.does}) in ${path.basename(directory)}`;
    if (!answer.found) console.log(`missed ${mutator.rule}: ${place}`);
    for (const { rule, message } of answer.elsewhere) console.log(`elsewhere ${rule}: ${message} after ${mutator.rule}: ${place}`);
  }
}

/** Each place once. */
function mutationsOf(mutator: Mutator, world: World): readonly Mutation[] {
  return [...new Map(mutator.mutations(world).map((mutation) => [keyOf(mutation), mutation])).values()];
}

function keyOf({ edits }: Mutation): string {
  return edits.map(({ file, span, text }) => `${file}:${span.start}-${span.end}:${text}`).join(' ');
}
