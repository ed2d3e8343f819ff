/** Generated bindings used for real: a library built by cargo is called from C and Python, and values and structs come through. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { found, MANIFEST, run } from '../cli/support.ts';
import { tempFolder } from '../support/temp-folder.ts';
import { buildLibrary, fixture, generated, libraryFolder, passes, works } from './library.ts';

let library: string | null = null;
let problem = '';

const python = ['python3', '/usr/bin/python3'].find((one) => works(one, ['-c', 'import ctypes'])) ?? null;
const cffi = ['python3', '/usr/bin/python3'].find((one) => works(one, ['-c', 'import cffi'])) ?? null;

beforeAll(() => {
  const built = buildLibrary();
  if ('library' in built) library = built.library;
  else problem = built.missing;
}, 120_000);

/** libffi lays out plain structs only. */
const NOT_BY_VALUE = [
  '`packed_sum` is left out: libffi passes no packed',
  '`shape_area` is left out: libffi passes no unions',
  '`shape_make` is left out: libffi passes no unions',
];

describe('the bindings work', () => {
  it('C', async ({ skip }) => {
    skip(library === null, problem);
    skip(process.platform === 'win32' || !works('cc', ['--version']), 'no C compiler: install gcc or clang');
    const folder = await generated('c', 'bindings.h');
    writeFileSync(
      path.join(folder, 'main.c'),
      `#include "bindings.h"
#include "bindings.h"
#undef NDEBUG
#include <assert.h>
#include <string.h>

static int twice(int value, void *data) {
    *(int *)data = value;
    return 2 * value;
}

int main(void) {
    Point a = { 1.0, 2.0 }, b = { 10.0, 20.0 };
    Point sum = point_add(a, b);
    assert(sum.x == 11.0 && sum.y == 22.0);
    assert(point_move(&sum, 0.5) && sum.x == 11.5 && !point_move(NULL, 1.0));
    assert(kind_next(1) == Level_High && kind_next(-1) == Level_Low);
    Reading reading;
    reading_fill(&reading, 200);
    assert(reading.kind == Kind_Below && reading.level == Level_High && reading.valid && reading.notify == NULL);
    assert(reading.bits.parts[3] == 4 && strcmp(reading.name, "n") == 0 && reading.many[1].y == 6.0);
    reading.bits.whole = 10;
    assert(reading_sum(&reading) == 1.0 + 2.0 + 5.0 + 10.0 + 200.0);
    Packed packed = { 1, 70000, 1ull << 40 };
    assert(sizeof(Packed) == 14 && packed_sum(packed) == 1 + 70000 + (1ull << 40));
    Shape shape = shape_make(1);
    assert(shape.tag == Shape_Tag_Rect && shape.payload.rect.h == 4.0f && shape_area(shape) == 8.0);
    shape = (Shape){ .tag = Shape_Tag_Circle, .payload = { .circle = { 5.0 } } };
    assert(shape_area(shape) == 25.0 && shape_area(shape_make(2)) == 0.0);
    assert(id_next(41) == 42 && long_neg(-3) == 3);
    Secret *secret = secret_new();
    assert(secret_next(secret) == 42 && secret_next(secret) == 43);
    secret_free(secret);
    char *text = text_new(5);
    assert(text_len(text) == 5);
    text_free(text);
    int seen = 0;
    assert(call_back(twice, &seen) == 14 && seen == 7 && call_back(NULL, NULL) == -1);
    return 0;
}
`,
    );
    const flags = ['-std=c11', '-Wall', '-Wextra', '-Werror', 'main.c', library ?? '', `-Wl,-rpath,${libraryFolder}`];
    passes('cc', [...flags, '-o', 'main'], folder);
    passes(path.join(folder, 'main'), [], folder);
  });

  it('the header is C++ too', async ({ skip }) => {
    skip(!works('c++', ['--version']), 'no C++ compiler: install g++ or clang');
    const folder = await generated('c', 'bindings.h');
    writeFileSync(path.join(folder, 'main.cpp'), '#include "bindings.h"\nint main() { return 0; }\n');
    passes('c++', ['-Wall', '-Wextra', '-Werror', '-fsyntax-only', 'main.cpp'], folder);
  });

  it('ctypes', async ({ skip }) => {
    skip(library === null, problem);
    if (python === null) return skip('no Python: install python3');
    const folder = await generated('ctypes', 'bindings.py', NOT_BY_VALUE);
    writeFileSync(
      path.join(folder, 'main.py'),
      `import ctypes, sys
import bindings as b

lib = b.load(sys.argv[1])
total = lib.point_add(b.Point(1, 2), b.Point(10, 20))
assert (total.x, total.y) == (11, 22)
assert lib.point_move(total, 0.5) is True and total.x == 11.5
assert lib.point_move(None, 1) is False
assert lib.kind_next(1) == b.Level.High
reading = b.Reading()
lib.reading_fill(reading, 200)
assert (reading.kind, reading.level, reading.valid) == (b.Kind.Below, b.Level.High, True)
assert list(reading.bits.parts) == [1, 2, 3, 4] and reading.name == b"n" and reading.many[1].y == 6
reading.bits.whole = 10
assert lib.reading_sum(reading) == 218
assert ctypes.sizeof(b.Packed) == 14
shape = b.Shape(tag=b.Shape_Tag.Rect)
assert ctypes.sizeof(shape) == 16 and shape.payload.rect.h == 0
assert lib.id_next(1 << 40) == (1 << 40) + 1 and lib.long_neg(-3) == 3
secret = lib.secret_new()
assert lib.secret_next(secret) == 42
lib.secret_free(secret)
text = lib.text_new(5)
assert ctypes.string_at(text) == b"aaaaa"
lib.text_free(text)
assert lib.text_len("Grüße".encode()) == 7
seen = []
callback = lib.call_back.argtypes[0](lambda value, data: seen.append((value, data)) or 2 * value)
assert lib.call_back(callback, 5) == 14 and seen == [(7, 5)]
`,
    );
    passes(python, ['-W', 'error', '-B', 'main.py', library ?? ''], folder);
  });

  it('cffi', async ({ skip }) => {
    skip(library === null, problem);
    if (cffi === null) return skip('no cffi: install python3-cffi');
    const folder = await generated('cffi', 'bindings.py', NOT_BY_VALUE);
    writeFileSync(
      path.join(folder, 'main.py'),
      `import sys
from bindings import ffi, load

lib = load(sys.argv[1])
total = lib.point_add(ffi.new("Point *", [1, 2])[0], ffi.new("Point *", [10, 20])[0])
assert (total.x, total.y) == (11, 22)
assert lib.point_move(ffi.addressof(total), 0.5) is True and total.x == 11.5
assert lib.kind_next(1) == lib.Level_High
reading = ffi.new("Reading *")
lib.reading_fill(reading, 200)
assert (reading.kind, reading.level, reading.valid) == (lib.Kind_Below, lib.Level_High, True)
assert list(reading.bits.parts) == [1, 2, 3, 4] and ffi.string(reading.name) == b"n" and reading.many[1].y == 6
reading.bits.whole = 10
assert lib.reading_sum(reading) == 218
assert ffi.sizeof("Packed") == 14
assert ffi.sizeof("Shape") == 16 and ffi.offsetof("Shape", "payload") == 8
secret = lib.secret_new()
assert lib.secret_next(secret) == 42
lib.secret_free(secret)
text = lib.text_new(5)
assert ffi.string(text) == b"aaaaa"
lib.text_free(text)
callback = ffi.callback("int(int, void *)", lambda value, data: 2 * value)
assert lib.call_back(callback, ffi.NULL) == 14 and lib.call_back(ffi.NULL, ffi.NULL) == -1
`,
    );
    passes(cffi, ['-W', 'error', '-B', 'main.py', library ?? ''], folder);
  });
});

