/** Declarations under conditions: each variant in Rust is compared with those in C that can hold together with it. */
import { expect, test } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { testEngine } from '../support/engine.ts';

const LINUX = 'x86_64-unknown-linux-gnu';
const WINDOWS = 'x86_64-pc-windows-msvc';
const MANIFEST =
  '[package]\nname = "geo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n\n[features]\nmore = []\n';
const compared = rules.filter(({ id }) => id.startsWith('signature-'));

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
): Promise<readonly string[]> {
  const all = new Map(Object.entries({ 'Cargo.toml': MANIFEST, 'src/lib.rs': rust, 'geo.h': c, ...others }));
  const engine = await testEngine(all, compared, { ...defaultConfig(), targets });
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
  [
    'a macro that nothing defines counts as not defined',
    imports({ unix: 'i32' }),
    header('#ifdef GEO_MORE', 'int', 'double'),
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
