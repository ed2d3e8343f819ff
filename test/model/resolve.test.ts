/** Names mean what rustc takes them to mean, or are unknown. */
import { describe, expect, test } from 'vitest';
import { moduleAt, resolve, show, snapshotOf } from './snapshot.ts';

async function answers(files: Record<string, string>, questions: readonly string[]): Promise<string> {
  const { workspace } = await snapshotOf(files);
  return questions
    .map((question) => {
      const [path = '', ...where] = question.split(' in ');
      return `${question}: ${resolve(workspace, path, where[0] ?? 'crate')}`;
    })
    .join('\n');
}

describe('modules', () => {
  test('files, folders, inline modules and path attributes', async () => {
    const files = {
      'src/lib.rs': 'mod a; mod b; mod c { pub mod d; pub mod e { pub struct E; } } #[path = "odd/place.rs"] mod p;',
      'src/a.rs': 'pub mod inner; pub struct A;',
      'src/a/inner.rs': 'pub struct I;',
      'src/b/mod.rs': 'pub mod beside; pub struct B;',
      'src/b/beside.rs': 'pub struct S;',
      'src/c/d.rs': 'pub struct D;',
      'src/odd/place.rs': 'pub mod next; pub struct P;',
      'src/odd/next.rs': 'pub struct N;',
    };
    expect(await answers(files, ['a::A', 'a::inner::I', 'b::B', 'b::beside::S', 'c::d::D', 'c::e::E', 'p::P', 'p::next::N'])).toBe(
      [
        'a::A: struct A @src/a.rs',
        'a::inner::I: struct I @src/a/inner.rs',
        'b::B: struct B @src/b/mod.rs',
        'b::beside::S: struct S @src/b/beside.rs',
        'c::d::D: struct D @src/c/d.rs',
        'c::e::E: struct E @src/lib.rs',
        'p::P: struct P @src/odd/place.rs',
        'p::next::N: struct N @src/odd/next.rs',
      ].join('\n'),
    );
  });

  test('files that are included, in the module that includes them', async () => {
    const files = {
      'src/lib.rs': 'pub mod base { pub struct B; } pub mod x { include!("gen/x.rs"); std::include! { "gen/more.rs" } }',
      'src/gen/x.rs': 'pub use super::base::B as Base; pub mod inner; pub struct X; include!("x.rs");',
      'src/gen/more.rs': 'pub struct More; include!(concat!("gen/", "none.rs")); include!("missing.rs");',
      'src/gen/inner.rs': 'pub struct I;',
    };
    expect(
      await answers(files, ['x::X', 'x::Base', 'x::inner::I', 'x::More', 'super::base::B in crate::x', 'More in crate::x::inner']),
    ).toBe(
      [
        'x::X: struct X @src/gen/x.rs',
        'x::Base: struct B @src/lib.rs',
        'x::inner::I: struct I @src/gen/inner.rs',
        'x::More: struct More @src/gen/more.rs',
        'super::base::B in crate::x: struct B @src/lib.rs',
        'More in crate::x::inner: unknown',
      ].join('\n'),
    );
  });

  test('a macro of the workspace by the name of include', async () => {
    const files = {
      'src/lib.rs': 'macro_rules! include { ($name:expr) => { pub struct Own; }; } include!("x.rs");',
      'src/x.rs': 'pub struct X;',
    };
    expect(await answers(files, ['X'])).toBe('X: unknown');
  });

  test('modules in cfg_if, and files that name each other in a circle', async () => {
    const files = {
      'src/lib.rs':
        'cfg_if::cfg_if! { if #[cfg(unix)] { mod unix; pub use unix::Handle; } else { mod other; } } #[path = "lib.rs"] mod again;',
      'src/unix.rs': 'pub struct Handle;',
    };
    expect(await answers(files, ['unix::Handle', 'Handle'])).toBe(
      'unix::Handle: struct Handle @src/unix.rs\nHandle: struct Handle @src/unix.rs',
    );
  });
});

