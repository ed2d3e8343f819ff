/** One comparison of random types with one compiler on the targets of one layout class, as often as asked. */
import type { Target } from '../../../server/src/abi/targets.ts';
import { targetOf } from '../../../server/src/abi/targets.ts';
import { cClasses, rustClasses, withMsBitFields } from './classes.ts';
import { againstClang, clangMissing } from './clang.ts';
import { randomCTypes } from './c-types.ts';
import type { Tally } from './compare.ts';
import { newTally } from './compare.ts';
import { againstGcc, gccMissing } from './gcc.ts';
import { createRandom } from './random.ts';
import { againstRustc, rustTriples, rustcMissing } from './rustc.ts';
import { randomRustTypes } from './rust-types.ts';

export type Oracle = 'clang' | 'gcc' | 'rustc';
export const ORACLES: readonly Oracle[] = ['gcc', 'clang', 'rustc'];

/** Types in one run of a compiler. */
const BATCH = 200;

export interface Comparison {
  readonly oracle: Oracle;
  /** The first of its targets, or GCC's flag. */
  readonly name: string;
  readonly targets: readonly Target[];
  /** Compares one batch on one of the targets. */
  batch(seed: number, target: Target, tally: Tally): void;
}

/** Why the compiler cannot be asked, null where it can. */
export function missing(oracle: Oracle): string | null {
  return oracle === 'gcc' ? gccMissing() : oracle === 'clang' ? clangMissing() : rustcMissing();
}

export function comparisons(oracle: Oracle): readonly Comparison[] {
  if (oracle === 'gcc') return gccComparisons();
  if (oracle === 'rustc') return rustClasses().map((targets) => comparison(oracle, targets, rustBatch));
  const llvm = rustTriples();
  return cClasses().map((targets) => comparison(oracle, targets, (seed, target, tally) => clangBatch(seed, target, llvm, tally)));
}

function comparison(oracle: Oracle, targets: readonly Target[], batch: Comparison['batch'], name = targets[0]?.triple ?? ''): Comparison {
  return { oracle, name, targets, batch };
}

function clangBatch(seed: number, target: Target, llvm: ReadonlyMap<string, string>, tally: Tally): void {
  const random = createRandom(seed);
  const types = randomCTypes(random, target, random.oneIn(2) ? 'plain' : 'all', BATCH);
  againstClang(types, target, llvm.get(target.triple) ?? target.triple, tally);
}

function rustBatch(seed: number, target: Target, tally: Tally): void {
  againstRustc(randomRustTypes(createRandom(seed), target, BATCH), target, tally);
}

function gccComparisons(): readonly Comparison[] {
  const known = (triple: string): readonly Target[] => [targetOf(triple)].filter((target) => target !== null);
  const x64 = known('x86_64-unknown-linux-gnu');
  const flavors = [
    ...x64.map((target) => ({ target, flag: '-m64' })),
    ...known('i686-unknown-linux-gnu').map((target) => ({ target, flag: '-m32' })),
    ...x64.map((target) => ({ target: withMsBitFields(target), flag: '-mms-bitfields' })),
  ];
  return flavors.map(({ target, flag }) =>
    comparison(
      'gcc',
      [target],
      (seed, _, tally) => {
        const random = createRandom(seed);
        const types = randomCTypes(random, target, random.oneIn(2) ? 'plain' : 'all', BATCH);
        againstGcc(types, target, [flag], tally);
      },
      flag,
    ),
  );
}

/**
 * Batches until so many types are compared, each on the next target of the class. `base` makes the seeds of the batches.
 * With `everyTarget` it does not end before each target had its batch.
 */
export function compare({ targets, batch }: Comparison, base: number, types: number, everyTarget = false): Tally {
  const tally = newTally();
  for (let i = 0; tally.types < types || (everyTarget && i < targets.length); i++) {
    const target = targets[i % targets.length];
    if (!target) break;
    batch(base * 1009 + i, target, tally);
  }
  return tally;
}
