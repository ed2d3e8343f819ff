/** Asks rustc for the values of constant expressions about types on any target: no standard library, no code generation. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** Lengths from here on cannot be the value of a probe, so that every probe is a type error that names its value. */
const BASE = 30_000;

const PRELUDE = `
#![allow(internal_features, dead_code, overflowing_literals)]
#![no_core]
#[lang = "pointee_sized"] pub trait PointeeSized {}
#[lang = "meta_sized"] pub trait MetaSized: PointeeSized {}
#[lang = "sized"] pub trait Sized: MetaSized {}
#[lang = "copy"] pub trait Copy {}
#[lang = "freeze"] unsafe auto trait Freeze {}
#[lang = "sync"] trait Sync {}
impl Copy for u8 {} impl Copy for usize {} impl Copy for u32 {}
#[rustc_intrinsic] const fn size_of<T>() -> usize;
#[rustc_intrinsic] const fn align_of<T>() -> usize;
#[rustc_intrinsic] #[lang = "offset_of"] const fn offset_of<T>(variant: u32, field: u32) -> usize;
`;

const FEATURES = ['no_core', 'lang_items', 'rustc_attrs', 'intrinsics', 'builtin_syntax', 'auto_traits'];

/**
 * The value of each expression over `items`, in their order; null where rustc does not say.
 * `rustc` answers with all errors at once: nothing else may be wrong in the items.
 */
export function probeRust({ triple, items, values, features = [], rustc = 'rustc' }) {
  const consts = values.map((value, i) => `const K${i}: [(); ${BASE + i}] = [(); ${value}];`);
  const source = `#![feature(${[...FEATURES, ...features].join(', ')})]\n${PRELUDE}\n${items}\n${consts.join('\n')}\n`;
  const folder = mkdtempSync(path.join(tmpdir(), 'ffi-lint-probe-'));
  try {
    const file = path.join(folder, 'probe.rs');
    writeFileSync(file, source);
    const args = ['--crate-type', 'lib', '--emit', 'metadata', '--target', triple, file, '-o', path.join(folder, 'probe.rmeta')];
    const done = spawnSync(rustc, [...args, '--error-format=short'], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, RUSTC_BOOTSTRAP: '1' },
    });
    const found = new Map();
    const said = /expected an array with a size of (\d+), found one with a size of (\d+)/g;
    for (const [, expected, value] of done.stderr.matchAll(said)) found.set(Number(expected) - BASE, Number(value));
    const other = done.stderr
      .split('\n')
      .filter((line) => /error/.test(line) && !/expected an array with a size|aborting due to/.test(line));
    if (found.size < values.length || other.length > 0)
      throw new Error(`rustc for ${triple}: ${other.slice(0, 5).join('\n') || done.stderr.slice(0, 2000)}`);
    return values.map((_, i) => found.get(i) ?? null);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
