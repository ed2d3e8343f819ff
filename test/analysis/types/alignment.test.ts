/** Which types may stand at any address. */
import { expect, test } from 'vitest';
import { alignmentOf, unspecifiedStruct } from '../../../server/src/analysis/types/alignment.ts';
import { bodiesOf } from '../../../server/src/analysis/types/local-types.ts';
import { boundaryOf } from '../boundary.ts';

const TYPES = `
  use std::ffi::{c_char, c_int};
  pub struct Rust { a: u8, b: u32 }
  #[repr(C)] pub struct C { a: u8, b: u32 }
  #[repr(C)] pub struct Bytes { a: u8, b: [c_char; 4] }
  #[repr(C, packed)] pub struct Packed { a: u8, b: u32 }
  #[repr(C, packed(2))] pub struct Loose { a: u8, b: u32 }
  #[repr(C, align(8))] pub struct Aligned { a: u8 }
  #[repr(C)] pub struct Nested { a: Bytes, b: Other }
  pub struct Generic<T> { a: T }
  pub struct Empty;
`;

async function typeOf(type: string) {
  const { workspace } = await boundaryOf(`${TYPES} pub fn f(it: ${type}) {}`);
  const item = workspace.items.find(({ name }) => name === 'f');
  return { workspace, ty: (item && bodiesOf(workspace)(item)?.bindings[0]?.ty) ?? null };
}

test.each([
  ['u8', 'one'],
  ['[c_char; 4]', 'one'],
  ['u16', 'more'],
  ['c_int', 'more'],
  ['*const u8', 'more'],
  ['&u8', 'more'],
  ['C', 'more'],
  ['Bytes', 'one'],
  ['Packed', 'one'],
  ['Loose', 'unknown'],
  ['Aligned', 'more'],
  ['Nested', 'unknown'],
  ['other::Thing', 'unknown'],
])('the alignment of %s is %s', async (type, expected) => {
  const { workspace, ty } = await typeOf(type);
  expect(alignmentOf(ty, workspace)).toBe(expected);
});

test.each([
  ['Rust', true],
  ['C', false],
  ['Packed', false],
  ['Generic<u8>', false],
  ['Empty', false],
  ['u32', false],
])('the fields of %s have no known order: %s', async (type, expected) => {
  const { workspace, ty } = await typeOf(type);
  expect(unspecifiedStruct(ty, workspace) !== null).toBe(expected);
});
