/** What the spellings of the compatibility table mean, as shapes. */
import { baseShape } from '../../server/src/abi/c-base-shapes.ts';
import type { CFloatName, CIntName, EnumDef, IntBits, RecordDef, Resolve, Shape, TypeDef } from '../../server/src/abi/shape.ts';
import { field, unknownShape, VOID } from '../../server/src/abi/shape.ts';
import { cShape, primitiveShape } from '../../server/src/abi/rust-std.ts';
import { ctypesShape } from '../../server/src/abi/python-shapes.ts';

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
  const found = language === 'ctypes' ? ctypesPeer(spelling) : own(OTHERS[language] ?? {}, spelling);
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

function own(table: Readonly<Record<string, Shape>>, key: string): Shape | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}

const STRUCT: Shape = ref('struct');
const UNION: Shape = ref('union');
const C_FN: Shape = { ...FN, nullable: true };

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

/** C, cffi and what koffi, Deno, Bun and C# call by the same words. */
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
  koffi: {
    'int8/int8_t': int(8, true),
    'uint8/uint8_t': int(8, false),
    // koffi takes it for signed everywhere.
    char: int(8, true),
    'uchar/unsigned char': int(8, false),
    'int16/short': int(16, true),
    'uint16/ushort': int(16, false),
    'int32/int': int(32, true),
    'uint32/uint': int(32, false),
    'int64/longlong': int(64, true),
    'uint64/ulonglong': int(64, false),
    long: named('long'),
    ulong: named('unsigned long'),
    'size_t/uintptr_t': named('size_t'),
    intptr_t: named('intptr_t'),
    'float/float32': float('float'),
    'double/float64': float('double'),
    bool: { kind: 'bool' },
    // As koffi reads them; C's are unsigned.
    char16_t: int(16, true),
    char32_t: int(32, true),
    wchar_t: named('wchar_t'),
    'str/string/char *': POINTER,
    'T * / void * / koffi.pointer(T)': POINTER,
    'koffi.proto (as pointer)': C_FN,
    'koffi.struct': STRUCT,
    'koffi.union': UNION,
    'koffi.enumeration': ref('enum'),
    void: VOID,
  },
  deno: {
    '"i8"': int(8, true),
    '"u8"': int(8, false),
    '"i16"': int(16, true),
    '"u16"': int(16, false),
    '"i32"': int(32, true),
    '"u32"': int(32, false),
    '"i64"': int(64, true),
    '"u64"': int(64, false),
    '"isize"': named('intptr_t'),
    '"usize"': named('uintptr_t'),
    '"f32"': { kind: 'float', bits: 32 },
    '"f64"': { kind: 'float', bits: 64 },
    '"bool"': { kind: 'bool' },
    '"pointer"': POINTER,
    '"buffer"': POINTER,
    '"function"': C_FN,
    '{struct:[..]}': STRUCT,
    '"void"': VOID,
  },
  bun: {
    'i8/int8_t': int(8, true),
    'u8/uint8_t': int(8, false),
    char: int(8, true),
    i16: int(16, true),
    u16: int(16, false),
    'i32/int': int(32, true),
    u32: int(32, false),
    'i64/i64_fast': int(64, true),
    'u64/u64_fast': int(64, false),
    'usize (=u64)': int(64, false),
    'f32/float': float('float'),
    'f64/double': float('double'),
    bool: { kind: 'bool' },
    'ptr/pointer': POINTER,
    cstring: POINTER,
    buffer: POINTER,
    'function/callback': C_FN,
    void: VOID,
  },
  csharp: {
    sbyte: int(8, true),
    byte: int(8, false),
    short: int(16, true),
    ushort: int(16, false),
    int: int(32, true),
    uint: int(32, false),
    long: int(64, true),
    ulong: int(64, false),
    'nint/IntPtr': named('intptr_t'),
    'nuint/UIntPtr': named('uintptr_t'),
    CLong: named('long'),
    CULong: named('unsigned long'),
    float: float('float'),
    double: float('double'),
    'bool (default: UnmanagedType.Bool 4B)': int(32, true),
    '[MarshalAs(U1)] bool': { kind: 'bool' },
    'string (default marshalling)': POINTER,
    'T* / SafeHandle': POINTER,
    'delegate / delegate* unmanaged': C_FN,
    '[StructLayout(Sequential)] struct': STRUCT,
    void: VOID,
  },
};