describe('imports', () => {
  test('renames, re-exports, globs, self and super', async () => {
    const files = {
      'src/lib.rs': `mod types { pub struct Point; pub(crate) struct Hidden; pub mod deep { pub enum Kind { A, B } pub use super::Point as Alias; } }
pub use types::{self as t, deep::{self, Kind::*}, Point as P};
mod user { use super::*; use crate::types::deep::*; struct Own; }
`,
    };
    const questions = [
      'P',
      't::Point',
      'deep::Alias',
      'Point in crate::user',
      'P in crate::user',
      'Kind in crate::user',
      'Own in crate::user',
      'Nothing',
    ];
    expect(await answers(files, questions)).toBe(
      [
        'P: struct Point @src/lib.rs',
        't::Point: struct Point @src/lib.rs',
        'deep::Alias: struct Point @src/lib.rs',
        'Point in crate::user: unknown',
        'P in crate::user: struct Point @src/lib.rs',
        'Kind in crate::user: enum Kind @src/lib.rs',
        'Own in crate::user: struct Own @src/lib.rs',
        'Nothing: unknown',
      ].join('\n'),
    );
  });

  test('circles of globs and of names end', async () => {
    const files = {
      'src/lib.rs': 'mod a { pub use super::b::*; pub use super::b::X; } mod b { pub use super::a::*; pub use super::a::X; } use a::*;',
    };
    expect(await answers(files, ['X', 'Y', 'a::X'])).toBe('X: unknown\nY: unknown\na::X: unknown');
  });

  test('own names stand before those of std, globs of unknown crates make doubtful what they may define', async () => {
    const files = {
      'Cargo.toml': '[package]\nname = "own"\nedition = "2021"\n[dependencies]\nvk = "1"\nlibc = "0.2"\n',
      'src/lib.rs':
        'mod own { pub struct String; pub type Result = i32; fn f() {} }\nmod ext { use vk::*; }\nmod c { use libc::*; }\nmod std_only { use std::ffi::*; }',
    };
    const questions = [
      'String in crate::own',
      'Result in crate::own',
      'Vec in crate::own',
      'String',
      'Result in crate::ext',
      'Vec in crate::ext',
      'Thing in crate::ext',
    ];
    expect(
      await answers(files, [
        ...questions,
        'c_int in crate::c',
        'size_t in crate::c',
        'CStr in crate::std_only',
        'Result in crate::std_only',
        'i32',
      ]),
    ).toBe(
      [
        'String in crate::own: struct String @src/lib.rs',
        'Result in crate::own: type Result @src/lib.rs',
        'Vec in crate::own: std::vec::Vec',
        'String: std::string::String',
        'Result in crate::ext: unknown',
        'Vec in crate::ext: std::vec::Vec',
        'Thing in crate::ext: unknown',
        'c_int in crate::c: libc::c_int',
        'size_t in crate::c: libc::size_t',
        'CStr in crate::std_only: std::ffi::CStr',
        'Result in crate::std_only: std::result::Result',
        'i32: i32',
      ].join('\n'),
    );
  });

  test('core and alloc are spelled std; renamed dependencies keep their registered name', async () => {
    const files = {
      'Cargo.toml':
        '[package]\nname = "own"\nedition = "2021"\n[dependencies]\npy = { package = "pyo3", version = "0.25" }\nserde-json = "1"\n',
      'src/lib.rs':
        'extern crate alloc; use alloc::string::String as S; use core::ffi::c_int; use py::prelude::*; use py::types::PyList as L;',
    };
    expect(await answers(files, ['S', 'c_int', 'L', 'Bound', 'serde_json::Value', 'unheard::Of'])).toBe(
      [
        'S: std::string::String',
        'c_int: std::ffi::c_int',
        'L: pyo3::types::PyList',
        'Bound: pyo3::prelude::Bound',
        'serde_json::Value: serde_json::Value',
        'unheard::Of: unknown',
      ].join('\n'),
    );
  });

  test('a module of std with the name of a primitive hides it in values alone', async () => {
    const files = {
      'src/lib.rs': 'use std::str; use std::{f64, u8 as byte}; mod own { pub mod char {} } mod deep { use crate::own::char; }',
    };
    const questions = ['str', 'f64', 'str::from_utf8', 'byte', 'char in crate::deep'];
    expect(await answers(files, questions)).toBe(
      ['str: str', 'f64: f64', 'str::from_utf8: std::str::from_utf8', 'byte: std::u8', 'char in crate::deep: char'].join('\n'),
    );
  });

  test('edition 2015 starts at the crate root', async () => {
    const files = {
      'Cargo.toml': '[package]\nname = "own"\nedition = "2015"\n[dependencies]\nlibc = "0.2"\n',
      'src/lib.rs':
        'extern crate libc; mod types { pub struct Point; } mod user { use types::Point; use libc::c_int; fn f(_: ::types::Point) {} }',
    };
    expect(await answers(files, ['Point in crate::user', 'c_int in crate::user', '::types::Point in crate::user'])).toBe(
      [
        'Point in crate::user: struct Point @src/lib.rs',
        'c_int in crate::user: libc::c_int',
        '::types::Point in crate::user: struct Point @src/lib.rs',
      ].join('\n'),
    );
  });
});

