/** Rust layouts measured for every target whose standard library is installed, this machine's own among them: they are what is computed. */
import { afterAll, describe, expect, test } from 'vitest';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { targetOf } from '../../../server/src/abi/targets.ts';
import { rustcProgram } from '../../../server/src/probe/rust/toolchain.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { measure, whyNot } from './support.ts';

const missing = whyNot();
const cache = mkdtempSync(join(tmpdir(), 'ffi-lint-cache-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

/** What differs between targets: words, `long`, alignments of 64 and 128 bits, the least enum, 128-bit integers. */
const LIB = `#![no_std]
use core::ffi::{c_char, c_double, c_int, c_long, c_longlong, c_short, c_ulong, c_void};
#[repr(C)] pub struct Words { a: u8, b: usize, c: u8, d: *mut c_void, e: u8, f: isize }
#[repr(C)] pub struct Longs { a: c_char, b: c_long, c: c_short, d: c_ulong, e: c_char, f: c_longlong, g: c_int }
#[repr(C)] pub struct Wide { a: u8, b: u64, c: u8, d: f64, e: u8, f: i128, g: c_double }
#[repr(C, packed(2))] pub struct Packed { a: u8, b: u64, c: u16, d: usize }
#[repr(C, align(32))] pub struct Aligned { a: u8, inner: Words }
#[repr(C)] pub union Either { a: u64, b: [u8; 9], c: *const u8 }
#[repr(C)] pub enum Few { A, B = 200 }
#[repr(C)] pub enum Negative { A = -1, B = 70_000 }
#[repr(C)] pub enum Data { None, Some(u64), Pair { a: u8, b: usize } }
#[repr(C)] pub struct Calls { a: Option<extern "C" fn(u8)>, b: Option<&'static u8>, text: &'static str, c: bool, d: char }
#[repr(C)] pub struct Nested { few: Few, list: [Longs; 3], either: Either, tail: [u64; 0] }
#[repr(C)] pub struct Of<T> { first: u8, value: T }
#[no_mangle] pub extern "C" fn of_words(of: *const Of<Words>, wide: *const Of<u64>) -> usize { of as usize + wide as usize }
`;

function installed(): readonly string[] {
  const { stdout } = spawnSync(rustcProgram(), ['--print', 'sysroot'], { encoding: 'utf8' });
  const folder = join((stdout ?? '').trim(), 'lib/rustlib');
  if (!existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => targetOf(name) !== null && existsSync(join(folder, name, 'lib')));
}

describe('the standard library of', () => {
  const targets = installed();
  test.for(targets.length > 0 ? targets : ['this machine'])('%s', { timeout: 120_000 }, async (target, { skip }) => {
    if (missing !== null) skip(missing);
    if (targets.length === 0) skip('needs a standard library of Rust: `rustup target add TRIPLE`');
    const manifest = '[package]\nname = "many"\nversion = "0.1.0"\nedition = "2021"\n';
    const folder = tempFolder({ 'Cargo.toml': manifest, 'src/lib.rs': LIB });
    const made = await measure(folder, { cache, target });
    expect(made.measured.problems).toEqual([]);
    expect(made.problems).toEqual([]);
    const measured = made.entries.types.filter(({ provenance }) => provenance === 'rustc').map(({ name }) => name);
    const own = [...LIB.matchAll(/(?:struct|union|enum) (\w+) \{/g)].map(([, name = '']) => name);
    expect(measured.sort()).toEqual([...own, 'Of<Words>', 'Of<u64>'].sort());
  });
});
