/** Which lints of rustc and clippy say something where a rule does; how it is called stands in scripts/compare-lints.mjs. */
import { readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { rules } from '../../server/src/rules/registry.ts';
import { filesOf, markersOf, parsePage } from '../support/literate.ts';
import { run } from '../support/compile/process.ts';
import { pageOf } from './page.ts';
import type { Counts, RuleCounts, Seen } from './page.ts';
import { lintsOf, quietLints } from './run-lints.ts';

const GROUPS = ['types', 'linkage', 'panics', 'pointers', 'strings', 'ownership', 'state'];

export async function main(): Promise<void> {
  const [page, only] = process.argv.slice(2);
  const rustc = (await run('rustc', ['-vV'], tmpdir())).stdout;
  const clippy = (await run('clippy-driver', ['--version'], tmpdir())).stdout.trim();
  if (rustc === '' || clippy === '') throw new Error('rustc and clippy-driver are needed');
  const quiet = await quietLints();
  const counted: RuleCounts[] = [];
  const background = new Map<string, number>();
  let lines = 0;
  for (const rule of rules.filter(({ group, id }) => GROUPS.includes(group) && (!only || id === only))) {
    const name = `test/rules/${rule.group}/${rule.id}.md`;
    const lints = new Map<string, Seen>();
    const note = (lint: string): Seen => {
      const known = lints.get(lint) ?? { bad: 0, wrong: 0, good: 0 };
      lints.set(lint, known);
      return known;
    };
    let bad = 0;
    let wrong = 0;
    let good = 0;
    let left = 0;
    const cases = parsePage(readFileSync(name, 'utf8'), name);
    for (const one of cases) {
      const files = filesOf(one);
      const rust = one.blocks.filter((block) => block.language === 'rust' && block.role === 'source');
      const marked = new Set(
        rust.flatMap((block) =>
          markersOf(block)
            .filter((it) => it.rule === rule.id)
            .map((it) => `${it.path}:${it.line}`),
        ),
      );
      const spoken = rust.length === 0 ? null : await lintsOf(files, rustc, quiet);
      if (!spoken) {
        left++;
        continue;
      }
      bad += marked.size;
      if (marked.size === 0) good++;
      else wrong++;
      for (const block of rust) lines += block.text.split('\n').filter((line) => line.trim() !== '').length;
      for (const [lint, places] of spoken) {
        const here = [...places].filter((place) => marked.has(place)).length;
        const seen = note(lint);
        seen.bad += here;
        if (marked.size > 0) seen.wrong++;
        else seen.good++;
        background.set(lint, (background.get(lint) ?? 0) + places.size - here);
      }
    }
    counted.push({ rule, bad, wrong, good, left, lints: new Map([...lints].filter(([, seen]) => seen.wrong > 0)) });
    console.log(`${rule.id}: ${cases.length} cases, ${bad} marked lines${left > 0 ? `, ${left} left out` : ''}`);
  }
  const counts: Counts = { rules: counted, background, lines };
  const release = /^release: (.*)$/m.exec(rustc)?.[1] ?? '';
  const text = pageOf(counts, `rustc ${release} and ${clippy.replace(/ \(.*/, '')}`);
  if (page && !only) writeFileSync(page, text);
  else console.log(text);
  if (page && !only) console.log(`wrote ${path.relative(process.cwd(), path.resolve(page))}`);
}
