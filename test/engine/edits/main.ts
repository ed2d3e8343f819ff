/** The long run of the comparison of sessions; how it is called stands in scripts/fuzz-edits.mjs. */
import { parseArgs } from 'node:util';
import { readFileSync } from 'node:fs';
import { discover } from '../../../server/src/host/discover.ts';
import { readGrammars } from '../../../server/src/host/grammars.ts';
import { nodeWalkFs } from '../../../server/src/host/walk-fs.ts';
import { loadParsers } from '../../../server/src/syntax/parsers.ts';
import { createRandom, seedOf } from '../../abi/fuzz/random.ts';
import { workspaceOfPages } from './pages.ts';
import { compareSessions } from './run.ts';

/** Bundled as CommonJS, which cannot wait at its top level. */
export async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      steps: { type: 'string', default: '1000' },
      pages: { type: 'string', default: '12' },
      seed: { type: 'string' },
    },
  });
  const steps = Number(values.steps);
  const seed = values.seed === undefined ? seedOf() : Number(values.seed);
  console.log(`seed ${seed}, ${steps} edits${positionals.length === 0 ? ' of made-up workspaces' : ' of each folder'}`);
  const random = createRandom(seed);
  const parsers = await loadParsers(readGrammars(process.cwd()));
  const progress = (step: number, findings: number): void => {
    if ((step + 1) % 100 === 0) console.log(`${step + 1} edits, now ${findings} findings and notes`);
  };
  // A workspace of pages is edited to death after a while: a new one is made.
  const works = positionals.length > 0 ? positionals.map(read) : Array.from({ length: Math.ceil(steps / 50) }, () => null);
  for (const [i, known] of works.entries()) {
    const texts = known ?? workspaceOfPages(process.cwd(), Number(values.pages), random);
    const count = known ? steps : Math.min(50, steps - i * 50);
    if (known) console.log(`${positionals[i]}: ${texts.size} files`);
    const difference = await compareSessions({ parsers, texts, random, steps: count, progress: known ? progress : undefined });
    if (!difference) {
      if (!known && (i + 1) % 4 === 0) console.log(`${(i + 1) * 50} edits`);
      continue;
    }
    console.log(`work ${i}, step ${difference.step}, after\n  ${difference.edits.join('\n  ')}`);
    for (const [who, list] of [
      ['only the session that lived through it', difference.live],
      ['only the new one', difference.fresh],
    ] as const) {
      console.log(`${who}: ${list.length}`);
      for (const one of list.slice(0, 3)) console.log(`  ${one.slice(0, 600)}`);
    }
    process.exitCode = 1;
    return;
  }
  console.log('no difference');
}

function read(folder: string): ReadonlyMap<string, string> {
  const found = discover(nodeWalkFs(), [folder], { noIgnore: true });
  if ('failure' in found) throw new Error(found.failure);
  const { rust, manifests, headers, python, javascript, csharp } = found;
  return new Map(
    [...rust, ...manifests, ...headers, ...python, ...javascript, ...csharp].map((file) => [file, readFileSync(file, 'utf8')]),
  );
}
