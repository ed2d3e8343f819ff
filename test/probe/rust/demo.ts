/** A crate with everything that makes layouts hard to see from outside: private, generated, conditional, generic, packed. */

export const DEMO: Readonly<Record<string, string>> = {
  'Cargo.toml': `[workspace]
members = ["macros"]

[package]
name = "demo-crate"
version = "0.1.0"
edition = "2021"
build = "build.rs"

[features]
default = ["wide"]
wide = []
extra = []

[dependencies]
demo-macros = { path = "macros" }
`,
  'Cargo.lock': `version = 3

[[package]]
name = "demo-crate"
version = "0.1.0"
dependencies = [
 "demo-macros",
]

[[package]]
name = "demo-macros"
version = "0.1.0"
`,
  'build.rs': `use std::{env, fs, path::Path};
fn main() {
    let out = env::var("OUT_DIR").unwrap();
    let text = "#[repr(C)]\\npub struct Generated { pub a: u8, pub b: u64 }\\n";
    fs::write(Path::new(&out).join("generated.rs"), text).unwrap();
    println!("cargo:rerun-if-changed=build.rs");
}
`,
  'macros/Cargo.toml': `[package]
name = "demo-macros"
version = "0.1.0"
edition = "2021"
`,
  'macros/src/lib.rs': `pub struct Foreign { pub x: u16, pub y: u16, pub z: u8 }

#[macro_export]
macro_rules! made {
    ($name:ident, $field:ident) => {
        #[repr(C)]
        pub struct $name { pub $field: u8, pub after: u32 }
    };
}
`,
  'src/lib.rs': `#![forbid(unsafe_code)]
//! Demo.
mod private;
#[path = "elsewhere/odd_name.rs"]
mod placed;
pub mod inline {
    #[repr(C)]
    pub struct Inline { a: u8, b: u16 }
    mod deeper {
        #[repr(C, packed(2))]
        pub(super) struct Deeper { a: u8, b: u64 }
    }
    // a comment at the end
}
pub mod generated {
    include!(concat!(env!("OUT_DIR"), "/generated.rs"));
}
demo_macros::made!(FromDependency, r#type);

macro_rules! local {
    ($($name:ident)*) => { $(#[repr(C)] pub struct $name { a: u8, b: usize })* };
}
local!(Local1 Local2);

pub use private::Outer;
pub const SIZE: usize = 3 + 4; // no line end`,
  'src/private.rs': `use demo_macros::Foreign;

#[repr(C)]
pub struct Outer { tag: u8, inner: Inner, list: [Inner; crate::SIZE], foreign: Foreign }

#[derive(Clone, Copy)]
#[repr(C)]
struct Inner { a: u8, b: f64 }

#[repr(C)]
pub struct Borrowing<'a, 'b: 'a> { text: &'a str, list: &'b [u8], one: &'a u8 }

#[repr(C)]
union Number { whole: u32, real: f64, inner: Inner }

#[repr(transparent)]
struct Handle(std::num::NonZeroU32);

#[repr(C)]
struct Optional { handle: Option<Handle>, boxed: Option<Box<u8>>, call: Option<extern "C" fn(u8) -> u8> }

#[repr(C)]
struct Keywords { r#type: u8, r#match: u64 }
`,
  'src/elsewhere/odd_name.rs': `mod sub;
#[repr(C, packed)]
struct Packed { a: u8, b: u32, c: u16 }

#[repr(C, align(16))]
struct Aligned { a: u8, b: u32 }

#[repr(C)]
struct Pair<T, U = u8> where T: Copy { first: T, second: U }
type PairOfWide = Pair<u64>;
pub type PairOfBytes = Pair<u8, u8>;

#[repr(C)]
struct Fixed<'a, T: ?Sized, const N: usize> { bytes: [u8; N], behind: &'a T }
type FixedText = Fixed<'static, str, 5>;

#[repr(C)]
pub struct Unsized { length: u32, tail: [u8] }

#[repr(C)]
struct Nothing;

#[repr(C)]
struct Tuple(u8, u32, u8);
`,
  'src/elsewhere/sub.rs': `#[repr(u8)]
pub enum Small { A, B }

#[repr(C)]
pub enum Plain { A = -1, B }

#[repr(C, u8)]
pub enum Tagged { None, One(u32), Two { a: u8, b: u64 } }

#[repr(u16)]
pub enum Tagged16 { One(u8), Two(u32) }

#[repr(C)]
pub struct Conditional {
    first: u8,
    #[cfg(feature = "wide")]
    wide: u64,
    #[cfg(not(feature = "wide"))]
    wide: u8,
    #[cfg(windows)]
    handle: usize,
    last: u8,
}

#[cfg(feature = "extra")]
#[repr(C)]
pub struct Extra { a: u8 }

#[cfg(windows)]
#[repr(C)]
pub struct OnWindows { a: u8 }
`,
};
