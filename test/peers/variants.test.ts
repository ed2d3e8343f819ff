/** Declarations under conditions: each variant in Rust is compared with those in C that can hold together with it. */
import { expect, test } from 'vitest';
import type { Config } from '../../server/src/config/config.ts';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { testEngine } from '../support/engine.ts';

const LINUX = 'x86_64-unknown-linux-gnu';
const WINDOWS = 'x86_64-pc-windows-msvc';
const MANIFEST =
  '[package]\nname = "geo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[features]\nmore = []\n';
const compared = rules.filter(({ id }) => id.startsWith('signature-'));
const laidOut = rules.filter(({ id }) => id.startsWith('layout-'));

/** `geo_init` with a parameter of each type, under each condition. */
function imports(variants: Readonly<Record<string, string>>): string {
  return Object.entries(variants)
    .map(([condition, type]) => `extern "C" {\n    #[cfg(${condition})]\n    pub fn geo_init(layer: ${type}) -> i32;\n}\n`)
    .join('');
}

function header(test: string, yes: string, no: string): string {
  return `${test}\nint geo_init(${yes} layer);\n#else\nint geo_init(${no} layer);\n#endif\n`;
}

/** The types in Rust that a finding of an error or a warning is about. */
async function wrong(
  rust: string,
  c: string,
  targets: readonly string[],
  others: Readonly<Record<string, string>> = {},
  config: Partial<Config> = {},
): Promise<readonly string[]> {
  const all = new Map(Object.entries({ 'Cargo.toml': MANIFEST, 'src/lib.rs': rust, 'geo.h': c, ...others }));
  const engine = await testEngine(all, compared, { ...defaultConfig(), ...config, targets });
  const { findings } = await engine.check();
  const loud = findings.filter(({ severity }) => severity === 'error' || severity === 'warning');
  return loud.map(({ at }) => /layer: (\w+)/.exec(rust.slice(at.span.start))?.[1] ?? '').sort();
}

const SYSTEMS = header('#ifdef _WIN32', 'int', 'double');
const right = imports({ windows: 'i32', 'not(windows)': 'f64' });

