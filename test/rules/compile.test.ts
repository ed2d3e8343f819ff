/** Proof by compiler: every block of the rule tests compiles, or fails as its fence says: Rust with exactly the code that it names. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { rules } from '../../server/src/rules/registry.ts';
import { compile } from '../support/compile/compile.ts';
import { judge } from '../support/compile/others.ts';
import { filesOf, markersOf, parsePage } from '../support/literate.ts';
import type { Role } from '../support/literate.ts';
import { docsCase } from './docs-case.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const pages = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.md'))
  .sort();
// Building a crate like PyO3 for the first time takes tens of seconds.
const TIMEOUT = 600_000;

for (const page of pages) {
  describe(page, () => {
    for (const it of parsePage(readFileSync(path.join(here, page), 'utf8'), page)) {
      const rust = it.blocks.filter((block) => block.language === 'rust');
      const roles: readonly Role[] = ['source', 'fixed', 'fixed-unsafe'];
      for (const role of roles.filter((one) => rust.some((block) => block.role === one))) {
        const named = role === 'source' ? rust.flatMap((block) => (block.role === role && block.fails ? [block.fails] : [])) : [];
        test.concurrent(
          `${it.title}${role === 'source' ? '' : ` (${role})`}`,
          async ({ skip }) => {
            expect(named.length === 0 || it.blocks.some((block) => markersOf(block).length > 0), 'a good case must compile').toBe(true);
            const result = await compile(filesOf(it, role));
            if ('unavailable' in result) return skip(result.unavailable);
            expect(result.codes, `${page}:${it.line}\n${result.output}`).toEqual([...new Set(named)].sort());
          },
          TIMEOUT,
        );
      }
      // What is meant to be wrong says so: `fails=error`.
      for (const block of it.blocks.filter(({ path }) => /\.(?:h|hpp|c|py|js|ts|cs)$/.test(path))) {
        test.concurrent(
          `${it.title}: ${block.path}${block.role === 'source' ? '' : ` (${block.role})`}`,
          async ({ skip }) => {
            const judged = await judge(filesOf(it, block.role), block.path);
            if ('unavailable' in judged) return skip(judged.unavailable);
            if (block.fails === null) expect(judged.complaint, `${page}:${block.line}`).toBe('');
            else expect(judged.complaint, `${page}:${block.line}: it compiles`).not.toBe('');
          },
          TIMEOUT,
        );
      }
    }
  });
}

describe('the examples of the docs', () => {
  for (const { id, docs } of rules) {
    for (const [which, text] of Object.entries({ bad: docs.bad, good: docs.good })) {
      test.concurrent(
        `${id} ${which}`,
        async ({ skip }) => {
          const result = await compile(filesOf(docsCase(id, text)));
          if ('unavailable' in result) return skip(result.unavailable);
          // What rustc refuses for the reason that the rule explains is said in a comment: `// error[E0599]`.
          const named = which === 'bad' ? [...text.matchAll(/\/\/ error\[(E\d{4})\]/g)].map(([, code]) => code) : [];
          expect(result.codes, result.output).toEqual([...new Set(named)].sort());
        },
        TIMEOUT,
      );
    }
  }
});

test(
  'the compiler refuses what is wrong and names the code',
  async ({ skip }) => {
    const result = await compile(
      new Map([
        ['Cargo.toml', '[package]\nname = "a"\n'],
        ['src/lib.rs', 'fn f() -> u8 { "" }\nmod m;'],
        ['src/m.rs', ''],
      ]),
    );
    if ('unavailable' in result) return skip(result.unavailable);
    expect(result.codes).toEqual(['E0308']);
  },
  TIMEOUT,
);
