/** The compiler proof itself: roots, features, registry crates, workspaces, files that no root reaches. */
import { expect, test } from 'vitest';
import { compile } from './compile.ts';

const TIMEOUT = 600_000;
const MANIFEST = '[package]\nname = "sample"\nversion = "0.1.0"\nedition = "2021"\n';

async function codes(files: Record<string, string>, skip: (note: string) => never): Promise<readonly string[]> {
  const result = await compile(new Map(Object.entries({ 'Cargo.toml': MANIFEST, ...files })));
  return 'unavailable' in result ? skip(result.unavailable) : result.codes;
}

test('a program and an integration test see the library', async ({ skip }) => {
  const files = {
    'src/lib.rs': 'pub fn one() -> u8 { 1 }',
    'src/main.rs': 'fn main() { sample::one(); }',
    'tests/t.rs': '#[test]\nfn t() { sample::two(); }',
  };
  expect(await codes(files, skip)).toEqual(['E0425']);
});

test('a file that no root reaches is compiled too', async ({ skip }) => {
  expect(await codes({ 'src/lib.rs': 'mod near;', 'src/near.rs': '', 'src/lost.rs': 'fn f() -> u8 { 1.0 }' }, skip)).toEqual(['E0308']);
});

test("default features are on, the edition is the manifest's, and a lint that denies is named", async ({ skip }) => {
  const manifest = `${MANIFEST.replace('2021', '2024')}\n[features]\ndefault = ["a"]\na = ["b"]\nb = []\n`;
  const rust = '#[cfg(feature = "b")]\nfn f() -> u8 { "" }\npub fn g() { std::env::set_var("A", "b"); }\n';
  expect(await codes({ 'Cargo.toml': manifest, 'src/lib.rs': rust }, skip)).toEqual(['E0133', 'E0308']);
  const denied = '#![deny(unused_variables)]\npub fn f() { let x = 1; }\npub fn g() -> u8 { 300 }\n';
  expect(await codes({ 'src/lib.rs': denied }, skip)).toEqual(['overflowing_literals', 'unused_variables']);
});

test(
  'members of a workspace see each other',
  async ({ skip }) => {
    const files = {
      'Cargo.toml': '[workspace]\nmembers = ["a", "b"]\nresolver = "2"\n',
      'a/Cargo.toml': MANIFEST.replace('sample', 'a'),
      'a/src/lib.rs': 'pub struct A;',
      'b/Cargo.toml': `${MANIFEST.replace('sample', 'b')}\n[dependencies]\na = { path = "../a" }\n`,
      'b/src/lib.rs': 'pub fn f() -> a::A { a::A }\npub fn g() -> a::B { loop {} }',
    };
    expect(await codes(files, skip)).toEqual(['E0425']);
  },
  TIMEOUT,
);

test(
  'registry crates are the real ones',
  async ({ skip }) => {
    const files = {
      'Cargo.toml': `${MANIFEST}\n[dependencies]\nlibc = "0.2"\n`,
      'src/lib.rs': 'pub fn f(a: libc::c_int) -> i32 { a }\npub fn g() { libc::no_such(); }',
    };
    expect(await codes(files, skip)).toEqual(['E0425']);
  },
  TIMEOUT,
);

test(
  'PyO3 is the real one, of the version that the manifest names',
  async ({ skip }) => {
    const files = {
      'Cargo.toml': `${MANIFEST}\n[dependencies]\npyo3 = { version = "0.26", features = ["extension-module"] }\n`,
      'src/lib.rs':
        "use pyo3::prelude::*;\n#[pyfunction]\nfn f(py: Python<'_>) -> u8 { py.detach(|| 1) }\n#[pyfunction]\nfn g(py: Python<'_>) { py.no_such() }",
    };
    expect(await codes(files, skip)).toEqual(['E0599']);
  },
  TIMEOUT,
);
