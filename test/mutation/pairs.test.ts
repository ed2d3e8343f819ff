/** Mistakes in pairs of Rust and C that agree, small enough for every run; the long run over published crates is `npm run mutate -- --pairs`. */
import { expect, test } from 'vitest';
import { targetOf } from '../../server/src/abi/targets.ts';
import { createRandom } from '../abi/fuzz/random.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';
import { runPairs } from './pairs/run.ts';

const MANIFEST = '[package]\nname = "geo"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n';

const RUST = `#[repr(C)]
pub struct Point {
    pub x: f64,
    pub index: u32,
    pub name: *const u8,
}

#[repr(C)]
pub enum Mode {
    Near,
    Middle,
    Far,
}

extern "C" {
    pub fn geo_count(layer: i32, wide: bool) -> u64;
    pub fn geo_fill(values: *mut u32, length: usize) -> f32;
    pub fn geo_mode(mode: Mode);
}

#[no_mangle]
pub extern "C" fn geo_move(point: *mut Point, by: f64) -> i16 {
    let _ = (point, by);
    0
}

#[no_mangle]
pub extern "C" fn geo_middle(a: Point) -> u8 {
    let _ = a;
    0
}
`;

const HEADER = `#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
typedef struct { double x; uint32_t index; const uint8_t *name; } geo_point;
typedef enum { GEO_MODE_NEAR, GEO_MODE_MIDDLE, GEO_MODE_FAR } geo_mode_t;
uint64_t geo_count(int layer, bool wide);
float geo_fill(uint32_t *values, size_t length);
void geo_mode(geo_mode_t mode);
int16_t geo_move(geo_point *point, double by);
uint8_t geo_middle(geo_point a);
`;

const target = targetOf('x86_64-unknown-linux-gnu');

test.each([
  ['a header of the crate', { '/w/geo.h': HEADER }, false],
  ['a generated header', {}, true],
])('with %s', async (_, more, generated) => {
  if (!target) throw new Error('there is no such target');
  const fs = memoryFs({ '/w/Cargo.toml': MANIFEST, '/w/src/lib.rs': RUST, ...more });
  const files = {
    rust: ['/w/src/lib.rs'],
    manifests: ['/w/Cargo.toml'],
    headers: Object.keys(more),
    python: [],
    report: null,
    problems: [],
  };
  const run = await runPairs('/w', fs, files, await testParsers(), target, 12, createRandom(11));
  expect(run.generated).toBe(generated);
  expect(run.noise).toEqual([]);
  expect(run.outcomes.filter(({ found }) => !found)).toEqual([]);
  expect(run.outcomes.length).toBeGreaterThan(generated ? 10 : 25);
});
