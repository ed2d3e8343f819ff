/** `ffi-lint layout` as its users see it; `npx vitest run test/layout -u` rewrites the files under golden/. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { MANIFEST, run } from '../cli/support.ts';
import { tempFolder } from '../support/temp-folder.ts';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const schema = JSON.parse(readFileSync(path.join(root, 'schema/layout.schema.json'), 'utf8'));
const validate = new Ajv({ strict: true, allowUnionTypes: true }).compile(schema);

const LINUX = ['--target', 'x86_64-unknown-linux-gnu', '--probe', 'off'];

/** A crate, its header and its Python side, which disagree. */
const FILES = {
  'Cargo.toml': MANIFEST,
  'src/lib.rs': `
#[repr(C)]
pub struct Reading {
    pub kind: u8,
    pub value: f64,
    pub flags: u32,
    pub name: [u8; 40],
}

#[repr(C)]
pub union Either {
    pub whole: u32,
    pub parts: [u8; 6],
}

#[repr(u8)]
pub enum Kind {
    One,
    Two(u32),
}

#[repr(C)]
pub enum Mode {
    Slow,
    Fast,
}

pub struct Secret {
    a: u8,
    names: Vec<String>,
}

#[no_mangle]
pub extern "C" fn reading_take(reading: *const Reading, either: Either, mode: Mode, secret: *const Secret) {}
`,
  'include/sensor.h': `
#include <stdint.h>
#pragma pack(push, 1)
typedef struct sensor_reading {
  uint8_t kind;
  double value;
  uint32_t flags : 4, mode : 12;
  char name[40];
} sensor_reading_t;
#pragma pack(pop)
union sensor_either { uint32_t whole; uint8_t parts[6]; };
struct sensor_handle;
`,
  'python/sensor.py': `
from ctypes import *

class Reading(Structure):
    _fields_ = [("kind", c_uint8), ("value", c_double), ("flags", c_uint32), ("name", c_char * 40), ("extra", c_int)]
`,
};

const parsed = (out: string) => JSON.parse(out);

describe('golden', () => {
  it.each([
    ['geometry.txt', ['examples/geometry']],
    ['geometry.json', ['examples/geometry', '-f', 'json']],
    ['geometry.md', ['examples/geometry', '-f', 'markdown']],
    ['geometry-two-targets.txt', ['examples/geometry/include/geometry.h', '--target', 'i686-unknown-linux-gnu']],
  ])('examples: %s', async (name, argv) => {
    const { code, out, err } = await run(root, ['layout', ...argv, ...LINUX]);
    expect([code, err]).toEqual([0, '']);
    await expect(out).toMatchFileSnapshot(`golden/${name}`);
  });

  it.each(['text', 'json', 'markdown', 'svg'])('sides that disagree, as %s', async (format) => {
    const { code, out, err } = await run(tempFolder(FILES), ['layout', '-f', format, ...LINUX]);
    expect([code, err]).toEqual([0, '']);
    const extension = { text: 'txt', json: 'json', markdown: 'md', svg: 'svg' }[format];
    await expect(out).toMatchFileSnapshot(`golden/sensor.${extension}`);
  });
});

describe('JSON', () => {
  it.each([
    ['a crate', '.'],
    ['a header', 'include/sensor.h'],
    ['a Rust file', 'src/lib.rs'],
    ['a Python file', 'python/sensor.py'],
  ])('is what its schema says, for %s', async (_, name) => {
    const { out } = await run(tempFolder(FILES), ['layout', name, '-f', 'json', ...LINUX, '--target', 'x86_64-pc-windows-msvc']);
    validate(parsed(out));
    expect(validate.errors).toBe(null);
  });

  it('for one file has its types, and those of other languages that mean the same', async () => {
    const names = async (name: string): Promise<readonly string[]> => {
      const { out } = await run(tempFolder(FILES), ['layout', name, '-f', 'json', ...LINUX]);
      return parsed(out).types.map((one: { language: string; name: string }) => `${one.language} ${one.name}`);
    };
    expect(await names('python/sensor.py')).toEqual(['rust Reading', 'c sensor_reading', 'python Reading']);
    expect(await names('include/sensor.h')).toEqual(
      expect.arrayContaining(['c sensor_reading', 'c sensor_either', 'rust Reading', 'rust Either']),
    );
    expect(await names('src/lib.rs')).toEqual(expect.arrayContaining(['rust Reading', 'rust Either', 'rust Kind', 'c sensor_reading']));
  });

  it('names what is not known', async () => {
    const { out } = await run(tempFolder(FILES), ['layout', '-f', 'json', ...LINUX]);
    const lines = parsed(out).unknown.map(
      (one: { name: string; file: string; line: number; reason: string }) => `${one.file}:${one.line} ${one.name}: ${one.reason}`,
    );
    expect(lines).toEqual([
      'src/lib.rs:28 Secret: the layout of Secret is not defined: it is not repr(C)',
      'include/sensor.h:12 sensor_handle: opaque',
    ]);
  });
});

