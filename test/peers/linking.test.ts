/** Which declarations in C mean which Rust functions, and which are left alone. */
import { describe, expect, test } from 'vitest';
import { enumPairs } from '../../server/src/abi/peers/enum-pairs.ts';
import { compareLinked } from '../../server/src/abi/peers/signature-differences.ts';
import { links, world } from './support.ts';

const EXPORT = '#[no_mangle]\npub extern "C" fn geo_area(width: f64) -> f64 {\n    width\n}\n';
const IMPORT = 'extern "C" {\n    pub fn geo_area(width: f64) -> f64;\n}\n';
const HEADER = 'double geo_area(double width);\n';

async function linksOf(files: Readonly<Record<string, string>>): Promise<Readonly<Record<string, string>>> {
  return links(await world(files));
}

describe('the configuration decides first', () => {
  const files = { 'src/lib.rs': EXPORT, 'include/geo.h': HEADER, 'other/geo.h': 'int geo_area(int width);\n' };

  test('headers of the table are taken although another one is nearer', async () => {
    const toml = '[[links]]\nrust = "src/**"\nheaders = ["other/*.h"]\n';
    expect(await linksOf({ ...files, 'ffi-lint.toml': toml })).toEqual({ geo_area: 'other/geo.h (configured)' });
  });

  test('no other header counts then', async () => {
    const toml = '[[links]]\nrust = "src/**"\nheaders = ["missing/*.h"]\n';
    expect(await linksOf({ ...files, 'ffi-lint.toml': toml })).toEqual({ geo_area: 'absent' });
  });

  test('a table for other Rust files changes nothing', async () => {
    const toml = '[[links]]\nrust = "elsewhere/**"\nheaders = ["other/*.h"]\n';
    expect(await linksOf({ ...files, 'include/geo.h': HEADER, 'other/geo.h': HEADER, 'ffi-lint.toml': toml })).toEqual({
      geo_area: 'include/geo.h (unique)',
    });
  });

  test('a table for Python says nothing of headers', async () => {
    const toml = '[[links]]\nrust = "src/**"\npython = ["x.py"]\n';
    expect(await linksOf({ 'src/lib.rs': EXPORT, 'include/geo.h': HEADER, 'ffi-lint.toml': toml })).toEqual({
      geo_area: 'include/geo.h (unique)',
    });
  });
});

describe('a link is checked for its own targets', () => {
  const rust = 'extern "C" {\n    pub fn geo_area(width: i64) -> i64;\n}\n';
  const files = { 'src/lib.rs': rust, 'include/geo.h': 'long geo_area(long width);\n' };
  const kinds = async (toml: string): Promise<readonly string[]> => {
    const { snapshot } = await world({ ...files, 'ffi-lint.toml': `[[links]]\nrust = "src/**"\nheaders = ["include/*.h"]\n${toml}` });
    const [linked] = snapshot.surface.functions.flatMap((fn) => snapshot.peers.linkedTo(fn));
    const made = linked ? compareLinked(linked, snapshot.peers) : null;
    return made?.kind === 'compared'
      ? made.differences.map(({ kind, here, targets }) => `${kind} ${here} ${targets.length}`)
      : [`${made?.reason}`];
  };

  test('without any, elsewhere is elsewhere', async () => {
    expect(await kinds('')).toEqual(['width false 5', 'width false 5']);
  });

  test('one on which it differs makes it a difference here', async () => {
    expect(await kinds('targets = ["x86_64-pc-windows-msvc"]\n')).toEqual(['width true 1', 'width true 1']);
  });
});

