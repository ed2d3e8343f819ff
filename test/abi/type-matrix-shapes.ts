/** What the spellings of the compatibility table mean, as shapes. */
import { bindingShape, pointerTo, TEXTS, WIN_BOOL } from '../../server/src/abi/bindings/names.ts';
import { baseShape } from '../../server/src/abi/c-base-shapes.ts';
import type { CFloatName, CIntName, EnumDef, IntBits, RecordDef, Resolve, Shape, TypeDef } from '../../server/src/abi/shape.ts';
import { field, unknownShape, VOID } from '../../server/src/abi/shape.ts';
import { cShape, primitiveShape } from '../../server/src/abi/rust-std.ts';
import { ctypesShape } from '../../server/src/abi/python-shapes.ts';
import type { BindingDialect } from '../../server/src/model/bindings/bindings.ts';

const int = (bits: IntBits, signed: boolean): Shape => ({ kind: 'int', bits, signed });
const named = (name: CIntName): Shape => ({ kind: 'c-int', name });
const float = (name: CFloatName): Shape => ({ kind: 'c-float', name });
const POINTER: Shape = { kind: 'pointer', pointee: null, const: false, nullable: true, fn: null };
const REFERENCE: Shape = { ...POINTER, nullable: false };
const FN: Shape = { ...REFERENCE, fn: { abi: 'C', params: [], result: VOID, variadic: false } };
const ref = (name: string): Shape => ({ kind: 'ref', key: name, name });

function record(kind: 'struct' | 'union', language: 'rust' | 'c'): RecordDef {
  const fields = [field('x', int(64, true)), field('y', int(64, true))];
  return { kind, name: 'S', language, fields, packed: null, align: null, pack: null, transparent: false };
}

function enumeration(language: 'rust' | 'c', underlying: Shape | null, data: boolean): EnumDef {
  const fields = data ? [field('0', int(64, true))] : [];
  const variants = [
    { name: 'A', value: 0n, fields },
    { name: 'B', value: 1n, fields: [] },
  ];
  return { kind: 'enum', name: 'E', language, c: underlying === null, underlying, packed: false, align: null, variants };
}

function resolver(defs: Readonly<Record<string, TypeDef>>): Resolve {
  return (key) => defs[key] ?? unknownShape(`${key} is not defined`);
}

export const resolveRust = resolver({
  '#[repr(C)] struct S': record('struct', 'rust'),
  '#[repr(C)] union U': record('union', 'rust'),
  '#[repr(C)]/(C,u8) enum with data': enumeration('rust', null, true),
  '#[repr(C)] enum E (fieldless)': enumeration('rust', null, false),
  '#[repr(u8)] enum E': enumeration('rust', int(8, false), false),
  '#[repr(i32)] enum E': enumeration('rust', int(32, true), false),
});

export const resolvePeer = resolver({
  struct: record('struct', 'c'),
  union: record('union', 'c'),
  enum: enumeration('c', null, false),
  'enum: uint8_t': enumeration('c', int(8, false), false),
});

export function rustShape(spelling: string): Shape {
  const option = /^Option<(.*)>$/.exec(spelling)?.[1];
  if (option !== undefined) return { kind: 'option', inner: rustShape(option) };
  if (/^(i|u)(8|16|32|64|128|size)$|^f(32|64)$|^(bool|char)$/.test(spelling)) return primitiveShape(spelling);
  if (/^\*(const|mut) \w+$/.test(spelling)) return POINTER;
  if (/^&(mut )?T$|^Box<T|^NonNull</.test(spelling)) return REFERENCE;
  if (spelling.startsWith('#[')) return ref(spelling);
  switch (spelling) {
    case '*const [T]':
      return { kind: 'fat-pointer', to: 'slice', nullable: true };
    case '&str':
      return { kind: 'fat-pointer', to: 'str', nullable: false };
    case 'Box<dyn Tr>':
      return { kind: 'fat-pointer', to: 'dyn', nullable: false };
    case 'extern "C" fn(..)':
      return FN;
    case 'NonZeroU32':
      return { kind: 'nonzero', inner: int(32, false) };
    case '[T; N] (by value)':
      return { kind: 'array', element: int(32, true), length: 4 };
    case '()':
      return { kind: 'unit' };
    case '!':
      return { kind: 'never' };
    case 'libc::wchar_t':
      return named('wchar_t');
    default: {
      const path = spelling.startsWith('libc::') ? spelling.split('::') : ['std', 'ffi', spelling];
      const found = cShape(path);
      if (!found) throw new Error(`\`${spelling}\` is no Rust type of the table`);
      return found;
    }
  }
}

/** Two shapes where a setting that the spelling does not show chooses. */
export function peerShapes(language: string, spelling: string): readonly Shape[] {
  if (language === 'csharp' && spelling === 'char (default Ansi 1B / Unicode 2B)') return [named('char'), int(16, false)];
  const found =
    language === 'ctypes'
      ? ctypesPeer(spelling)
      : isDialect(language)
        ? bindingPeer(language, spelling)
        : own(OTHERS[language] ?? {}, spelling);
  if (!found) throw new Error(`\`${spelling}\` of ${language} is not in the table`);
  return [found];
}

