/** Blocks that an attribute macro rewrites, which the literate pages cannot show: no such macro is there to compile them. */
import { expect, test } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import rule from '../../server/src/rules/linkage/missing-unsafe-extern.ts';
import { testEngine } from '../support/engine.ts';

const found = async (attribute: string): Promise<readonly string[]> => {
  const files = new Map([
    ['Cargo.toml', '[package]\nname = "case"\nversion = "0.1.0"\nedition = "2024"\n'],
    ['src/lib.rs', `${attribute}\nextern "C" {\n    fn require(name: u32);\n}\n`],
  ]);
  const engine = await testEngine(files, [rule], defaultConfig({ profile: 'recommended' }));
  return (await engine.check()).findings.map((finding) => finding.rule);
};

test('the edition demands unsafe of plain blocks and of those with known attributes', async () => {
  expect(await found('')).toEqual(['missing-unsafe-extern']);
  expect(await found('#[link(name = "m")]')).toEqual(['missing-unsafe-extern']);
});

test('not of blocks that a macro replaces', async () => {
  expect(await found('#[wasm_bindgen]')).toEqual([]);
});
