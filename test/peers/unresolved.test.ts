/** What could not be compared is counted once for each symbol, and is no pass. */
import { expect, test } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { summaryText } from '../../server/src/report/summary.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { testEngine } from '../support/engine.ts';

const MANIFEST = '[package]\nname = "geo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n';

async function check(rust: string, files: Readonly<Record<string, string>>, chosen = rules) {
  const all = new Map(Object.entries({ 'Cargo.toml': MANIFEST, 'src/lib.rs': rust, ...files }));
  return (await testEngine(all, chosen, defaultConfig({ profile: 'all' }))).check();
}

const LOAD = '#[no_mangle]\npub extern "C" fn geo_load(layer: i32) -> i32 {\n    layer\n}\n';

test('a type that is not known makes its pair unresolved', async () => {
  const result = await check(LOAD, { 'geo.h': '#include "missing.h"\ngeo_status geo_load(geo_layer layer);\n' });
  expect(result.unresolved.map(({ pair, reason }) => [pair, reason])).toEqual([
    ['geo_load', expect.stringContaining('`geo_layer` is not known')],
  ]);
  expect(summaryText(result)).toContain('checked 1 Rust file, 1 header');
  expect(summaryText(result)).toContain('1 pair unresolved (--verbose names them)');
});

test('a symbol that is declared in two ways is unresolved, and compared with neither', async () => {
  const result = await check(LOAD, { 'a/geo.h': 'int geo_load(int layer);\n', 'b/geo.h': 'int geo_load(double layer);\n' });
  expect(result.findings).toEqual([]);
  expect(result.unresolved).toMatchObject([
    { pair: 'geo_load', reason: '`geo_load` is not linked: it is declared in several ways: geo.h' },
  ]);
});

test('what is compared is not counted', async () => {
  const result = await check(LOAD, { 'geo.h': 'int geo_load(int layer);\n' });
  expect(result.unresolved).toEqual([]);
  expect(summaryText(result)).not.toContain('unresolved');
});

test('headers are not read where no rule asks for them', async () => {
  const own = rules.filter(({ id }) => id === 'repr-c-missing');
  expect((await check(LOAD, { 'geo.h': 'int geo_load(double layer);\n' }, own)).files).toMatchObject({ rust: 1, c: 0 });
});
