/** Bindings that ffi-lint generates, as if a person had written them: nothing is wrong with them, and each mistake that is put in is found. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import type { CheckResult } from '../../server/src/engine/finding.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { fixture } from '../generate/library.ts';
import { testEngine } from '../support/engine.ts';

const ACROSS = rules.filter(({ group }) => ['javascript', 'csharp', 'layout', 'symbols'].includes(group));
const golden = (name: string): string => readFileSync(new URL(`../generate/golden/${name}.txt`, import.meta.url), 'utf8');
/** Without the banner, by which the linter knows that nobody wrote it. */
const written = (text: string): string => text.split('\n').slice(1).join('\n');

const PEERS: readonly (readonly [file: string, text: string, functions: number])[] = [
  ['bindings_koffi.mjs', written(golden('bindings_koffi.mjs')), 12],
  ['bindings_deno.ts', written(golden('bindings_deno.ts')), 12],
  ['bindings_bun.ts', written(golden('bindings_bun.ts')), 12],
  ['Bindings.cs', written(golden('Bindings.cs')), 12],
];

async function check(peer: string, text: string): Promise<CheckResult> {
  const files = new Map([
    ['Cargo.toml', readFileSync(path.join(fixture, 'Cargo.toml'), 'utf8')],
    ['src/lib.rs', readFileSync(path.join(fixture, 'src/lib.rs'), 'utf8')],
    [peer, text],
  ]);
  const engine = await testEngine(files, ACROSS, defaultConfig({ profile: 'all' }));
  return engine.check();
}

const of = (result: CheckResult): readonly string[] =>
  result.findings.map(({ rule, severity, message }) => `${severity}[${rule}] ${message}`);

describe.each(PEERS)('%s', (file, text, least) => {
  it('is read, and nothing is wrong with it', async () => {
    const result = await check(file, text);
    expect(result.files.javascript + result.files.csharp).toBe(1);
    expect(of(result)).toEqual([]);
    expect(result.unresolved).toEqual([]);
    // All of it is compared: a missing parameter or another result is seen for each function.
    const broken = await check(file, breakAll(file, text));
    expect(new Set(of(broken).flatMap((line) => /`(\w+)` takes \d+ param/.exec(line)?.[1] ?? [])).size).toBeGreaterThanOrEqual(least);
  });
});

/** One parameter more in each declaration. */
function breakAll(file: string, text: string): string {
  if (file.endsWith('.cs'))
    return text.replace(
      /(extern|partial) ([\w*]+ \w+)\(([^()]*)\);/g,
      (_, how, head, list) => `${how} ${head}(${list}${list === '' ? '' : ', '}int more);`,
    );
  if (file.includes('koffi')) return text.replace(/(library\.func\('\w+', [^[]*\[)/g, `$1'int', `);
  return text.replace(/((?:parameters|args): \[)/g, "$1'i32', ");
}
