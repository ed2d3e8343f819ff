/** Python that is cut off, nested too deep or senseless: something is read of it, and nothing is thrown. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { readPyModule } from '../../server/src/model/extract/python/read-module.ts';
import { testParsers } from '../support/parsers.ts';

const HEAD = 'import ctypes\nlib = ctypes.CDLL("libfoo.so")\n';
const DISPATCHERS = [{ callee: 'invoke', name: 0, argtypes: 1, restype: 2 }];

it('files that end anywhere', async () => {
  const parsers = await testParsers();
  const whole = readFileSync(new URL('../fixtures/ctypes/right.py', import.meta.url), 'utf8');
  const text = `${whole}\nfrom .a import b as c\nwith x as (y, z): pass\n[lib.f(a) for a in lib.g()]\ninvoke("f", [ctypes.c_int], None)\nffi.cdef("int f(")\n`;
  for (let end = 0; end < text.length; end += 23)
    expect(readPyModule('/w/a.py', text.slice(0, end), parsers, DISPATCHERS).file).toBe('/w/a.py');
}, 60_000);

it.each([
  ['parentheses', `x = ${'('.repeat(3000)}lib${')'.repeat(3000)}\n`],
  ['attributes', `lib${'.a'.repeat(5000)} = 1\n`],
  ['calls', `lib.f${'()'.repeat(3000)}\n`],
  ['sums', `lib.f.argtypes = ${'[] + '.repeat(3000)}[]\n`],
  ['patterns', `${'('.repeat(500)}a${',)'.repeat(500)} = lib\n`],
  ['names that stand for themselves', 'a = b\nb = a\nlib.f(a)\na.f.restype = b\n'],
  ['functions that call themselves', 'def f(x):\n    return f(x)\nlib2 = f(lib)\nlib2.g()\n'],
  ['classes that derive from themselves', 'class A(A):\n    def f(self): return self.lib.g()\nA().f()\n'],
])('%s', async (_, text) => {
  const { bindings } = readPyModule('/w/a.py', HEAD + text, await testParsers());
  expect(bindings.libraries[0]?.key).toBe('lib');
});

it('declarations for cffi that are no C', async () => {
  const { bindings } = readPyModule(
    '/w/a.py',
    'import cffi\nffi = cffi.FFI()\nffi.cdef("int f(int); struct { ; }}} #define")\n',
    await testParsers(),
  );
  expect(bindings.declared?.symbols.map(({ name }) => name) ?? []).toContain('f');
});
