/** What depends on the edition, the rust-version, the panic strategy and the kind of crate, on both sides of each line. */
import { describe, expect, test } from 'vitest';
import { defaultConfig } from '../../server/src/config/read-config.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { testEngine } from '../support/engine.ts';

interface Build {
  readonly edition?: string;
  readonly rust?: string;
  readonly crateType?: string;
  readonly profiles?: string;
}

function manifest({ edition = '2021', rust, crateType = 'cdylib', profiles = '' }: Build): string {
  const version = rust === undefined ? '' : `rust-version = "${rust}"\n`;
  return `[package]\nname = "case"\nversion = "0.1.0"\nedition = "${edition}"\n${version}\n[lib]\ncrate-type = ["${crateType}"]\n\n${profiles}`;
}

async function open(id: string, text: string, build: Build) {
  const files = new Map([
    ['Cargo.toml', manifest(build)],
    ['src/lib.rs', text],
  ]);
  const only = rules.filter((rule) => rule.id === id);
  const config = defaultConfig({ profile: 'all' });
  const levelOf: typeof config.levelOf = (rule, path) => (rule.id === id ? config.levelOf(rule, path) : 'off');
  expect(only).toHaveLength(1);
  return testEngine(files, only, { ...config, levelOf });
}

/** The severities of the rule's findings. */
async function said(id: string, text: string, build: Build): Promise<readonly string[]> {
  const { findings } = await (await open(id, text, build)).check();
  return findings.map(({ severity }) => severity);
}

/** The text after its safe and unsafe fixes. */
async function fixed(id: string, text: string, build: Build): Promise<string> {
  const { texts } = await (await open(id, text, build)).fix({ unsafe: true, only: null });
  return texts.get('/case/src/lib.rs') ?? text;
}

const BLOCK = 'extern "C" {\n    pub fn device_id() -> i32;\n}\n';
const EXPORT = '#[no_mangle]\npub extern "C" fn device_id() -> i32 {\n    7\n}\n';
const LONELY = 'pub extern "C" fn device_id() -> i32 {\n    7\n}\n';
const PANIC = '#[no_mangle]\npub extern "C" fn device_id(n: i32) -> i32 {\n    panic!("{n}");\n}\n';
const UNWRAP = '#[no_mangle]\npub extern "C" fn device_id(n: u32) -> i32 {\n    i32::try_from(n).unwrap()\n}\n';
const NUL = 'use std::ffi::c_char;\npub fn name() -> *const c_char {\n    b"name\\0".as_ptr() as *const c_char\n}\n';
const OPEN = `use std::ffi::c_char;
extern "C" {
    fn device_open(name: *const c_char) -> i32;
}
pub fn device() -> i32 {
    unsafe { device_open("name".as_ptr() as *const c_char) }
}
`;
const WIDE = `pub struct Wide {
    pub value: u128,
}
#[no_mangle]
pub unsafe extern "C" fn device_wide(wide: *const Wide) -> bool {
    wide.is_null()
}
`;
const ARRAY = `use std::ffi::{c_char, CStr};
#[repr(C)]
pub struct Device {
    pub name: [c_char; 16],
}
pub fn name(device: &Device) -> &CStr {
    unsafe { CStr::from_ptr(device.name.as_ptr()) }
}
`;
const CAUGHT = `#[no_mangle]
pub extern "C" fn device_id(n: u32) -> i32 {
    std::panic::catch_unwind(|| i32::try_from(n).unwrap()).unwrap_or(-1)
}
`;
const ABORTS = '[profile.release]\npanic = "abort"\n';
const ALL_ABORT = `${ABORTS}\n[profile.dev]\npanic = "abort"\n`;

type Row = readonly [rule: string, text: string, build: Build, expected: readonly string[]];

