/** Broken Rust: whatever is typed, indexing ends without failing and items away from the break are kept. */
import { describe, expect, it } from 'vitest';
import { indexRustFile } from '../../server/src/model/extract/rust/index-file.ts';

function names(text: string): string[] {
  return indexRustFile(text).entries.map(({ kind, name, implType, parent }) =>
    `${parent < 0 ? '' : '  '}${kind} ${implType ?? name}`.trimEnd(),
  );
}

describe('the items around a break', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ['a brace missing in a fn', 'fn a() {\n    if x {\n}\n\n/// Doc\nfn b() {\n}\n\nstruct C;\n', ['fn a', 'fn b', 'struct C']],
    [
      'a brace missing in a method',
      'impl A {\n    fn a() {\n        if x {\n    }\n\n    fn b() {\n    }\n}\n\nfn c() {}\n',
      ['impl A', '  fn a', '  fn b', 'fn c'],
    ],
    [
      'a brace too many in a method',
      'impl A {\n    fn a() {\n        x }\n    }\n\n    fn b() {\n    }\n}\n\nfn c() {}\n',
      ['impl A', '  fn a', '  fn b', 'fn c'],
    ],
    ['an impl that is not closed', 'impl A {\n    fn a() {}\n\nfn b() {}\nstruct C;\n', ['impl A', '  fn a', 'fn b', 'struct C']],
    ['parentheses that are not closed', 'fn a(x: u8\nfn b() {}\nstruct C(u8\nfn d() {}\n', ['fn a', 'fn b', 'struct C', 'fn d']],
    ['a call that is not closed', 'fn a() {\n    b(1, 2\n}\n\nfn c() {}\n', ['fn a', 'fn c']],
    [
      'a semicolon missing',
      'const A: u8 = 1\nfn b() {}\nuse c::d\nstruct E;\ntype F = u8\nmod g;\n',
      ['const A', 'fn b', 'use', 'struct E', 'type F', 'mod g'],
    ],
    ['a tuple struct without semicolon', 'struct A(u8)\nfn b() {}\n', ['struct A', 'fn b']],
    [
      'angle brackets that are not closed',
      'impl<T: X for A {\n    fn b() {}\n}\nfn c<T(x: T) { }\nfn d() {}\n',
      ['impl', '  fn b', 'fn c', 'fn d'],
    ],
    ['a quote missing', 'fn a() {\n    b("x);\n}\n\nfn c() {\n    d("y");\n}\n\nfn e() {}\n', ['fn a', 'fn c', 'fn e']],
    ['a comment that is not closed', 'fn a() {}\n/* x\nfn b() {}\n', ['fn a', 'fn b']],
    ['a raw string that is not closed', 'fn a() {\n    b(r#"x");\n}\n\nfn c() {}\n', ['fn a', 'fn c']],
    ['an attribute that is not closed', '#[repr(C\nstruct A;\nfn b() {}\n', ['struct A', 'fn b']],
    ['a visibility that is not closed', 'pub(crate mod a;\nfn b() {}\n', ['mod a', 'fn b']],
    ['a keyword alone', 'fn a() {}\nfn\nstruct B;\npub\nenum C {}\n', ['fn a', 'struct B', 'enum C']],
    ['a header alone', 'fn a\nfn b() {}\nimpl A for\nstruct C;\n', ['fn a', 'fn b', 'impl', 'struct C']],
    ['stray brackets', ')\nfn a() {}\n]\n}\nfn b() {}\n', ['fn a', 'fn b']],
    ['text that is no item', 'hello world\nfn a() {}\nx = { 1 };\nfn b() {}\n', ['fn a', 'fn b']],
    ['a macro call that is not closed', 'm! {\n    fn a() {}\n\nfn b() {}\n', ['macro-call m', '  fn a', 'fn b']],
  ];
  it.each(cases)('%s', (_, text, expected) => {
    const found = names(text);
    // What such an impl is for is anybody's guess.
    expect(found.map((line) => (expected.includes('impl') ? line.replace(/^impl .*/, 'impl') : line))).toEqual(expected);
  });

  it('says so where brackets do not match', () => {
    expect(indexRustFile('fn a() {').balanced).toBe(false);
    expect(indexRustFile('fn a() {}}').balanced).toBe(false);
    expect(indexRustFile('fn a() { ( }').balanced).toBe(false);
    expect(indexRustFile('fn a() {}').balanced).toBe(true);
  });
});

