/** `ffi-lint check --probe`: what only the compiler knows of a layout. */
import { expect, it } from 'vitest';
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