test.each([
  ['each has its own', right, SYSTEMS, [LINUX, WINDOWS], []],
  ['each has its own, looked at for one', right, SYSTEMS, [WINDOWS], []],
  ['each has that of the other', imports({ windows: 'f64', 'not(windows)': 'i32' }), SYSTEMS, [LINUX, WINDOWS], ['f64', 'i32']],
  ['one of them is wrong on its target', imports({ windows: 'i32', unix: 'i32' }), SYSTEMS, [LINUX, WINDOWS], ['i32']],
  ['one of them is wrong, and the other is not looked at', imports({ windows: 'i32', unix: 'i32' }), SYSTEMS, [LINUX], ['i32']],
  ['one of them is wrong, and is not looked at', imports({ windows: 'i32', unix: 'i32' }), SYSTEMS, [WINDOWS], []],
  [
    'another system',
    imports({ 'target_os = "macos"': 'i32', 'not(target_os = "macos")': 'f64' }),
    header('#if defined(__APPLE__)', 'int', 'double'),
    [LINUX, 'aarch64-apple-darwin'],
    [],
  ],
  [
    'widths of pointers',
    imports({ 'target_pointer_width = "64"': 'f64', 'target_pointer_width = "32"': 'i32' }),
    `#include <stdint.h>\n${header('#if UINTPTR_MAX == 0xffffffffu', 'int', 'double')}`,
    [LINUX, 'i686-unknown-linux-gnu'],
    [],
  ],
  [
    'widths of pointers, the wrong way round',
    imports({ 'target_pointer_width = "64"': 'i32', 'target_pointer_width = "32"': 'f64' }),
    header('#ifdef __LP64__', 'double', 'int'),
    [LINUX, 'i686-unknown-linux-gnu'],
    ['f64', 'i32'],
  ],
  [
    'a feature, of which one variant agrees',
    imports({ 'feature = "more"': 'i32', 'not(feature = "more")': 'f64' }),
    'int geo_init(double layer);',
    [LINUX],
    [],
  ],
  [
    'a feature, of which no variant agrees',
    imports({ 'feature = "more"': 'f32', 'not(feature = "more")': 'f64' }),
    'int geo_init(int layer);',
    [LINUX],
    ['f32', 'f64'],
  ],
  [
    'a macro that depends on the build, of which one variant agrees',
    imports({ 'feature = "more"': 'i32', 'not(feature = "more")': 'f64' }),
    header('#ifdef NDEBUG', 'int', 'double'),
    [LINUX],
    [],
  ],
  [
    'a macro that depends on the build, of which no variant agrees',
    imports({ 'feature = "more"': 'f32', 'not(feature = "more")': 'i64' }),
    header('#ifdef NDEBUG', 'int', 'double'),
    [LINUX],
    ['f32', 'i64'],
  ],
  ['a macro that nothing defines keeps both', imports({ unix: 'i32' }), header('#ifdef GEO_MORE', 'int', 'double'), [LINUX], []],
  [
    'a macro that nothing defines, of which no variant agrees',
    imports({ unix: 'f32' }),
    header('#ifdef GEO_MORE', 'int', 'double'),
    [LINUX],
    ['f32'],
  ],
  ['the value of one', imports({ unix: 'i32' }), header('#if GEO_MORE', 'int', 'double'), [LINUX], []],
  ['a value that is compared', imports({ unix: 'i32' }), header('#if GEO_MORE >= 3', 'int', 'double'), [LINUX], []],
  [
    'a value that is compared, of which no variant agrees',
    imports({ unix: 'f32' }),
    header('#if GEO_MORE >= 3', 'int', 'double'),
    [LINUX],
    ['f32'],
  ],
  ['on where nothing takes it away', imports({ unix: 'f64' }), header('#ifndef GEO_NO_MORE', 'int', 'double'), [LINUX], []],
  [
    'on where nothing takes it away, of which no variant agrees',
    imports({ unix: 'i64' }),
    header('#ifndef GEO_NO_MORE', 'int', 'double'),
    [LINUX],
    ['i64'],
  ],
  ['one with, one without', imports({ unix: 'i32' }), header('#if defined(GEO_A) && !defined(GEO_B)', 'int', 'double'), [LINUX], []],
  ['two together', imports({ unix: 'i32' }), header('#if defined(GEO_A) && defined(GEO_B)', 'int', 'double'), [LINUX], []],
  [
    'one inside of another',
    imports({ unix: 'i32' }),
    '#ifdef GEO_A\n#ifdef GEO_B\nint geo_init(int layer);\n#else\nint geo_init(float layer);\n#endif\n#else\nint geo_init(double layer);\n#endif\n',
    [LINUX],
    [],
  ],
  [
    'one of many',
    imports({ unix: 'i32' }),
    `${[...'ABCDEFGHIJ'].map((one) => `#ifdef GEO_${one}\nint geo_${one}(void);\n#endif\n`).join('')}${header('#ifdef GEO_MORE', 'int', 'double')}`,
    [LINUX],
    [],
  ],
  ['a function that is there only with it', imports({ unix: 'i32' }), '#ifdef GEO_MORE\nint geo_init(int layer);\n#endif\n', [LINUX], []],
  [
    'one that is there only with it, and differs',
    imports({ unix: 'i32' }),
    '#ifdef GEO_MORE\nint geo_init(double layer);\n#endif\n',
    [LINUX],
    ['i32'],
  ],
  [
    'a type that depends on it',
    imports({ unix: 'f32' }),
    '#ifdef GEO_SINGLE\ntypedef float real;\n#else\ntypedef double real;\n#endif\nint geo_init(real layer);\n',
    [LINUX],
    [],
  ],
  [
    'a type that depends on it, of which no variant agrees',
    imports({ unix: 'i32' }),
    '#ifdef GEO_SINGLE\ntypedef float real;\n#else\ntypedef double real;\n#endif\nint geo_init(real layer);\n',
    [LINUX],
    ['i32'],
  ],
  [
    'a name that other compilers define is not there',
    imports({ unix: 'i32' }),
    header('#ifdef __BORLANDC__', 'int', 'double'),
    [LINUX],
    ['i32'],
  ],
  [
    'a type that somebody else defines where a macro says so',
    imports({ unix: 'u8' }),
    '#ifndef GEO_HAS_TYPES\ntypedef int geo_int;\n#endif\nint geo_init(geo_int layer);\n',
    [LINUX],
    ['u8'],
  ],
  [
    'a name that the header defines itself',
    imports({ unix: 'i32' }),
    `#define GEO_MORE 0\n${header('#if GEO_MORE', 'int', 'double')}`,
    [LINUX],
    ['i32'],
  ],
  [
    'a default that the header gives',
    imports({ unix: 'i32' }),
    `#ifndef GEO_MORE\n#define GEO_MORE 0\n#endif\n${header('#if GEO_MORE', 'int', 'double')}`,
    [LINUX],
    ['i32'],
  ],
  [
    'a guard',
    imports({ unix: 'i32' }),
    `#ifndef GEO_H\n#define GEO_H\nint geo_init(double layer);\n#else\nint geo_init(int layer);\n#endif\n`,
    [LINUX],
    ['i32'],
  ],
] as const)('%s', async (_, rust, c, targets, expected) => expect(await wrong(rust, c, targets)).toEqual(expected));