describe('what the crate says comes second', () => {
  test('a header that the build script names', async () => {
    const script = 'fn main() {\n    bindgen::builder().header("vendor/geo/geo.h").generate();\n}\n';
    expect(
      await linksOf({ 'src/lib.rs': IMPORT, 'build.rs': script, 'vendor/geo/geo.h': HEADER, 'other.h': 'int geo_area(void);\n' }),
    ).toEqual({
      geo_area: 'vendor/geo/geo.h (crate)',
    });
  });

  test('a folder that the build script includes, and a source that it compiles', async () => {
    const script = 'fn main() {\n    cc::Build::new().include("native/inc").file("native/geo.c").compile("geo");\n}\n';
    expect(await linksOf({ 'src/lib.rs': IMPORT, 'build.rs': script, 'native/inc/geo.h': HEADER })).toEqual({
      geo_area: 'native/inc/geo.h (crate)',
    });
    expect(
      await linksOf({ 'src/lib.rs': IMPORT, 'build.rs': script, 'native/geo.c': 'double geo_area(double w) { return w; }\n' }),
    ).toEqual({
      geo_area: 'native/geo.c (crate)',
    });
  });

  test('the header of cargo-c', async () => {
    const toml = '[package]\nname = "sample"\n\n[package.metadata.capi.header]\nname = "geo"\n';
    expect(
      await linksOf({ 'Cargo.toml': toml, 'src/lib.rs': EXPORT, 'assets/geo.h': HEADER, 'assets/old/other.h': 'int geo_area(void);\n' }),
    ).toEqual({
      geo_area: 'assets/geo.h (crate)',
    });
  });

  test('the header that cbindgen made, where the crate has a cbindgen.toml', async () => {
    const made = `/* Generated with cbindgen:0.29.0 */\n${HEADER}`;
    expect(await linksOf({ 'src/lib.rs': EXPORT, 'cbindgen.toml': 'language = "C"\n', 'tests/c/geo.h': made })).toEqual({
      geo_area: 'tests/c/geo.h (crate)',
    });
  });

  test('vendored headers of a -sys crate, and of the library that a block links', async () => {
    const sys = '[package]\nname = "geo-sys"\nlinks = "geo"\n';
    expect(await linksOf({ 'Cargo.toml': sys, 'src/lib.rs': IMPORT, 'vendor/geo/geo.h': HEADER })).toEqual({
      geo_area: 'vendor/geo/geo.h (unique)',
    });
    expect(await linksOf({ 'src/lib.rs': `#[link(name = "geo")]\n${IMPORT}`, 'third_party/libgeo/geo.h': HEADER })).toEqual({
      geo_area: 'third_party/libgeo/geo.h (unique)',
    });
  });
});

describe('a symbol that only one side has comes last', () => {
  test('one declaration', async () => {
    expect(await linksOf({ 'src/lib.rs': EXPORT, 'include/geo.h': HEADER })).toEqual({ geo_area: 'include/geo.h (unique)' });
  });

  test('copies that say the same count once, the nearest', async () => {
    const copy = '#include <math.h>\nextern double geo_area(double w);\n';
    expect(await linksOf({ 'src/lib.rs': EXPORT, 'include/geo.h': HEADER, 'ios/a/b/geo.h': copy })).toEqual({
      geo_area: 'include/geo.h (unique)',
    });
  });

  test('of different ones the nearest', async () => {
    const files = { 'crates/a/Cargo.toml': '[package]\nname = "a"\n', 'crates/a/src/lib.rs': EXPORT };
    expect(await linksOf({ ...files, 'crates/a/geo.h': HEADER, 'crates/b/geo.h': 'float geo_area(float w);\n' })).toEqual({
      geo_area: 'crates/a/geo.h (unique)',
    });
  });

  test('nothing where two different ones are equally near', async () => {
    expect(await linksOf({ 'src/lib.rs': EXPORT, 'a/geo.h': HEADER, 'b/geo.h': 'float geo_area(float w);\n' })).toEqual({
      geo_area: 'ambiguous',
    });
  });

  test('a C source counts where no header declares it', async () => {
    const files = { 'a/geo.c': 'double geo_area(double w) { return w; }\n' };
    expect(await linksOf({ 'src/lib.rs': IMPORT, ...files })).toEqual({ geo_area: 'a/geo.c (unique)' });
    expect(await linksOf({ 'src/lib.rs': IMPORT, ...files, 'b/geo.h': HEADER })).toEqual({ geo_area: 'b/geo.h (unique)' });
  });

  test('the names that attributes give', async () => {
    const rust =
      '#[export_name = "geo_area"]\npub extern "C" fn area(w: f64) -> f64 {\n    w\n}\nextern "C" {\n    #[link_name = "geo_init"]\n    fn init();\n}\n';
    expect(await linksOf({ 'src/lib.rs': rust, 'geo.h': `${HEADER}void geo_init(void);\nvoid area(void);\nvoid init(void);\n` })).toEqual({
      geo_area: 'geo.h (unique)',
      geo_init: 'geo.h (unique)',
    });
  });
});

test('a header of tests in a folder `include` does not stand for the one beside the crate', async () => {
  const files = { 'src/lib.rs': EXPORT, 'geo.h': HEADER, 'tests/include/geo.h': HEADER };
  expect(await linksOf(files)).toEqual({ geo_area: 'geo.h (unique)' });
});

test('what another package declares of its own export is not meant', async () => {
  const packages = {
    'good/Cargo.toml': '[package]\nname = "good"\n',
    'good/src/lib.rs': EXPORT,
    'good/include/geo.h': HEADER,
    'faulty/Cargo.toml': '[package]\nname = "faulty"\n',
    'faulty/src/lib.rs': EXPORT,
  };
  const { snapshot } = await world({ ...packages, 'Cargo.toml': '[workspace]\nmembers = ["good", "faulty"]\n' });
  const linked = snapshot.surface.functions.flatMap((fn) => snapshot.peers.linkedTo(fn).map(() => fn.item.module.crate.package?.name));
  expect(linked).toEqual(['good']);
  expect(snapshot.peers.unlinked.map(({ why }) => why)).toEqual(['never-by-name']);
});