describe('koffi', () => {
  it('calls through the generated module', async ({ skip }) => {
    skip(library === null, problem);
    const folder = await generated('koffi', 'bindings.mjs', [
      '`Packed` is left out: koffi cannot pack to 2 bytes',
      '`packed_sum` is left out',
    ]);
    // The module imports koffi by name: it is found where this project has it.
    symlinkSync(path.join(fixture, '../../../node_modules'), path.join(folder, 'node_modules'), 'dir');
    writeFileSync(
      path.join(folder, 'main.mjs'),
      `import assert from 'node:assert/strict';
import koffi from 'koffi';
import * as b from './bindings.mjs';

const lib = b.load(process.argv[2]);
assert.deepEqual(lib.point_add({ x: 1, y: 2 }, { x: 10, y: 20 }), { x: 11, y: 22 });
assert.equal(lib.point_move(null, 1), false);
assert.equal(lib.kind_next(1), b.Level.High);
const reading = Buffer.alloc(koffi.sizeof(b.Reading));
lib.reading_fill(reading, 200);
const made = koffi.decode(reading, b.Reading);
assert.equal(made.kind, b.Kind.Below);
assert.equal(made.level, b.Level.High);
assert.equal(made.valid, true);
assert.deepEqual(made.many[1], { x: 5, y: 6 });
assert.equal(lib.reading_sum(reading), 1 + 2 + 5 + 0x04030201 + 200);
assert.equal(lib.shape_area({ tag: b.Shape_Tag.Rect, payload: { rect: { w: 2, h: 4 } } }), 8);
assert.equal(lib.shape_area({ tag: b.Shape_Tag.Circle, payload: { circle: { _0: 5 } } }), 25);
assert.equal(lib.id_next(41), 42);
assert.equal(lib.long_neg(-3), 3);
const secret = lib.secret_new();
assert.equal(lib.secret_next(secret), 42);
lib.secret_free(secret);
assert.equal(lib.text_len('Grüße'), 7);
const text = lib.text_new(5);
assert.equal(koffi.decode(text, 'char', 5), 'aaaaa');
lib.text_free(text);
assert.equal(lib.call_back((value) => 2 * value, null), 14);
assert.equal(lib.call_back(null, null), -1);
`,
    );
    passes(process.execPath, ['main.mjs', library ?? ''], folder);
  });
});

