/** What attribute macros rewrite does not cross the boundary as it is written. */
import { expect, test } from 'vitest';
import { buildSurface } from '../../server/src/model/surface/build-surface.ts';
import { boundaryOf } from './boundary.ts';

const uses = async (text: string): Promise<readonly string[]> => {
  const { workspace } = await boundaryOf(text);
  return buildSurface(workspace).typeUses.map((use) => `${use.item.name} ${use.name}`);
};

test('types of imports count', async () => {
  expect(await uses('#[link(name = "m")]\nextern "C" { fn require(name: &str); }')).toEqual(['require name']);
});

test('types in a block that an attribute macro rewrites do not', async () => {
  expect(await uses('#[wasm_bindgen]\nextern "C" { fn require(name: &str); }')).toEqual([]);
  expect(await uses('extern "C" { #[wasm_bindgen(method)] fn require(name: &str); }')).toEqual([]);
});

test('types of exports that an attribute macro rewrites do not', async () => {
  expect(await uses('#[no_mangle]\npub extern "C" fn open(name: &str) {}')).toEqual(['open name']);
  expect(await uses('#[no_mangle]\n#[catch_panics]\npub extern "C" fn open(name: &str) {}')).toEqual([]);
});
