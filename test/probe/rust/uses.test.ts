/** Types that the boundary writes without defining them: instances of generic types and types of other crates, measured as they are written. */
import { afterAll, describe, expect, test } from 'vitest';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { membersIn } from '../../../server/src/probe/rust/members.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { measure, shown, whyNot } from './support.ts';

const TIMEOUT = 120_000;
const missing = whyNot();
const cache = mkdtempSync(join(tmpdir(), 'ffi-lint-cache-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

/** A package of a registry, as `cargo vendor` writes it: cargo alone finds it. */
const DEPENDENCY: Readonly<Record<string, string>> = {
  'Cargo.toml': '[package]\nname = "far-away"\nversion = "0.1.0"\nedition = "2021"\n',
  '.cargo-checksum.json': '{"files":{}}',
  'src/lib.rs': `
#[repr(C)] pub struct Open { pub r#type: u8, pub count: u32, pub c: u8, pub d: u8, pub e: u8, pub f: u8, pub g: u16 }
#[repr(C)] pub struct HalfOpen { pub first: u8, hidden: u32, pub last: u8 }
#[repr(C)] pub struct Closed { a: u64, b: u8 }
#[repr(C)] pub union Either { pub whole: u32, pub parts: [u8; 6] }
#[repr(C)] pub struct Over<T> { pub value: T, pub next: *mut Over<T> }
#[repr(u8)] pub enum Level { Low, High }
pub type Number = u16;
#[repr(C)] pub struct Pair(pub u8, pub u32);
#[repr(C)] pub struct Twice { pub a: u16, pub b: u16 }
`,
};

const LIB = `
use far_away::*;
pub use far_away::HalfOpen;
mod inner;
#[repr(C)] pub struct Slice<'a, T> { start: *const T, length: usize, tag: u8, life: std::marker::PhantomData<&'a T> }
#[repr(C)] pub struct Wrapper<T> { inner: T, flag: bool }
#[repr(C)] pub struct Buffer<T, const N: usize> { used: u16, items: [T; N] }

#[no_mangle] pub extern "C" fn first(bytes: Slice<'_, u8>, many: *mut Buffer<u16, 3>) -> u8 { bytes.tag + many as u8 }
#[no_mangle] pub extern "C" fn second<'a>(words: &Slice<'a, u64>) -> Option<Wrapper<u32>> { let _ = words; None }
extern "C" {
    fn third(open: *const far_away::Open, half: HalfOpen, closed: *mut far_away::Closed, either: far_away::Either);
    fn fourth(over: *mut far_away::Over<u32>, level: far_away::Level, number: far_away::Number, pair: far_away::Pair, twice: *const Twice);
    fn lost(nothing: *const NotThere);
}
#[repr(C)] pub struct Holder { wrapped: Wrapper<Wrapper<u16>>, call: Option<extern "C" fn(Wrapper<i8>)>, only: *const Wrapper<far_away::Level> }
pub fn unused(generic: Wrapper<String>) { drop(generic) }
`;

const INNER = `
#[repr(C)] struct Hidden<T> { value: T }
#[no_mangle] extern "C" fn deep(hidden: Hidden<super::Wrapper<f64>>) { drop(hidden.value) }
#[no_mangle] extern "C" fn of_any<T>(hidden: *const Hidden<T>) { let _ = hidden; }
`;

test(
  'instances of generic types and types of other crates answer where the boundary writes them',
  async ({ skip }) => {
    if (missing !== null) skip(missing);
    const vendored = tempFolder(Object.fromEntries(Object.entries(DEPENDENCY).map(([file, text]) => [`far-away/${file}`, text])));
    const folder = tempFolder({
      '.cargo/config.toml': `[source.crates-io]\nreplace-with = "here"\n[source.here]\ndirectory = "${vendored}"\n`,
      'Cargo.toml': '[package]\nname = "near"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\nfar-away = "0.1"\n',
      'src/lib.rs': LIB,
      'src/inner.rs': INNER,
    });
    const made = await measure(folder, { cache });
    expect(made.measured.problems).toEqual([]);
    expect(made.problems).toEqual([]);
    const uses = made.entries.types.filter(({ name, provenance }) => provenance === 'rustc' && name !== 'Holder');
    expect(shown(uses)).toEqual(
      [
        'alias Option<Wrapper<u32>> 8/4',
        'alias far_away::Level 1/1',
        'alias far_away::Number 2/2',
        'struct Buffer<u16, 3> 8/2: used 0+2, items 2+6',
        'struct HalfOpen 12/4: first 0+1, (private) 1+7, last 8+1, (private) 9+3',
        'struct Hidden<super::Wrapper<f64>> 16/8: value 0+16',
        "struct Slice<'_, u8> 24/8: start 0+8, length 8+8, tag 16+1, life 17+0",
        "struct Slice<'a, u64> 24/8: start 0+8, length 8+8, tag 16+1, life 17+0",
        'struct Twice 4/2: a 0+2, b 2+2',
        'struct Wrapper<Wrapper<u16>> 6/2: inner 0+4, flag 4+1',
        'struct Wrapper<far_away::Level> 2/1: inner 0+1, flag 1+1',
        'struct Wrapper<i8> 2/1: inner 0+1, flag 1+1',
        'struct Wrapper<u16> 4/2: inner 0+2, flag 2+1',
        'struct Wrapper<u32> 8/4: inner 0+4, flag 4+1',
        'struct far_away::Closed 16/8: (private) 0+16',
        'struct far_away::Open 16/4: type 0+1, count 4+4, c 8+1, d 9+1, e 10+1, f 11+1, g 12+2',
        'struct far_away::Over<u32> 16/8: value 0+4, next 8+8',
        'struct far_away::Pair 8/4: 0 0+1, (private) 1+3, 1 4+4',
        'union far_away::Either 8/4: whole 0+4, parts 0+6',
        'struct super::Wrapper<f64> 16/8: inner 0+8, flag 8+1',
      ].sort(),
    );
    expect(made.entries.unknown.map(({ name }) => name).sort()).toEqual(['Buffer', 'Hidden', 'Slice', 'Wrapper']);
  },
  TIMEOUT,
);

describe('what rustc says of members', () => {
  test.each([
    [
      ['pattern does not mention fields `a`, `r#type` and inaccessible fields'],
      [],
      { kind: 'struct', names: ['a', 'r#type'], hidden: true },
    ],
    [['pattern requires `..` due to inaccessible fields'], [], { kind: 'struct', names: [], hidden: true }],
    [['union patterns should have exactly one field'], ['available field is: `a`'], { kind: 'union', names: ['a'], hidden: false }],
    [
      ['union patterns should have exactly one field'],
      ['available fields are: `a`, `b`, `c`, `d`, `e` ... and 2 others'],
      { kind: 'union', names: ['a', 'b', 'c', 'd', 'e'], hidden: true },
    ],
    [['expected struct, variant or union type, found `u8`'], [], { kind: 'alias', names: [], hidden: false }],
  ])('%j %j', (messages, notes, seen) => {
    expect(membersIn(messages.map((message) => ({ message, notes })))).toEqual(seen);
  });
});