describe('compilers take what is generated', () => {
  it('assertions hold in the crate', async ({ skip }) => {
    skip(!works('rustc', ['--version']), 'no rustc: install Rust');
    const folder = await generated('asserts', 'asserts.rs');
    cpSync(path.join(fixture, 'src/lib.rs'), path.join(folder, 'lib.rs'));
    writeFileSync(path.join(folder, 'main.rs'), 'include!("lib.rs");\nmod asserts;\nfn main() {}\n');
    passes('rustc', ['--edition', '2021', '--emit=metadata', '-Adead_code', '-o', 'main.rmeta', 'main.rs'], folder);
  });

  it('Rust declarations of a header compile, with layouts that the C compiler confirms', async ({ skip }) => {
    skip(!works('rustc', ['--version']), 'no rustc: install Rust');
    const folder = tempFolder({});
    const { out } = await run(fixture, ['generate', 'rust', 'shapes.h']);
    const asserts =
      'const _: () = assert!(size_of::<rect>() == 56 && size_of::<wire_t>() == 5 && core::mem::offset_of!(rect, next) == 32);\n';
    writeFileSync(path.join(folder, 'shapes.rs'), `#![deny(warnings)]\n${out}${asserts}`);
    passes('rustc', ['--edition', '2024', '--crate-type', 'lib', '--emit=metadata', '-o', 'shapes.rmeta', 'shapes.rs'], folder);
  });

  it('assertions of a header hold, and fail where Rust counts on something else', async ({ skip }) => {
    skip(process.platform === 'win32' || !works('cc', ['--version']), 'no C compiler: install gcc or clang');
    const folder = tempFolder({});
    cpSync(path.join(fixture, 'shapes.h'), path.join(folder, 'shapes.h'));
    await run(folder, ['generate', 'asserts', 'shapes.h', '-o', 'asserts.c']);
    passes('cc', ['-std=c11', '-Wall', '-Werror', '-fsyntax-only', 'asserts.c'], folder);
    const other = tempFolder({
      'Cargo.toml': MANIFEST,
      'a.h': 'struct pair { char a; int b; };\nvoid pair_take(struct pair *p);\n',
      'src/lib.rs':
        '#[repr(C)]\npub struct Pair { pub a: u8, pub b: u64 }\n#[no_mangle]\npub extern "C" fn pair_take(p: *mut Pair) { let _ = p; }\n',
    });
    await run(other, ['generate', 'asserts', 'a.h', '-o', 'asserts.c']);
    expect(spawnSync('cc', ['-std=c11', '-fsyntax-only', 'asserts.c'], { cwd: other, encoding: 'utf8' }).stderr).toContain(
      'size of struct pair',
    );
  });

  it('a proof passes where Rust and its header agree, and names the function where they do not', async ({ skip }) => {
    skip(process.platform === 'win32' || !works('cc', ['--version']), 'no C compiler: install gcc or clang');
    const folder = await generated('c', 'bindings.h');
    cpSync(path.join(fixture, 'src'), path.join(folder, 'src'), { recursive: true });
    cpSync(path.join(fixture, 'Cargo.toml'), path.join(folder, 'Cargo.toml'));
    const proof = async () => {
      const { out, err } = await run(folder, ['generate', 'proof', 'src']);
      expect(err).toBe('');
      writeFileSync(path.join(folder, 'proof.c'), out);
      return spawnSync('cc', ['-std=c11', '-Wall', '-fsyntax-only', 'proof.c'], { cwd: folder, encoding: 'utf8' }).stderr;
    };
    expect(await proof()).toBe('');
    const { out } = await run(folder, ['generate', 'c', 'src']);
    writeFileSync(
      path.join(folder, 'bindings.h'),
      out.replace('bool point_move(Point *p, double dx)', 'bool point_move(Point *p, float dx)'),
    );
    expect(await proof()).toMatch(/conflicting types for .point_move/);
  });

  it('the linter has nothing to say about what it generated', async () => {
    const folder = tempFolder({});
    cpSync(fixture, folder, { recursive: true, filter: (file) => !file.endsWith('shapes.h') });
    const check = async () => found(await run(folder, ['check', '-f', 'json']));
    const before = await check();
    for (const [format, file] of [
      ['c', 'include/bindings.h'],
      ['ctypes', 'python/bindings.py'],
      ['cffi', 'python/bindings_cffi.py'],
    ] as const) {
      mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
      await run(folder, ['generate', format, 'src', '-o', file]);
    }
    expect(await check()).toEqual(before);
  });
});
