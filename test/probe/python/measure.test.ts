/** ctypes classes as the interpreter of this machine lays them out, from their definitions alone. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import type { Measured } from '../../../server/src/abi/measured.ts';
import { mergeMeasured } from '../../../server/src/abi/measured.ts';
import { pythonLayouts } from '../../../server/src/abi/python-layouts.ts';
import { never } from '../../../server/src/base/cancel.ts';
import { nodeFileSystem } from '../../../server/src/host/file-system.ts';
import { readPyModule } from '../../../server/src/model/extract/python/read-module.ts';
import { createPythonMeasurer } from '../../../server/src/probe/python/measure-python.ts';
import { interpreters } from '../../../server/src/probe/python/interpreter.ts';
import { snapshotOf } from '../../model/snapshot.ts';
import { memoryFs } from '../../support/memory-fs.ts';
import { testParsers } from '../../support/parsers.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { LINUX, has, line, plainReader, target } from '../c/support.ts';

const notHere = process.platform === 'linux' && process.arch === 'x64' && has('python3') ? null : 'python3 on Linux x86_64 is not here';
const HEAD = 'import ctypes, sys\nfrom ctypes import *\n';

async function measure(text: string, triple = LINUX): Promise<{ readonly measured: Measured; readonly problems: readonly string[] }> {
  const file = path.join(tempFolder(), 'a.py');
  writeFileSync(file, text);
  const parsers = await testParsers();
  const on = target(triple);
  const computed = pythonLayouts(readPyModule(file, text, parsers), on);
  const { workspace, surface } = await snapshotOf({ 'src/lib.rs': '' });
  const run = createPythonMeasurer({ fs: nodeFileSystem(), parsers, reader: plainReader, env: {} });
  const measured = await run({ workspace, surface, target: on, computed, headers: [], python: [file], cancellation: never });
  return { measured, problems: mergeMeasured(computed, measured).problems.map(({ message }) => message) };
}

async function brief(body: string, head = HEAD): Promise<readonly string[]> {
  const { measured, problems } = await measure(head + body);
  expect(problems).toEqual([]);
  const { types, unknown } = measured.entries;
  return [
    ...types.map(line),
    ...unknown.map(({ name, reason }) => `${name}? ${reason}`),
    ...measured.problems.map(({ message }) => message),
  ];
}

describe.skipIf(notHere !== null)(`with python3${notHere === null ? '' : ` (${notHere})`}`, () => {
  test('agrees with all that is computed', async () => {
    const text = readFileSync(fileURLToPath(new URL('../../python/classes.py', import.meta.url)), 'utf8');
    const { measured, problems } = await measure(text);
    expect([problems, measured.entries.unknown, measured.problems]).toEqual([[], [], []]);
    expect(measured.entries.types.length).toBeGreaterThan(14);
    expect(new Set(measured.entries.types.map(({ provenance }) => provenance))).toEqual(new Set(['python']));
  });

  test('records, unions, packing, anonymous members and the other byte order', async () => {
    const body = `
class U(Union):
    _fields_ = [("i", c_int), ("d", c_double)]
class A(Structure):
    _pack_ = 2
    _anonymous_ = ["u"]
    _fields_ = [("c", c_char), ("u", U), ("p", POINTER(c_int)), ("a", c_short * 3)]
class B(BigEndianStructure):
    _fields_ = [("a", c_uint16), ("b", c_uint32, 4), ("c", c_uint32, 12)]
class D(A):
    _fields_ = [("more", c_byte)]
`;
    expect(await brief(body)).toEqual([
      'union U 8/8: i@0 d@0',
      'struct A 24/2: c@0 i@2 d@2 p@10 a@18',
      'struct B 8/4: a@0 b@32:4 c@36:12',
      'struct D 26/2: c@0 i@2 d@2 p@10 a@18 more@24',
    ]);
  });

  test('lists that are computed', async () => {
    const body = `
N = 3
NAMES = ["x", "y", "z"][:N]
if sys.maxsize > 2**32:
    Word = c_uint64
else:
    Word = c_uint32
class A(Structure):
    _fields_ = [(name, Word) for name in NAMES] + [(f"pad{i}", c_byte) for i in range(2)]
class B(Structure):
    COUNT = sizeof(A)
    _fields_ = list(zip(("a", "b"), (c_char * COUNT, A)))
if sys.platform == "win32":
    class C(Structure):
        _fields_ = [("w", c_int)]
else:
    class C(Structure):
        _fields_ = [("u", c_long)]
`;
    expect(await brief(body)).toEqual(['struct A 32/8: x@0 y@8 z@16 pad0@24 pad1@25', 'struct B 64/8: a@0 b@32', 'struct C 8/8: u@0']);
  });

  test('runs nothing of the module but its definitions', async () => {
    const mark = path.join(tempFolder(), 'ran');
    const body = `
import os, subprocess
from mine import Thing, T as Other
open(${JSON.stringify(mark)}, "w")
class Meta(type(Structure)):
    def __new__(*args): open(${JSON.stringify(mark)}, "w")
@open(${JSON.stringify(mark)}, "w").write
class A(Structure):
    _fields_ = [("a", c_int)]
    def method(self): open(${JSON.stringify(mark)}, "w")
    open(${JSON.stringify(mark)}, "w")
class B(Structure):
    _fields_ = [("b", c_int if os.system("touch ${mark}") else c_long)]
class C(Structure):
    _fields_ = [("c", Thing)]
class D(Structure):
    _fields_ = [("d", c_int.__class__.__mro__[1])]
class E(Structure):
    _fields_ = [("e", cdll.LoadLibrary("x"))]
class F(Structure, metaclass=Meta):
    _fields_ = [("f", c_int)]
class G(Structure):
    _fields_ = [("g", (lambda: c_int)())]
class H(Structure):
    _fields_ = make()
class I(Other, Structure):
    _fields_ = [("i", c_int)]
class J(Structure):
    _fields_ = [("j", C)]
`;
    expect(await brief(body)).toEqual([
      'struct A 4/4: a@0',
      "B? 'os.system' is not known",
      "C? 'Thing' is not known",
      "D? 'c_int.__class__' is not known",
      "E? 'cdll' is not known",
      'F? its metaclass is not known',
      "G? 'something' is not known",
      "H? 'make' is not known",
      "I? 'Other' is not known",
      "J? 'C' is not known",
    ]);
    expect(existsSync(mark)).toBe(false);
  });

  test('conditions that are not known, and tries', async () => {
    const body = `
import mine
if mine.flag:
    T = c_int
else:
    T = c_long
try:
    import fast
    S = c_char
except ImportError:
    S = c_int
try:
    W = c_wchar
except NameError:
    W = c_int
class A(Structure):
    _fields_ = [("a", T)]
class B(Structure):
    _fields_ = [("b", S)]
class C(Structure):
    _fields_ = [("c", W)]
class D(Structure):
    if mine.flag:
        _fields_ = [("d", c_int)]
def f():
    class E(Structure):
        _fields_ = [("e", c_short)]
class Node(Structure): pass
class Later(Structure): pass
Node._fields_ = [("next", POINTER(Node)), ("bits", c_uint, 5)]
`;
    expect(await brief(body)).toEqual([
      'struct C 4/4: c@0',
      'struct E 2/2: e@0',
      'struct Node 16/8: next@0 bits@64:5',
      "A? 'T' is not known",
      "B? 'S' is not known",
      "D? 'mine' is not known",
      'Later? opaque',
    ]);
  });

  test('what Python itself refuses', async () => {
    const body = `
class A(Structure):
    _fields_ = [("a", c_int, 40)]
class B(Structure):
    _fields_ = [("b", 3)]
class C(Structure):
    _fields_ = [("c", c_char * (1 << 62))]
class D(Structure):
    _fields_ = [("d", c_int)]
`;
    const lines = await brief(body);
    expect(lines[0]).toBe('struct D 4/4: d@0');
    expect(lines.slice(1).map((one) => one.slice(0, 2))).toEqual(['A?', 'B?', 'C?']);
  });

  test('bit-fields are where this interpreter puts them', async () => {
    const [one] = await brief('class A(Structure):\n    _fields_ = [("a", c_char), ("b", c_int, 4), ("c", c_ubyte, 4)]\n');
    expect(one).toMatch(/^struct A \d+\/4: a@0 b@\d+:4 c@\d+:4$/);
  });

  test('syntax errors and other machines are told', async () => {
    const bad = await measure(`${HEAD}class A(Structure):\n    _fields_ = [("a", c_int)]\nx = = 3\n`);
    expect(bad.measured.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^its classes were not measured for x86_64-unknown-linux-gnu: python3 says: SyntaxError/),
    ]);
    const other = await measure(`${HEAD}class A(Structure):\n    _fields_ = [("a", c_int)]\n`, 'x86_64-pc-windows-msvc');
    expect(other.measured.problems[0]?.message).toContain('the interpreter is one for linux with pointers of 64 bits');
  });
});

test('interpreters: the active environment, those above the file, then PATH', () => {
  const fs = memoryFs({ '/p/.venv/bin/python': '', '/p/a/b.py': '' });
  expect(interpreters('/p/a/b.py', fs, {}, 'linux')).toEqual(['/p/.venv/bin/python', 'python3', 'python']);
  expect(interpreters('/q/b.py', fs, { VIRTUAL_ENV: '/env' }, 'linux')).toEqual(['/env/bin/python', 'python3', 'python']);
  expect(interpreters('C:/q/b.py', fs, { VIRTUAL_ENV: 'C:/env' }, 'win32')).toEqual(['C:/env/Scripts/python.exe', 'python', 'py']);
});