const SOURCE = `#![allow(dead_code)]
//! A file with something of everything.
use std::{ffi::{CStr, c_char}, io::{self, Read as _}};

/// Docs with \`code\`.
#[repr(C, packed(2))]
#[derive(Clone, Copy)]
pub struct Point<T, const N: usize = { 1 + 1 }> where T: Fn(u8) -> u8 {
    pub x: [u8; N], // a comment with ' and "
    y: *const T,
}

#[unsafe(no_mangle)]
pub unsafe extern "C" fn first<'a>(p: *const c_char, q: &'a mut u8) -> Option<&'a str> {
    let text = "braces { in ( a \\" string [";
    let raw = r#"raw "quoted" }"#;
    if let Some(x) = q.checked_add(1) && x > 1 { return None; }
    match p.is_null() { true => None, false => Some(CStr::from_ptr(p).to_str().ok()?) }
}

unsafe extern "C" {
    safe fn imported(x: i32) -> i32;
    pub static mut COUNT: u64;
}

impl<'a, T: Read> io::Write for Point<T, 3> {
    fn second(&self) -> char {
        '}'
    }

    const THIRD: u8 = b'{';
}

macro_rules! fourth {
    ($($x:expr),* $(,)?) => {{ let v = vec![$($x),*]; v }};
}

cfg_if::cfg_if! {
    if #[cfg(unix)] {
        mod fifth { pub fn sixth() {} }
    } else {
        mod seventh;
    }
}

pub enum Eighth { A = 1, B { x: u8 }, C(u16) }

static NINTH: &[&str] = &["a", "b"];

mod tenth {
    pub(crate) union Eleventh { a: u32, b: f32 }
    pub type Twelfth = extern "C" fn(*mut u8) -> u8;
}

fn last() {}
`;

const PIECES = [
  '{',
  '}',
  '(',
  ')',
  '[',
  ']',
  '"',
  "'",
  '/*',
  '*/',
  '//',
  ';',
  '<',
  '>',
  '#',
  '#[',
  'fn ',
  'r#"',
  '\n',
  '!',
  '=>',
  '\\',
  '😀',
  '\u0000',
  '\ud800',
];

/** Park and Miller's generator: the same numbers for the same seed, everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

function mutate(text: string, random: () => number): string {
  const at = Math.floor(random() * text.length);
  if (random() < 0.4) return text.slice(0, at) + text.slice(at + 1 + Math.floor(random() * 3));
  return text.slice(0, at) + (PIECES[Math.floor(random() * PIECES.length)] ?? '') + text.slice(at);
}

const SEED = Number(process.env['FUZZ_SEED'] ?? 20_240_611);

describe(`random edits (FUZZ_SEED=${SEED})`, () => {
  it('never fail, and leave a well-formed index', () => {
    const random = generator(SEED);
    for (let round = 0; round < 600; round++) {
      let text = SOURCE;
      for (let edits = 1 + Math.floor(random() * 6); edits > 0; edits--) text = mutate(text, random);
      const index = indexRustFile(text);
      expect(index.length).toBe(text.length);
      let before = 0;
      for (const entry of index.entries) {
        const parent = index.entries[entry.parent];
        const inside = parent === undefined || (parent.span.start <= entry.span.start && entry.span.end <= parent.span.end);
        const ordered = before <= entry.signatureSpan.start && entry.span.start <= entry.signatureSpan.start;
        const closed = entry.signatureSpan.start <= entry.span.end && entry.span.end <= text.length;
        if (!inside || !ordered || !closed)
          throw new Error(`seed ${SEED}, round ${round}: ${JSON.stringify(entry)} in ${JSON.stringify(text)}`);
        before = entry.signatureSpan.start;
      }
    }
  });

  it('one edit loses at most its neighbourhood', () => {
    const random = generator(SEED);
    const good = indexRustFile(SOURCE)
      .entries.filter(({ parent }) => parent < 0)
      .map(({ kind, name, implType }) => `${kind} ${implType ?? name}`);
    let kept = 0;
    let all = 0;
    for (let round = 0; round < 600; round++) {
      const found = new Set(indexRustFile(mutate(SOURCE, random)).entries.map(({ kind, name, implType }) => `${kind} ${implType ?? name}`));
      all += good.length;
      kept += good.filter((item) => found.has(item)).length;
    }
    // One of 14 items is edited, which may rename or end it.
    expect(kept / all).toBeGreaterThan(0.96);
  });
});

describe('texts that ask for much work', () => {
  const many = 20_000;
  it.each([
    ['modules in each other', 'mod a{'.repeat(many)],
    ['fns that are not closed', 'fn a(){\n'.repeat(many)],
    ['impls that are not closed', 'impl (A {\n'.repeat(many)],
    ['attributes that are not closed', '#[a(\nstruct A;\n'.repeat(many)],
    ['attributes in each other', `#[${'a('.repeat(many)}`],
    ['use trees in each other', `use ${'a::{'.repeat(many)}`],
    ['macro calls in each other', 'm!{'.repeat(many)],
    ['conditions in each other', 'cfg_if!{ if #[cfg(a)] {'.repeat(many)],
    ['else without end', `cfg_if!{ if #[cfg(a)] {}${' else if #[cfg(b)] {}'.repeat(2000)} }`],
    ['quotes', '"\n'.repeat(many + 1)],
    ['generics that are not closed', 'impl<'.repeat(many)],
    ['conditions that negate each other', `#[cfg(${'not('.repeat(many)}a${')'.repeat(many)})] struct A;`],
    ['one line', `${'fn a() { } '.repeat(many)}{`],
  ])('%s', (_, text) => {
    expect(indexRustFile(text).length).toBe(text.length);
  });
});