describe('conditions and macros', () => {
  test('two definitions under different conditions are not decided', async () => {
    const files = { 'src/lib.rs': '#[cfg(unix)] pub struct Fd(i32);\n#[cfg(windows)] pub struct Fd(usize);' };
    expect(await answers(files, ['Fd'])).toBe('Fd: one of Fd @src/lib.rs, Fd @src/lib.rs');
  });

  test('items that a workspace macro makes, with $crate and nested calls', async () => {
    const files = {
      'src/lib.rs': `macro_rules! handle { ($name:ident, $of:ty) => { #[repr(C)] pub struct $name { raw: *mut $of, of: $crate::Tag } }; }
macro_rules! handles { ($($n:ident),*) => { $( handle!($n, u8); )* }; }
pub struct Tag;
handle!(File, i32);
mod inner { handles!(Left, Right); }
`,
    };
    const found = await answers(files, ['File', 'inner::Left', 'inner::Right']);
    expect(found).toMatch(/^File: struct File @src\/lib\.rs#\d+\ninner::Left: struct Left @.*#\d+\ninner::Right: struct Right @.*#\d+$/);
  });
});

describe('conditions that are known', () => {
  const files = {
    'src/lib.rs': `mod wide; #[cfg(unix)] mod sys { pub type Fd = i32; pub struct Own; }
#[cfg(not(unix))] mod sys { pub type Fd = usize; }
pub use sys::*; #[cfg(windows)] pub use wide::*; #[cfg(feature = "x")] pub struct Maybe; #[cfg(not(feature = "x"))] pub struct Maybe;
mod user { use super::*; }`,
    'src/wide.rs': 'pub type Fd = u64; pub struct Only;',
  };
  const on =
    (name: string): ((option: string, value: string | null) => boolean | undefined) =>
    (option, value) =>
      value === null && (option === 'unix' || option === 'windows') ? option === name : undefined;

  async function under(name: string, path: string): Promise<string> {
    const { workspace } = await snapshotOf(files);
    const found = workspace.resolveUnder(on(name))(path.split('::'), { module: moduleAt(workspace, 'crate::user'), item: null }, 'type');
    return found.kind === 'item' ? `${found.item.name} @${found.item.entry.signatureSpan.start}` : show(found);
  }

  test('leave one of several modules and imports', async () => {
    expect(await under('unix', 'Fd')).toBe(`Fd @${files['src/lib.rs'].indexOf('pub type Fd = i32')}`);
    expect(await under('unix', 'crate::sys::Own')).toMatch('Own');
    expect(await under('unix', 'Only')).toBe('unknown');
    expect(await under('windows', 'Only')).toMatch('Only');
    expect(await under('windows', 'crate::sys::Own')).toBe('unknown');
  });

  test('what they leave open stays open', async () => {
    expect(await under('unix', 'Maybe')).toBe('one of Maybe @src/lib.rs, Maybe @src/lib.rs');
  });
});

describe('globs', () => {
  test('do not bring in what is private there, but do below it', async () => {
    const files = {
      'src/lib.rs': `mod a { mod c { pub struct X; } struct Own; use std::ffi::c_int as Int; pub mod b { pub use super::*; pub struct Y; } pub(crate) struct Seen; }
mod c { pub struct Z; }
pub use a::*;`,
    };
    expect(
      await answers(files, ['c::Z', 'Seen', 'b::Y', 'Own', 'Int', 'Own in crate::a::b', 'Int in crate::a::b', 'c::X in crate::a::b']),
    ).toBe(
      [
        'c::Z: struct Z @src/lib.rs',
        'Seen: struct Seen @src/lib.rs',
        'b::Y: struct Y @src/lib.rs',
        'Own: unknown',
        'Int: unknown',
        'Own in crate::a::b: struct Own @src/lib.rs',
        'Int in crate::a::b: std::ffi::c_int',
        'c::X in crate::a::b: struct X @src/lib.rs',
      ].join('\n'),
    );
  });
});

describe('macros of the workspace', () => {
  test('that make modules', async () => {
    const files = {
      'src/lib.rs':
        'macro_rules! prelude { () => { mod prelude { pub(crate) use core::ffi::c_long; } }; }\nprelude!(); mod m { use crate::prelude::*; }',
    };
    expect(await answers(files, ['c_long in crate::m'])).toBe('c_long in crate::m: std::ffi::c_long');
  });

  const muncher = (fields: number): Record<string, string> => ({
    'src/lib.rs': `macro_rules! make {
  ($name:ident { $($f:tt)* }) => { make! { @go $name { } { $($f)* } } };
  (@go $name:ident { $($done:tt)* } { $f:ident : $t:ty, $($rest:tt)* }) => { make! { @go $name { $($done)* $f: $t, } { $($rest)* } } };
  (@go $name:ident { $($done:tt)* } { }) => { #[repr(C)] pub struct $name { $($done)* } };
}
make! { Long { ${Array.from({ length: fields }, (_, i) => `f${i}: u8,`).join(' ')} } }`,
  });

  test('that take their arguments one by one, as deep as rustc follows', async () => {
    expect(await answers(muncher(100), ['Long'])).toMatch(/^Long: struct Long @.*#102$/);
    expect(await answers(muncher(200), ['Long'])).toBe('Long: unknown');
  });

  test('that call themselves twice end', async () => {
    const files = {
      'src/lib.rs':
        'macro_rules! two { ($($x:tt)*) => { two!($($x)* a); two!($($x)* b); #[repr(C)] struct S; }; }\ntwo!();\npub struct After;',
    };
    expect(await answers(files, ['After'])).toBe('After: struct After @src/lib.rs');
  });
});

describe('across the workspace', () => {
  test('dependencies by path, under another name, and the library of a binary', async () => {
    const files = {
      'Cargo.toml': '[workspace]\nmembers = ["types", "app"]\n',
      'types/Cargo.toml': '[package]\nname = "my-types"\nversion = "0.1.0"\nedition = "2021"\n',
      'types/src/lib.rs': 'mod p; pub use p::Point;',
      'types/src/p.rs': 'pub struct Point;',
      'app/Cargo.toml':
        '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n[dependencies]\ntypes = { package = "my-types", path = "../types" }\n',
      'app/src/lib.rs': 'pub use types::Point as P; pub struct Own;',
      'app/src/main.rs': 'use app::{Own, P}; fn main() {}',
    };
    const { workspace } = await snapshotOf(files);
    expect(resolve(workspace, 'P', 'app')).toBe('struct Point @types/src/p.rs');
    const main = workspace.crates.find((crate) => crate.target.kind === 'bin');
    if (!main) throw new Error('no binary');
    const names = ['Own', 'P'].map((name) => workspace.resolve([name], { module: main.root, item: null }, 'type'));
    expect(names.map((found) => (found.kind === 'item' ? found.item.file.path : found.kind))).toEqual([
      '/w/app/src/lib.rs',
      '/w/types/src/p.rs',
    ]);
  });
});

test('hundreds of modules that take each other in by globs', async () => {
  const names = Array.from({ length: 300 }, (_, i) => `m${i}`);
  const files = Object.fromEntries(
    names.map((name, i) => [
      `src/${name}.rs`,
      `pub use crate::${names[(i + 1) % 300]}::*; pub use super::${names[(i * 7 + 3) % 300]}::*; pub struct S${i};`,
    ]),
  );
  const lib = `${names.map((name) => `pub mod ${name};`).join('\n')}\npub use m0::*;`;
  expect(await answers({ ...files, 'src/lib.rs': lib }, ['m5::S6', 'S3', 'String in crate::m9'])).toBe(
    ['m5::S6: struct S6 @src/m6.rs', 'S3: struct S3 @src/m3.rs', 'String in crate::m9: std::string::String'].join('\n'),
  );
});
