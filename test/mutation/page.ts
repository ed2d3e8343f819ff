/** What a run of mutations says of each rule, as the page of the docs. */
import type { Outcome } from './run.ts';
import type { Mutator } from './world.ts';

export interface Run {
  readonly seed: number;
  readonly limit: number;
  readonly crates: number;
}

export function pageOf(
  mutators: readonly Mutator[],
  outcomes: readonly Outcome[],
  { seed, limit, crates }: Run,
): { readonly table: string; readonly text: string } {
  const rows = mutators.map((mutator) => {
    const own = outcomes.filter((one) => one.mutator === mutator);
    const found = own.filter((one) => one.found).length;
    const share = own.length === 0 ? '–' : `${Math.floor((100 * found) / own.length)} %`;
    return `| \`${mutator.rule}\` | ${mutator.does} | ${own.length} | ${found} | ${share} |`;
  });
  const table = ['| rule | mistake | planted | found | share |', '|---|---|---:|---:|---:|', ...rows].join('\n');
  const found = outcomes.filter((one) => one.found).length;
  const text = `# Planted mistakes

How many mistakes the rules find in code that nobody wrote for them: \`npm run mutate\` takes functions and types of published crates about
which nothing is said, makes one mistake in one of them, checks that the text still parses, and asks whether its rule says so.

Seed ${seed}, up to ${limit} mistakes a row, ${crates} crates of \`test/ecosystem/crates.json\`: ${found} of ${outcomes.length} found. A row without mistakes has no
place in these crates where it could be made. What the pages of the rules leave out on purpose is not planted. The
rules and the places of the mistakes were worked out with other seeds, so that this one says more. Rows that say what they remove, drop, turn,
change or take off edit what stands in the crate, those that add or plant something put nearly the same piece of code everywhere, which says
little about the forms that a mistake takes.

${[...table.split('\n')].join('\n')}
`;
  return { table, text };
}
