/** `ffi-lint check --probe`: what only the compiler knows of a layout. */
import { expect, it } from 'vitest';
import { spawnSync } from 'node:child_process';
import { tempFolder } from '../support/temp-folder.ts';
import { whyNot } from '../probe/rust/support.ts';
import { found, run } from './support.ts';

/** The length of a list is what a function says, which nobody but rustc evaluates. */
const FILES = {
  'Cargo.toml': '[package]\nname = "sensor"\nversion = "0.1.0"\nedition = "2021"\n\n[lib]\ncrate-type = ["cdylib"]\n',
  'Cargo.lock': 'version = 3\n\n[[package]]\nname = "sensor"\nversion = "0.1.0"\n',
  'src/lib.rs': `const fn length() -> usize {
    let mut sum = 0;
    while sum * sum < 40 {
        sum += 1;
    }
    sum
}

#[repr(C)]
pub struct Sample {
    pub list: [u8; length()],
    pub last: u32,
}

/// # Safety
/// \`sample\` points to a sample.
#[no_mangle]
pub unsafe extern "C" fn sample_take(sample: *const Sample) -> u32 {
    if sample.is_null() { 0 } else { (*sample).last }
}
`,
  'include/sensor.h': `#include <stdint.h>
typedef struct Sample { uint8_t list[12]; uint32_t last; } Sample;
uint32_t sample_take(const Sample *sample);
`,
};

const ARGS = ['check', '.', '-q', '-f', 'json', '--only', 'layout'];

it('a layout that only rustc knows is compared', { timeout: 60_000 }, async ({ skip }) => {
  const why = whyNot();
  if (why !== null) skip(why);
  const folder = tempFolder(FILES);
  expect(found(await run(folder, ARGS))).toEqual([]);
  const measured = await run(folder, [...ARGS, '--probe', 'require']);
  expect([measured.code, measured.err]).toEqual([1, '']);
  expect(found(measured).length).toBe(1);
  expect(measured.out).toMatch(/`last`|`list`/);
});

it('--probe require fails where nothing can be measured; auto says why and goes on', { timeout: 60_000 }, async ({ skip }) => {
  const why = whyNot();
  if (why !== null) skip(why);
  const folder = tempFolder(FILES);
  const target = ['--target', 'm68k-unknown-linux-gnu'];
  const auto = await run(folder, [...ARGS, '--probe', 'auto', ...target]);
  expect(auto.code).toBe(0);
  expect(auto.out).toMatch(
    /the Rust layouts of `sensor` could not be measured: the standard library for m68k-unknown-linux-gnu is not installed/,
  );
  expect((await run(folder, [...ARGS, '--probe', 'require', ...target])).code).toBe(2);
});

it('a layout that only the C compiler knows is compared, and the report says whose figures they are', { timeout: 60_000 }, async ({
  skip,
}) => {
  const why = whyNot() ?? (spawnSync('cc', ['--version']).status === 0 ? null : 'needs a C compiler');
  if (why !== null) skip(why);
  const folder = tempFolder({
    ...FILES,
    'src/lib.rs': FILES['src/lib.rs'].replace('; length()', '; 7'),
    // The length is a figure that no preprocessor settles.
    'include/sensor.h': `#include <stdint.h>
typedef struct Sample { uint8_t list[sizeof(__typeof__(1.0)) * __builtin_popcount(0x3)]; uint32_t last; } Sample;
uint32_t sample_take(const Sample *sample);
`,
  });
  expect(found(await run(folder, ARGS))).toEqual([]);
  const measured = await run(folder, [...ARGS, '--probe', 'require']);
  expect([measured.code, measured.err]).toEqual([1, '']);
  expect(found(measured)).toHaveLength(1);
  expect(measured.out).toMatch(/`list`/);
  const text = await run(folder, [...ARGS.filter((one) => one !== 'json' && one !== '-f'), '--probe', 'require']);
  expect(text.out).toContain('rustc and the C compiler laid out the types for ');
});

it('a class that only Python knows is compared', { timeout: 60_000 }, async ({ skip }) => {
  const why = whyNot() ?? (spawnSync('python3', ['--version']).status === 0 ? null : 'needs python3');
  if (why !== null) skip(why);
  const folder = tempFolder({
    ...FILES,
    'src/lib.rs': FILES['src/lib.rs'].replace('; length()', '; 7'),
    'include/sensor.h': '',
    'sensor.py': `import ctypes

class Sample(ctypes.Structure):
    _fields_ = [(name, kind) for name, kind in (("list", ctypes.c_uint8 * 7), ("last", ctypes.c_uint64))]

lib = ctypes.CDLL("libsensor.so")
lib.sample_take.argtypes = [ctypes.POINTER(Sample)]
lib.sample_take.restype = ctypes.c_uint32
`,
  });
  expect(found(await run(folder, ARGS))).toEqual([]);
  const measured = await run(folder, [...ARGS, '--probe', 'require']);
  expect([measured.code, measured.err]).toEqual([1, '']);
  expect(found(measured)).toHaveLength(1);
  expect(measured.out).toMatch(/`last`/);
});
