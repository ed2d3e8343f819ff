/** Layouts of source with the standard library's types, against the rustc of this machine. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { computeLayout } from '../../server/src/abi/compute.ts';
import { rustLayouts, target } from './layouts.ts';

const SOURCE = `
#![allow(dead_code, improper_ctypes_definitions)]
use std::cell::{Cell, UnsafeCell};
use std::ffi::{c_char, c_double, c_int, c_long, c_longlong, c_short, c_uchar, c_void, CStr};
use std::marker::{PhantomData, PhantomPinned};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::num::{NonZero, NonZeroU16, NonZeroI64, Wrapping};
use std::pin::Pin;
use std::ptr::NonNull;
use std::sync::atomic::{AtomicBool, AtomicI16, AtomicI64, AtomicPtr, AtomicU32, AtomicU8, AtomicUsize};

pub const COUNT: usize = 3;
pub trait Shape {}
pub type Callback = unsafe extern "C" fn(*mut c_void, c_int) -> c_int;

#[repr(C)] pub struct Atomics { a: AtomicU8, b: AtomicI16, c: AtomicU32, d: AtomicI64, e: AtomicUsize, f: AtomicBool, g: AtomicPtr<u8> }
#[repr(C)] pub struct Wrapped { a: u8, b: MaybeUninit<u32>, c: ManuallyDrop<u16>, d: UnsafeCell<u64>, e: Cell<u8>, f: Wrapping<i32>, g: Pin<&'static u8> }
#[repr(C)] pub struct NonZeros { a: NonZeroU16, b: Option<NonZeroI64>, c: NonZero<u8>, d: Option<NonZero<u32>> }
#[repr(C)] pub struct Pointers { a: Box<u8>, b: Option<Box<Atomics>>, c: NonNull<c_void>, d: Option<NonNull<[u8]>>, e: Callback, f: Option<Callback>,
  g: &'static [u16], h: &'static dyn Shape, i: *const CStr, j: Option<Pin<Box<u8>>>, k: *const dyn Shape, l: *mut *mut c_char }
#[repr(C)] pub struct CTypes { a: c_char, b: c_short, c: c_long, d: c_uchar, e: c_longlong, f: c_double, g: [c_int; COUNT * 2 - 1] }
#[repr(C)] pub struct Nothing { a: PhantomData<u64>, b: PhantomPinned, c: (), d: [u64; 0] }
#[repr(transparent)] pub struct Newtype<T>(T, PhantomData<u128>);
#[repr(C)] pub struct Uses { a: u8, b: Newtype<NonNull<u8>>, c: Option<Newtype<&'static u8>>, d: Newtype<[Wide; 2]> }
#[repr(C, align(32))] pub struct Wide { a: i128 }
#[repr(C, packed(4))] pub struct Tight { a: u8, b: u128, c: Odd }
#[repr(C)] #[derive(Clone, Copy)] pub struct Odd { a: u8, b: u16, c: [u8; 3] }
#[repr(C)] pub union Either { a: u8, b: [Odd; 3], c: f64, d: ManuallyDrop<Wide> }
#[repr(i16)] pub enum Small { A = -5, B }
#[repr(C)] pub enum Plain { A, B = 0x10 }
#[repr(C)] pub enum Tagged { A(u8, Wide), B { x: u16 }, C }
#[repr(u16)] pub enum Inside { A(u8, u64), B { x: Small, y: char }, C }
#[repr(C, i8)] pub enum Both { A(bool), B(Option<&'static str>) }
`;

const NAMES = [...SOURCE.matchAll(/pub (?:struct|union|enum) (\w+) ?\{/g)].map(([, name = '']) => name);

interface Host {
  readonly triple: string;
  readonly version: readonly [number, number];
}

function host(): Host | null {
  const { stdout, status } = spawnSync('rustc', ['-vV'], { encoding: 'utf8' });
  const triple = /^host: (.*)$/m.exec(stdout ?? '')?.[1];
  const [, major, minor] = /^release: (\d+)\.(\d+)/m.exec(stdout ?? '') ?? [];
  return status === 0 && triple !== undefined ? { triple, version: [Number(major), Number(minor)] } : null;
}

/** What rustc says of each expression; every one is the length of an array that has another one. */
function measured(expressions: readonly string[]): readonly (number | undefined)[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-layout-'));
  try {
    const probes = expressions.map((one, i) => `const _: [(); ${100_000 + i}] = [(); ${one}];`);
    writeFileSync(path.join(folder, 'lib.rs'), `${SOURCE}\n${probes.join('\n')}\n`);
    const args = ['--edition', '2021', '--crate-type', 'lib', '--emit', 'metadata', '--error-format', 'short', 'lib.rs'];
    const { stderr } = spawnSync('rustc', args, { cwd: folder, encoding: 'utf8' });
    const found = new Map(
      [...stderr.matchAll(/size of (\d+), found one with a size of (\d+)/g)].map(([, at, value]) => [Number(at), Number(value)]),
    );
    return expressions.map((_, i) => found.get(100_000 + i));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const machine = host();

describe.skipIf(machine === null)('with the standard library', () => {
  test('rustc says the same', async () => {
    if (!machine) return;
    const { shapes, item } = await rustLayouts(SOURCE);
    const computed: (readonly [string, number])[] = NAMES.flatMap((name) => {
      const def = shapes.defOf(item(name));
      const laid =
        def.kind === 'unknown'
          ? def
          : computeLayout(def, shapes.resolve, target(machine.triple), { rustVersion: machine.version, shortEnums: null });
      if (laid.kind === 'unknown') throw new Error(`${name}: ${laid.reason}`);
      const fields = laid.fields.filter((field) => /^\w+$/.test(field.name) && def.kind !== 'enum');
      return [
        [`size_of::<${name}>()`, laid.size] as const,
        [`align_of::<${name}>()`, laid.align] as const,
        ...fields.map((field) => [`std::mem::offset_of!(${name}, ${field.name})`, field.offset ?? -1] as const),
      ];
    });
    const said = measured(computed.map(([expression]) => `std::mem::${expression}`.replace('std::mem::std::mem::', 'std::mem::')));
    expect(NAMES).toHaveLength(16);
    expect(computed).toEqual(computed.map(([expression], i) => [expression, said[i]]));
  });
});