function ctypesPeer(spelling: string): Shape | null {
  const [first = '', second] = spelling.split('/');
  if (second !== undefined) {
    // Two names of one type.
    const both = [ctypesShape(first), ctypesShape(second)];
    return both.every((one) => one !== null) ? (both[0] ?? null) : null;
  }
  return ctypesShape(spelling) ?? own(CTYPES, spelling);
}

function isDialect(language: string): language is BindingDialect {
  return language === 'koffi' || language === 'deno' || language === 'bun' || language === 'csharp';
}

/** Names of one type, with what only the text around them says. */
function bindingPeer(dialect: BindingDialect, spelling: string): Shape | null {
  const written = own(WRITTEN, `${dialect} ${spelling}`);
  if (written) return written;
  const names = spelling
    .replace(/"/g, '')
    .split('/')
    .map((name) => (dialect === 'csharp' ? name.replace(/^U?IntPtr$/, (it) => (it === 'IntPtr' ? 'nint' : 'nuint')) : name));
  const all = names.map((name) => bindingShape(dialect, name.replace(/ \(.*\)$/, '')));
  const [first, ...others] = all;
  return first && others.every((one) => JSON.stringify(one) === JSON.stringify(first)) ? first : null;
}

function own(table: Readonly<Record<string, Shape>>, key: string): Shape | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}

const STRUCT: Shape = ref('struct');
const UNION: Shape = ref('union');
const C_FN: Shape = { ...FN, nullable: true };

/** What is no name of the dialect. */
const WRITTEN: Readonly<Record<string, Shape>> = {
  'koffi size_t/uintptr_t': named('size_t'),
  'koffi str/string/char *': TEXTS.utf8,
  'koffi T * / void * / koffi.pointer(T)': pointerTo(null),
  'koffi koffi.proto (as pointer)': C_FN,
  'koffi koffi.struct': STRUCT,
  'koffi koffi.union': UNION,
  'koffi koffi.enumeration': ref('enum'),
  'deno {struct:[..]}': STRUCT,
  'csharp bool (default: UnmanagedType.Bool 4B)': WIN_BOOL,
  'csharp [MarshalAs(U1)] bool': { kind: 'bool' },
  'csharp string (default marshalling)': TEXTS.ansi,
  'csharp T* / SafeHandle': pointerTo(null),
  'csharp delegate / delegate* unmanaged': C_FN,
  'csharp [StructLayout(Sequential)] struct': STRUCT,
};

const CTYPES: Readonly<Record<string, Shape>> = {
  c_void_p: POINTER,
  'POINTER(T)': POINTER,
  'CFUNCTYPE(..)': C_FN,
  Structure: STRUCT,
  Union: UNION,
  // ctypes passes an array as a pointer to its first element.
  'T * N (array type as argtype)': POINTER,
  'restype=None': VOID,
  'restype UNSET (=c_int)': named('int'),
};

/** C and cffi. */
const C: Readonly<Record<string, Shape>> = {
  char: named('char'),
  'signed char': named('signed char'),
  'unsigned char': named('unsigned char'),
  short: named('short'),
  'unsigned short': named('unsigned short'),
  int: named('int'),
  unsigned: named('unsigned int'),
  long: named('long'),
  'unsigned long': named('unsigned long'),
  'long long': named('long long'),
  'unsigned long long': named('unsigned long long'),
  int8_t: int(8, true),
  int16_t: int(16, true),
  int32_t: int(32, true),
  int64_t: int(64, true),
  uint8_t: int(8, false),
  uint16_t: int(16, false),
  uint32_t: int(32, false),
  uint64_t: int(64, false),
  size_t: named('size_t'),
  ssize_t: named('ssize_t'),
  ptrdiff_t: named('ptrdiff_t'),
  intptr_t: named('intptr_t'),
  uintptr_t: named('uintptr_t'),
  __int128: baseShape('__int128'),
  'unsigned __int128': baseShape('unsigned __int128'),
  float: float('float'),
  double: float('double'),
  'long double': float('long double'),
  '_Bool/bool': baseShape('_Bool'),
  'BOOL (win32)': named('int'),
  wchar_t: named('wchar_t'),
  char16_t: int(16, false),
  char32_t: int(32, false),
  'T*': POINTER,
  'const char*': POINTER,
  'void*': POINTER,
  'T[N] (parameter)': POINTER,
  'R (*)(..)': C_FN,
  'struct S': STRUCT,
  'union U': UNION,
  'enum E': ref('enum'),
  'enum E : uint8_t (C23/C++)': ref('enum: uint8_t'),
  va_list: baseShape('__builtin_va_list'),
  'void (return)': VOID,
};

const OTHERS: Readonly<Record<string, Readonly<Record<string, Shape>>>> = {
  c: C,
  cffi: C,
};
