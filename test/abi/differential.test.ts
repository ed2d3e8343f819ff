/** Random types: computed layouts against GCC, clang and rustc. The long run is `npm run fuzz:layout`. */
import { describe, expect, test } from 'vitest';
import { seedOf } from './fuzz/random.ts';
import type { Comparison, Oracle } from './fuzz/run.ts';
import { ORACLES, compare, comparisons, missing } from './fuzz/run.ts';

const seed = seedOf();
console.log(`layouts of random types: seed ${seed} (FFI_LINT_SEED repeats it)`);

/** Targets of a short run: each run takes others, GCC's flavours are all taken. */
const TAKEN: Readonly<Record<Oracle, number>> = { gcc: 3, clang: 6, rustc: 5 };

function sample(oracle: Oracle): readonly Comparison[] {
  const all = comparisons(oracle);
  return Array.from({ length: Math.min(TAKEN[oracle], all.length) }, (_, i) => all[(seed + i * 7) % all.length]).filter(
    (one) => one !== undefined,
  );
}

for (const oracle of ORACLES) {
  const reason = missing(oracle);
  describe.skipIf(reason !== null)(`${oracle}${reason === null ? '' : ` (${reason})`}`, () => {
    for (const one of reason === null ? sample(oracle) : []) {
      test(`agrees on ${one.name}`, () => {
        const tally = compare(one, seed, 400);
        expect(tally.mismatches.slice(0, 3)).toEqual([]);
        expect(tally.types).toBeGreaterThanOrEqual(400);
      });
    }
  });
}
