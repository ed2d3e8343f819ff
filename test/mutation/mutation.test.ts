/** The mutators themselves: over the idioms, each plants something, the text still parses, and its rule says so. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createRandom } from '../abi/fuzz/random.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';
import { pageOf } from './page.ts';
import { MUTATORS, openCrate, sample } from './run.ts';
import type { Outcome } from './run.ts';

const idioms = path.join(path.dirname(fileURLToPath(import.meta.url)), '../idioms');

/** All lone idioms as modules of one crate. */
async function idiomCrate() {
  const names = readdirSync(idioms).filter((name) => name.endsWith('.rs') && name !== 'bindgen-output.rs');
  const files = new Map(names.map((name) => [`/case/src/${name.replaceAll('-', '_')}`, readFileSync(path.join(idioms, name), 'utf8')]));
  files.set('/case/src/lib.rs', [...files.keys()].map((file) => `pub mod ${path.basename(file, '.rs')};\n`).join(''));
  files.set('/case/Cargo.toml', '[package]\nname = "case"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n');
  const rust = [...files.keys()].filter((file) => file.endsWith('.rs'));
  return openCrate({ fs: memoryFs(Object.fromEntries(files)), rust, manifests: ['/case/Cargo.toml'] }, await testParsers());
}

test('mistakes in the idioms are found', { timeout: 120_000 }, async () => {
  const crate = await idiomCrate();
  const random = createRandom(7);
  const outcomes: Outcome[] = [];
  const unfair: string[] = [];
  const elsewhere: string[] = [];
  for (const mutator of MUTATORS) {
    for (const mutation of sample(mutator.mutations(crate.world), 1, random)) {
      const answer = await crate.ask(mutator, mutation);
      if (answer === null) unfair.push(`${mutator.rule}: ${mutation.where}`);
      else outcomes.push({ mutator, mutation, found: answer.found });
      elsewhere.push(...(answer?.elsewhere ?? []).map(({ rule, at }) => `${mutator.rule}: ${rule} in ${path.basename(at.file)}`));
    }
  }
  expect(unfair).toEqual([]);
  expect(elsewhere).toEqual([]);
  const missed = outcomes
    .filter(({ found }) => !found)
    .map(({ mutator, mutation }) => `${mutator.rule}: ${mutator.does} in ${mutation.where}`);
  expect(missed).toEqual([]);
  expect(outcomes.length).toBeGreaterThan(50);
});

test('the same seed chooses the same mistakes', async () => {
  const { world } = await idiomCrate();
  const chosen = () => {
    const random = createRandom(3);
    return MUTATORS.flatMap((mutator) => sample(mutator.mutations(world), 2, random).map(({ where }) => where));
  };
  expect(chosen()).toEqual(chosen());
});

test('a rule that finds half of its mistakes says so on the page', () => {
  const [mutator] = MUTATORS;
  if (!mutator) throw new Error('there are mutators');
  const outcome = (found: boolean): Outcome => ({ mutator, mutation: { edits: [], where: 'f' }, found });
  const { table } = pageOf([mutator], [outcome(true), outcome(false)], { seeds: [1], limit: 2, crates: 1, elsewhere: 0 });
  expect(table).toContain(`| \`${mutator.rule}\` | ${mutator.does} | 1 | 2 | 1 | 50 % |`);
});