describe('what is never linked by its name alone', () => {
  test.each([
    [
      'a function of the C library',
      'extern "C" {\n    fn memcmp(a: *const u8, b: *const u8, n: usize) -> i32;\n}\n',
      'int memcmp(const void *a, const void *b, int n);\n',
      'memcmp',
    ],
    ['a short name', 'extern "C" {\n    fn add(a: i32) -> i32;\n}\n', 'int add(long a);\n', 'add'],
  ])('%s', async (_, rust, header, symbol) => {
    expect(await linksOf({ 'src/lib.rs': rust, 'include/x.h': header })).toEqual({ [symbol]: 'never-by-name' });
  });

  test.each(['third_party/geo.h', 'vendor/geo/geo.h', 'tests/geo.h', 'examples/c/geo.h', 'src/test/geo.c'])(
    'a declaration in %s',
    async (path) => {
      expect(await linksOf({ 'src/lib.rs': EXPORT, [path]: HEADER })).toEqual({ geo_area: 'never-by-name' });
    },
  );

  test('a crate among tests meets the headers beside it', async () => {
    const files = { 'tests/ffi/Cargo.toml': '[package]\nname = "a"\n', 'tests/ffi/src/lib.rs': EXPORT, 'tests/ffi/geo.h': HEADER };
    expect(await linksOf(files)).toEqual({ geo_area: 'tests/ffi/geo.h (unique)' });
  });

  test.each([
    'static double geo_area(double w) { return w; }\n',
    'static inline double geo_area(double w) { return w; }\n',
    'inline double geo_area(double w) { return w; }\n',
    '// geo_area(1)\n',
    '#define geo_area(x) (x)\n',
  ])('%s', async (header) => {
    expect(await linksOf({ 'src/lib.rs': EXPORT, 'include/geo.h': header })).toEqual({ geo_area: 'nothing' });
  });
});

describe('the names that cbindgen is told to give', () => {
  const rust = `#[repr(C)]
pub struct Point {
    pub x: f64,
}

#[repr(C)]
pub struct Area {
    pub size: f64,
}

#[repr(C)]
pub enum Mode {
    Near,
    Far,
}

#[no_mangle]
pub extern "C" fn geo_area(width: f64) -> f64 {
    width
}
`;
  const header = `typedef struct { double x; } GPoint;
typedef struct { float at; } Point;
typedef struct { double size; } GRegion;
typedef enum { NEAR, FAR } GMode;
double geo_area(double width);
`;
  const pairs = async (cbindgen: string | null, text = header): Promise<readonly string[]> => {
    const { snapshot } = await world({ 'src/lib.rs': rust, 'geo.h': text, ...(cbindgen === null ? {} : { 'cbindgen.toml': cbindgen }) });
    const { workspace, surface, peers } = snapshot;
    return [...peers.types, ...enumPairs(workspace, surface, peers)].map((one) => `${one.rust.name} is ${one.peer.name}`).sort();
  };

  test('without a configuration only names that look alike', async () => {
    expect(await pairs(null)).toEqual(['Point is Point']);
  });

  test('a prefix stands before all names, those of the table too', async () => {
    const toml = '[export]\nprefix = "G"\n\n[export.rename]\nArea = "Region"\n';
    expect(await pairs(toml)).toEqual(['Area is GRegion', 'Mode is GMode', 'Point is GPoint']);
  });

  test('a table that overrides the prefix', async () => {
    const toml = '[export]\nprefix = "X"\nrenaming_overrides_prefixing = true\n\n[export.rename]\nArea = "GRegion"\nMode = "GMode"\n';
    expect(await pairs(toml)).toEqual(['Area is GRegion', 'Mode is GMode', 'Point is Point']);
  });

  test('by their places in functions, a name of the table settles which type is meant', async () => {
    const used = `${header}void geo_put(GRegion *area);\nvoid geo_cast(Point *area);\n`;
    const more = 'extern "C" {\n    pub fn geo_put(area: *mut Area);\n    pub fn geo_cast(area: *mut Area);\n}\n';
    const toml = '[export]\nprefix = "G"\n\n[export.rename]\nArea = "Region"\n';
    const { snapshot } = await world({ 'src/lib.rs': rust + more, 'geo.h': used, 'cbindgen.toml': toml });
    const found = snapshot.peers.types.filter(({ by }) => by === 'use').map((one) => `${one.rust.name} is ${one.peer.name}`);
    expect(found).toEqual(['Area is GRegion']);
  });
});
