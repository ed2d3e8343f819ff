/** Mistakes in pairs of Rust and C, or Rust and Python, that agree, small enough for every run; the long run over published crates is `npm run mutate -- --pairs`. */
import { expect, test } from 'vitest';
import { targetOf } from '../../server/src/abi/targets.ts';
import { createRandom } from '../abi/fuzz/random.ts';
import { memoryFs } from '../support/memory-fs.ts';
import { testParsers } from '../support/parsers.ts';
import { runPythonPairs } from './pairs/python.ts';
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
  const run = await runPairs({
    directory: '/w',
    disk: fs,
    files,
    parsers: await testParsers(),
    target,
    rounds: 12,
    random: createRandom(11),
  });
  expect(run.generated).toBe(generated);
  expect(run.noise).toEqual([]);
  expect(run.outcomes.filter(({ found }) => !found)).toEqual([]);
  expect(run.outcomes.length).toBeGreaterThan(generated ? 10 : 25);
});

const LIBRARY = `use std::ffi::c_void;

#[repr(C)]
pub struct Point {
    pub x: f64,
    pub index: u32,
    pub name: *const u8,
}

#[repr(C, packed)]
pub struct Header {
    pub tag: u8,
    pub length: u32,
}

#[no_mangle]
pub extern "C" fn geo_count(layer: i32, wide: bool) -> u64 {
    u64::from(wide) + layer as u64
}

#[no_mangle]
pub extern "C" fn geo_fill(values: *mut u32, length: usize) -> f32 {
    let _ = values;
    length as f32
}

#[no_mangle]
pub extern "C" fn geo_move(point: *mut Point, by: f64) -> i16 {
    let _ = (point, by);
    0
}

#[no_mangle]
pub extern "C" fn geo_size(header: *const Header) -> *mut Point {
    let _ = header;
    std::ptr::null_mut()
}

#[no_mangle]
pub extern "C" fn geo_each(visit: extern "C" fn(u32), data: *mut c_void) {
    let _ = data;
    visit(0);
}

#[no_mangle]
pub extern "C" fn geo_clear() {}
`;

const MODULE = `import ctypes


class Point(ctypes.Structure):
    _fields_ = [
        ("x", ctypes.c_double),
        ("index", ctypes.c_uint32),
        ("name", ctypes.c_void_p),
    ]


class Header(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("tag", ctypes.c_uint8), ("length", ctypes.c_uint32)]


lib = ctypes.CDLL("libgeo.so")
lib.geo_count.argtypes = [ctypes.c_int32, ctypes.c_bool]
lib.geo_count.restype = ctypes.c_uint64
lib.geo_fill.argtypes = [ctypes.POINTER(ctypes.c_uint32), ctypes.c_size_t]
lib.geo_fill.restype = ctypes.c_float
lib.geo_move.argtypes = [ctypes.POINTER(Point), ctypes.c_double]
lib.geo_move.restype = ctypes.c_int16
lib.geo_size.argtypes = [ctypes.POINTER(Header)]
lib.geo_size.restype = ctypes.POINTER(Point)
lib.geo_each.argtypes = [ctypes.CFUNCTYPE(None, ctypes.c_uint32), ctypes.c_void_p]
lib.geo_each.restype = None
lib.geo_clear.argtypes = []
lib.geo_clear.restype = None
`;

test.each([
  ['a module of ctypes', { '/w/geo.py': MODULE }, false],
  ['a generated module', {}, true],
])('with %s', async (_, more, generated) => {
  if (!target) throw new Error('there is no such target');
  const fs = memoryFs({ '/w/Cargo.toml': MANIFEST, '/w/src/lib.rs': LIBRARY, ...more });
  const files = {
    rust: ['/w/src/lib.rs'],
    manifests: ['/w/Cargo.toml'],
    headers: [],
    python: Object.keys(more),
    report: null,
    problems: [],
  };
  const run = await runPythonPairs({
    directory: '/w',
    disk: fs,
    files,
    parsers: await testParsers(),
    target,
    rounds: 16,
    random: createRandom(11),
  });
  expect(run.generated).toBe(generated);
  expect(run.clean).toBe(8);
  expect(run.noise).toEqual([]);
  expect(run.outcomes.filter(({ found }) => !found)).toEqual([]);
  expect(run.outcomes.length).toBeGreaterThan(45);
  expect(new Set(run.outcomes.map(({ kind }) => kind)).size).toBeGreaterThan(24);
});
