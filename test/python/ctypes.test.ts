/** ctypes classes: how they are found, what is read, and what is left unknown. */
import { describe, expect, it } from 'vitest';
import { brief, layouts } from './support.ts';

const HEAD = 'import ctypes\nfrom ctypes import *\n';

describe('classes are found', () => {
  it.each([
    ['by the module', 'import ctypes\nclass A(ctypes.Structure):\n    _fields_ = [("x", ctypes.c_int)]\n', ['A 4/4: x@0']],
    ['by an alias', 'import ctypes as ct\nclass A(ct.Union):\n    _fields_ = [("x", ct.c_int)]\n', ['A 4/4: x@0']],
    ['by names', 'from ctypes import Structure as S, c_int as I\nclass A(S):\n    _fields_ = [("x", I)]\n', ['A 4/4: x@0']],
    ['by a star', 'from ctypes import *\nclass A(Structure):\n    _fields_ = [("x", c_int)]\n', ['A 4/4: x@0']],
    [
      'in functions and conditions',
      `${HEAD}def f():\n    class A(Structure):\n        _fields_ = [("x", c_int)]\nif 1:\n    class B(Structure):\n        _fields_ = [("x", c_char)]\n`,
      ['A 4/4: x@0', 'B 1/1: x@0'],
    ],
    [
      'behind decorators and type hints',
      `${HEAD}@final\nclass A(Structure):\n    x: int\n    _fields_ = [("x", c_int)]\n    def f(self): return self._fields_\n`,
      ['A 4/4: x@0'],
    ],
    [
      'but not where they are of something else',
      'from my import Structure, c_int  # not ctypes\nclass A(Structure):\n    _fields_ = [("x", c_int)]\n',
      [],
    ],
    ['nor in a module without any', 'class Structure: pass\nclass A(Structure): pass\n', []],
  ])('%s', async (_, text, expected) => expect(await brief(text)).toEqual(expected));

  it('points at the name', async () => {
    const text = `${HEAD}class Point(Structure):\n    _fields_ = [("x", c_int)]\n`;
    const [point] = (await layouts(text)).types;
    expect(text.slice(point?.at.span.start, point?.at.span.end)).toBe('Point');
    expect(point?.written).toEqual(new Map([['x', 'c_int']]));
  });
});

describe('is unknown, with the reason', () => {
  const why = (body: string, before = ''): Promise<readonly string[]> =>
    brief(`${HEAD}${before}class A(Structure):\n${body.replace(/^/gm, '    ')}\n`);

  it.each([
    ['a class without fields', 'pass', 'A? opaque'],
    ['a computed list', '_fields_ = make()', 'A? `_fields_` is not a list that is written here'],
    ['a comprehension', '_fields_ = [(n, c_int) for n in "abc"]', 'A? `_fields_` is not a list that is written here'],
    ['a computed entry', '_fields_ = [("a", c_int), *more]', 'A? an entry of `_fields_` is not understood'],
    [
      'a condition in the class',
      'if windows:\n    _fields_ = [("a", c_int)]\nelse:\n    _fields_ = [("a", c_long)]',
      'A? `_fields_` is set more than once or under a condition',
    ],
    ['an unknown type', '_fields_ = [("a", Other)]', 'A? its field `a`: `Other` is not known here'],
    ['an unknown length', '_fields_ = [("a", c_int * count())]', 'A? its field `a`: the length in `c_int * count()` is not known'],
    ['an unknown packing', '_pack_ = PACK\n_fields_ = [("a", c_int)]', 'A? `_pack_` is not a number that is written here'],
    ['an alignment', '_align_ = 16\n_fields_ = [("a", c_int)]', 'A? `_align_` is not known to every Python'],
    ['itself as a member', '_fields_ = [("a", POINTER(c_int)), ("b", A)]'.replace('A)', 'A * 2)'), 'A? A contains itself'],
    [
      'bit-fields behind a smaller plain field',
      '_fields_ = [("a", c_char), ("b", c_int, 4)]',
      'A? where ctypes puts these bit-fields depends on the version of Python',
    ],
    [
      'bit-fields of several types',
      '_fields_ = [("a", c_uint, 4), ("b", c_ubyte, 4)]',
      'A? where ctypes puts these bit-fields depends on the version of Python',
    ],
    [
      'packed bit-fields',
      '_pack_ = 1\n_fields_ = [("a", c_uint, 4)]',
      'A? where ctypes puts these bit-fields depends on the version of Python',
    ],
  ])('%s', async (_, body, expected) => expect(await why(body)).toEqual([expected]));

  it('a class that is defined twice', async () => {
    const text = `${HEAD}if windows:\n    class A(Structure):\n        _fields_ = [("a", c_int)]\nelse:\n    class A(Structure):\n        _fields_ = [("a", c_long)]\n`;
    expect(await brief(text)).toEqual(['A? the class is defined more than once']);
  });

  it('fields that are set under a condition later', async () => {
    expect(await brief(`${HEAD}class A(Structure): pass\nif x:\n    A._fields_ = [("a", c_int)]\n`)).toEqual([
      'A? `_fields_` is set more than once or under a condition',
    ]);
  });

  it('a type that is chosen under a condition', async () => {
    const text = `${HEAD}if x:\n    T = c_int\nelse:\n    T = c_long\nN = 1\nN = 2\nclass A(Structure):\n    _fields_ = [("a", T)]\nclass B(Structure):\n    _fields_ = [("b", c_char * N)]\n`;
    expect(await brief(text)).toEqual([
      'A? its field `a`: `T` is not known here',
      'B? its field `b`: the length in `c_char * N` is not known',
    ]);
  });
});

describe('targets', () => {
  const text = `${HEAD}class A(Structure):\n    _fields_ = [("a", c_long), ("b", c_longlong), ("c", c_wchar), ("d", c_size_t)]\n`;

  it.each([
    ['x86_64-unknown-linux-gnu', 'A 32/8: a@0 b@8 c@16 d@24'],
    ['x86_64-pc-windows-msvc', 'A 32/8: a@0 b@8 c@16 d@24'],
    ['i686-unknown-linux-gnu', 'A 20/4: a@0 b@4 c@12 d@16'],
  ])('%s', async (triple, expected) => expect(await brief(text, triple)).toEqual([expected]));
});

describe('broken texts', () => {
  it.each([
    ['a list that never ends', `${HEAD}class A(Structure):\n    _fields_ = [("a", c_int)\n`],
    ['no body', `${HEAD}class A(Structure):\n`],
    ['a name in circles', `${HEAD}X = Y\nY = X\nclass A(Structure):\n    _fields_ = [("a", X), ("b", c_int * Z)]\nZ = Z\n`],
    ['bases in circles', `${HEAD}class A(B): pass\nclass B(A): pass\nclass C(C, Structure): pass\n`],
    ['a deep type', `${HEAD}class A(Structure):\n    _fields_ = [("a", ${'POINTER('.repeat(3000)}c_int${')'.repeat(3000)})]\n`],
    ['a long sum', `${HEAD}class A(Structure):\n    _fields_ = ${'[("a", c_int)] + '.repeat(3000)}[]\n`],
  ])('%s', async (_, text) => {
    const lines = await brief(text);
    expect(lines.every((line) => line.includes('?') || line.startsWith('A 8/8'))).toBe(true);
  });
});
