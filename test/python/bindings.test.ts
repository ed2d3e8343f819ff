/** Libraries, signatures and calls of Python modules: every idiom in which ctypes is used. */
import { describe, expect, it } from 'vitest';
import type { PyType } from '../../server/src/model/python/ctypes.ts';
import { pyModule } from './support.ts';

function typeText(type: PyType | null): string {
  if (type === null) return 'None';
  switch (type.kind) {
    case 'ctype':
      return type.name;
    case 'pointer':
      return type.to === null ? 'c_void_p' : `*${typeText(type.to)}`;
    case 'array':
      return `${typeText(type.of)}[${type.length}]`;
    case 'class':
      return type.path;
    case 'function':
      return `fn(${type.params.map(typeText).join(', ')}) -> ${typeText(type.result)}`;
    case 'unknown':
      return '?';
  }
}

/** `library(names).symbol(types) -> result calls: (kinds) !doubt`, and what libraries are. */
async function brief(text: string): Promise<readonly string[]> {
  const { bindings } = await pyModule(text);
  return bindings.functions.map((one) => {
    const library = bindings.libraries.find(({ key }) => key === one.library);
    const names = library?.from ? `from ${library.from.module} ${library.from.name}` : (library?.names.join('|') ?? '-');
    const types =
      one.argtypes === null
        ? ''
        : one.argtypes.types === null
          ? '(?)'
          : `(${one.argtypes.types.map(({ type }) => typeText(type)).join(', ')})`;
    const result = one.restype === null ? '' : ` -> ${typeText(one.restype.type)}`;
    const calls = one.calls.map(
      ({ args }) => ` [${args === null ? '*' : args.map((arg) => (arg.type ? `${arg.kind} ${typeText(arg.type)}` : arg.kind)).join(', ')}]`,
    );
    const marks = [library?.escapes ? ' escapes' : '', one.doubt === null ? '' : ' doubt', one.optional ? ' optional' : ''];
    return `${one.library}<${names}>.${one.symbol}${types}${result}${calls.join('')}${marks.join('')}`;
  });
}

const HEAD = 'import ctypes\nfrom ctypes import c_int, c_double, c_char_p, c_void_p, POINTER, CDLL, CFUNCTYPE\n';