test('a macro that the build defines for a feature keeps both', async () => {
  const build =
    'fn main() {\n    let mut build = cc::Build::new();\n    if std::env::var("CARGO_FEATURE_MORE").is_ok() {\n        build.define("GEO_MORE", None);\n    }\n    build.file("geo.c").compile("geo");\n}\n';
  const c = header('#ifdef GEO_MORE', 'int', 'double');
  const others = { 'build.rs': build, 'geo.c': '#include "geo.h"\n' };
  expect(await wrong(imports({ unix: 'i32' }), c, [LINUX], others)).toEqual([]);
  expect(await wrong(imports({ unix: 'f32' }), c, [LINUX], others)).toEqual(['f32']);
});

const MORE = header('#ifdef GEO_MORE', 'int', 'double');
const database = (flags: string): string => JSON.stringify([{ directory: '/case', file: 'geo.c', command: `cc ${flags} -c geo.c` }]);
const define = (text: string): string => `fn main() {\n    cc::Build::new().define("GEO_MORE", ${text}).file("geo.c").compile("geo");\n}\n`;

test.each([
  ['another header that is included', { 'geo.h': `#include "more.h"\n${MORE}`, 'more.h': '#define GEO_MORE\n' }, ['f64']],
  ['another header that is not included', { 'more.h': '#define GEO_MORE\n' }, []],
  ['a build script', { 'build.rs': define('None') }, ['f64']],
  ['a build script with a value', { 'build.rs': define('"1"') }, ['f64']],
  ['a database', { 'compile_commands.json': database('-DGEO_MORE') }, ['f64']],
  ['a database that takes it away', { 'compile_commands.json': database('-UGEO_MORE') }, ['i32']],
  ['a database that says nothing', { 'compile_commands.json': database('-DOTHER') }, []],
] as const)('a macro that is decided by %s', async (_, others, expected) => {
  const rust = imports({ unix: expected[0] ?? 'i32' });
  expect(await wrong(rust, MORE, [LINUX], { 'geo.c': '#include "geo.h"\n', ...others })).toEqual(expected);
});

test('a macro that the configuration defines', async () => {
  const project = { ...defaultConfig().project, defines: ['GEO_MORE'] };
  expect(await wrong(imports({ unix: 'i32' }), MORE, [LINUX], {}, { project })).toEqual([]);
  expect(await wrong(imports({ unix: 'f64' }), MORE, [LINUX], {}, { project })).toEqual(['f64']);
});

const POINT = (fields: string): string =>
  `#[repr(C)]\npub struct GeoPoint {\n    ${fields}\n}\n\nextern "C" {\n    pub fn geo_init(point: *const GeoPoint) -> i32;\n}\n`;
const FIELD =
  'typedef struct GeoPoint {\n  int x;\n#ifdef GEO_MORE\n  double weight;\n#endif\n  int y;\n} GeoPoint;\nint geo_init(const GeoPoint *point);\n';

test.each([
  ['without the field', 'pub x: i32,\n    pub y: i32,', []],
  ['with the field', 'pub x: i32,\n    pub weight: f64,\n    pub y: i32,', []],
  ['with another', 'pub x: i32,\n    pub weight: f32,\n    pub y: i32,', ['layout-offset']],
  ['with fewer', 'pub x: i32,', ['layout-size']],
] as const)('a struct of which a field depends on a macro: %s', async (_, fields, expected) => {
  const all = new Map(Object.entries({ 'Cargo.toml': MANIFEST, 'src/lib.rs': POINT(fields), 'geo.h': FIELD }));
  const { findings } = await (await testEngine(all, laidOut, { ...defaultConfig(), targets: [LINUX] })).check();
  expect(findings.map(({ rule }) => rule)).toEqual(expected);
});
