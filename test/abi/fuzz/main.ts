/** The long run of the layout differentials; how it is called stands in scripts/fuzz-layout.mjs. */
import { parseArgs } from 'node:util';
import { seedOf } from './random.ts';
import { ORACLES, compare, comparisons, missing } from './run.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { types: { type: 'string', default: '10000' }, target: { type: 'string', multiple: true }, seed: { type: 'string' } },
});
const types = Number(values.types);
const seed = values.seed === undefined ? seedOf() : Number(values.seed);
const oracles = positionals.length === 0 ? ORACLES : ORACLES.filter((oracle) => positionals.includes(oracle));
console.log(`seed ${seed}, ${types} types for each compiler and layout class`);

let wrong = 0;
for (const oracle of oracles) {
  const reason = missing(oracle);
  if (reason !== null) {
    console.log(`${oracle}: left out, ${reason}`);
    continue;
  }
  let targets = 0;
  for (const one of comparisons(oracle)) {
    const chosen = { ...one, targets: one.targets.filter(({ triple }) => values.target?.includes(triple) ?? true) };
    if (chosen.targets.length === 0) continue;
    const tally = compare(chosen, seed, types, true);
    targets += chosen.targets.length;
    wrong += tally.mismatches.length;
    const reasons = [...tally.reasons].map(([why, count]) => `${count} ${why}`).join('; ');
    console.log(
      `${oracle} ${one.name} (${chosen.targets.length} targets): ${tally.types} types, ${tally.mismatches.length} mismatches, ${tally.unknown} unknown${reasons && ` (${reasons})`}`,
    );
    for (const mismatch of tally.mismatches.slice(0, 3)) console.log(mismatch);
  }
  console.log(`${oracle}: ${targets} targets`);
}
console.log(wrong === 0 ? 'no mismatches' : `${wrong} mismatches`);
process.exitCode = wrong === 0 ? 0 : 1;