describe('libraries are found', () => {
  it.each([
    ['by name', 'lib = ctypes.CDLL("libfoo.so.1")\nlib.f()', ['lib<foo>.f []']],
    ['by path', 'lib = CDLL(os.path.join(here, "..", "target", f"{prefix}foo_bar{ext}"))\nlib.f()', ['lib<foo_bar>.f []']],
    ['by loaders', 'lib = ctypes.cdll.LoadLibrary(str(Path(__file__).parent / "foo.dll"))\nlib.f()', ['lib<foo>.f []']],
    ['by attributes of loaders', 'ctypes.cdll.foo.f()', ['foo<foo>.f []']],
    ['with find_library', 'from ctypes.util import find_library\nlib = CDLL(find_library("foo"))\nlib.f()', ['lib<foo>.f []']],
    [
      'with names that a condition chooses',
      'if sys.platform == "win32":\n    name = "foo.dll"\nelse:\n    name = "libfoo.so"\nlib = CDLL(name)\nlib.f()',
      ['lib<foo>.f []'],
    ],
    ['that a condition makes', 'if w:\n    lib = ctypes.WinDLL("foo.dll")\nelse:\n    lib = CDLL("libfoo.so")\nlib.f()', ['lib<foo>.f []']],
    ['by table', 'lib = CDLL({"Linux": "libfoo.so", "Darwin": "libfoo.dylib"}[platform.system()])\nlib.f()', ['lib<foo>.f []']],
    [
      'through functions',
      'def load():\n    lib = CDLL("./libfoo.so")\n    lib.f.restype = None\n    return lib\nL = load()\nL.f(1)',
      ['lib<foo>.f -> None [int]'],
    ],
    [
      'in instances that get them',
      'class A:\n    def __init__(self, lib):\n        self.lib = lib\n        lib.f.restype = None\n    def go(self):\n        self.lib.f()\nA(CDLL("foo"))',
      ['foo<foo>.f -> None []'],
    ],
    [
      'in tuples',
      'def load():\n    if w:\n        return None, None\n    return CDLL("foo"), path\nlib, path = load()\nlib.f()',
      ['foo<foo>.f []'],
    ],
    [
      'in classes',
      'class A:\n    def __init__(self):\n        self._lib = CDLL("foo")\n        self._lib.f.restype = c_void_p\n    def go(self):\n        self._lib.f()',
      ['self._lib<foo>.f -> c_void_p []'],
    ],
    [
      'in properties',
      'class A:\n    @property\n    def lib(self):\n        return CDLL("foo")\n    def go(self):\n        self.lib.f()',
      ['foo<foo>.f []'],
    ],
    ['as a base class', 'class L(CDLL):\n    pass\nl = L("foo")\nl.f()', ['l<foo>.f []']],
    ['with `global`', 'lib = None\ndef init():\n    global lib\n    lib = CDLL("foo")\ndef f():\n    return lib.f()', ['lib<foo>.f []']],
    ['as parameters', 'def setup(l):\n    l.f.restype = c_int\nlib = CDLL("foo")\nsetup(lib)\nlib.f()', ['lib<foo>.f -> c_int []']],
    ['as annotated parameters', 'def setup(l: ctypes.CDLL):\n    l.f.restype = c_int', ['l<>.f -> c_int escapes']],
    ['in other modules', 'from .native import lib\nlib.f(1)\n', ['.native:lib<from .native lib>.f [int]']],
    ['in other modules by their name', 'from . import native\nnative.lib.f()', ['.native:lib<from .native lib>.f []']],
    ['of numpy', 'import numpy as np\nlib = np.ctypeslib.load_library("libfoo", ".")\nlib.f()', ['lib<foo>.f []']],
    ['of cffi', 'from cffi import FFI\nffi = FFI()\nlib = ffi.dlopen("./libfoo.so")\nlib.f()', ['lib<foo>.f []']],
    ['not where a name is shadowed', 'def CDLL(x): return x\nlib = CDLL("foo")\nlib.f()', []],
    ['not where it may be something else', 'lib = CDLL("foo")\nif x:\n    lib = other()\nlib.f()', []],
    ['not where a parameter shadows it', 'lib = CDLL("foo")\ndef g(lib):\n    lib.f()\n', []],
  ])('%s', async (_, text, expected) => expect(await brief(`${HEAD}${text}\n`)).toEqual(expected));
});

describe('signatures are found', () => {
  it.each([
    [
      'as attributes',
      'lib.f.argtypes = [c_int, POINTER(c_double)]\nlib.f.restype = c_char_p',
      ['lib<foo>.f(c_int, *c_double) -> c_char_p'],
    ],
    ['of aliases', 'f = lib.f\nf.argtypes = (c_int,)\nf.restype = None\nf(1)', ['lib<foo>.f(c_int) -> None [int]']],
    ['of attributes', 'class A:\n    def __init__(self):\n        self.f = lib.f\n        self.f.restype = None', ['lib<foo>.f -> None']],
    ['by name', 'getattr(lib, "f").restype = c_int\nlib["g"].restype = c_int', ['lib<foo>.f -> c_int', 'lib<foo>.g -> c_int']],
    [
      'in loops',
      'for f in (lib.a, lib.b):\n    f.restype = c_int\nfor n in ["c"]:\n    getattr(lib, n).argtypes = []',
      ['lib<foo>.a -> c_int', 'lib<foo>.b -> c_int', 'lib<foo>.c()'],
    ],
    ['with lists that are put together', 'P = [c_int]\nlib.f.argtypes = P * 2 + [c_double]', ['lib<foo>.f(c_int, c_int, c_double)']],
    ['in one statement', 'lib.a.restype = lib.b.restype = c_int', ['lib<foo>.a -> c_int', 'lib<foo>.b -> c_int']],
    ['in pairs', 'lib.a.restype, lib.a.argtypes = c_int, [c_int]', ['lib<foo>.a(c_int) -> c_int']],
    ['of prototypes', 'proto = CFUNCTYPE(c_void_p, c_int)\nf = proto(("f", lib), ((1, "x"),))', ['lib<foo>.f(c_int) -> c_void_p']],
    [
      'in tables',
      'T = [("a", [c_int], None), ("b", [])]\nfor row in T:\n    fn = getattr(lib, row[0])\n    fn.argtypes = row[1]',
      ['lib<foo>.a(c_int) -> None escapes', 'lib<foo>.b() escapes'],
    ],
    [
      'in tables by name',
      'T = {"a": ([c_int], c_int)}\nfor n, (a, r) in T.items():\n    getattr(lib, n).argtypes = a',
      ['lib<foo>.a(c_int) -> c_int escapes'],
    ],
    [
      'of decorators',
      'from ctypes.util import wrap_dll_function\n@wrap_dll_function(lib)\ndef f(x: c_int) -> c_double: ...',
      ['lib<foo>.f(c_int) -> c_double'],
    ],
    ['and are in doubt where they are set twice', 'lib.f.restype = c_int\nlib.f.restype = c_void_p', ['lib<foo>.f -> c_int doubt']],
    ['but not where they are set twice alike', 'lib.f.restype = c_int\nlib.f.restype = c_int', ['lib<foo>.f -> c_int']],
    ['and are in doubt under a platform', 'if sys.platform == "win32":\n    lib.f.restype = c_int', ['lib<foo>.f -> c_int doubt']],
    ['and are in doubt where others may set them', 'register(lib.f, [c_int])', ['lib<foo>.f doubt']],
    ['or get the whole library', 'lib.f()\nprototypes(lib)', ['lib<foo>.f [] escapes']],
    ['of names that are not ctypes', 'c_thing = make()\nlib.f.argtypes = [c_thing, c_int]', ['lib<foo>.f(?, c_int)']],
  ])('%s', async (_, text, expected) => expect(await brief(`${HEAD}lib = CDLL("foo")\n${text}\n`)).toEqual(expected));
});

