/** What layouts Rust source has: representations, generics, constants, std's wrappers, and where nothing is defined. */
import { describe, expect, test } from 'vitest';
import { rustLayouts } from './layouts.ts';

/** Layouts of all types of a source by name. */
async function layouts(source: string, names: readonly string[], triple?: string): Promise<readonly string[]> {
  const all = await rustLayouts(source);
  return names.map((name) => `${name} ${all.of(name, triple)}`);
}

describe('records', () => {
  test('repr(C) keeps the order, packed and align change the alignment', async () => {
    const source = `
      #[repr(C)] pub struct Plain { pub tag: u8, pub value: f64, pub count: u16 }
      #[repr(C, packed)] struct Tight { tag: u8, value: f64 }
      #[repr(C, packed(2))] struct Half { tag: u8, value: f64 }
      #[repr(C, align(16))] struct Wide { tag: u8 }
      #[repr(C)] #[repr(align(0x20))] struct Wider { inner: Wide }
      #[repr(C)] union Either { byte: u8, word: u32, bytes: [u8; 6] }
      #[repr(C)] struct Pair(u8, u32);
    `;
    expect(await layouts(source, ['Plain', 'Tight', 'Half', 'Wide', 'Wider', 'Either', 'Pair'])).toEqual([
      'Plain 24/8 tag@0 value@8 count@16',
      'Tight 9/1 tag@0 value@1',
      'Half 10/2 tag@0 value@2',
      'Wide 16/16 tag@0',
      'Wider 32/32 inner@0',
      'Either 8/4 byte@0 word@0 bytes@0',
      'Pair 8/4 0@0 1@4',
    ]);
  });

  test('without a representation nothing is defined, and what holds it by value is not either', async () => {
    const source = `
      struct Rusty { a: u8, b: u32 }
      #[repr(C)] struct Holds { inner: Rusty }
      #[repr(C)] struct Points { inner: *const Rusty }
      #[repr(C)] struct HoldsTuple { pair: (u8, u32) }
      #[repr(C)] struct HoldsString { text: String }
    `;
    expect(await layouts(source, ['Rusty', 'Holds', 'Points', 'HoldsTuple', 'HoldsString'])).toEqual([
      'Rusty unknown: the layout of Rusty is not defined: it is not repr(C)',
      'Holds unknown: the layout of Rusty is not defined: it is not repr(C)',
      'Points 8/8 inner@0',
      'HoldsTuple unknown: the layout of a tuple is not defined',
      'HoldsString unknown: the layout of std::string::String is not known',
    ]);
  });

  test('a type that contains itself by value is unknown, behind a pointer it is not', async () => {
    const source = `
      #[repr(C)] struct Node { next: *mut Node, value: u32 }
      #[repr(C)] struct Endless { next: Endless }
    `;
    expect(await layouts(source, ['Node', 'Endless'])).toEqual(['Node 16/8 next@0 value@8', 'Endless unknown: Endless contains itself']);
  });

  test('fields under a configuration count as the configuration says', async () => {
    const source = '#[repr(C)] struct Feature { a: u8, #[cfg(feature = "big")] b: u64, c: u8 }';
    const on = await rustLayouts(source, (name, value) => (name === 'feature' ? value === 'big' : undefined));
    const off = await rustLayouts(source, (name) => (name === 'feature' ? false : undefined));
    const open = await rustLayouts(source);
    expect([on.of('Feature'), off.of('Feature'), open.of('Feature')]).toEqual([
      '24/8 a@0 b@8 c@16',
      '2/1 a@0 c@1',
      'unknown: whether b is there depends on a configuration that is not known',
    ]);
  });
});

describe('names', () => {
  test('aliases, generics and constants are followed', async () => {
    const source = `
      mod sizes { pub const SIDE: usize = 2; pub const AREA: usize = SIDE * SIDE + (1 << 2); }
      type Word = u32;
      type Grid<T> = [T; sizes::AREA];
      #[repr(C)] pub struct Slot<T, const N: usize> { head: u8, items: [T; N] }
      #[repr(C)] struct Uses { word: Word, grid: Grid<u16>, slot: Slot<Word, 3>, named: Slot<u64, { 2 }>, by_const: Slot<u8, { sizes::SIDE }> }
      #[repr(C)] struct Linked<T> { next: *const Linked<T>, item: T }
      #[repr(C)] struct UsesLinked { one: Linked<u8>, two: Linked<f64> }
      #[repr(C)] struct Open<T> { item: T }
    `;
    expect(await layouts(source, ['Uses', 'UsesLinked', 'Open'])).toEqual([
      'Uses 72/8 word@0 grid@4 slot@20 named@40 by_const@64',
      'UsesLinked 32/8 one@0 two@16',
      'Open unknown: Open has type parameters',
    ]);
  });

  test('constant arguments are literals and names', async () => {
    const source = `
      const SIDE: usize = 2;
      #[repr(C)] pub struct Slot<T, const N: usize> { head: u8, items: [T; N] }
      #[repr(C)] struct Uses { literal: Slot<u32, 3>, braces: Slot<u64, { 2 }>, named: Slot<u16, SIDE> }
      #[repr(C)] struct Inner<const N: usize> { slot: Slot<u8, N> }
      #[repr(C)] struct Outer { inner: Inner<5> }
    `;
    expect(await layouts(source, ['Uses', 'Outer'])).toEqual(['Uses 48/8 literal@0 braces@16 named@40', 'Outer 6/1 inner@0']);
  });

  test('C types have the width of the target', async () => {
    const source = `
      use std::ffi::{c_char, c_int, c_long, c_void};
      use std::os::raw::c_ulong as Size;
      #[repr(C)] struct Record { letter: c_char, long: c_long, size: Size, int: c_int, data: *mut c_void, word: usize }
    `;
    const all = await rustLayouts(source);
    const triples = ['x86_64-unknown-linux-gnu', 'x86_64-pc-windows-msvc', 'i686-unknown-linux-gnu', 'avr-none'];
    expect(triples.map((triple) => all.of('Record', triple))).toEqual([
      '48/8 letter@0 long@8 size@16 int@24 data@32 word@40',
      '32/8 letter@0 long@4 size@8 int@12 data@16 word@24',
      '24/4 letter@0 long@4 size@8 int@12 data@16 word@20',
      '15/1 letter@0 long@1 size@5 int@9 data@11 word@13',
    ]);
  });

  test('64-bit values are aligned to 4 bytes on 32-bit x86 Linux, atomic ones to 8', async () => {
    const source = `
      use std::sync::atomic::{AtomicU64, AtomicBool};
      #[repr(C)] struct Plain { tag: u8, value: u64 }
      #[repr(C)] struct Atomic { flag: AtomicBool, value: AtomicU64 }
    `;
    expect(await layouts(source, ['Plain', 'Atomic'], 'i686-unknown-linux-gnu')).toEqual([
      'Plain 12/4 tag@0 value@4',
      'Atomic 16/8 flag@0 value@8',
    ]);
  });
});

