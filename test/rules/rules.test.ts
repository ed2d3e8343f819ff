/** Every page of test/rules, case by case, and the examples in the rules' own docs. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'vitest';
import { rules as registered } from '../../server/src/rules/registry.ts';
import type { Rule } from '../../server/src/rules/rule.ts';
import { parsePage } from '../support/literate.ts';
import { runCase, runDocs } from './harness.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const pages = readdirSync(here, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));

for (const page of pages.filter((name) => name.endsWith('.md')).sort()) {
  // Imported by its place, so that a rule can be tested before it is registered.
  const source = path.join(here, '../../server/src/rules', page.replace(/md$/, 'ts'));
  const module: { readonly default: Rule } = await import(/* @vite-ignore */ source);
  const rule = module.default;
  const rules = [...registered.filter(({ id }) => id !== rule.id), rule];
  describe(rule.id, () => {
    // A rule may report a milder case in its docs too.
    test('the examples of its docs', () => runDocs({ rule, rules, profile: 'all', where: `${rule.id}.ts` }));
    for (const it of parsePage(readFileSync(path.join(here, page), 'utf8'), page)) {
      test(it.title, () => runCase(it, { rule, rules, profile: 'recommended', where: `${page}:${it.line}` }));
    }
  });
}