describe('flags', () => {
  it('--type shows one type, with its pair', async () => {
    const { out } = await run(tempFolder(FILES), ['layout', '--type', 'Reading', '-f', 'json', ...LINUX]);
    expect(parsed(out).types.map((one: { name: string }) => one.name)).toEqual(['Reading', 'sensor_reading', 'Reading']);
    expect(parsed(out).pairs).toHaveLength(1);
  });

  it('--type that is nowhere is a mistake', async () => {
    const { code, out, err } = await run(tempFolder(FILES), ['layout', '--type', 'Nothing', ...LINUX]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('there is no type `Nothing` with a layout here');
  });

  it('--target repeats: a section each', async () => {
    const { out } = await run(tempFolder({ 'a.h': 'struct a { long l; };\n' }), ['layout', ...LINUX, '--target', 'x86_64-pc-windows-msvc']);
    expect(out).toMatch(/target x86_64-unknown-linux-gnu[\s\S]*\n8 bytes[\s\S]*target x86_64-pc-windows-msvc[\s\S]*\n4 bytes/);
  });

  it.each([
    [
      ['--target', 'x86_64-unknown-linux-gnuu'],
      /there is no target `x86_64-unknown-linux-gnuu`; did you mean `x86_64-unknown-linux-gnu`\?/,
    ],
    [['--probe', 'sometimes'], /--probe cannot be `sometimes`/],
    [['--output-format', 'sarif'], /--output-format cannot be `sarif`/],
    [['--fix'], /`ffi-lint layout` has no flag --fix/],
    [['none.h'], /none\.h does not exist/],
    [['--config', 'none.toml'], /none\.toml does not exist/],
  ])('%j is refused', async (argv, message) => {
    const { code, out, err } = await run(tempFolder(FILES), ['layout', ...argv]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('--output-file takes the result, and stdout stays empty', async () => {
    const folder = tempFolder(FILES);
    const { code, out } = await run(folder, ['layout', '-f', 'json', '-o', 'out.json', ...LINUX]);
    expect([code, out]).toEqual([0, '']);
    expect(parsed(readFileSync(path.join(folder, 'out.json'), 'utf8')).version).toBe(1);
  });

  it('--probe off computes', async () => {
    const { out } = await run(tempFolder(FILES), ['layout', '-f', 'json', ...LINUX]);
    expect(new Set(parsed(out).types.map((one: { provenance: string }) => one.provenance))).toEqual(new Set(['computed']));
  });

  it('the configuration may forbid measuring', async () => {
    const folder = tempFolder({ ...FILES, 'ffi-lint.toml': 'probe = "off"\n' });
    const { out } = await run(folder, ['layout', '-f', 'json', '--target', 'x86_64-unknown-linux-gnu']);
    expect(new Set(parsed(out).types.map((one: { provenance: string }) => one.provenance))).toEqual(new Set(['computed']));
  });

  it('--probe require fails where a measurement cannot be made, and says which', async () => {
    const argv = ['layout', 'src', '--probe', 'require', '-f', 'json', '--target', 'm68k-unknown-linux-gnu'];
    const { code, out, err } = await run(tempFolder(FILES), argv);
    expect(code).toBe(2);
    expect(err).toMatch(/error: Cargo\.toml: the Rust layouts of `\w+` could not be measured: /);
    expect(parsed(out).types.length).toBeGreaterThan(0);
  });

  it('targets come from the configuration where no flag names any', async () => {
    const { out } = await run(tempFolder({ ...FILES, 'ffi-lint.toml': 'targets = ["armv7-unknown-linux-gnueabihf"]\n' }), [
      'layout',
      '-f',
      'json',
      '--probe',
      'off',
    ]);
    expect(parsed(out).targets).toEqual(['armv7-unknown-linux-gnueabihf']);
  });
});

describe('input', () => {
  it('that cannot be read makes it exit with 2, the rest complete', async () => {
    const folder = tempFolder({ 'a.h': new Uint8Array([0xff, 0xfe, 0x41]), 'b.h': 'struct b { int x; };\n' });
    const { code, out, err } = await run(folder, ['layout', '-f', 'json', ...LINUX]);
    expect(code).toBe(2);
    expect(err).toContain('a.h');
    expect(parsed(out).types).toHaveLength(1);
  });

  it('without any type says so', async () => {
    const { code, out } = await run(tempFolder({ 'a.h': 'int f(void);\n' }), ['layout', ...LINUX]);
    expect([code, out]).toEqual([0, 'no type with a layout\n']);
  });

  it('that stops half-way is told', async () => {
    const { out } = await run(tempFolder({ 'a.h': 'struct a { int x; };\n#error "no"\nstruct b { int x; };\n' }), ['layout', ...LINUX]);
    expect(out).toContain('struct a');
    expect(out).toContain('a.h:1  `#error "no"` is reached');
  });

  it('shows names that would steer the terminal as pictures', async () => {
    const { out } = await run(
      tempFolder({ 'a.py': 'from ctypes import *\nclass A(Structure):\n    _fields_ = [("a", c_int  # \u001b[31m\n )]\n' }),
      ['layout', ...LINUX],
    );
    expect(out).not.toContain('\u001b');
  });
});