const SEVERITIES: readonly Row[] = [
  // C string literals: Rust 1.77 and edition 2021.
  ['nul-literal-style', NUL, { rust: '1.76' }, []],
  ['nul-literal-style', NUL, { rust: '1.77' }, ['info']],
  ['nul-literal-style', NUL, { rust: '1.77', edition: '2018' }, []],
  ['nul-literal-style', NUL, {}, ['info']],
  // A panic unwinds into the caller before Rust 1.81, and aborts since then.
  ['panic-in-extern-fn', PANIC, { rust: '1.80' }, ['error']],
  ['panic-in-extern-fn', PANIC, { rust: '1.81' }, ['warning']],
  ['panic-in-extern-fn', PANIC, {}, ['warning']],
  ['unwrap-in-extern-fn', UNWRAP, { rust: '1.80' }, ['error']],
  ['unwrap-in-extern-fn', UNWRAP, { rust: '1.81' }, ['warning']],
  // Where all profiles abort, that is what is wanted.
  ['panic-in-extern-fn', PANIC, { rust: '1.80', profiles: ABORTS }, ['error']],
  ['panic-in-extern-fn', PANIC, { rust: '1.80', profiles: ALL_ABORT }, ['info']],
  ['unwrap-in-extern-fn', UNWRAP, { profiles: ABORTS }, ['warning']],
  ['unwrap-in-extern-fn', UNWRAP, { profiles: ALL_ABORT }, ['info']],
  ['catch-unwind-useless', CAUGHT, {}, []],
  ['catch-unwind-useless', CAUGHT, { profiles: ABORTS }, ['info']],
  ['catch-unwind-useless', CAUGHT, { profiles: '[profile.dev]\npanic = "abort"\n' }, []],
  // `unsafe` of blocks and attributes: possible since Rust 1.82, demanded by edition 2024.
  ['missing-unsafe-extern', BLOCK, {}, []],
  ['missing-unsafe-extern', BLOCK, { rust: '1.81' }, []],
  ['missing-unsafe-extern', BLOCK, { rust: '1.82' }, ['hint']],
  ['missing-unsafe-extern', BLOCK, { edition: '2024' }, ['error']],
  ['unsafe-attr', EXPORT, {}, []],
  ['unsafe-attr', EXPORT, { rust: '1.81' }, []],
  ['unsafe-attr', EXPORT, { rust: '1.82' }, ['hint']],
  ['unsafe-attr', EXPORT, { edition: '2024' }, ['error']],
  // 128-bit integers have C's ABI for the compiler's own lint since Rust 1.89.
  ['repr-c-missing-behind-pointer', WIDE, { rust: '1.88' }, []],
  ['repr-c-missing-behind-pointer', WIDE, { rust: '1.89' }, ['warning']],
  ['repr-c-missing-behind-pointer', WIDE, {}, []],
  // What only a library for other languages needs.
  ['missing-cdylib', EXPORT, { crateType: 'rlib' }, ['info']],
  ['missing-cdylib', EXPORT, { crateType: 'cdylib' }, []],
  ['missing-cdylib', EXPORT, { crateType: 'staticlib' }, []],
  ['extern-fn-not-exported', LONELY, { crateType: 'rlib' }, []],
  ['extern-fn-not-exported', LONELY, { crateType: 'cdylib' }, ['info']],
  ['extern-fn-not-exported', LONELY, { crateType: 'staticlib' }, ['info']],
];

const EDITS: readonly (readonly [rule: string, text: string, build: Build, has: string])[] = [
  ['unterminated-str-to-c', OPEN, { rust: '1.76' }, '"name\\0".as_ptr()'],
  ['unterminated-str-to-c', OPEN, { rust: '1.77' }, 'c"name".as_ptr()'],
  ['unterminated-str-to-c', OPEN, { rust: '1.77', edition: '2018' }, '"name\\0".as_ptr()'],
  ['extern-fn-not-exported', LONELY, { rust: '1.81' }, '#[no_mangle]'],
  ['extern-fn-not-exported', LONELY, { rust: '1.82' }, '#[unsafe(no_mangle)]'],
  ['extern-fn-not-exported', LONELY, { edition: '2024' }, '#[unsafe(no_mangle)]'],
  // `CStr::from_bytes_until_nul` exists since Rust 1.69.
  ['cstr-over-fixed-array', ARRAY, { rust: '1.68' }, 'CStr::from_ptr('],
  ['cstr-over-fixed-array', ARRAY, { rust: '1.69' }, 'CStr::from_bytes_until_nul('],
];

const told = (build: Build): string => JSON.stringify(build).replace(/"/g, '');

describe('severities', () => {
  for (const [id, text, build, expected] of SEVERITIES)
    test(`${id} in ${told(build)}`, async () => expect(await said(id, text, build)).toEqual(expected));
});

describe('edits', () => {
  for (const [id, text, build, has] of EDITS)
    test(`${id} in ${told(build)}`, async () => expect(await fixed(id, text, build)).toContain(has));
});