describe('calls tell what they hand over', () => {
  it.each([
    ['literals', 'lib.f(1, -2.5, "a", b"b", None, True, f"{x}")', '[int, float, str, bytes, none, bool, str]'],
    ['texts', 'lib.f(str(x), s.encode(), "a" + b, ("a" "b"), "%s" % x)', '[str, bytes, str, str, str]'],
    ['names', 'n = "x"\nlib.f(n, unknown)', '[str, other]'],
    ['parameters with a type', 'def g(s: str, t): lib.f(s, t)', '[str, other]'],
    [
      'ctypes objects',
      'x = c_int()\nlib.f(c_double(1), ctypes.byref(x), ctypes.cast(y, c_void_p))',
      '[typed c_double, typed *c_int, typed c_void_p]',
    ],
    ['buffers and arrays', 'lib.f(ctypes.create_string_buffer(5), (c_int * 3)())', '[typed *c_char, typed *c_int]'],
    ['callbacks', 'CB = CFUNCTYPE(None, c_int)\nlib.f(CB(print))', '[callback fn(c_int) -> None]'],
    ['more than is written', 'lib.f(*args)', '[*]'],
  ])('%s', async (_, text, expected) => expect(await brief(`${HEAD}lib = CDLL("foo")\n${text}\n`)).toEqual([`lib<foo>.f ${expected}`]));
});

it('a symbol is optional where its absence is caught', async () => {
  const text = `${HEAD}lib = CDLL("foo")\ntry:\n    lib.a()\nexcept AttributeError:\n    pass\nif hasattr(lib, "b"):\n    lib.b()\nlib.c()\n`;
  expect(await brief(text)).toEqual(['lib<foo>.a [] optional', 'lib<foo>.b [] optional', 'lib<foo>.c []']);
});

it('what other modules can import is known', async () => {
  const { bindings } = await pyModule(`${HEAD}def get():\n    return CDLL("foo")\nlib = get()\n`);
  expect([...bindings.exports]).toEqual([
    ['get()', 'foo'],
    ['lib', 'foo'],
  ]);
});

it('the text of cffi declarations is found with its place', async () => {
  const text = 'import cffi\nffi = cffi.FFI()\nCDEF = """\nint f(int);\n"""\nffi.cdef(CDEF)\nffi.cdef("""void g(void);""", packed=True)\n';
  const { bindings } = await pyModule(text);
  expect(bindings.cdefs.map((one) => [one.text, one.pack, text.slice(one.at.span.start, one.at.span.end) === one.text])).toEqual([
    ['\nint f(int);\n', null, true],
    ['void g(void);', 1, true],
  ]);
});