describe('pointers', () => {
  test('those to unsized types have two words', async () => {
    const source = `
      use std::ffi::CStr;
      trait Shape {}
      type Text = str;
      #[repr(C)] struct Tail { head: u8, rest: [u8] }
      #[repr(C)] struct Thin { a: *const u8, b: &'static Thin, c: Box<u32>, d: fn(u8), e: *const [u8; 4] }
      #[repr(C)] struct Fat { a: *const [u8], b: &'static str, c: Box<dyn Shape>, d: &'static CStr, e: *const Text, f: *const Tail }
      #[repr(C)] struct Generic<T: ?Sized> { at: *const T }
      #[repr(C)] struct Both { thin: Generic<u8>, fat: Generic<[u8]> }
    `;
    expect(await layouts(source, ['Thin', 'Fat', 'Both'])).toEqual([
      'Thin 40/8 a@0 b@8 c@16 d@24 e@32',
      'Fat 96/8 a@0 b@16 c@32 d@48 e@64 f@80',
      'Both 24/8 thin@0 fat@8',
    ]);
  });

  test('Option of what is never null or zero adds nothing, other Options are not defined', async () => {
    const source = `
      use std::num::NonZeroU32;
      use std::ptr::NonNull;
      use std::cell::Cell;
      #[repr(transparent)] pub struct Handle(NonNull<u8>, std::marker::PhantomData<u64>);
      #[repr(transparent)] pub struct Hidden(Cell<&'static u8>);
      #[repr(C)] struct Guaranteed { a: Option<Box<u8>>, b: Option<extern "C" fn()>, c: Option<NonZeroU32>, d: Option<Handle>, e: Option<&'static str> }
      #[repr(C)] struct Int { a: Option<u32> }
      #[repr(C)] struct NoNiche { a: Option<Hidden> }
      #[repr(C)] struct Twice { a: Option<Option<&'static u8>> }
    `;
    const none = 'unknown: the layout of an Option of this type is not defined';
    expect(await layouts(source, ['Guaranteed', 'Int', 'NoNiche', 'Twice'])).toEqual([
      'Guaranteed 48/8 a@0 b@8 c@16 d@24 e@32',
      `Int ${none}`,
      `NoNiche ${none}`,
      `Twice ${none}`,
    ]);
  });
});

describe('enums', () => {
  test('without data they are the integer of their representation', async () => {
    const source = `
      const LARGE: isize = 1 << 40;
      #[repr(C)] enum Color { Red, Green = 5, Blue }
      #[repr(u8)] enum Byte { A, B }
      #[repr(i64)] enum Long { A = -1 }
      #[repr(C)] enum Large { A = LARGE }
      enum Rusty { A }
    `;
    expect(await layouts(source, ['Color', 'Byte', 'Long', 'Large', 'Rusty'])).toEqual([
      'Color 4/4',
      'Byte 1/1',
      'Long 8/8',
      'Large 8/8',
      'Rusty unknown: the layout of Rusty is not defined: it has no repr',
    ]);
    expect(await layouts(source, ['Color'], 'thumbv7em-none-eabi')).toEqual(['Color 1/1']);
  });

  test('with data the tag stands in front of a union, or in each of its structs', async () => {
    const variants = '{ A(u8, u64), B { x: u16 }, C }';
    const source = `
      #[repr(C)] enum Tagged ${variants}
      #[repr(u8)] enum Inside ${variants}
      #[repr(C, u8)] enum Both ${variants}
    `;
    expect(await layouts(source, ['Tagged', 'Inside', 'Both'])).toEqual([
      'Tagged 24/8 tag@0 A.0@8 A.1@16 B.x@8',
      'Inside 16/8 tag@0 A.0@1 A.1@8 B.x@2',
      'Both 24/8 tag@0 A.0@8 A.1@16 B.x@8',
    ]);
  });
});

test('what an attribute macro may rewrite, or only a macro knows, is unknown', async () => {
  const source = `
    #[other::rewrite] #[repr(C)] struct Rewritten { a: u8 }
    #[::core::prelude::v1::derive(Clone)] #[repr(C)] struct Derived { a: u8 }
  `;
  expect(await layouts(source, ['Rewritten', 'Derived'])).toEqual([
    'Rewritten unknown: an attribute macro may rewrite Rewritten',
    'Derived 1/1 a@0',
  ]);
});
