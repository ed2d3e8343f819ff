/** `ffi-lint map` as its users see it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import { MANIFEST, run } from './support.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const LINUX = ['--target', 'x86_64-unknown-linux-gnu'];

const FILES = {
  'Cargo.toml': MANIFEST,
  'src/lib.rs': `#[no_mangle]
pub extern "C" fn geo_count(layer: i32) -> i32 { layer }

#[no_mangle]
pub extern "C" fn geo_scale(by: f64) -> f64 { by }

#[no_mangle]
pub extern "C" fn geo_alone() {}

extern "C" {
    pub fn geo_host(kind: i32) -> i32;
}
`,
  'include/geo.h': 'int geo_count(int layer);\ndouble geo_scale(float by);\nint geo_host(int kind);\n',
  'src/host.c': '#include "../include/geo.h"\nint geo_host(int kind) { return kind; }\n',
  'py/geo.py': `import ctypes

lib = ctypes.CDLL("libsample.so")
lib.geo_count.argtypes = [ctypes.c_int]
lib.geo_count.restype = ctypes.c_int
lib.geo_scale.argtypes = [ctypes.c_double]
lib.geo_scale.restype = ctypes.c_double
`,
};

interface Mapped {
  readonly symbols: readonly {
    readonly symbol: string;
    readonly state: string;
    readonly places: readonly { readonly language: string; readonly role: string; readonly file: string; readonly line: number }[];
    readonly notes: readonly string[];
  }[];
}

it('JSON is what its schema says: who has each symbol, and what differs', async () => {
  const { code, out, err } = await run(tempFolder(FILES), ['map', '-f', 'json', ...LINUX]);
  expect([code, err]).toEqual([0, '']);
  const made = JSON.parse(out) as Mapped;
  const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(
    JSON.parse(readFileSync(path.join(root, 'schema/map.schema.json'), 'utf8')),
  );
  validate(made);
  expect(validate.errors).toBe(null);
  const rows = made.symbols.map(({ symbol, state, places }) => [
    symbol,
    state,
    places.map(({ language, role, file, line }) => `${language} ${role} ${file}:${line}`),
  ]);
  expect(rows).toEqual([
    ['geo_alone', 'alone', ['rust defines src/lib.rs:8']],
    ['geo_count', 'agrees', ['rust defines src/lib.rs:2', 'c declares include/geo.h:1', 'python uses py/geo.py:4']],
    [
      'geo_host',
      'agrees',
      ['rust declares src/lib.rs:11', expect.stringMatching(/^c (?:declares include\/geo\.h:3|defines src\/host\.c:2)$/)],
    ],
    ['geo_scale', 'differs', ['rust defines src/lib.rs:5', 'c declares include/geo.h:2', 'python uses py/geo.py:6']],
  ]);
  expect(made.symbols.find(({ symbol }) => symbol === 'geo_scale')?.notes[0]).toMatch(
    /^signature-width: `by` of `geo_scale` is `f64` in Rust/,
  );
});

it('text has a line for each symbol, and what differs below it', async () => {
  const { out } = await run(tempFolder(FILES), ['map', ...LINUX]);
  expect(out).toMatch(/^symbol +Rust +C +Python +state$/m);
  expect(out).toMatch(
    /^geo_scale +defines src\/lib\.rs:5 +declares include\/geo\.h:2 +uses py\/geo\.py:6 +differs\n {2}signature-width: /m,
  );
  expect(out).toContain('4 symbols for x86_64-unknown-linux-gnu: 2 agrees, 1 differs, 1 alone');
});

it('Markdown is one table', async () => {
  const { out } = await run(tempFolder(FILES), ['map', '-f', 'markdown', ...LINUX]);
  expect(out).toMatch(/^\| symbol \| Rust \| C \| Python \| state \| notes \|\n\|---\|/);
  expect(out).toContain('| `geo_alone` | defines src/lib.rs:8 |  |  | alone |  |');
});

it('paths choose the rows, not what they are compared with', async () => {
  const { out } = await run(tempFolder(FILES), ['map', 'py', '-f', 'json', ...LINUX]);
  expect((JSON.parse(out) as Mapped).symbols.map(({ symbol }) => symbol)).toEqual(['geo_count', 'geo_scale']);
});

it('says so where there is nothing', async () => {
  const { code, out } = await run(tempFolder({ 'src/lib.rs': 'pub fn f() {}\n' }), ['map', ...LINUX]);
  expect([code, out]).toEqual([0, 'no symbol at the boundary\n']);
});

it('JavaScript and C# have columns where they declare something', async () => {
  const more = {
    ...FILES,
    'js/geo.ts': "export const lib = Deno.dlopen('./libsample.so', {\n  geo_count: { parameters: ['i32'], result: 'i32' },\n});\n",
    'Geo.cs':
      'using System.Runtime.InteropServices;\nstatic class Native {\n    [DllImport("sample", CallingConvention = CallingConvention.Cdecl)]\n    public static extern double geo_scale(float by);\n}\n',
  };
  const { out } = await run(tempFolder(more), ['map', ...LINUX]);
  expect(out).toMatch(/^symbol +Rust +C +Python +JavaScript +C# +state$/m);
  expect(out).toMatch(/^geo_count +.* declares js\/geo\.ts:2 +agrees$/m);
  expect(out).toMatch(/^geo_scale +.* declares Geo\.cs:4 +differs$/m);
  expect(out).toContain('csharp-type: `by` of `geo_scale` is `f64` in Rust, but `float` in C#');
});
