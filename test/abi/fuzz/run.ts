/** One comparison of random types with one compiler on one target, as often as asked. */
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
  readonly name: string;
  readonly target: Target;
  /** Compares one batch. */
  batch(seed: number, tally: Tally): void;
}

/** Why the compiler cannot be asked, null where it can. */
export function missing(oracle: Oracle): string | null {
  return oracle === 'gcc' ? gccMissing() : oracle === 'clang' ? clangMissing() : rustcMissing();
}

export function comparisons(oracle: Oracle): readonly Comparison[] {
  if (oracle === 'gcc') return gccComparisons();
  if (oracle === 'rustc') return rustClasses().map(rustComparison);
  const llvm = rustTriples();
  return cClasses().map((target) => clangComparison(target, llvm.get(target.triple) ?? target.triple));
}

function clangComparison(target: Target, llvmTriple: string): Comparison {
  return {
    oracle: 'clang',
    name: target.triple,
    target,
    batch(seed, tally) {
      const random = createRandom(seed);
      againstClang(randomCTypes(random, target, seed % 2 === 0 ? 'plain' : 'all', BATCH), target, llvmTriple, tally);
    },
  };
}

function rustComparison(target: Target): Comparison {
  return {
    oracle: 'rustc',
    name: target.triple,
    target,
    batch: (seed, tally) => againstRustc(randomRustTypes(createRandom(seed), target, BATCH), target, tally),
  };
}

function gccComparisons(): readonly Comparison[] {
  const known = (triple: string): readonly Target[] => [targetOf(triple)].filter((target) => target !== null);
  const x64 = known('x86_64-unknown-linux-gnu');
  const flavors = [
    ...x64.map((target) => ({ target, flag: '-m64' })),
    ...known('i686-unknown-linux-gnu').map((target) => ({ target, flag: '-m32' })),
    ...x64.map((target) => ({ target: withMsBitFields(target), flag: '-mms-bitfields' })),
  ];
  return flavors.map(({ target, flag }) => ({
    oracle: 'gcc',
    name: flag,
    target,
    batch(seed, tally) {
      const random = createRandom(seed);
      againstGcc(randomCTypes(random, target, seed % 2 === 0 ? 'plain' : 'all', BATCH), target, [flag], tally);
    },
  }));
}

/** Batches until so many types are compared. `base` makes the seeds of the batches. */
export function compare(comparison: Comparison, base: number, types: number): Tally {
  const tally = newTally();
  for (let i = 0; tally.types < types; i++) comparison.batch(base * 1009 + i, tally);
  return tally;
}
