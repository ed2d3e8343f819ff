/** What a run of mutations says of each rule, as the page of the docs. */
import type { Outcome } from './run.ts';
import type { Mutator } from './world.ts';

export interface Run {
  readonly seeds: readonly number[];
  readonly limit: number;
  readonly crates: number;
  /** Findings about code that no mistake touched. */
  readonly elsewhere: number;
}

export function pageOf(
  mutators: readonly Mutator[],
  outcomes: readonly Outcome[],
  { seeds, limit, crates, elsewhere }: Run,
): { readonly table: string; readonly text: string } {
  const rowOf = (mutator: Mutator): string => {
    const own = outcomes.filter((one) => one.mutator === mutator);
    const found = own.filter((one) => one.found).length;
    const places = new Set(own.map(({ mutation }) => mutation.edits.map(({ file, span }) => `${file}:${span.start}`).join())).size;
    const share = own.length === 0 ? '–' : `${Math.floor((100 * found) / own.length)} %`;
    return `| \`${mutator.rule}\` | ${mutator.does} | ${places} | ${own.length} | ${found} | ${share} |`;
  };
  const head = ['| rule | mistake | places | made | found | share |', '|---|---|---:|---:|---:|---:|'];
  const edits = mutators.filter(({ planted }) => !planted);
  const stand = mutators.filter((mutator) => mutator.planted && outcomes.some((one) => one.mutator === mutator));
  const nowhere = edits.filter((mutator) => !outcomes.some((one) => one.mutator === mutator));
  const edited = [...head, ...edits.filter((mutator) => !nowhere.includes(mutator)).map(rowOf)].join('\n');
  const planted = [...head, ...stand.map(rowOf)].join('\n');
  const counted = (list: readonly Mutator[]): string => {
    const own = outcomes.filter((one) => list.includes(one.mutator));
    return `${own.filter((one) => one.found).length} of ${own.length}`;
  };
  const text = `# Planted mistakes

How many mistakes the rules find in code that nobody wrote for them: \`npm run mutate\` takes functions and types of published crates about
which nothing is said, makes one mistake in one of them, checks that the text still parses, and asks whether its rule says so.

${seeds.length === 1 ? 'Seed' : 'Seeds'} ${seeds.join(', ')}, up to ${limit} mistakes a row and seed, ${crates} crates of \`test/ecosystem/\`: ${counted(mutators)} found. Of code that the
mistakes did not touch, ${elsewhere} new errors or warnings were said. The same place may be taken again with another seed: how many different
ones there were is the third column. What the pages of the rules leave out on purpose is not planted.

## Real code changed

${counted(edits)} found. Each row says what is done to code that stands in a crate.

${edited}
${nowhere.length > 0 ? `\nNo crate has a place for: ${nowhere.map(({ rule, does }) => `\`${rule}\` (${does})`).join(', ')}.\n` : ''}
## Snippets

${counted(stand)} found. Where the crates have fewer than five places in which a rule's mistake can be made of their own code, nearly the same piece
of code is put everywhere, which says little about the forms that a mistake takes.

${planted}
`;
  return { table: `${edited}\n\n${planted}`, text };
}
