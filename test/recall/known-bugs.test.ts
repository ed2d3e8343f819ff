/** Publicly recorded bugs at the boundary, in small: each is told at warning or above with the recommended profile, and nothing else is. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { LineIndex } from '../../server/src/base/text.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { CASE, testEngine } from '../support/engine.ts';
import { filesOf, markersOf, parsePage } from '../support/literate.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const cases = parsePage(readFileSync(path.join(here, 'known-bugs.md'), 'utf8'), 'known-bugs.md');

describe('known bugs', () => {
  test.each(cases.map((it) => [it.title, it] as const))('%s', async (_, it) => {
    const engine = await testEngine(filesOf(it), rules, defaultConfig({ profile: 'recommended' }));
    const { findings, problems, text } = await engine.check();
    expect(problems).toEqual([]);
    const told = findings
      .filter(({ severity, suppressed }) => suppressed === null && (severity === 'error' || severity === 'warning'))
      .map(({ at, severity, rule }) => {
        const { line } = new LineIndex(text(at.file)).position(at.span.start);
        return `${at.file.slice(CASE.length + 1)}:${line}: ${severity}[${rule}]`;
      });
    const expected = it.blocks.flatMap(markersOf).map((one) => `${one.path}:${one.line}: ${one.severity}[${one.rule}]`);
    expect(expected.length, 'a case without a mark').toBeGreaterThan(0);
    expect([...new Set(told)].sort()).toEqual([...new Set(expected)].sort());
  });
});
