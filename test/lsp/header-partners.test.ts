/** Which files are checked where a header is open: those of the packages that meet it, and first its other side. */
import { expect, it } from 'vitest';
import { callersOf, directPartners, headerPartners } from '../../server/src/lsp/header-partners.ts';
import { world } from '../peers/support.ts';

const manifest = (name: string): string => `[package]\nname = "${name}"\nversion = "0.1.0"\n\n[lib]\ncrate-type = ["cdylib"]\n`;
const fn = (name: string): string => `#[no_mangle]\npub extern "C" fn ${name}(a: i32) -> i32 {\n    a\n}\n`;

const FILES = {
  'Cargo.toml': '[workspace]\nmembers = ["a", "b"]\n',
  'a/Cargo.toml': manifest('a'),
  'a/src/lib.rs': `mod more;\n${fn('geo_area')}`,
  'a/src/more.rs': 'pub fn helper() {}\n',
  'a/geo.h': '#include "types.h"\nint geo_area(int a);\n',
  'a/types.h': 'struct geo_point { int x; };\n',
  'b/Cargo.toml': manifest('b'),
  'b/src/lib.rs': fn('map_load'),
  'b/map.h': 'int map_load(int a);\n',
  'b/alone.h': 'int nobody(int a);\n',
};

const OF_A = ['/w/a/Cargo.toml', '/w/a/src/lib.rs', '/w/a/src/more.rs'];

it.each([
  ['a header that is met', ['/w/a/geo.h'], [...OF_A, '/w/a/geo.h']],
  ['one that it includes', ['/w/a/types.h'], [...OF_A, '/w/a/types.h']],
  ['Rust of another package beside it', ['/w/a/geo.h', '/w/b/src/lib.rs'], [...OF_A, '/w/a/geo.h', '/w/b/Cargo.toml', '/w/b/src/lib.rs']],
  ['one that no function meets', ['/w/a/geo.h', '/w/b/alone.h'], null],
  ['another language', ['/w/a/geo.h', '/w/b/map.py'], null],
  ['Rust alone', ['/w/a/src/lib.rs'], null],
])('%s', async (_, open, files) => {
  const { snapshot } = await world(FILES);
  expect(headerPartners(open, snapshot)).toEqual(files && [...files].sort());
});

it.each([
  ['a header and the Rust behind it', ['/w/a/geo.h'], ['/w/a/geo.h', '/w/a/src/lib.rs']],
  ['one that it includes', ['/w/a/types.h'], ['/w/a/geo.h', '/w/a/src/lib.rs', '/w/a/types.h']],
  ['Rust and the header that declares its functions', ['/w/a/src/lib.rs'], ['/w/a/geo.h', '/w/a/src/lib.rs']],
  ['Rust without any', ['/w/a/src/more.rs'], ['/w/a/src/more.rs']],
  ['both sides of two packages', ['/w/a/geo.h', '/w/b/src/lib.rs'], ['/w/a/geo.h', '/w/a/src/lib.rs', '/w/b/map.h', '/w/b/src/lib.rs']],
  ['another language', ['/w/b/map.py'], null],
  ['nothing', [], null],
])('first %s', async (_, changed, files) => {
  const { snapshot } = await world(FILES);
  expect(directPartners(changed, snapshot)).toEqual(files);
});

it('has no first files where a header is declared by more than a few', async () => {
  const modules = Array.from({ length: 15 }, (_, i) => [`a/src/m${i}.rs`, fn(`geo_m${i}`)] as const);
  const { snapshot } = await world({
    ...FILES,
    ...Object.fromEntries(modules),
    'a/src/lib.rs': modules.map((_, i) => `mod m${i};\n`).join(''),
    'a/geo.h': modules.map((_, i) => `int geo_m${i}(int a);\n`).join(''),
  });
  expect(directPartners(['/w/a/geo.h'], snapshot)).toBeNull();
});

it('counts the bindings that call functions of a Rust file', async () => {
  const { snapshot } = await world({
    ...FILES,
    'b/use.py': 'import ctypes\nlib = ctypes.CDLL("libb.so")\nlib.map_load.argtypes = [ctypes.c_int]\n',
    'b/other.py': 'import ctypes\nlib = ctypes.CDLL("libb.so")\nlib.unknown(1)\n',
  });
  expect(callersOf(['/w/b/src/lib.rs'], snapshot)).toEqual(['/w/b/use.py']);
  expect(callersOf(['/w/a/src/lib.rs', '/w/b/map.h'], snapshot)).toEqual([]);
});
